"""The seam between the client and the network: what a connection must do, and the WebSocket that does it."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidProxyStatus, InvalidStatus, InvalidURI

from interhuman_stream.bounds import LARGEST_MESSAGE, LONGEST_FAREWELL, BoundedConnection
from interhuman_stream.client.errors import (
    ConnectionFailed,
    ConnectionLost,
    InvalidAddress,
    InvalidProxy,
    ProxyFailed,
    api_error,
)
from interhuman_stream.proxies import Proxy, UnusableProxy, proxy_for

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

    from websockets.asyncio.client import ClientConnection

ABNORMAL: Final = 1006
"""The close code RFC 6455 gives to a connection that broke without one."""
NORMAL: Final = 1000
REFUSALS: Final = frozenset({1002, 1007, 1008, 1009})
"""Close codes with which a server is left that breaks the protocol, or sends more than is taken (RFC 6455, 7.4.1)."""
MOST_KEPT: Final = 4 * LARGEST_MESSAGE
"""Bytes that are still taken of a server while the stream is being closed."""


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """How a stream is opened and kept.

    Attributes:
        headers: Headers to send beside the credential.
        tls: The TLS context; None takes the usual one for wss.
        proxy: The proxy's URL; True takes the environment's, and none for a server on this machine; None goes
            straight.
        open_timeout: Seconds the handshake may take.
        ping_interval: Seconds between pings; None sends none.
        ping_timeout: Seconds a pong may take. A segment of 20 MB goes ahead of a ping, so this is longer than usual.
        close_timeout: Seconds the closing handshake may take.
        max_size: The longest message taken, in bytes; None takes any, which a server may make any use of.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # it may carry a credential
    tls: ssl.SSLContext | None = None
    proxy: str | Literal[True] | None = field(default=True, repr=False)  # its URL may carry a password
    open_timeout: float = 10.0
    ping_interval: float | None = 20.0
    ping_timeout: float | None = 60.0
    close_timeout: float = 10.0
    max_size: int | None = LARGEST_MESSAGE


class Connection(Protocol):
    """An open stream of frames."""

    async def send(self, frame: bytes | str) -> None:
        """Send a frame, binary or (v1 and v2 alone) text; wait while the network is behind.

        Raises:
            ConnectionLost: The stream has ended.
        """

    async def receive(self) -> bytes | None:
        """Give the next frame's bytes, or None when the server has closed the stream in good order.

        Raises:
            ConnectionLost: The stream ended otherwise.
        """

    async def close(self) -> None:
        """Close the stream; a second time does nothing."""


class Connect(Protocol):
    """Opens a connection."""

    async def __call__(self, address: str, headers: Mapping[str, str], options: StreamOptions, /) -> Connection:
        """Open a stream.

        Raises:
            Unauthorized: The credential is missing, wrong or expired.
            Forbidden: The credential lacks the scope.
            ApiError: The server refused for another reason.
            ConnectionFailed: The server cannot be reached.
        """


class WebSocket:
    """A connection over a WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._reading = asyncio.Lock()
        self._kept: deque[bytes] = deque()

    async def send(self, frame: bytes | str) -> None:
        """Send a frame."""
        try:
            await self._connection.send(frame)
        except ConnectionClosed as closed:
            raise lost(closed) from None

    async def receive(self) -> bytes | None:
        """Give the next frame's bytes, which nothing has decoded or checked."""
        async with self._reading:
            if self._kept:
                return self._kept.popleft()
            try:
                return await self._connection.recv(decode=False)
            except ConnectionClosed as closed:
                ending = lost(closed)
        if ending.code == NORMAL:
            return None
        raise ending

    async def close(self) -> None:
        """Close the stream; frames that come before the server's farewell are kept for who receives.

        A server that goes on and on is not waited for, nor one that reads nothing: then the farewell cannot be said.
        """
        closing = asyncio.ensure_future(self._connection.close())
        seconds = LONGEST_FAREWELL if self._connection.close_timeout is None else self._connection.close_timeout
        # websockets counts from when the farewell is sent.
        unread = asyncio.get_running_loop().call_later(2 * seconds, self._connection.transport.abort)
        closing.add_done_callback(lambda _: unread.cancel())
        kept = 0
        # With frames nobody takes, websockets stops reading the network, and would wait for the farewell in vain.
        with suppress(ConnectionClosed):
            while not closing.done():
                async with self._reading:
                    frame = await self._connection.recv(decode=False)
                    self._kept.append(frame)
                kept += len(frame) + sys.getsizeof(b"")  # an empty one takes its place as well
                if kept > MOST_KEPT:
                    self._connection.transport.abort()
        await closing


