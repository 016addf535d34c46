"""Media of one stream that waits for analysis, bounded in number and bytes."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Gauge

    from interhuman_stream.protocol.dialect import Media


@dataclass(frozen=True, slots=True)
class Waiting:
    """Media that waits for its turn, and when (`perf_counter`) it came."""

    media: Media
    came: float = field(default_factory=time.perf_counter)


class Backlog:
    """What waits, first come first served.

    Args:
        most: Pieces from which on there is no room.
        most_bytes: Bytes likewise; one piece always fits.
        gauge: Counts the pieces of all backlogs together.
    """

    def __init__(self, most: int, most_bytes: int, gauge: Gauge) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._gauge = gauge
        self._waiting: deque[Waiting] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def room(self) -> bool:
        """Whether another piece may be taken in."""
        return len(self._waiting) < self._most and self._bytes < self._most_bytes

    def put(self, media: Media) -> None:
        """Take a piece in."""
        self._waiting.append(Waiting(media))
        self._bytes += len(media.data)
        self._gauge.inc()

    def get(self) -> Waiting:
        """The next piece; there must be one."""
        waiting = self._waiting.popleft()
        self._bytes -= len(waiting.media.data)
        self._gauge.dec()
        return waiting

    def drop(self) -> None:
        """Forget what waits: there is nobody left to answer."""
        while self._waiting:
            self.get()
