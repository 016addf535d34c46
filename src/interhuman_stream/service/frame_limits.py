"""uvicorn's WebSocket with an end to small frames: no more of them are taken apart than the pace allows.

uvicorn takes whatever a read has brought apart in one go: ten thousands of empty fragments, pings, or messages of one
byte, while all others wait. And it answers each ping, also where nobody reads the answers.

Nor does it wait with frames until it has said whether there is a stream (RFC 6455, 4.1: the client must): those that
came with the request were lost, and malformed ones before the answer ended in a trace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from interhuman_stream.service.rate_limit import small
from interhuman_stream.service.request_limits import MALFORMED

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from uvicorn._types import ASGIReceiveEvent, ASGISendEvent

    from interhuman_stream.service.rate_limit import RateLimit

MOST_SMALL: Final = 10_000
"""Events' worth of one message; a kilobyte and more in a fragment is worth none."""
MESSAGE: Final = 8.0
"""Events that a small message is worth: it is looked up whether its key is still good, and it is answered."""
LARGE_MESSAGE: Final = 64 * 1024
"""Bytes from which on it is worth none. Sound in messages of 10 ms each keeps within the pace."""
PIECE: Final = 1024
"""Bytes that are taken apart at once: up to 170 frames, a millisecond."""
LARGEST_PIECE: Final = 8 * PIECE
"""Likewise, in the middle of a large frame."""
TOO_MANY: Final = "too many small fragments"
NO_TEXT: Final = "text that is not UTF-8"
READ_ON: Final = ("websocket.accept", "websocket.close")


class FrameLimits(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, paced.

    Args:
        rate: Gives a connection's pace.
        options: uvicorn's.
    """

    _rate: RateLimit

    def __init__(self, *, rate: Callable[[asyncio.BaseTransport], RateLimit], **options: Any) -> None:
        super().__init__(**options)
        self._paced = rate
        self._come = bytearray()
        self._piece = PIECE
        self._held: asyncio.TimerHandle | None = None
        self._small = 0.0
        self._pong = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._rate = self._paced(transport)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Take bytes in."""
        self._rate.spend(small(len(data)))
        self._come += data
        if self._held is None:
            self._go_on()
        else:
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nothing more to come."""
        if self._held is not None:
            self._held.cancel()
        self._come.clear()
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """Send what was not sent while nobody read."""
        super().resume_writing()
        pong, self._pong = self._pong, b""
        if pong and not self.transport.is_closing():
            self.transport.write(pong)

    def handle_events(self) -> None:
        """Pass on what was taken apart, and count it."""
        frames = [each for each in self.conn.events if isinstance(each, Frame)]
        self._piece = PIECE if frames else min(2 * self._piece, LARGEST_PIECE)
        self._rate.spend(sum(small(len(each.data)) for each in frames))
        super().handle_events()

    def handle_text(self, event: Frame) -> None:
        """Begin a message."""
        self._small = 0.0
        super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        """Begin a message."""
        self._small = 0.0
        super().handle_bytes(event)

    def handle_cont(self, event: Frame) -> None:
        """Go on with it, as long as it does not come in crumbs."""
        if self.close_sent:
            return
        self._small += small(len(event.data))
        if self._small > MOST_SMALL:
            self._fail(CloseCode.POLICY_VIOLATION, TOO_MANY)
            return
        super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer; of pings whose answers nobody reads, the last (RFC 6455, 5.5.3)."""
        pongs = self.conn.data_to_send()
        if self.writable.is_set():
            self.transport.write(b"".join(pongs))
        elif pongs:
            self._pong = pongs[-1]

    def send_receive_event_to_app(self) -> None:
        """Hand a message on; text that is none is no fault, of which uvicorn would log a trace."""
        self._rate.spend(MESSAGE * small(sum(map(len, self.frames)), LARGE_MESSAGE))
        if self.curr_msg_data_type == "text" and not self.close_sent:
            self.frames = [b"".join(self.frames)]
            try:
                self.frames[0].decode()
            except UnicodeDecodeError:
                self._fail(CloseCode.INVALID_DATA, NO_TEXT)
                return
        super().send_receive_event_to_app()

    async def receive(self) -> ASGIReceiveEvent:
        """Give the next message, and read on when there is none left."""
        message = await self.queue.get()
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            if self._held is None:
                self._go_on()
        return message

    async def send(self, message: ASGISendEvent) -> None:
        """Send; behind the answer, and behind a close, nothing holds up what the client says."""
        await super().send(message)
        if message["type"] in READ_ON and self._held is None and not self.read_paused:
            self._go_on()

    def _fail(self, code: CloseCode, why: str) -> None:
        self.conn.fail(code, why)
        self.handle_parser_exception()
        self.frames = []

    def _go_on(self) -> None:
        """Take apart what has come, as far as the pace allows and the application takes it; then read on."""
        self._held = None
        while self._come and not (self.read_paused or self.transport.is_closing()):
            if self.handshake_initiated and not self.handshake_complete:
                self.transport.pause_reading()
                return
            if wait := self._rate.wait():
                self.transport.pause_reading()
                self._held = self.loop.call_later(wait, self._go_on)
                return
            piece = bytes(self._come[: self._piece])
            del self._come[: self._piece]
            super().data_received(piece)
            if self.conn.handshake_exc and not self.handshake_initiated:
                # A body, which no upgrade has, or whatever is no handshake: uvicorn would say nothing, and never close.
                self._come.clear()
                self.transport.write(MALFORMED)
                self.transport.close()
        if not (self.read_paused or self.transport.is_closing()):
            self.transport.resume_reading()
