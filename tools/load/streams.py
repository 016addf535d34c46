"""The bench `streams`: how many live streams the service holds, and how long a result takes meanwhile."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - typer reads the annotation when it runs
from typing import TYPE_CHECKING, Annotated, Final

import typer

from interhuman_stream.client.errors import SourceError
from interhuman_stream.sample import CLIP
from tools.load.client import Book, Plan, live
from tools.load.clips import prepared
from tools.load.service import own_usage, service, total_cpu

if TYPE_CHECKING:
    from tools.load.service import Served

EVERY: Final = 5.0
"""Seconds from one segment of a stream to its next: as long as a segment is."""
P95_SECONDS: Final = 5.0
"""What the largest number of streams is held with."""
TRIED: Final = 3
"""Times as many streams as are let in that try to connect."""
CROWD_SECONDS: Final = 30.0
"""Within which as many try to connect, each at a moment of its own."""
OPEN_DOOR: Final = 1000
MEGABYTE: Final = 1_048_576
HEAD: Final = (
    "| run | streams | segments | lost | errors | refused | p50 s | p95 s | max s | video s/s | service cores "
    "| load cores | resident MB: server / each worker / load |"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One row: what is asked of the service.

    Attributes:
        retry: Whether who is refused tries again.
        within: Seconds within which all connect: evenly over them, or for a crowd at random moments.
        crowd: Whether it is one.
        api: The version of the wire.
    """

    name: str
    streams: int
    minutes: float
    retry: bool = False
    within: float = EVERY
    crowd: bool = False
    api: str = "v0"

    def delays(self) -> list[float]:
        """When each connects; the same in every run."""
        if not self.crowd:
            return [self.within * number / self.streams for number in range(self.streams)]
        chance = random.Random(self.streams)  # noqa: S311 - to be repeatable is the point
        return [chance.uniform(0, self.within) for _ in range(self.streams)]


