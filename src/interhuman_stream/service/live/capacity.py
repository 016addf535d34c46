"""How many live streams the engine carries: the measured cost of a second of video against its workers and cores.

What is measured comes from clients, and may be anything: a file of forty minutes with a picture every thirty seconds
costs next to nothing. So each client's video counts for no more than the time that has passed, the clients' costs are
weighed by their median, and neither is believed to be far from what the self-test expects.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from interhuman_stream.engine.pool import Capacity
    from interhuman_stream.findings import Findings

EXPECTED_FOR: Final = 30.0
"""Seconds of video that the engine's own expectation weighs as much as."""
MEMORY: Final = 300.0
"""Seconds after which a measurement weighs a third (1/e) of its client's."""
FIRST: Final = 5.0
"""Seconds that a client's first measurement may count for: a usual segment."""
FORGOTTEN: Final = 900.0
"""Seconds after which a client that sends nothing is not counted any more."""
CHEAPEST, DEAREST = 0.5, 8.0
"""Times the expected cost. People who talk cost 0.9 to 1.1 of it; a machine that others use as well, some more."""
HEADROOM: Final = 0.75
"""Share of the machine that live streams may take. Segments arrive in clumps, and the sockets take a share as well; a
queue's waiting time grows as 1 / (1 - share) (Kleinrock, Queueing Systems, 1975)."""


@dataclass(slots=True)
class _Share:
    """What one client's video took lately; ``weight`` and ``heard`` in seconds of the clock."""

    media: float = 0.0
    wall: float = 0.0
    cpu: float = 0.0
    weight: float = 0.0
    heard: float = 0.0


class StreamCapacity:
    """Weighs the measured cost of video against what the engine has to work with.

    Args:
        engine: Tells that, each time it is asked.
        clock: Seconds that only grow.
    """

    def __init__(self, engine: Callable[[], Capacity], clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._expected = 1.0
        self._shares: dict[str, _Share] = {}
        self._wall = self._cpu = self._expected

    def expect(self) -> None:
        """Begin with what the engine, now started, expects a second of video to take."""
        self._expected = self._engine().cost or self._expected
        self._weigh()

    @property
    def ratio(self) -> float:
        """Real-time ratio of one worker: seconds it is occupied by a second of video; below 1 it keeps up with one."""
        return self._wall

    @property
    def workers(self) -> int:
        """Streams that are let in whatever they cost, one a worker."""
        return self._engine().workers

    @property
    def streams(self) -> int:
        """Live streams that may be open at once."""
        engine = self._engine()
        # One a worker in any case: what is not let in is not measured, and one dear stream could shut it for good.
        return max(engine.workers, int(HEADROOM * min(engine.workers / self._wall, engine.cores / self._cpu)))

    def analysed(self, found: Findings, client: str) -> None:
        """Learn what a client's live video cost.

        Args:
            found: What came of it.
            client: Who is behind it, as far as is known: a client token, or a key.
        """
        now = self._clock()
        share = self._shares.get(client)
        if share is None:
            share = self._shares[client] = _Share(heard=now - FIRST)
        media, spent = max(0.0, found.end - found.start), found.spent
        much = max(media, spent.wall)
        counted = min(much, now - share.heard)
        if much > 0 and counted > 0:
            kept, part = MEMORY / (MEMORY + counted), counted / much
            share.media = kept * share.media + part * media
            share.wall = kept * share.wall + part * spent.wall
            share.cpu = kept * share.cpu + part * spent.cpu
            share.weight = kept * share.weight + counted
            share.heard = now
        self._shares = {name: each for name, each in self._shares.items() if now - each.heard < FORGOTTEN}
        self._weigh()

    def _weigh(self) -> None:
        self._wall = self._weighed([(each.wall, each) for each in self._shares.values()])
        self._cpu = self._weighed([(each.cpu, each) for each in self._shares.values()])

    def _weighed(self, spent: Sequence[tuple[float, _Share]]) -> float:
        """The weighted median of what a second costs, by the clients' measurements and the engine's expectation."""
        low, high = CHEAPEST * self._expected, DEAREST * self._expected
        costs = [(min(max(cost / max(each.media, 1e-9), low), high), each.weight) for cost, each in spent]
        costs = sorted([*costs, (self._expected, EXPECTED_FOR)])
        half = sum(weight for _, weight in costs) / 2
        for cost, weight in costs:
            half -= weight
            if half <= 0:
                return cost
        return costs[-1][0]
