// Sends files, a segment each (10 000 bytes to 20 MiB), and prints every message exactly as it comes.
//   node client.mjs part1.webm part2.webm
import { readFileSync } from "node:fs";
import WebSocket from "ws";

const base = process.env.INTERHUMAN_API_URL ?? "http://127.0.0.1:8000";
const files = process.argv.slice(2);

// A token lives for 15 minutes; INTERHUMAN_TOKEN takes one that somebody else got.
async function token() {
  if (process.env.INTERHUMAN_TOKEN) return process.env.INTERHUMAN_TOKEN;
  const answer = await fetch(`${base}/v0/auth`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      key_id: process.env.INTERHUMAN_API_KEY_ID,
      key_secret: process.env.INTERHUMAN_API_KEY_SECRET,
      scopes: ["interhumanai.stream"],
    }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`no token (${answer.status}): ${body.message}`);
  return body.access_token;
}

const address = `${base.replace(/^http/, "ws")}/v0/stream/analyze`;
const socket = new WebSocket(address, { headers: { Authorization: `Bearer ${await token()}` } });
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
