"""Stream a video file over v2: print every event as it came, and signals as they begin and end, while it plays."""

import asyncio
import os
import sys

from interhuman_stream import AuthClient, KeyPair, StreamClient
from interhuman_stream.client.sources.file import segments

URL = os.environ.get("INTERHUMAN_API_URL", "http://127.0.0.1:8000")


async def send(client: StreamClient, file: str) -> None:
    """Send a file at the pace it was recorded, and ask the session to close."""
    began = asyncio.get_running_loop().time()
    for segment in segments(file):
        await asyncio.sleep(began + segment.end - asyncio.get_running_loop().time())
        await client.send(segment.data)
    await client.finish()


async def main(file: str) -> None:
    """Send and listen at the same time, until the session has ended."""
    pair = KeyPair(AuthClient(URL), os.environ["INTERHUMAN_API_KEY_ID"], os.environ["INTERHUMAN_API_KEY_SECRET"])
    async with StreamClient(URL, token=pair, version="v2") as client, asyncio.TaskGroup() as tasks:
        tasks.create_task(send(client, file))
        async for message in client:
            print(message.text)  # exactly as the server sent it
            event = message.event  # the JSON object, and its type: one of the events of v1 and v2
            if event["type"] == "signal.detected":
                print(f"  {event['data']['signal_type']} since {event['data']['start']} s", file=sys.stderr)
            elif event["type"] == "signal.ended":
                print(f"  {event['data']['signal_type']} until {event['data']['end']} s", file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
