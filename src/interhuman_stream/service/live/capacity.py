"""How many live streams the machine carries: what a second of video costs, as measured, against its cores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.engine.local.engine import cores

if TYPE_CHECKING:
    from interhuman_stream.findings import Findings

EXPECTED_FOR: Final = 30.0
"""Seconds of video that the engine's own expectation weighs as much as."""
MEMORY: Final = 300.0
"""Seconds of video after which a measurement weighs a third (1/e): the last minute or so of a full house."""
HEADROOM: Final = 0.75
"""Share of the machine that live streams may take. Segments arrive in clumps, and the sockets take a share as well; a
queue's waiting time grows as 1 / (1 - share) (Kleinrock, Queueing Systems, 1975)."""


class Capacity:
    """Weighs the measured cost of video against the workers and the cores.

    Args:
        workers: Worker processes, each of which analyses one segment at a time.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._media = self._wall = self._cpu = EXPECTED_FOR

    def expect(self, cost: float) -> None:
        """Begin with what the engine expects a second of video to take, in seconds of a core."""
        self._wall = self._cpu = cost * self._media

    @property
    def ratio(self) -> float:
        """Real-time ratio of one worker: seconds it is occupied by a second of video; below 1 it keeps up with one."""
        return self._wall / self._media

    @property
    def streams(self) -> int:
        """Live streams that may be open at once."""
        by_workers = self._workers / self.ratio
        by_cores = cores() / (self._cpu / self._media)
        # One a worker in any case: what is not let in is not measured, and one dear stream could shut it for good.
        return max(self._workers, int(HEADROOM * min(by_workers, by_cores)))

    def analysed(self, found: Findings) -> None:
        """Learn from a segment what its video cost."""
        media = max(0.0, found.end - found.start)
        kept = MEMORY / (MEMORY + media)
        self._media = kept * self._media + media
        self._wall = kept * self._wall + found.spent.wall
        self._cpu = kept * self._cpu + found.spent.cpu
