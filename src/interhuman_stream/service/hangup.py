"""uvicorn's WebSocket, and an eye on clients that go, also while their socket is not read.

A stream whose backlog is full is not read, nor is a request that came behind one that is not answered yet. What is not
read does not tell its end. So several times a second

* poll(2) is asked about who is not read: it tells a FIN (POLLRDHUP) on Linux and FreeBSD, and a reset on macOS as well;
* a WebSocket that is not read is sent a heartbeat, a pong that nobody asked for (RFC 6455, 5.5.3). A client whose own
  buffer is full cannot even send its FIN; but its system answers what comes for a socket that is closed with a reset
  (RFC 1122, 4.2.2.13), on which the next heartbeat fails, on every system.

Windows has no poll: there a client that goes in the middle of an upload with another request behind it is noticed when
the answer is sent. A close *frame* behind unread bytes is seen when they are read, anywhere.
"""

from __future__ import annotations

import asyncio
import select
from typing import TYPE_CHECKING, Final, Never

from websockets.protocol import State

from interhuman_stream.service.frame_limits import FrameLimits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from starlette.requests import HTTPConnection
    from uvicorn.server import Protocols

LOOK_SECONDS: Final = 0.25
GONE: Final = "client_gone"
FIN: Final = getattr(select, "POLLRDHUP", 0)


class WatchedSocket(FrameLimits):
    """uvicorn's WebSocket, which tells the application at once that its client has gone, past the frames that wait."""

    _gone: asyncio.Future[None]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._gone = self.loop.create_future()
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell."""
        super().connection_lost(exc)
        self._gone.set_result(None)

    async def run_asgi(self) -> None:
        """Hand the application what is told."""
        self.scope["state"][GONE] = self._gone
        await super().run_asgi()

    def shutdown(self) -> None:
        """Leave a handshake at hand to the application, which says 503 and when to come back; uvicorn would say 500."""
        if self.handshake_complete:
            super().shutdown()

    def beat(self) -> None:
        """Send a heartbeat, unless what was sent before still waits."""
        if self.conn.state is State.OPEN and self.writable.is_set():
            self.conn.send_pong(b"")
            self.transport.write(b"".join(self.conn.data_to_send()))


def gone(connection: HTTPConnection) -> asyncio.Future[None]:
    """Done when the client has gone; never, under a server that does not tell."""
    told: asyncio.Future[None] | None = connection.scope.get("state", {}).get(GONE)
    return told or asyncio.get_running_loop().create_future()


async def end_hung_up(connections: Collection[Protocols]) -> Never:
    """Cut, for as long as it runs, the connections of clients that have gone while they were not read."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        # Those that are read find out for themselves, and after what was sent before.
        unread = [each for each in connections if not (each.transport.is_reading() or each.transport.is_closing())]
        for transport in _hung_up([each.transport for each in unread]):
            transport.abort()
        for each in unread:
            if isinstance(each, WatchedSocket) and not each.transport.is_closing():
                each.beat()


def _hung_up(transports: Iterable[asyncio.Transport]) -> list[asyncio.Transport]:
    if not hasattr(select, "poll"):
        return []
    asked = {transport.get_extra_info("socket").fileno(): transport for transport in transports}
    poll = select.poll()
    for descriptor in asked:
        poll.register(descriptor, FIN)
    return [asked[descriptor] for descriptor, _ in poll.poll(0)]
