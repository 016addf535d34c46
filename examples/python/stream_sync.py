"""Stream a video file and print every message of the server, without asyncio: one thread sends, the other listens."""

import os
import sys
import threading

from interhuman_stream.client.sources.file import segments
from interhuman_stream.client.sync import AuthClient, KeyPair, StreamClient

URL = os.environ.get("INTERHUMAN_API_URL", "http://127.0.0.1:8000")


def send(client: StreamClient, file: str) -> None:
    """Send a file's segments, and say that no more come."""
    try:
        for segment in segments(file, seconds=5.0):
            client.send(segment.data)
    finally:
        client.finish()


def main(file: str) -> None:
    """Send and listen at the same time."""
    pair = KeyPair(AuthClient(URL), os.environ["INTERHUMAN_API_KEY_ID"], os.environ["INTERHUMAN_API_KEY_SECRET"])
    with StreamClient(URL, token=pair) as client:
        threading.Thread(target=send, args=(client, file)).start()
        for message in client:
            print(message.text)


if __name__ == "__main__":
    main(sys.argv[1])
