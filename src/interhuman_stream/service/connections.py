"""The connections of a service: as many as its file descriptors allow, each address's in its turn."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import sys
import time
from typing import TYPE_CHECKING, Any, Final, Never

import structlog

from interhuman_stream.service.arrivals import MOST_WAITING_OF_ALL, Arrivals
from interhuman_stream.service.rate_limit import RateLimit, everybody

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable, Collection

    from uvicorn.protocols.http.h11_impl import H11Protocol

MOST: Final = 4096
"""Whatever the system allows: an idle connection takes some forty kilobytes."""
LEAST: Final = 4
RESERVED: Final = 24
"""Descriptors kept for the database, and for pipes to a new worker."""
AT_ONCE: Final = 16
"""Connections taken in before others have their turn: a storm of them does not stop who is there."""
TURNED_AWAY_SECONDS: Final = 0.005
"""Pause after some of them were cut off: what more come fill the system's queue, and cost nothing there."""
LOOK_SECONDS: Final = 0.05
EXHAUSTED_SECONDS: Final = 1.0
HANDSHAKE_SECONDS: Final = 10.0
"""Of TLS."""
SLOW_SECONDS: Final = 1.0
"""For a handshake, or for an answer to be read, where others wait."""
CLOSING_STEPS: Final = 3
"""Turns of the event loop until an aborted connection, encrypted or not, has told its protocol."""
SAID_SECONDS: Final = 60.0
"""Between two lines of the log about the same."""
LET_IN: Final = "let_in"
"""The mark, in a request's state: its caller has a place."""
EXHAUSTED: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

log = structlog.get_logger()


