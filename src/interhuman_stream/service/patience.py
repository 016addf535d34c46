"""HTTP with an end to waiting: a request that is not there in time is not waited for.

uvicorn waits for a request's headers and body for as long as the connection stands; a few thousand clients that send a
byte now and then (slow loris) would hold a few thousand sockets and, with uploads, every session there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

HEADER_SECONDS: Final = 20.0
"""From the connection's first moment, or a later request's first byte, to the end of its headers."""
BODY_SECONDS: Final = 300.0
"""From there to the end of its body: 32 MB over one megabit a second take 270 s."""


class Patient(H11Protocol):
    """uvicorn's protocol, which closes a connection that takes too long over a request."""

    _deadline: asyncio.TimerHandle | None = None
    _in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait(HEADER_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; a complete request, or a socket that is no longer HTTP, is no longer waited for."""
        if self._deadline is None:
            self._wait(HEADER_SECONDS)
        super().data_received(data)
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            if not self._in_body:
                self._in_body = True
                self._wait(BODY_SECONDS)
        elif state is not h11.IDLE:
            self._in_body = False
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is left to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
