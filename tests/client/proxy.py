"""An HTTP proxy on loopback: it forwards to one far end, whatever it is asked for, or refuses."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass
class Proxy:
    """A proxy that runs.

    Attributes:
        place: Its host and port.
        far_end: The port on loopback it forwards to.
        status: What it answers in the far end's place; 0 for nothing.
        asked: The first line of each request, and its ``Proxy-Authorization``.
    """

    place: str = ""
    far_end: int = 0
    status: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.place}"


@contextlib.asynccontextmanager
async def proxy(far_end: str = "http://127.0.0.1:9", status: int = 0) -> AsyncIterator[Proxy]:
    """Run a proxy in front of what stands at the URL ``far_end``."""
    running = Proxy(far_end=int(far_end.rpartition(":")[2]), status=status)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _serve(running, reader, writer)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        running.place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield running


async def _serve(running: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *headers = head.rstrip().split("\r\n")
    named = dict(header.split(": ", 1) for header in headers)
    running.asked.append((first, {key.lower(): value for key, value in named.items()}.get("proxy-authorization", "")))
    if running.status:
        writer.write(f"HTTP/1.1 {running.status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.write_eof()
        await reader.read()  # to its end: what is closed with bytes unread is reset
        writer.close()
        return
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", running.far_end)
    method, target, version = first.split(" ")
    if method == "CONNECT":
        writer.write(b"HTTP/1.1 200 Go on\r\n\r\n")
    else:
        path = "/" + target.split("/", 3)[3]
        kept = [header for header in headers if not header.lower().startswith(("connection:", "proxy-"))]
        far_writer.write("\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""]).encode())
    await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
