"""The door: which streams and uploads are open, and whether another is let in."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from interhuman_stream.protocol.errors import FULL, KEY_SESSIONS, KEY_USE, Error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.service.access.quota import Allowance, Quota
    from interhuman_stream.service.live.capacity import StreamCapacity
    from interhuman_stream.service.live.waits import Waits

State: TypeAlias = Literal["ready", "full", "draining"]
RETRY_AFTER: Final = 5
"""Seconds: about a segment, after which a place may be free."""
LONGEST_WAIT: Final = 2.5
"""Seconds that half of the streams may wait for the engine, in addition to their own work, while more are let in: half
a segment."""


@dataclass(frozen=True, slots=True)
class NoEntry:
    """Why somebody is not let in.

    Attributes:
        reason: In a word, for counting.
        error: What to answer.
        message: The same with what is known of this case.
        retry_after: Whole seconds after which asking again makes sense; None where it never does.
    """

    reason: str
    error: Error
    message: str | None = None
    retry_after: int | None = RETRY_AFTER


class Sessions:
    """Counts what is open and closes the door when there is enough, or when the service is to stop.

    Attributes:
        draining: Set when the service is to stop: nothing new, and what is open finishes what it has.

    Args:
        most: Streams that may be open at once; None for as many as the measured capacity allows.
        capacity: What the machine carries.
        quota: What each key uses.
        waits: How long what is sent waits.
    """

    def __init__(self, most: int | None, capacity: StreamCapacity, quota: Quota, waits: Waits) -> None:
        self.draining = asyncio.Event()
        self._fixed = most
        self._capacity = capacity
        self._quota = quota
        self._waits = waits
        self._open = 0

    @property
    def state(self) -> State:
        """Whether a new stream would be let in, and if not, why."""
        if self.draining.is_set():
            return "draining"
        return "full" if self._open >= self.most or self._late else "ready"

    @property
    def open(self) -> int:
        """How many streams and uploads are open."""
        return self._open

    @property
    def most(self) -> int:
        """How many may be."""
        return self._fixed or self._capacity.streams

    @property
    def _late(self) -> bool:
        """Whether the engine does not keep up, whatever was thought that it would. A number that was set is obeyed."""
        if self._fixed or self._open < self._capacity.workers:
            return False
        return self._waits.usual > LONGEST_WAIT

    def refusal(self, key_id: str, allowance: Allowance) -> NoEntry | None:
        """Why this key may not open another stream now; None where it may."""
        if self.state != "ready":
            return NoEntry(self.state, FULL)
        return self.key_refusal(key_id, allowance)

    def job_refusal(self, key_id: str, allowance: Allowance) -> NoEntry | None:
        """Why this key may not leave another job; None where it may. A job waits until streams leave time for it."""
        return NoEntry("draining", FULL) if self.draining.is_set() else self.key_refusal(key_id, allowance)

    def key_refusal(self, key_id: str, allowance: Allowance) -> NoEntry | None:
        """Why this key may not open anything more now, whatever room there is; None where it may."""
        if allowance.sessions is not None and self._quota.sessions(key_id) >= allowance.sessions:
            return NoEntry("key_sessions", KEY_SESSIONS, f"This key may have {allowance.sessions} open at once.")
        return self.used_up(key_id, allowance)

    def used_up(self, key_id: str, allowance: Allowance) -> NoEntry | None:
        """Why this key may not send more video now; None where it may."""
        if wait := self._quota.wait(key_id, allowance):
            return NoEntry("key_use", KEY_USE, f"{KEY_USE.message[:-1]}, in {wait} s.", wait)
        return None

    @contextlib.contextmanager
    def entered(self, key_id: str) -> Iterator[None]:
        """Count a stream while the context is open. Ask ``refusal`` first, without waiting in between."""
        self._open += 1
        self._quota.opened(key_id)
        try:
            yield
        finally:
            self._open -= 1
            self._quota.closed(key_id)

    @contextlib.contextmanager
    def waiting(self, key_id: str) -> Iterator[None]:
        """Count a job for its key while the context is open; it takes the place of no stream."""
        self._quota.opened(key_id)
        try:
            yield
        finally:
            self._quota.closed(key_id)
