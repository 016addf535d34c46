"""What does its jail cost a segment?

    make jail-cost
    make jail-cost COST="--rounds 60"

Two workers, one shut in and one free, are given the same segments of the sample clip by turns, in either order. Prints
the CPU time and the time of a segment in both, and their ratio, paired: the median and its 95 % interval (of the ranks
of paired ratios, by the binomial distribution). Nothing else should run meanwhile.
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
    from collections.abc import Iterable, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from interhuman_stream.engine.local.engine import LocalSession
    from interhuman_stream.findings import Spent

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
    jailed = LocalEngine(1)
    await jailed.start()
    shut_in = process._live  # noqa: SLF001 - what a worker's life is: put back below
    process._live = live_free  # noqa: SLF001 - likewise
    free = LocalEngine(1)
    await free.start()
    process._live = shut_in  # noqa: SLF001 - likewise
    pieces = [segment.data for segment in segments(CLIP, 5.0)]
    pairs = []
    for turn in range(rounds):
        sessions = [await jailed.session(), await free.session()]
        for at, piece in enumerate(pieces):
            first = (turn + at) % 2
            found = {each: (await sessions[each].analyze(piece)).spent for each in (first, 1 - first)}
            pairs.append((found[0], found[1]))
        await _closed(sessions)
    await asyncio.gather(jailed.stop(), free.stop())
    return pairs


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
