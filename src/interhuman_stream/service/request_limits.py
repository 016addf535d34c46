"""HTTP with an end to waiting, to headers and to small pieces: who takes too long or sends too many is not served.

uvicorn waits for a request's headers and body for as long as the connection stands; a few thousand clients that send a
byte now and then (slow loris) would hold a few thousand sockets and, with uploads, every session there is. It parses
whatever a read has brought in one go, and what follows an answer as well: a body of one-byte chunks, ten thousands of
them a read, would stop all others. And h11 bounds only headers that come in parts: how long others may be would depend
on how the network cuts them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

import h11
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol
from websockets.http11 import MAX_LINE_LENGTH

from interhuman_stream.service.rate_limit import small

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from interhuman_stream.service.connections import Connections
    from interhuman_stream.service.rate_limit import RateLimit

State: TypeAlias = Literal["open", "over", "upgraded"]
HEADER_SECONDS: Final = 20.0
"""From the connection's first moment, or a later request's first byte, to the end of its headers."""
BODY_SECONDS: Final = 300.0
"""From there to the end of its body: 32 MB over one megabit a second take 270 s."""
UNREAD_SECONDS: Final = 60.0
"""For which an answer may stay unread: TCP goes on for ever with who reads nothing and is there."""
LONGEST_HEAD: Final = 32 * 1024
"""Bytes of a request's line and headers: four times what most servers take."""
MOST_LINES: Final = 128
"""Of them, as websockets has it; each costs a regular expression."""
MOST_SMALL: Final = 10_000
"""Events' worth of one body; a kilobyte and more in a chunk is worth none."""
REQUEST: Final = 50.0
"""Events that a request is worth: half a millisecond for the routes, a line of the log, an answer."""
DISCARDED: Final = 16 * 1024
"""Bytes that are thrown away at the price of an event: 16 MB a second, with which a whole upload ends in good time."""
PIECE: Final = 16 * 1024
"""Bytes that h11 is given at once, which bounds trailers that come in one read."""
LINGER_SECONDS: Final = 1.0
LINGER_BODY_SECONDS: Final = 30.0
"""For clients that read no answer before all is sent: as long as nginx's lingering_time."""
LINGER_BYTES: Final = 64 * 1024 * 1024
BLANK_LINE: Final = re.compile(rb"\n\r?\n")  # what h11 takes as the end of a head
LAST_CHUNK: Final = re.compile(rb"(?:\r\n)?0+[ \t]*(?:;[^\n]*)?\r?\n")
LONGEST_LINE: Final = MAX_LINE_LENGTH - 16
"""Bytes of one line of an upgrade, but for what stands around name and value."""
CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""What no header may have (RFC 9110, 5.5); h11 passes some of it on."""
TOO_LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
MALFORMED: Final = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_MANY: Final = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class _Counted(h11.Connection):
    """h11's connection, which tells nothing more while the pace says so.

    Attributes:
        starved: Whether there may be more in it than it told.
        refusal: What to answer, where it holds what is not served.
    """

    def __init__(self, pace: RateLimit, longest: int) -> None:
        super().__init__(h11.SERVER, longest)
        self._rate = pace
        self._small = 0.0
        self._chunk = 0
        self._chunked = self._between_chunks = self._in_trailer = False
        self._to_come = 0
        self.starved = False
        self.refusal: bytes | None = None

    @property
    def nearly_read(self) -> bool:
        """Whether what is to come of a body is known, and short."""
        return not self._chunked and self._to_come <= PIECE

    def next_event(self) -> Any:  # h11 gives an event or one of two classes
        """Tell the next event.

        What has come of a request without chunks is told with it: it costs no more than the reads did.
        """
        if (self.their_state is h11.IDLE or self._chunked) and self._rate.wait():
            self.starved = True
            return h11.NEED_DATA
        if self.their_state is h11.IDLE and self._head_is_too_long():
            self.refusal = TOO_LONG
        if self._between_chunks and self._trailer_is_too_long():
            self.refusal = TOO_MANY
        if self.refusal:
            return h11.NEED_DATA
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._small, self._chunk = 0.0, 0
            self._in_trailer = False
            self._chunked = self._between_chunks = any(name == b"transfer-encoding" for name, _ in event.headers)
            self._to_come = next((int(value) for name, value in event.headers if name == b"content-length"), 0)
            self._rate.spend(REQUEST)
        elif isinstance(event, h11.Data):
            self._between_chunks = event.chunk_end
            self._chunk += len(event.data)
            self._to_come -= len(event.data)
            if event.chunk_end:  # what comes of one in parts was cut by reads, which are counted themselves
                cost, self._chunk = small(self._chunk), 0
                self._small += cost
                self._rate.spend(cost)
        elif isinstance(event, h11.EndOfMessage):
            self._between_chunks = False
            self._rate.spend(1)
        if self._small > MOST_SMALL:
            self.refusal = TOO_MANY
        return event

    def _head_is_too_long(self) -> bool:
        come, _ = self.trailing_data
        end = BLANK_LINE.search(come)
        length = end.start() if end else len(come)
        return length > LONGEST_HEAD or come.count(b"\n", 0, length) > MOST_LINES

    def _trailer_is_too_long(self) -> bool:
        come, _ = self.trailing_data
        begin = 0
        if not self._in_trailer:
            last = LAST_CHUNK.match(come)
            if last is None:
                return False
            self._in_trailer, begin = True, last.end() - 1
        end = BLANK_LINE.search(come, begin)
        return come.count(b"\n", begin, end.start() if end else len(come)) > MOST_LINES


class _Flow(FlowControl):
    """uvicorn's, which leaves it to the protocol when more is read."""

    def __init__(self, transport: asyncio.Transport, resumed: Callable[[], None]) -> None:
        super().__init__(transport)
        self._resumed = resumed

    def resume_reading(self) -> None:
        """The application wants more."""
        if self.read_paused:
            self.read_paused = False
            self._resumed()


