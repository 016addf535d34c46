"""What does its jail cost a segment?

    make jail-cost
    make jail-cost COST="--rounds 60"

Two workers, one shut in and one free, are given the same segments of the sample clip by turns, in either order, and
after some rounds two new ones: where its memory happens to lie makes a per cent of a process, and two that are both
free differ by as much. Prints the CPU time and the time of a segment in both, and their ratio, paired: the median and
its 95 % interval (of the ranks of paired ratios, by the binomial distribution). Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import math
import statistics
import sys
from typing import TYPE_CHECKING, Final

from interhuman_stream.client.sources.file import segments
from interhuman_stream.engine.local import process, worker
from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.sample import CLIP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from interhuman_stream.engine.local.engine import LocalSession
    from interhuman_stream.findings import Spent

ROUNDS: Final = 3
"""Of the clip, that two workers live for."""
MOST: Final = 0.01
"""Of a segment's CPU time, that the jail may cost."""


def main() -> int:
    """Measure; 1 where it costs more than it may, for certain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="how often the clip is streamed to each")
    asked = parser.parse_args()
    pairs = asyncio.run(_measured(asked.rounds))
    print(f"{len(pairs)} pairs of segments of 5 s")
    lowest = 0.0
    for name, jailed, free in (
        ("CPU time", [one.cpu for one, _ in pairs], [other.cpu for _, other in pairs]),
        ("time", [one.wall for one, _ in pairs], [other.wall for _, other in pairs]),
    ):
        ratios = sorted(one / other for one, other in zip(jailed, free, strict=True))
        low, high = interval(ratios)
        print(
            f"{name}: {statistics.median(jailed):.4f} s shut in, {statistics.median(free):.4f} s free, "
            f"ratio {statistics.median(ratios):.4f} ({low:.4f} to {high:.4f})"
        )
        lowest = lowest or low
    return int(lowest > 1 + MOST)


def interval(ordered: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the median of what is in order: half of it lies either side, so that ranks are binomial."""
    count = len(ordered)
    below = max(0, math.floor((count - 1.96 * math.sqrt(count)) / 2))
    return ordered[below], ordered[count - 1 - below]


async def _measured(rounds: int) -> list[tuple[Spent, Spent]]:
    pieces = [segment.data for segment in segments(CLIP, 5.0)]
    pairs: list[tuple[Spent, Spent]] = []
    for begun in range(0, rounds, ROUNDS):
        # Which of the two starts first goes by turns as well.
        lives = [process._live, live_free]  # noqa: SLF001 - what a worker's life is
        order = (0, 1) if begun // ROUNDS % 2 else (1, 0)
        engines = {each: await _started(lives[each]) for each in order}
        for turn in range(begun, min(rounds, begun + ROUNDS)):
            sessions = [await engines[each].session() for each in (0, 1)]
            for at, piece in enumerate(pieces):
                first = (turn + at) % 2
                found = {each: (await sessions[each].analyze(piece)).spent for each in (first, 1 - first)}
                pairs.append((found[0], found[1]))
            await _closed(sessions)
        await asyncio.gather(*(engine.stop() for engine in engines.values()))
    return pairs


async def _started(life: Callable[..., None]) -> LocalEngine:
    """An engine of one worker that lives so."""
    usual, process._live = process._live, life  # noqa: SLF001 - put back below
    engine = LocalEngine(1)
    await engine.start()
    process._live = usual  # noqa: SLF001 - likewise
    return engine


async def _closed(sessions: Iterable[LocalSession]) -> None:
    for session in sessions:
        await session.close()


def live_free(pipe: Connection, memory: int, models_dir: Path | None, niceness: int) -> None:
    """Live as a worker that nothing is taken from."""
    vars(worker).update(enclose=_nothing, seal=_nothing)
    worker.work(pipe, memory, models_dir, niceness)


def _nothing(*_arguments: object) -> list[str]:
    return []


if __name__ == "__main__":
    # By its name, under which the fork server finds it as well.
    sys.exit(importlib.import_module("tools.jail_cost").main())
