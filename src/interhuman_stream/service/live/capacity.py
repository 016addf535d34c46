"""How many live streams the engine carries: the measured cost of a second of video against its workers and cores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from interhuman_stream.engine.pool import Capacity
    from interhuman_stream.findings import Findings

EXPECTED_FOR: Final = 30.0
"""Seconds of video that the engine's own expectation weighs as much as."""
MEMORY: Final = 300.0
"""Seconds of video after which a measurement weighs a third (1/e): the last minute or so of a full house."""
HEADROOM: Final = 0.75
"""Share of the machine that live streams may take. Segments arrive in clumps, and the sockets take a share as well; a
queue's waiting time grows as 1 / (1 - share) (Kleinrock, Queueing Systems, 1975)."""


class StreamCapacity:
    """Weighs the measured cost of video against what the engine has to work with.

    Args:
        engine: Tells that, each time it is asked.
    """

    def __init__(self, engine: Callable[[], Capacity]) -> None:
        self._engine = engine
        self._media = self._wall = self._cpu = EXPECTED_FOR

    def expect(self) -> None:
        """Begin with what the engine, now started, expects a second of video to take."""
        cost = self._engine().cost
        if cost is not None:
            self._wall = self._cpu = cost * self._media

    @property
    def ratio(self) -> float:
        """Real-time ratio of one worker: seconds it is occupied by a second of video; below 1 it keeps up with one."""
        return self._wall / self._media

    @property
    def streams(self) -> int:
        """Live streams that may be open at once."""
        engine = self._engine()
        by_workers = engine.workers / self.ratio
        by_cores = engine.cores / (self._cpu / self._media)
        # One a worker in any case: what is not let in is not measured, and one dear stream could shut it for good.
        return max(engine.workers, int(HEADROOM * min(by_workers, by_cores)))

    def analysed(self, found: Findings) -> None:
        """Learn from a segment what its video cost."""
        media = max(0.0, found.end - found.start)
        kept = MEMORY / (MEMORY + media)
        self._media = kept * self._media + media
        self._wall = kept * self._wall + found.spent.wall
        self._cpu = kept * self._cpu + found.spent.cpu