async def open_websocket(address: str, headers: Mapping[str, str], options: StreamOptions) -> WebSocket:
    """Open a WebSocket; see ``Connect``."""
    proxy = _in_front(address, options.proxy)
    with handshake(address, options, proxy):
        return WebSocket(await _Connect(address, **settings(address, headers, options, proxy)))


class _Connect(connect):
    """Opens a WebSocket where it was told to, and nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Follow no redirect: it would be asked without the credential, and the refusal would blame that."""
        return exc


def _in_front(address: str, given: str | Literal[True] | None) -> Proxy | None:
    try:
        return proxy_for(address, given)
    except UnusableProxy as error:
        raise InvalidProxy(str(error)) from None


def settings(
    address: str, headers: Mapping[str, str], options: StreamOptions, proxy: Proxy | None = None
) -> dict[str, Any]:
    """Give the options in the words of websockets."""
    given: dict[str, Any] = {
        "additional_headers": {**options.headers, **headers},
        "compression": None,  # media does not shrink, and a frame of 20 MB costs a second of trying
        "open_timeout": options.open_timeout,
        "ping_interval": options.ping_interval,
        "ping_timeout": options.ping_timeout,
        "close_timeout": options.close_timeout,
        "max_size": options.max_size,
        "create_connection": BoundedConnection,
        "proxy": proxy.url if proxy else None,
    }
    if options.tls is not None and address.startswith("wss:"):
        given["ssl"] = options.tls
    return given


@contextmanager
def handshake(address: str, options: StreamOptions, proxy: Proxy | None = None) -> Iterator[None]:
    """Turn what goes wrong while a WebSocket is opened into the client's errors; see ``Connect``."""
    try:
        yield
    except InvalidStatus as refusal:
        response = refusal.response
        raise api_error(response.status_code, response.headers, bytes(response.body or b""), address) from None
    except InvalidURI as error:
        raise InvalidAddress(f"{address!r} is not the address of a stream: {error.msg}") from None
    except UnicodeError:  # Python's codec for names beyond ASCII, which also refuses some within
        raise InvalidAddress(f"{address!r} is not the address of a stream: its host's name cannot be one") from None
    except ImportError:  # websockets looks for it only here
        if proxy is None or not proxy.socks:
            raise
        raise InvalidProxy(proxy.needs_more()) from None
    except (OSError, EOFError, InvalidHandshake) as error:
        raise _unreached(address, options, proxy, error) from None


def _unreached(address: str, options: StreamOptions, proxy: Proxy | None, error: Exception) -> ConnectionFailed:
    """Say why there was no handshake."""
    if isinstance(error, InvalidProxyStatus) and proxy is not None:
        return ProxyFailed(proxy.refused(error.response.status_code))
    silent = isinstance(error, TimeoutError)
    if proxy is not None:
        cause = f"no answer within {options.open_timeout:g} s" if silent else str(error) or type(error).__name__
        return ProxyFailed(proxy.unreachable(address, cause))
    if silent:
        return ConnectionFailed(
            f"{address} did not answer within {options.open_timeout:g} s; check that the server is up, or wait longer"
        )
    cause = str(error) or type(error).__name__
    return ConnectionFailed(f"{address} cannot be reached ({cause}); check the address and that the server is up")


def lost(closed: ConnectionClosed) -> ConnectionLost:
    """Give the error for a connection that has closed, by what the server said."""
    said, ours = closed.rcvd, closed.sent
    if said is not None:
        return ConnectionLost(said.code, said.reason)
    if ours is not None and ours.code in REFUSALS:
        return ConnectionLost(ours.code, ours.reason, left=True)
    return ConnectionLost(ABNORMAL, "")
