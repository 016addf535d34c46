/** The code that does what the page does, for the address and version that it uses. No DOM. */

/** @typedef {"browser" | "python" | "curl"} CodeKind */
export const CODE_KINDS = /** @type {const} */ (["browser", "python", "curl"]);

/**
 * @param {CodeKind} kind
 * @param {string} version  "v0", "v1" or "v2"
 * @param {string} origin  of the service, such as `http://127.0.0.1:8000`
 * @returns {string}
 */
export function snippet(kind, version, origin) {
  return { browser, python, curl }[kind](version, origin);
}

/** @param {string} version  @param {string} origin */
function browser(version, origin) {
  const line = version === "v0" ?
    "for (const each of message.signals ?? []) console.log(each.type, at + each.start, each.rationale);" :
    'if (message.type === "signal.detected") console.log(at + message.data.start, message.data);';
  return `// In a page that this service lets in (--allow-origins). stream.js stands alone: copy it if you like.
import { openStream } from "${origin}/web/stream.js";

const media = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
const stream = openStream({
  url: "${origin.replace(/^http/, "ws")}/${version}/stream/analyze",
  media,
  // Your backend makes client tokens from its API key: POST ${origin}/v1/client_tokens
  credential: async () => (await (await fetch("/my-backend/client-token")).json()).client_token,
  include: ["conversation_quality_overall"],
  onMessage: ({ message, at }) => {
    ${line}
  },
  onState: (state) => console.log(state.name, state.why ?? ""),
});
`;
}

/** @param {string} version  @param {string} origin */
function python(version, origin) {
  const url = `${origin.replace(/^http/, "ws")}/${version}/stream/analyze`;
  const named = version === "v0" ? "" : `, version="${version}"`;
  return `# pip install 'interhuman-stream[media]'
import asyncio
import os

from interhuman_stream import StreamClient
from interhuman_stream.client.sources.file import segments


async def main() -> None:
    token = os.environ["INTERHUMAN_API_KEY"]
    async with StreamClient("${url}", token=token${named}) as client:
        for segment in segments("talk.mp4", 3.0):
            await client.send(segment.data)
        await client.finish()
        async for message in client:
            print(message.text)


asyncio.run(main())
`;
}

/** @param {string} version  @param {string} origin */
function curl(version, origin) {
  if (version === "v2") {
    return `# A recording as a job; the answer names the address that tells how it stands.
curl --fail-with-body "${origin}/v2/upload/analyze" \\
  --header "Authorization: Bearer $INTERHUMAN_API_KEY" \\
  --form model=inter-2 --form "include[]=signals" --form wait_seconds=60 \\
  --form file=@talk.mp4
`;
  }
  return `# A recording, analysed while you wait.
curl --fail-with-body "${origin}/${version}/upload/analyze" \\
  --header "Authorization: Bearer $INTERHUMAN_API_KEY" \\
  --form file=@talk.mp4
`;
}
