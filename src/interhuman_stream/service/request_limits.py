"""HTTP with an end to waiting and to headers: a request that is not there in time, or has too many, is not served.

uvicorn waits for a request's headers and body for as long as the connection stands; a few thousand clients that send a
byte now and then (slow loris) would hold a few thousand sockets and, with uploads, every session there is. And h11
bounds only headers that come in parts: how long others may be would depend on how the network cuts them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from websockets.http11 import MAX_LINE_LENGTH, MAX_NUM_HEADERS

if TYPE_CHECKING:
    import asyncio

HEADER_SECONDS: Final = 20.0
"""From the connection's first moment, or a later request's first byte, to the end of its headers."""
BODY_SECONDS: Final = 300.0
"""From there to the end of its body: 32 MB over one megabit a second take 270 s."""
LONGEST_HEAD: Final = 32 * 1024
"""Bytes of a request's line and headers: four times what most servers take."""
LONGEST_LINE: Final = MAX_LINE_LENGTH - 16
"""Bytes of one line of an upgrade, but for what stands around name and value."""
MOST_HEADERS: Final = MAX_NUM_HEADERS
LINGER_SECONDS: Final = 1.0
CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""What no header may have (RFC 9110, 5.5); h11 passes some of it on."""
END_OF_HEAD: Final = b"\r\n\r\n"
TOO_LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
MALFORMED: Final = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class RequestLimits(H11Protocol):
    """uvicorn's protocol, which closes a connection that takes too long over a request or has too many headers."""

    _deadline: asyncio.TimerHandle | None = None
    _in_body = False
    _refused = False
    _head = 0
    _tail = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait(HEADER_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; a complete request, or a socket that is no longer HTTP, is no longer waited for."""
        if self._refused:
            return
        if self._deadline is None:
            self._wait(HEADER_SECONDS)
        if self.conn.their_state is h11.IDLE and self._head_is_too_long(data):
            self._refuse()
            return
        super().data_received(data)
        if self._refused:
            return
        if self.transport.get_protocol() is not self:  # a socket now: how long it lasts is the service's business
            self._stop_waiting()
            return
        state = self.conn.their_state
        if state is not h11.IDLE:
            self._head, self._tail = 0, b""
        if state is h11.SEND_BODY:
            if not self._in_body:
                self._in_body = True
                self._wait(BODY_SECONDS)
        elif state is not h11.IDLE:
            self._in_body = False
            self._stop_waiting()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over, unless a WebSocket does not take such headers, and would close it unsaid."""
        longest = max((len(name) + len(value) for name, value in self.headers), default=0)
        target = len(event.method) + len(event.target)
        if max(longest, target) > LONGEST_LINE or len(self.headers) > MOST_HEADERS:
            self._refuse()
        elif any(CONTROL.search(value) for _, value in self.headers):
            self._refuse(MALFORMED)
        else:
            super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is left to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _head_is_too_long(self, data: bytes) -> bool:
        # The end may have come in two parts.
        end = (self._tail + data).find(END_OF_HEAD)
        self._head += len(data) if end < 0 else end - len(self._tail)
        self._tail = (self._tail + data)[1 - len(END_OF_HEAD) :]
        return self._head > LONGEST_HEAD

    def _refuse(self, answer: bytes = TOO_LONG) -> None:
        self._refused = True
        self.transport.write(answer)
        # Closed while more comes in, the kernel would send a reset, and with it take the answer back.
        self._wait(LINGER_SECONDS)

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
