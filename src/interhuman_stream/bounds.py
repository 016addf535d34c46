"""How much a server at the far end may send before it is left, for all that speak to one.

A server may be anybody's. Whatever it sends, what is held of it has a bound, and what it does not finish has an end.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Protocol

from websockets.asyncio.client import ClientConnection
from websockets.frames import CloseCode, Frame, Opcode

from interhuman_stream.faults import Fault

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Mapping

    from websockets.http11 import Response

LARGEST_MESSAGE: Final = 8_388_608
"""Bytes of a message. The largest legal one is the result of a frame of 20 MiB: an hour of video in so few bytes gives
some thousand signals with their reasons, about a megabyte."""
LARGEST_ANSWER: Final = 33_554_432
"""Bytes of an HTTP answer; that of an upload of an hour is a few megabytes."""
LARGEST_REFUSAL: Final = 1_048_576
"""Bytes that are read of an answer that is no success. websockets reads as many of a refused handshake."""
MOST_FRAGMENTS: Final = 4096
"""Frames of one message. A frame costs memory though it be empty."""
CONTROLS_AT_ONCE: Final = 1000
CONTROLS_A_SECOND: Final = 10
"""Pings and pongs, of which each ping is answered: what a server does not read of that piles up here."""
LONGEST_FAREWELL: Final = 10.0
"""Seconds from the farewell for which a server may leave the connection open, where nobody says otherwise."""
LEAST_READ: Final = 65_536
"""Bytes that a server must have read of what waits to be sent, each time as long as a pong may take: a kilobyte a
second where that is a minute. Pings show nothing of it: they wait behind what is not read."""
LONGEST_UNREAD: Final = 60.0
"""Seconds for that, where a pong may take any."""
LOOKS: Final = 10
"""How often it is looked at meanwhile."""
DATA: Final = frozenset({Opcode.TEXT, Opcode.BINARY, Opcode.CONT})


class Unbounded(Fault):
    """An answer is larger than is taken, or compressed though nobody asked for it; the message says which."""


def read_json(data: bytes | str) -> Any:
    """Read what a stranger says is JSON.

    Raises:
        ValueError: It is none, or nested deeper or with longer numbers than Python reads.
    """
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


class BoundedConnection(ClientConnection):
    """A WebSocket that leaves a server which floods it with frames, reads nothing, or does not let it go.

    The size of a message is bounded by websockets' own ``max_size``.
    """

    _fragments = 0
    _controls = float(CONTROLS_AT_ONCE)
    _counted_at = 0.0
    _left = False
    _letting_go: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _given_up: TimeoutError | None = None

    def process_event(self, event: Frame | Response) -> None:  # type: ignore[override] # its Event is a wider union
        """Count a frame, and pass it on unless the server is being left."""
        if isinstance(event, Frame):
            self._count(event)
            if self._left:
                return
        super().process_event(event)

    def data_received(self, data: bytes) -> None:
        """Take what came; where the connection is about to end, see that it does."""
        super().data_received(data)
        self._let_go_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that it has ended."""
        for timer in (self._letting_go, self._unread):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc or self._given_up)  # without one, who waits to send would take it for sent

    def pause_writing(self) -> None:
        """Note that the network is behind; see that it goes on."""
        super().pause_writing()
        self._look_again(self.loop.time(), 0)

    def resume_writing(self) -> None:
        """Note that it is not."""
        if self._unread is not None:
            self._unread.cancel()
        super().resume_writing()

    def _count(self, frame: Frame) -> None:
        if self._left:
            return
        if frame.opcode in DATA:
            self._fragments += 1
            if self._fragments > MOST_FRAGMENTS:
                self._leave(CloseCode.MESSAGE_TOO_BIG, f"a message in more than {MOST_FRAGMENTS} fragments")
            elif frame.fin:
                self._fragments = 0
        elif frame.opcode in {Opcode.PING, Opcode.PONG}:
            now = self.loop.time()
            gained = (now - self._counted_at) * CONTROLS_A_SECOND
            self._controls, self._counted_at = min(self._controls + gained, CONTROLS_AT_ONCE) - 1, now
            if self._controls < 0:
                self._leave(CloseCode.POLICY_VIOLATION, "more pings and pongs than anybody needs")

    def _leave(self, code: CloseCode, why: str) -> None:
        self._left = True
        self.protocol.fail(code, why)
        self.send_data()
        self._let_go_later()

    def _look_again(self, since: float, read: int) -> None:
        """Come back in a while to see what of what waits has been read; since when so much had been."""
        seconds = LONGEST_UNREAD if self.ping_timeout is None else self.ping_timeout
        waits = self.transport.get_write_buffer_size()
        self._unread = self.loop.call_later(seconds / LOOKS, self._look, since, read, waits, seconds)

    def _look(self, since: float, read: int, waited: int, seconds: float) -> None:
        read += max(0, waited - self.transport.get_write_buffer_size())  # it may have grown as well
        if read >= LEAST_READ:
            since, read = self.loop.time(), 0
        if self.loop.time() - since >= seconds:
            self._given_up = TimeoutError("the server does not read what is sent")
            self.transport.abort()
        else:
            self._look_again(since, read)

    def _let_go_later(self) -> None:
        """Break the connection if the server, whose turn it is to (RFC 6455, 7.1.1), does not close it in time."""
        if self._letting_go is None and self.protocol.close_expected():
            seconds = LONGEST_FAREWELL if self.close_timeout is None else self.close_timeout
            self._letting_go = self.loop.call_later(seconds, self.transport.abort)


class Answering(Protocol):
    """An HTTP answer whose body is still to be read, as httpx has it."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; names are matched without case."""

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """Give the body's bytes as they come, with nothing unpacked."""


async def body_of(answer: Answering, largest: int = LARGEST_ANSWER) -> bytes:
    """Read the body of an HTTP answer: of a success all of it, of a refusal what is worth reading.

    Compressed bodies are not unpacked: a kilobyte may hold a gigabyte, and none was asked for.

    Raises:
        Unbounded: A success holds more bytes than ``largest``, or is compressed.
    """
    coding = answer.headers.get("Content-Encoding", "").strip().lower()
    packed = coding not in {"", "identity"}
    if not answer.is_success:
        return b"" if packed else await _beginning(answer, min(largest, LARGEST_REFUSAL))
    if packed:
        raise Unbounded(f"its answer is compressed ({coding}), which was not asked for")
    body = await _beginning(answer, largest + 1)
    if len(body) > largest:
        raise Unbounded(f"its answer is longer than {largest} bytes")
    return body


async def _beginning(answer: Answering, most: int) -> bytes:
    """Read so many bytes at most."""
    read = bytearray()
    async for part in answer.aiter_raw():
        read += part
        if len(read) >= most:
            break
    return bytes(read[:most])
