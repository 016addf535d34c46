"""How soon a live stream is answered beside a client of long segments, with one worker for both.

    python tools/load/turns.py [--segments 12] [--rounds 2] [--file FILE]

The live stream sends a segment of five seconds every five seconds; the other always has a segment of a minute under
way. Alone and beside alternate, so that what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import math
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import av

from interhuman_stream.client.sources.file import segments
from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.sample import CLIP

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

LIVE_SECONDS = 5.0
LONG_SECONDS = 60.0


@dataclass(slots=True)
class Latencies:
    """Seconds from a segment to its answer."""

    seconds: list[float] = field(default_factory=list)

    def percentile(self, percent: float) -> float:
        """The smallest that so many of them do not exceed."""
        ordered = sorted(self.seconds)
        return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)] if ordered else math.nan

    def __str__(self) -> str:
        percentiles = " ".join(f"{self.percentile(percent):>7.2f}" for percent in (50, 95, 100))
        return f"{len(self.seconds):>8} {percentiles}"


def lasting(path: Path, seconds: float) -> bytes:
    """The file's packets, from its start again and again until it lasts so long, as one WebM file."""
    file = io.BytesIO()
    with av.open(str(path)) as source, av.open(file, "w", format="webm") as out:
        streams = {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
        begin = 0.0
        while begin < seconds:
            source.seek(0)
            begin = _copied(source, out, streams, begin, seconds)
    return file.getvalue()


def _copied(
    source: InputContainer, out: OutputContainer, streams: dict[int, av.stream.Stream], begin: float, until: float
) -> float:
    """Append the source's packets from ``begin`` seconds on; where they end."""
    end = begin
    for packet in source.demux():
        if packet.dts is None or packet.pts is None or packet.time_base is None:
            continue
        packet.pts += round(begin / packet.time_base)
        packet.dts += round(begin / packet.time_base)
        at = float(packet.pts * packet.time_base)
        if at >= until:
            return until
        end = max(end, at + float((packet.duration or 0) * packet.time_base))
        packet.stream = streams[packet.stream_index]
        out.mux(packet)
    return end


async def live(engine: LocalEngine, pieces: list[bytes], count: int, into: Latencies) -> None:
    """Send a piece every five seconds; a late answer delays none that follows but by itself."""
    session = await engine.session()
    begin = time.perf_counter()
    for number in range(count):
        due = begin + number * LIVE_SECONDS
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await session.analyze(pieces[number % len(pieces)])
        into.seconds.append(time.perf_counter() - due)
    await session.close()


async def greedy(engine: LocalEngine, piece: bytes, into: Latencies) -> None:
    """Send one long piece after the other."""
    session = await engine.session()
    try:
        while True:
            begin = time.perf_counter()
            await session.analyze(piece)
            into.seconds.append(time.perf_counter() - begin)
    finally:
        await session.close()


async def measure(path: Path, count: int, rounds: int) -> bool:
    """Print the table; whether the live stream's p95 is at most twice what it is alone."""
    pieces = [segment.data for segment in segments(path, LIVE_SECONDS)]
    long = lasting(path, LONG_SECONDS)
    alone, beside, other = Latencies(), Latencies(), Latencies()
    engine = LocalEngine(workers=1)
    try:
        await engine.start()
        for _ in range(rounds):
            await live(engine, pieces, count, alone)
            task = asyncio.create_task(greedy(engine, long, other))
            await live(engine, pieces, count, beside)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    finally:
        await engine.stop()
    ratio = beside.percentile(95) / alone.percentile(95)
    print(f"{'one worker; seconds to the answer':<42} segments     p50     p95    most")
    print(f"{'live, 5-s segments, alone':<42}{alone}")
    print(f"{'live, 5-s segments, beside 60-s segments':<42}{beside}")
    print(f"{'60-s segments, one after the other':<42}{other}")
    print(f"live p95 beside / alone: {ratio:.2f} (at most 2)")
    return ratio <= 2


def main() -> None:
    """Measure, and fail where the live stream waits too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=12, help="segments that the live stream sends a round")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of alone and beside")
    parser.add_argument("--file", type=Path, default=CLIP, help="what is sent")
    asked = parser.parse_args()
    sys.exit(0 if asyncio.run(measure(asked.file, asked.segments, asked.rounds)) else 1)


if __name__ == "__main__":
    main()
