"""Runs the service under uvicorn, with the limits a video socket needs."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import signal
import socket
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Never, cast

import structlog
import uvicorn

from interhuman_stream.service.app import create_app
from interhuman_stream.service.connections import SAID_SECONDS, Connections, most_connections
from interhuman_stream.service.forwarded import proxies
from interhuman_stream.service.hangup import WatchedSocket, end_hung_up
from interhuman_stream.service.request_limits import RequestLimits
from interhuman_stream.service.tls import renew, tls_context

if TYPE_CHECKING:
    from interhuman_stream.engine.pool import Engine
    from interhuman_stream.service.context import Service
    from interhuman_stream.service.settings import Settings

# A segment over the contract's limit is answered, not cut off: the documents' own example has 31 000 000 bytes.
LARGEST_FRAME = 64 * 1024 * 1024
BACKLOG = 2048
LAST_WORDS = 3.0
"""Seconds at the end of a drain (of a short one, its half) in which what is not analysed is answered with an error."""
GRACE = 1
"""The last of them, for clients that do not even read that."""
UNREAD_MILLISECONDS = 60_000
"""For which bytes sent may stay unacknowledged, or unread with no room for more, before the connection is given up."""
DRAIN_STEP = 0.05
M_MMAP_THRESHOLD = -3
LARGE_BUFFER = 64 * 1024
NO_REQUEST = ("Invalid HTTP request received.", "Unsupported upgrade request.")

log = structlog.get_logger()


class Quiet(logging.Filter):
    """Leaves out what uvicorn says of every refused upgrade, as if the refusal were a fault of ours.

    Of what it says of each request that is none, a line a minute is left: anybody can send such by the thousand.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said = -SAID_SECONDS

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line is to be said."""
        message = record.getMessage()
        if message in NO_REQUEST:
            if time.monotonic() - self._said < SAID_SECONDS:
                return False
            self._said = time.monotonic()
        return "without completing handshake" not in message


logging.getLogger("uvicorn.error").addFilter(Quiet())


def _return_large_buffers() -> None:
    """Have glibc give a segment's memory back to the system when it is freed.

    Left alone, it raises the size from which it does so with every large buffer that is freed (mallopt(3), dynamic
    mmap threshold), and a server that takes segments all day keeps growing around them.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BUFFER)


def _allow_many_sockets() -> None:
    """Take as many file descriptors as the system lets a process have: the usual 1024 are soon held by silence."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):  # macOS has a limit below the one it tells
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Server(uvicorn.Server):
    """uvicorn on a socket that is bound before it starts, so that its port is known."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.tls = tls_context(settings)
        self.listener = _listen(settings.host, settings.port)
        app = create_app(settings, engine)
        self.service: Service = app.state.service
        config = uvicorn.Config(
            app,
            http=RequestLimits,
            ws_max_size=LARGEST_FRAME,
            # Video does not compress, and a compressed frame could unpack to anything.
            ws_per_message_deflate=False,
            # While a full backlog keeps the socket unread, pongs wait unread as well: no deadline for them. A client
            # that is gone without a word is found by TCP itself.
            ws_ping_timeout=None,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # forwarded.py reads them
            timeout_graceful_shutdown=GRACE,
            lifespan="on",
        )
        super().__init__(config)
        self.connections = Connections(self.server_state.connections, proxies(settings.forwarded_allow_ips))
        config.ws = cast("type[asyncio.Protocol]", partial(WatchedSocket, rate=self.connections.rate))
        self.ready = asyncio.Event()
        self._running: list[asyncio.Task[Never]] = []
        self._in_terminal = sys.stderr is not None and sys.stderr.isatty()

    @property
    def url(self) -> str:
        """Where the page is."""
        host, port = self.listener.getsockname()[:2]
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104 - compared
        return f"{'https' if self.tls else 'http'}://{shown}:{port}"

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 - there is our own
        """Start, and say so."""
        await super().startup([])
        if self.started:
            self.connections.most = most_connections()
            self.listener.setblocking(False)
            self.listener.listen(BACKLOG)
            self._running = [
                asyncio.create_task(self.connections.accept(self.listener, self._protocol, self.tls)),
                asyncio.create_task(end_hung_up(self.server_state.connections)),
            ]
            log.info("ready", page=self.url)
            self.ready.set()

    def _protocol(self) -> RequestLimits:
        """What a new connection is spoken to by."""
        return RequestLimits(
            connections=self.connections,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let no new streams in, give the open ones time to finish what they have taken, and stop.

        All of it fits into the settings' ``drain_seconds``: what is not analysed shortly before they are over is
        answered with an error, so that its client sends it again.
        """
        sessions, drain = self.service.sessions, self.service.settings.drain_seconds
        sessions.draining.set()
        over = asyncio.get_running_loop().time() + drain
        if sessions.open:
            log.info("draining", sessions=sessions.open)
        await self._emptied(over - min(LAST_WORDS, drain / 2))
        if sessions.open:
            log.warning("not all was analysed in time", sessions=sessions.open)
            await self.service.engine.stop()
            await self._emptied(over - GRACE)
        accepting, *watching = self._running
        accepting.cancel()
        await super().shutdown(sockets)
        for each in watching:
            each.cancel()

    async def _emptied(self, deadline: float) -> None:
        """Wait until every stream has ended, or for the deadline. A second Ctrl-C waits for nobody."""
        loop = asyncio.get_running_loop()
        # uvicorn's flag for that is no event that could be waited for.
        while self.service.sessions.open and not self.force_exit and loop.time() < deadline:  # noqa: ASYNC110 - as above
            await asyncio.sleep(DRAIN_STEP)

    def _hung_up(self, *_: object) -> None:
        """Take SIGHUP for what it means: the certificate is new, or the terminal this runs in has gone.

        By default it would end the process, and every stream with it.
        """
        if self.tls is not None:
            renew(self.tls, self.service.settings)
        elif self._in_terminal:
            self._asked_to_end()
        else:
            self._unasked()

    def _unasked(self, *_: object) -> None:
        """Take a signal by which others are told to open their log anew; there is none to open."""
        log.info("nothing to read again", advice="SIGTERM ends the service")

    def _asked_to_end(self, *_: object) -> None:
        self.should_exit = True

    def serve_until_stopped(self) -> None:
        """Run until SIGINT or SIGTERM; sessions get a little time to end, and being asked to stop is no failure.

        No other signal that people send ends it but in good order either.
        """
        if threading.current_thread() is threading.main_thread():
            # uvicorn raises the signal once more when it has stopped; by then it has been obeyed.
            for asked in (signal.SIGINT, signal.SIGTERM):
                signal.signal(asked, lambda *_: None)
            if sys.platform != "win32":
                signal.signal(signal.SIGHUP, self._hung_up)
                signal.signal(signal.SIGQUIT, self._asked_to_end)
                for unasked in (signal.SIGUSR1, signal.SIGUSR2):
                    signal.signal(unasked, self._unasked)
        _return_large_buffers()
        _allow_many_sockets()
        self.run(sockets=[self.listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio switches Nagle off: a short message must not wait for the one before it to be
    # acknowledged, which clients put off by 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # Accepted sockets inherit it. Without it, what was sent to a client that is gone without a word is repeated for a
    # quarter of an hour, and one that never reads is asked for ever whether it would (tcp(7); RFC 1122, 4.2.2.17).
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
    listener.bind((host, port))
    return listener