class RequestLimits(H11Protocol):
    """uvicorn's protocol, which closes a connection that takes too long over a request or has too much in it.

    Args:
        connections: Of the service.
        options: uvicorn's.
    """

    conn: _Counted
    _rate: RateLimit

    def __init__(self, *, connections: Connections, **options: Any) -> None:
        super().__init__(**options)
        self._connections = connections
        self._state: State = "open"
        self._come = bytearray()
        self._deadline: asyncio.TimerHandle | None = None
        self._held: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._in_body = False
        self._discarded = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._rate = self._connections.rate(transport)
        self.conn = _Counted(self._rate, LONGEST_HEAD + PIECE)
        self.flow = _Flow(transport, lambda: self._go_on_in(0.0))
        self._connections.silent(self)
        self._wait(HEADER_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; a complete request, or a socket that is no longer HTTP, is no longer waited for."""
        self._rate.spend(small(len(data)))
        if self._state == "over":
            self._discarded += len(data)
            self._rate.spend(len(data) / DISCARDED)
            if self._discarded > LINGER_BYTES:
                self.transport.abort()
        else:
            self._unset_keepalive_if_required()
            if self._deadline is None:
                self._wait(HEADER_SECONDS)
            self._come += data
        if self._held is None:
            self._go_on()
        else:
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is left to wait for."""
        self._stop()
        self._is_read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the client to read, but not for ever."""
        super().pause_writing()
        self._connections.unread(self)
        self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it reads."""
        self._is_read()
        super().resume_writing()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave the connection to the socket: how long that lasts is the service's business.

        A WebSocket takes no longer lines, and would close unsaid. What has come behind the request is its own.
        """
        longest = max((len(name) + len(value) for name, value in self.headers), default=0)
        if max(longest, len(event.method) + len(event.target)) > LONGEST_LINE:
            self.conn.refusal = TOO_LONG
        elif any(CONTROL.search(value) for _, value in self.headers):
            self.conn.refusal = MALFORMED
        else:
            self._state = "upgraded"
            self._stop()
            self.transport.resume_reading()
            super().handle_websocket_upgrade(event)
            behind, _ = self.conn.trailing_data
            if (ahead := behind + self._come) and not self.transport.is_closing():
                cast("asyncio.Protocol", self.transport.get_protocol()).data_received(ahead)

    def on_response_complete(self) -> None:
        """Go on with the next request, unless much of this one's body has not come, or nobody knows how much."""
        unfinished = self.conn.their_state is h11.SEND_BODY and not self.conn.nearly_read
        if unfinished and not self.transport.is_closing():
            self._end(LINGER_BODY_SECONDS)
            if self.transport.can_write_eof():
                self.transport.write_eof()
            return
        self._connections.silent(self)
        super().on_response_complete()
        self._go_on_in(0.0)

    def _go_on(self) -> None:
        """Hand on what has come, as far as the pace allows and the application takes it; then read on."""
        self._held = None
        while self._state == "open" and not self.transport.is_closing():
            if self.conn.refusal:
                self._refuse(self.conn.refusal)
                break
            self._watch_the_time()
            if wait := self._rate.wait():
                self._go_on_in(wait)
                return
            if self.flow.read_paused:
                return
            if self.conn.starved:
                self.conn.starved = False
            elif self._come:
                self.conn.receive_data(bytes(self._come[:PIECE]))
                del self._come[:PIECE]
            else:
                break
            self.handle_events()
        if self._state == "over" and (wait := self._rate.wait()):
            self._go_on_in(wait)
        elif self._state != "upgraded":
            self.transport.resume_reading()

    def _watch_the_time(self) -> None:
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            if not self._in_body:
                self._in_body = True
                self._connections.unfinished(self)
                self._wait(BODY_SECONDS)
        elif state is not h11.IDLE:
            self._in_body = False
            self._connections.heard(self)
            self._stop_waiting()
        elif self._in_body:  # it came after its answer
            self._in_body = False
            self._connections.silent(self)
            self._wait(HEADER_SECONDS)

    def _refuse(self, answer: bytes) -> None:
        """Answer what the application is not asked about, or no longer."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self.transport.write(answer)
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        self._end(LINGER_SECONDS)

    def _end(self, seconds: float) -> None:
        """Take nothing more, and close when the client does.

        Closed while more comes in, the kernel would send a reset, and with it take the answer back (RFC 9112, 9.6).
        """
        self._state = "over"
        self._come.clear()
        self._unset_keepalive_if_required()
        self._connections.silent(self)
        self._wait(seconds)
        self._go_on_in(0.0)

    def _go_on_in(self, seconds: float) -> None:
        """Read nothing for a while, and go on then."""
        self._let_go()
        if self._state == "upgraded" or self.transport.is_closing():
            return
        if seconds:
            self.transport.pause_reading()
        self._held = self.loop.call_later(seconds, self._go_on)

    def _stop(self) -> None:
        self._stop_waiting()
        self._let_go()
        self._connections.heard(self)

    def _is_read(self) -> None:
        self._connections.read(self)
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.cancel()
            self._held = None

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