def streams(
    clips: Annotated[
        list[Path] | None, typer.Option(exists=True, help="Videos, or folders of them; may be repeated.")
    ] = None,
    number: Annotated[int, typer.Option("--streams", min=1, help="How many live streams.")] = 8,
    search: Annotated[bool, typer.Option("--search", help="Find the largest number with p95 under 5 s first.")] = False,
    minutes: Annotated[float, typer.Option(min=0.05, help="How long the streams are held.")] = 5.0,
    step_seconds: Annotated[float, typer.Option(min=5, help="How long each step of the search is.")] = 40.0,
    idle_seconds: Annotated[float, typer.Option(min=0, help="How long one stream alone is measured.")] = 60.0,
    overload_minutes: Annotated[
        float, typer.Option(min=0, help="How long three times as many try, twice; 0 for not at all.")
    ] = 1.0,
    workers: Annotated[int | None, typer.Option(min=1, help="Of the service; one a core otherwise.")] = None,
    apis: Annotated[
        list[str] | None, typer.Option("--api", help="v0, v1 or v2; given again, each in turn.", show_default="v0")
    ] = None,
) -> None:
    """Hold live 640x480 streams of 5-second segments, and print what came of them as a table.

    The service runs as a process of its own, and is asked by this one; both are on this machine. The streams of a
    fixed number or of the search are all let in, and their segments come evenly. Those of the overload come at random
    moments and meet the service's own measured limit; "in step" is the worst of that, when all send at the same moment.

    Exits with 0 only if nothing was lost and every refusal was a clean one.
    """
    try:
        segments = prepared(clips or [CLIP])
    except (SourceError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    count, size = sum(map(len, segments)), sum(len(each) for clip in segments for each in clip)
    typer.echo(f"{count} segments of 5 s from {len(segments)} clip(s), VP8 640x480 and Opus, {size / count:,.0f} bytes")
    good = True
    for api in apis or ["v0"]:
        good &= _runs(segments, number, search, minutes, step_seconds, idle_seconds, overload_minutes, workers, api)
    raise typer.Exit(0 if good else 1)


def _runs(
    segments: list[list[bytes]],
    streams: int,
    search: bool,
    minutes: float,
    step_seconds: float,
    idle_seconds: float,
    overload_minutes: float,
    workers: int | None,
    api: str,
) -> bool:
    options: list[object] = [] if workers is None else ["--workers", workers]
    good = True
    with service(*options, "--max-sessions", OPEN_DOOR) as served:
        typer.echo("\n" + HEAD + "\n|" + "---|" * (HEAD.count("|") - 1))
        if idle_seconds:
            good &= _clean(_measured(served, segments, Run("one alone", 1, idle_seconds / 60, api=api)))
        if search:
            streams = _largest(served, segments, streams, step_seconds, api)
        good &= _clean(_measured(served, segments, Run("held", streams, minutes, api=api)))
    many = TRIED * streams
    for run in (
        Run("overload", many, overload_minutes, retry=True, within=CROWD_SECONDS, crowd=True, api=api),
        Run("in step", many, overload_minutes, retry=True, within=0.0, api=api),
    ):
        if overload_minutes:
            with service(*options) as served:
                good &= _clean(_measured(served, segments, run))
    return good


def _largest(served: Served, segments: list[list[bytes]], start: int, seconds: float, api: str) -> int:
    """Climb in steps, and give the last number whose p95 was under the limit and not on its way beyond it."""
    step = max(1, start // 4)
    held, streams = 1, start
    while streams > held:
        book = _measured(served, segments, Run("step", streams, seconds / 60, api=api))
        if _clean(book) and book.quantile(0.95) < P95_SECONDS and not book.growing:
            held, streams = streams, streams + step
        elif held == 1 and streams > step:
            streams -= step
        else:
            break
    return held


def _clean(book: Book) -> bool:
    for problem in sorted(set(book.broken)):
        typer.echo(f"not clean: {problem} ({book.broken.count(problem)} times)", err=True)
    return not book.lost and not book.broken and bool(book.latencies)


def _measured(served: Served, segments: list[list[bytes]], run: Run) -> Book:
    """Do a run and print its row."""
    before, own_before = served.usage(), own_usage()
    book = asyncio.run(_load(served, segments, run))
    after, own = served.usage(), own_usage()
    cores = (total_cpu(after) - total_cpu(before)) / book.took
    own_cores = (own.cpu - own_before.cpu) / book.took
    server, *_ = (each.resident / MEGABYTE for each in after if each.name == "server")
    each_worker = ", ".join(f"{each.resident / MEGABYTE:.0f}" for each in after if each.name == "worker")
    streams = f"{book.most_open} of {run.streams}" if run.retry else str(run.streams)
    typer.echo(
        f"| {run.api} {run.name} | {streams} | {book.sent} "
        f"| {book.lost} | {book.errors} | {book.refused} | {book.quantile(0.5):.2f} | {book.quantile(0.95):.2f} "
        f"| {book.quantile(1):.2f} | {book.pace:.1f} | {cores:.2f} | {own_cores:.2f} "
        f"| {server:.0f} / {each_worker} / {own.resident / MEGABYTE:.0f} |"
    )
    return book


async def _load(served: Served, segments: list[list[bytes]], run: Run) -> Book:
    book, began = Book(), time.monotonic()
    until = began + run.minutes * 60
    async with asyncio.TaskGroup() as streams:
        for number, delay in enumerate(run.delays()):
            clip = segments[number % len(segments)]
            at = number // len(segments) % len(clip)  # those with the same clip begin at different places in it
            turned = clip[at:] + clip[:at]
            url = served.socket_url(run.api)
            plan = Plan(url, run.api, served.key.api_key, turned, delay, until, EVERY, retry=run.retry)
            streams.create_task(live(plan, book))
    book.took = time.monotonic() - began
    return book
