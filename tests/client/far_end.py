"""The far end of the network, as real servers on loopback: WebSockets that speak the versions' messages, plain HTTP."""

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


READY = {
    "session_idle_timeout_seconds": 300,
    "session_max_duration_seconds": 3600,
    "max_segment_duration_seconds": None,
    "min_segment_size_bytes": 1,
    "max_segment_size_bytes": 33_554_432,
    "supported_session_config_options": {"include": ["conversation_quality_overall"], "model": ["inter-2"]},
}


def event(kind: str, **data: Any) -> str:
    """A message of v1 or v2; its spaces and its number are what a parser would not give back."""
    body = json.dumps(data)
    return f'{{"type": "{kind}",  "timestamp": "2026-06-20T15:21:55.149561Z", "correlation_id": "c-1", "data": {body}}}'


@dataclass
class Live:
    """A v1 or v2 server: says something of each frame, and the rest at the end.

    Attributes:
        says: What is said after a frame, by the connection and the frame's number, both from 1.
        at_end: What is said before a session ends in good order.
        leaves: With which code it leaves a connection, and after how many frames; 1006 is no farewell.
        ends: Whether it says that the session has ended, when it is asked to close it.
        paths: Of each connection.
        texts: What each connection was told as text.
        frames: What each connection brought.
    """

    says: Callable[[int, int], list[str]] = lambda _connection, _number: []
    at_end: tuple[str, ...] = ()
    leaves: list[tuple[int, int]] = field(default_factory=list)
    ends: bool = True
    paths: list[str] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    frames: list[list[bytes]] = field(default_factory=list)

    async def __call__(self, connection: ServerConnection) -> None:
        """Serve one connection."""
        assert connection.request is not None
        self.paths.append(connection.request.path)
        texts, frames = list[str](), list[bytes]()
        self.texts.append(texts)
        self.frames.append(frames)
        number = len(self.frames)
        life = self.leaves.pop(0) if self.leaves else None
        await connection.send(event("session.ready", **READY))
        async for frame in connection:
            if isinstance(frame, bytes):
                frames.append(frame)
                for text in self.says(number, len(frames)):
                    await connection.send(text)
                if life and len(frames) == life[1]:
                    await _leave(connection, life[0])
                    return
            else:
                texts.append(frame)
                if json.loads(frame) == {"type": "session.close"}:
                    await self._end(connection)
                    return
                await connection.send(event("session.updated", **json.loads(frame), goal_dimensions=None))

    async def _end(self, connection: ServerConnection) -> None:
        await connection.send(event("session.closing", max_drain_seconds=60))
        for text in self.at_end:
            await connection.send(text)
        if self.ends:
            await connection.send(event("session.ended", reason="client_shutdown"))


async def _leave(connection: ServerConnection, code: int) -> None:
    if code == 1006:
        connection.transport.abort()
    else:
        await connection.close(code)


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
    """Plain HTTP with one answer for every request.

    Attributes:
        answers: Statuses and bodies that come before that one, one a request.
        requests: Path, headers (names in lower case) and body of each.
        clients: The port each came from: those of one connection are the same.
    """

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    answers: list[tuple[int, bytes]] = field(default_factory=list)
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
            status, answer = far_end.answers.pop(0) if far_end.answers else (far_end.status, far_end.body)
            self.send_response(status)
            for name, value in far_end.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            self.do_POST()

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
