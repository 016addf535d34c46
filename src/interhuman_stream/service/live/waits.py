"""How long what streams send waits for the engine now: whatever the estimate says, a house that is late is full."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

FRESH: Final = 15.0
"""Seconds that what a stream has told is good for: some segments."""
FEWEST: Final = 2
"""Streams from which on something can be said about all."""


class Waits:
    """The latest wait of each stream, in seconds.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: dict[Hashable, tuple[float, float]] = {}

    def told(self, stream: Hashable, seconds: float) -> None:
        """Note what a stream's last piece has waited in the engine, its own work not counted."""
        self._told[stream] = (self._clock(), max(0.0, seconds))

    def forget(self, stream: Hashable) -> None:
        """The stream has ended."""
        self._told.pop(stream, None)

    @property
    def usual(self) -> float:
        """What half of the streams wait at least: one that sends more than it may does not speak for the others."""
        since = self._clock() - FRESH
        fresh = [seconds for at, seconds in self._told.values() if at >= since]
        return statistics.median_low(fresh) if len(fresh) >= FEWEST else 0.0