class Connections:
    """What is open, who has said nothing yet, and what all may spend together (`rate_limit.py`).

    Args:
        open_now: uvicorn's connections.
        many: Whether an address stands for many clients, being a trusted proxy's.
    """

    def __init__(self, open_now: Collection[object], many: Callable[[str], bool] = lambda _peer: False) -> None:
        self._everybody = everybody()
        self._arrivals = Arrivals(many)
        self._most = MOST
        self._open = open_now
        self._waited_for: dict[H11Protocol, bool] = {}  # longest first; whether it is a body that is to come
        self._unread: dict[H11Protocol, float] = {}  # longest first; since when
        self._shaking: dict[asyncio.Task[None], float] = {}
        self._said: dict[str, float] = {}

    @property
    def open(self) -> int:
        """How many there are."""
        return len(self._open) + len(self._shaking) + len(self._arrivals)

    @property
    def most(self) -> int:
        """How many there may be."""
        return self._most

    @most.setter
    def most(self, most: int) -> None:
        self._most = most
        self._arrivals.most = min(MOST_WAITING_OF_ALL, most // 2)

    def rate(self, transport: asyncio.BaseTransport) -> RateLimit:
        """The pace of a connection."""
        peer = transport.get_extra_info("peername")
        return RateLimit(self._everybody, self._arrivals.address(str(peer[0]) if peer else "").ahead)

    def silent(self, protocol: H11Protocol) -> None:
        """Note that a connection asks for nothing, or no longer."""
        self.heard(protocol)
        self._waited_for[protocol] = False

    def unfinished(self, protocol: H11Protocol) -> None:
        """Note that it has asked, and that the body is still to come."""
        self.heard(protocol)
        self._waited_for[protocol] = True

    def heard(self, protocol: H11Protocol) -> None:
        """Note that it has asked in full, or has ended."""
        self._waited_for.pop(protocol, None)

    def unread(self, protocol: H11Protocol) -> None:
        """Note that it does not read what it is answered."""
        self._unread[protocol] = time.monotonic()

    def read(self, protocol: H11Protocol) -> None:
        """Note that it does, or has ended."""
        self._unread.pop(protocol, None)

    async def accept(
        self, listener: socket.socket, made: Callable[[], asyncio.Protocol], context: ssl.SSLContext | None
    ) -> Never:
        """Take connections in for as long as this runs.

        asyncio's own server takes in a whole backlog at once, and where there are no descriptors left writes a line for
        each that it might have taken.
        """
        loop, turns = asyncio.get_running_loop(), asyncio.Event()
        speaking = loop.create_task(self._speak(made, context, turns))
        try:
            while True:
                await self._room()
                try:
                    first = await loop.sock_accept(listener)
                except OSError as error:
                    if error.errno in EXHAUSTED:
                        self._say("no descriptors left", reason=os.strerror(error.errno or 0))
                        await asyncio.sleep(EXHAUSTED_SECONDS)
                    continue
                stay = [self._arrivals.put(each, str(peer[0])) for each, peer in (first, *self._more(listener))]
                turns.set()
                if not all(stay):
                    self._say("too many new connections", waiting=len(self._arrivals))
                await asyncio.sleep(0 if all(stay) else TURNED_AWAY_SECONDS)
        finally:
            speaking.cancel()
            self._arrivals.close()

    async def _speak(
        self, made: Callable[[], asyncio.Protocol], context: ssl.SSLContext | None, turns: asyncio.Event
    ) -> Never:
        """Begin with connections when it is their turn, for as long as this runs; ``turns`` is set when more wait."""
        loop = asyncio.get_running_loop()
        while True:
            turns.clear()
            while connection := self._arrivals.next():
                shaking = loop.create_task(_begin(connection, made, context))
                self._shaking[shaking] = time.monotonic()
                shaking.add_done_callback(self._shaken)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._arrivals.wait()):
                    await turns.wait()

    def _shaken(self, task: asyncio.Task[None]) -> None:
        self._shaking.pop(task, None)

    def _more(self, listener: socket.socket) -> list[tuple[socket.socket, Any]]:
        """Those that wait behind the first, as far as there is room, and where each is from."""
        taken: list[tuple[socket.socket, Any]] = []
        with contextlib.suppress(OSError):  # there are no more, or no descriptors: the next time tells
            while len(taken) + 1 < min(AT_ONCE, self.most - self.open):
                taken.append(listener.accept())
        return taken

    async def _room(self) -> None:
        """Wait until another connection may be taken in; who has been waited for longest makes room."""
        while self.open >= self.most:
            self._say("no room for more connections", open=self.open, most=self.most)
            slow = next(iter(self._shaking.items()), None)
            if slow is not None and time.monotonic() - slow[1] > SLOW_SECONDS:
                slow[0].cancel()
            elif idle := self._idle():
                self.heard(idle)
                self.read(idle)
                idle.transport.abort()
            else:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            for _ in range(CLOSING_STEPS):
                await asyncio.sleep(0)

    def _idle(self) -> H11Protocol | None:
        """Who leaves answers unread; or is waited for longest, for a request or its body, but for a file let in."""
        unread, since = next(iter(self._unread.items()), (None, 0.0))
        if unread and time.monotonic() - since > SLOW_SECONDS:
            return unread
        waiting = self._waited_for.items()
        return next((each for each, body in waiting if not (body and each.scope["state"].get(LET_IN))), unread)

    def _say(self, what: str, **more: object) -> None:
        """Write a line, unless the same was written lately."""
        now = time.monotonic()
        if now - self._said.get(what, -SAID_SECONDS) >= SAID_SECONDS:
            self._said[what] = now
            log.warning(what, **more)


async def _begin(
    connection: socket.socket, made: Callable[[], asyncio.Protocol], context: ssl.SSLContext | None
) -> None:
    """Shake hands, if it is to be encrypted, and leave the connection to its protocol."""
    loop = asyncio.get_running_loop()
    seconds = HANDSHAKE_SECONDS if context else None
    try:
        await loop.connect_accepted_socket(made, connection, ssl=context, ssl_handshake_timeout=seconds)
    except (OSError, asyncio.CancelledError):
        connection.close()  # who did not finish has nothing to be told
    except BaseException:
        connection.close()
        raise


def most_connections() -> int:
    """How many connections this process has descriptors for, beside those that are open and those it may need."""
    if sys.platform == "win32":
        return MOST
    import resource  # noqa: PLC0415 - not on Windows

    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY:
        return MOST
    return max(LEAST, min(MOST, most - len(os.listdir("/dev/fd")) - RESERVED))  # noqa: PTH208 - no files
