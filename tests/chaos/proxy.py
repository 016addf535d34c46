"""A TCP proxy that does to connections what networks do: cuts, resets, stalls and slows them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncIterator

FAULTS: Final = ("cut", "reset", "stall", "halve")
CHUNK: Final = 16_384


@dataclass(eq=False)
class Link:
    """One connection through the proxy."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    flowing: asyncio.Event = field(default_factory=asyncio.Event)

    def cut(self) -> None:
        """End it as a router does that is switched off politely: both sides see an end of file."""
        self.near.close()
        self.far.close()

    def reset(self) -> None:
        """End it with RST: the near side sees "connection reset by peer"."""
        near = self.near.get_extra_info("socket")
        with contextlib.suppress(OSError):
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.near.transport.abort()
        self.far.close()


class Proxy:
    """Passes bytes on, and does harm when it is told to.

    Attributes:
        port: Where it listens.
        done: The faults it did, by name.
        bandwidth: Bytes a second each way.
    """

    def __init__(self, host: str, port: int, *, bandwidth: float, stall: float) -> None:
        self.port = 0
        self.done: list[str] = []
        self.bandwidth = bandwidth
        self._usual = bandwidth
        self._stall = stall
        self._target = (host, port)
        self._links: set[Link] = set()

    @contextlib.asynccontextmanager
    async def run(self) -> AsyncIterator[Proxy]:
        """Listen while the context is open."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for link in list(self._links):
                link.cut()

    async def fault(self, chance: random.Random) -> bool:
        """Do one harm to a connection that is there; False where none is."""
        if not self._links:
            return False
        link = chance.choice(sorted(self._links, key=id))
        kind = chance.choice(FAULTS)
        self.done.append(kind)
        if kind == "cut":
            link.cut()
        elif kind == "reset":
            link.reset()
        elif kind == "stall":
            link.flowing.clear()
            await asyncio.sleep(self._stall)
            link.flowing.set()
        else:
            self.bandwidth = self._usual / 2
            await asyncio.sleep(self._stall)
            self.bandwidth = self._usual
        return True

    async def _accept(self, near_reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        try:
            far_reader, far = await asyncio.open_connection(*self._target)
        except OSError:
            near.close()
            return
        link = Link(near, far)
        link.flowing.set()
        self._links.add(link)
        try:
            await asyncio.gather(self._pass(link, near_reader, far), self._pass(link, far_reader, near))
        finally:
            self._links.discard(link)
            link.cut()

    async def _pass(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                await link.flowing.wait()
                await asyncio.sleep(len(data) / self.bandwidth)
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            link.cut()
