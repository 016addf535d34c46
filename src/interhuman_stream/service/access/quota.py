"""What each key has used in the last hour, and how much it may use."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR: Final = 3600.0
SLOT: Final = 60.0
"""Use is added up by the minute: a key costs sixty numbers, however much it sends."""
ROUNDING: Final = 0.001
"""Seconds. Sums of a clock's floats differ in their last digits; that must neither cost a key another second nor name
more than an hour."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one key may use; None where there is no limit.

    Attributes:
        sessions: Streams open at once, uploads under analysis included.
        bytes_an_hour: Bytes of video sent.
        video_seconds_an_hour: Seconds of video analysed.
    """

    sessions: int | None = None
    bytes_an_hour: int | None = None
    video_seconds_an_hour: float | None = None


@dataclass(slots=True)
class _Slot:
    begun: float
    size: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class _Use:
    open: int = 0
    slots: deque[_Slot] = field(default_factory=deque)


class Quota:
    """Counts what keys use, in memory: a service that starts anew starts to count anew.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._use: dict[str, _Use] = {}

    def sessions(self, key_id: str) -> int:
        """Streams the key has open."""
        use = self._use.get(key_id)
        return use.open if use else 0

    def opened(self, key_id: str) -> None:
        """Count a stream."""
        self._forget()
        self._use.setdefault(key_id, _Use()).open += 1

    def closed(self, key_id: str) -> None:
        """Count it no longer."""
        self._use[key_id].open -= 1

    def used(self, key_id: str, *, size: int = 0, seconds: float = 0.0) -> None:
        """Count bytes sent or seconds of video analysed, by an open stream."""
        slots, now = self._use[key_id].slots, self._clock()
        if not slots or now - slots[-1].begun >= SLOT:
            slots.append(_Slot(now))
        slots[-1].size += size
        slots[-1].seconds += seconds

    def wait(self, key_id: str, allowance: Allowance) -> int:
        """Whole seconds until the key may send more video; 0 when it may now."""
        use = self._use.get(key_id)
        if use is None:
            return 0
        self._expire(use)
        size, seconds = sum(slot.size for slot in use.slots), sum(slot.seconds for slot in use.slots)
        if _under(size, allowance.bytes_an_hour) and _under(seconds, allowance.video_seconds_an_hour):
            return 0
        for slot in use.slots:
            size, seconds = size - slot.size, seconds - slot.seconds
            if _under(size, allowance.bytes_an_hour) and _under(seconds, allowance.video_seconds_an_hour):
                return math.ceil(self._left(slot) - ROUNDING / 2)
        return int(HOUR)

    def _expire(self, use: _Use) -> None:
        while use.slots and self._left(use.slots[0]) < ROUNDING:
            use.slots.popleft()

    def _left(self, slot: _Slot) -> float:
        """Seconds until what was used in ``slot`` is forgotten, an hour at most."""
        return HOUR - (self._clock() - slot.begun)

    def _forget(self) -> None:
        """Drop keys that have nothing open and used nothing for an hour."""
        for key_id, use in list(self._use.items()):
            self._expire(use)
            if not use.open and not use.slots:
                del self._use[key_id]


def _under(used: float, limit: float | None) -> bool:
    return limit is None or used < limit
