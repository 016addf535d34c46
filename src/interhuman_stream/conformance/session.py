"""WebSocket sessions of the checks: opened, refused, and what the server says in them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from interhuman_stream.bounds import LARGEST_MESSAGE, BoundedConnection, read_json
from interhuman_stream.conformance.exchange import Answer, admitted
from interhuman_stream.conformance.messages import LAST, Message, said
from interhuman_stream.conformance.room import CLOSED, Full
from interhuman_stream.conformance.target import Failed
from interhuman_stream.protocol.limits import SUBPROTOCOL
from interhuman_stream.proxies import proxy_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from websockets.asyncio.client import ClientConnection

    from interhuman_stream.conformance.target import Target

MOST_MESSAGES: Final = 2_000
"""Messages that are kept of one session; a check sends a few segments."""
SETTINGS: Final[dict[str, Any]] = {
    "compression": None,
    "max_size": LARGEST_MESSAGE,
    "create_connection": BoundedConnection,
    "open_timeout": None,  # each check has a deadline of its own
    "ping_interval": None,  # a pong would wait behind megabytes
    "close_timeout": 1.0,
}


class Opening(connect):
    """A stream that is being opened: through the proxy in front of it, and at no other address than its own.

    Raises:
        UnusableProxy: What the environment names as a proxy is none.
    """

    def __init__(self, address: str, **given: Any) -> None:
        proxy = proxy_for(address)
        super().__init__(address, **SETTINGS, proxy=proxy.url if proxy else None, **given)

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Follow no redirect: what another address says is not the word of the server that is checked."""
        return exc


@asynccontextmanager
async def opened(
    target: Target, include: Sequence[str] = (), headers: Mapping[str, str] | None = None
) -> AsyncIterator[ClientConnection]:
    """Open a stream with the token in the header, as servers and scripts do.

    Raises:
        Failed: It is refused.
        Full: The server has no room just now.
        Skipped: There is no token.
    """
    given = {"Authorization": f"Bearer {target.stream_token()}", **(headers or {})}
    async with _accepted(_address(target.socket_url, include), additional_headers=given) as socket:
        yield socket


@asynccontextmanager
async def opened_as_browser(target: Target) -> AsyncIterator[ClientConnection]:
    """Open a stream with the token among the subprotocols, as browsers do.

    Raises:
        Failed: It is refused.
        Full: The server has no room just now.
        Skipped: There is no token.
    """
    async with _accepted(target.socket_url, subprotocols=offer(target.stream_token())) as socket:
        yield socket


async def refused(target: Target, token: str | None = None, *, browser: bool = False) -> Answer:
    """Give the HTTP answer to an upgrade that must be refused.

    Raises:
        Failed: It is accepted.
        Full: The server has no room just now.
    """
    given: dict[str, Any] = {}
    if token is not None and browser:
        given["subprotocols"] = offer(token)
    elif token is not None:
        given["additional_headers"] = {"Authorization": f"Bearer {token}"}
    try:
        async with Opening(target.socket_url, **given):
            raise Failed("the upgrade refused with an HTTP status", "the upgrade accepted")
    except InvalidStatus as refusal:
        return _answer(refusal)


def offer(token: str) -> list[Subprotocol]:
    """Give what a browser offers as subprotocols."""
    return [Subprotocol(SUBPROTOCOL), Subprotocol(token)]


async def told(socket: ClientConnection) -> Message:
    """Give the next message.

    Raises:
        Failed: It is no message of the contract, or the server has left.
        Full: It has left because it has no room.
    """
    try:
        frame = await socket.recv()
    except ConnectionClosed as closed:
        code = "without a close frame" if closed.rcvd is None else f"with {closed.rcvd.code} {closed.rcvd.reason}"
        raise _left(closed) or Failed("the session to go on", f"the connection closed {code}".rstrip()) from None
    return said(parsed(frame, "message"))


def parsed(frame: str | bytes, what: str) -> Any:
    """Read a frame, which is called ``what``, as JSON.

    Raises:
        Failed: It is none.
    """
    if isinstance(frame, bytes):
        raise Failed(f"{what}s as text frames", f"a binary frame of {len(frame)} bytes")
    try:
        return read_json(frame)
    except ValueError:
        raise Failed(f"each {what} as JSON", f"a text frame that begins with {frame[:40]!r}") from None


async def told_until(socket: ClientConnection, ends: int) -> list[Message]:
    """Give all messages until so many segments have had their last one.

    Raises:
        Failed: As for ``told``.
    """
    messages: list[Message] = []
    left = ends
    while left > 0:
        messages.append(await told(socket))
        left -= messages[-1]["status"] in LAST
        few(messages)
    return messages


def few(messages: Sequence[object]) -> None:
    """Check that a server says no more than can be kept.

    Raises:
        Failed: It does.
    """
    if len(messages) > MOST_MESSAGES:
        raise Failed(f"no more than {MOST_MESSAGES} messages", "more, and no end of them")


async def answered(target: Target, *frames: bytes, include: Sequence[str] = ()) -> list[Message]:
    """Send frames in one session, without waiting between them, and give all that is said about them.

    Raises:
        Failed: As for ``told``.
        Skipped: There is no token.
    """
    async with opened(target, include) as socket:
        for frame in frames:
            await _send(socket, frame)
        return await told_until(socket, len(frames))


async def _send(socket: ClientConnection, frame: bytes) -> None:
    """Send a frame; where the server has left, what it said before is read first and shows why."""
    try:
        await socket.send(frame)
    except ConnectionClosed:
        return


@asynccontextmanager
async def _accepted(address: str, **given: Any) -> AsyncIterator[ClientConnection]:
    try:
        socket = await Opening(address, **given)
    except InvalidStatus as refusal:
        raise Failed("the upgrade accepted", f"status {_answer(refusal).status}") from None
    except InvalidHandshake as error:
        raise Failed("the upgrade accepted", f"a handshake that a client must give up: {error}") from None
    async with socket:
        try:
            yield socket
        except ConnectionClosed as closed:
            raise _left(closed) or closed from None


def _left(closed: ConnectionClosed) -> Full | None:
    """Give what is to be raised where the server has left because it has no room; None where it left otherwise."""
    full = closed.rcvd is not None and closed.rcvd.code == CLOSED
    return Full(f"close code {CLOSED} {closed.rcvd.reason if closed.rcvd else ''}".rstrip()) if full else None


def _address(url: str, include: Sequence[str]) -> str:
    query = "&".join(f"include[]={quote(name)}" for name in include)
    return f"{url}?{query}" if query else url


def _answer(refusal: InvalidStatus) -> Answer:
    response = refusal.response
    return admitted(Answer(response.status_code, response.headers, bytes(response.body or b"")))
