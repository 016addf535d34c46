"""A server that means ill, byte by byte: raw HTTP and raw WebSocket frames on loopback."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import re
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
EVIL: Final = "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b31m\u202eEVIL\u2028\u2066\ud800\x1b[0m\r\nsegment 1 completed FORGED"
"""A title, an erased screen, colours (also in C1), turned lines, half a character, and a line that is not ours."""
STEERING: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What must not come out on stderr; its own line feeds may."""


@dataclass
class Caller:
    """One connection.

    Attributes:
        reader: What comes from the client.
        writer: What goes to it.
        head: The request, up to its empty line.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: bytes = b""

    async def send(self, *parts: bytes) -> None:
        """Send bytes."""
        for part in parts:
            self.writer.write(part)
        await self.writer.drain()

    async def answer(self, status: str, body: bytes = b"", *headers: bytes) -> None:
        """Answer a request with a whole body."""
        lines = [f"HTTP/1.1 {status}".encode(), b"Content-Length: %d" % len(body), b"Connection: close", *headers]
        await self.send(b"\r\n".join([*lines, b"", body]))

    async def upgrade(self, *headers: bytes) -> None:
        """Answer a handshake (RFC 6455, 4.2.2)."""
        key = re.search(rb"(?i)^sec-websocket-key: *(\S+)", self.head, re.MULTILINE)
        assert key
        digest = hashlib.sha1(key[1] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()  # noqa: S324 - as the RFC has it
        accept = b"Sec-WebSocket-Accept: " + base64.b64encode(digest)
        lines = [b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket", b"Connection: Upgrade", accept, *headers]
        await self.send(b"\r\n".join([*lines, b"", b""]))

    async def said(self) -> tuple[int, bytes]:
        """Take a frame of the client's."""
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size > 125:
            width = 2 if size == 126 else 8
            size = int.from_bytes(await self.reader.readexactly(width))
        mask = await self.reader.readexactly(4)
        data = await self.reader.readexactly(size)
        return first & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)) if size < 200 else data

    async def left(self) -> None:
        """Wait until the client has closed the connection."""
        with contextlib.suppress(OSError):
            while await self.reader.read(65536):
                pass


def frame(opcode: int, payload: bytes = b"", *, final: bool = True, reserved: int = 0) -> bytes:
    """One frame of a server (RFC 6455, 5.2)."""
    head = bytes([final << 7 | reserved << 4 | opcode])
    size = len(payload)
    if size < 126:
        return head + bytes([size]) + payload
    return head + (struct.pack(">BH", 126, size) if size < 65536 else struct.pack(">BQ", 127, size)) + payload


def text(value: object) -> bytes:
    """A message: JSON, or bytes as they are."""
    return frame(TEXT, value if isinstance(value, bytes) else json.dumps(value).encode())


def farewell(code: int, reason: bytes = b"") -> bytes:
    """A close frame."""
    return frame(CLOSE, struct.pack(">H", code) + reason)


Behaviour: TypeAlias = Callable[[Caller], Awaitable[None]]


@dataclass
class Server:
    """What runs.

    Attributes:
        url: Its base URL.
        heads: The request of each connection.
    """

    url: str
    heads: list[bytes] = field(default_factory=list)


@contextlib.asynccontextmanager
async def serving(behave: Behaviour) -> AsyncIterator[Server]:
    """Serve each connection so; it is closed when that is done."""
    running = Server("")
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        busy.add(task)
        with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
            caller = Caller(reader, writer, await reader.readuntil(b"\r\n\r\n"))
            running.heads.append(caller.head)
            await behave(caller)
        busy.discard(task)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    running.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield running
    finally:
        server.close()
        for task in [*busy]:
            task.cancel()


def always(status: str, body: bytes = b"", *headers: bytes) -> Behaviour:
    """Answer every request so, before its body has been read."""

    async def behave(caller: Caller) -> None:
        if b"chunked" in caller.head.lower() or (size := _length(caller.head)) is None:
            await caller.answer(status, body, *headers)
            return
        await caller.reader.readexactly(size)
        await caller.answer(status, body, *headers)

    return behave


def _length(head: bytes) -> int | None:
    found = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    return int(found[1]) if found else None


def streaming(*parts: bytes, stays: bool = True) -> Behaviour:
    """Open a stream, take one frame, say all this, and wait until the client leaves, or leave."""

    async def behave(caller: Caller) -> None:
        await caller.upgrade()
        await caller.said()
        await caller.send(*parts)
        if stays:
            await caller.left()

    return behave
