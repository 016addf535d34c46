// The flow of the v0 documents' Node.js sample: a token in the header, segments as binary frames, messages printed.
import { readFileSync } from "node:fs";
import WebSocket from "ws";

const [url, token, ...files] = process.argv.slice(2);
const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${token}` } });
let finished = 0;

socket.on("open", () => {
  for (const file of files) socket.send(readFileSync(file));
});
socket.on("message", (data, isBinary) => {
  if (isBinary) throw new Error("a binary message came");
  console.log(data.toString());
  const { status } = JSON.parse(data.toString());
  if (status === "completed" || status === "error") finished += 1;
  if (finished === files.length) socket.close(1000);
});
socket.on("unexpected-response", (_request, response) => {
  console.error(`refused with ${response.statusCode}`);
  process.exitCode = 3;
});
socket.on("error", (error) => {
  console.error(error.message);
  process.exitCode ||= 4;
});
