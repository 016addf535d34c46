"""Whose turn it is: those who wait share by the seconds they used.

Start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996): everybody has a tag, the seconds used so far; whoever
waits with the least goes next. The time of the whole is the tag of whoever went last, and who comes back from idling is
brought up to it, less a bounded advance: without that, half of a worker would be what a stream finds beside a client
that always has work, though it needs a fifth; with it, what is used in any stretch of time exceeds the fair share by
the advance at most, however long somebody idled before.
"""

from __future__ import annotations

import math
from typing import Final

ADVANCE: Final = 2.0
"""Seconds: more than five seconds of video take, so that a live segment is done before who has used more goes on."""


class Turns:
    """Who waits, and what each has used."""

    def __init__(self) -> None:
        self._tags: dict[int, float] = {}
        self._waiting: dict[int, None] = {}  # in the order they came: who is first goes first among equals
        self._now = 0.0

    def join(self, who: int) -> None:
        """There is work for ``who``."""
        if who not in self._waiting:
            self._tags[who] = max(self._tags.get(who, -math.inf), self._now - ADVANCE)
            self._waiting[who] = None

    def next(self) -> int | None:
        """Who goes next; None where nobody waits."""
        return min(self._waiting, key=self._tags.__getitem__, default=None)

    def used(self, who: int, seconds: float) -> None:
        """A turn of ``who`` took so long."""
        self._now = max(self._now, self._tags[who])
        self._tags[who] += seconds

    def rest(self, who: int) -> None:
        """There is no work for ``who``."""
        self._waiting.pop(who, None)

    def leave(self, who: int) -> None:
        """Forget ``who``."""
        self.rest(who)
        self._tags.pop(who, None)
