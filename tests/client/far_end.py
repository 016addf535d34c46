"""The far end of the network, as real servers on loopback: a WebSocket that speaks v0's messages, and plain HTTP."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, TypeAlias

from websockets.asyncio.server import ServerConnection, serve

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Iterator

Handler: TypeAlias = Callable[[ServerConnection], Awaitable[None]]


@dataclass
class Session:
    """What a v0 session saw."""

    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    frames: list[bytes] = field(default_factory=list)
    unanswered_at_most: int = 0


def v0(session: Session, *, fails: tuple[int, ...] = (), leaves_after: int | None = None, code: int = 1011) -> Handler:
    """Answer each frame as v0 does; refuse some, or leave when so many have come."""

    async def handler(connection: ServerConnection) -> None:
        assert connection.request is not None
        session.path = connection.request.path
        session.headers = dict(connection.request.headers.raw_items())
        async for frame in connection:
            session.frames.append(binary(frame))
            number = len(session.frames)
            if leaves_after is not None and number > leaves_after:
                await connection.close(code, "enough")
                return
            if number in fails:
                answer = {"status": "error", "segment": number, "error": "Video chunk is not decodable"}
                await connection.send(json.dumps(answer))
                continue
            await connection.send(json.dumps({"status": "processing", "segment": number, "bytes": len(frame)}))
            signals = [{"type": "agreement", "start": 0.0, "end": 1.5}]
            await connection.send(json.dumps({"status": "result", "segment": number, "signals": signals}))
            await connection.send(json.dumps({"status": "completed", "segment": number}))

    return handler


def binary(frame: str | bytes) -> bytes:
    """Take a frame that must be binary."""
    assert isinstance(frame, bytes)
    return frame


MUCH = [f'{{"number":{number}}}' for number in range(200)]


def talks_much(said: asyncio.Event | threading.Event) -> Handler:
    """Say far more at the first frame than a client's queue takes, tell that it is said, and wait to be left."""

    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        for text in MUCH:
            await connection.send(text)
        said.set()
        await connection.wait_closed()

    return handler


@contextlib.asynccontextmanager
async def websocket(handler: Handler, **settings: Any) -> AsyncIterator[str]:
    """Serve WebSockets on loopback; give the base URL as a user would."""
    async with serve(handler, "127.0.0.1", 0, max_size=None, **settings) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"


@dataclass
class HttpFarEnd:
    """Plain HTTP with one answer for every POST.

    Attributes:
        requests: Path, headers (names in lower case) and body of each.
        clients: The port each came from: those of one connection are the same.
    """

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    clients: list[int] = field(default_factory=list)


@contextlib.contextmanager
def http() -> Iterator[HttpFarEnd]:
    """Serve HTTP on loopback."""
    far_end = HttpFarEnd()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # which keeps a connection open

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Transfer-Encoding") == "chunked":
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            far_end.clients.append(self.client_address[1])
            far_end.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(far_end.status)
            for name, value in far_end.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(far_end.body)))
            self.end_headers()
            self.wfile.write(far_end.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    far_end.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield far_end
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
