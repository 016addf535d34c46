"""Stream a video file and print every message of the server, and what was found, while it plays."""

import asyncio
import os
import sys

from interhuman_stream import AuthClient, KeyPair, StreamClient
from interhuman_stream.client.sources.file import segments

URL = os.environ.get("INTERHUMAN_API_URL", "http://127.0.0.1:8000")


async def send(client: StreamClient, file: str) -> None:
    """Send a file's segments, and say that no more come."""
    for segment in segments(file, seconds=5.0):
        await client.send(segment.data)
    await client.finish()


async def main(file: str) -> None:
    """Send and listen at the same time."""
    # A key pair gets a token, and a new one before that runs out.
    pair = KeyPair(AuthClient(URL), os.environ["INTERHUMAN_API_KEY_ID"], os.environ["INTERHUMAN_API_KEY_SECRET"])
    async with StreamClient(URL, token=pair) as client, asyncio.TaskGroup() as tasks:
        tasks.create_task(send(client, file))
        async for message in client:
            print(message.text)  # exactly as the server sent it
            said = message.parsed  # the JSON object, and its type: one of v0's four messages
            if said["status"] == "result":
                for signal in said["signals"]:
                    print(f"  {signal['type']} from {signal['start']} s to {signal['end']} s", file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
