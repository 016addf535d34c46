"""The bench `kills`: what killing workers during load costs."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import random
import signal
import time
from pathlib import Path  # noqa: TC003 - typer reads the annotation when it runs
from typing import TYPE_CHECKING, Annotated, Final

import httpx
import typer

from interhuman_stream.sample import CLIP
from tools.load.client import Book, Plan, live, quantile
from tools.load.clips import prepared
from tools.load.service import service

if TYPE_CHECKING:
    from tools.load.service import Served

EVERY: Final = 2.0
"""Seconds from one segment of a stream to its next, so that a kill mostly meets one."""
LOOK: Final = 0.05
HEAD: Final = (
    "| kills | server exits | segments | results | errors | unanswered | not replaced | replaced s: p50 | p95 | max |"
)
GIVE_UP: Final = 60.0
PROBLEMS: Final = 5


def kills(
    number: Annotated[int, typer.Option("--kills", min=1, help="How many workers are killed.")] = 200,
    streams: Annotated[int, typer.Option(min=1, help="How many streams are open meanwhile.")] = 4,
    clip: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The video that is streamed.")] = CLIP,
    workers: Annotated[int | None, typer.Option(min=1, help="Of the service; one a core otherwise.")] = None,
) -> None:
    """Kill workers of a service at random (SIGKILL) while it has streams, each time when the last is replaced.

    Exits with 0 only if the service stayed up, every segment had its result or its error, and every worker was
    replaced.
    """
    segments = prepared([clip])[0]
    options: list[object] = [] if workers is None else ["--workers", workers]
    with service(*options, "--max-sessions", streams + 1) as served:
        book, times = asyncio.run(_killed(served, segments, number, streams))
        exits = int(served.process.poll() is not None)
    replaced = [each for each in times if not math.isinf(each)]
    typer.echo(HEAD)
    typer.echo("|" + "---|" * 10)
    typer.echo(
        f"| {len(times)} | {exits} | {book.sent} | {len(book.latencies)} | {book.errors} | {book.lost} "
        f"| {len(times) - len(replaced)} "
        f"| {quantile(replaced, 0.5):.2f} | {quantile(replaced, 0.95):.2f} | {quantile(replaced, 1):.2f} |"
    )
    for problem in book.broken[:PROBLEMS]:
        typer.echo(f"not clean: {problem}", err=True)
    good = not exits and not book.lost and not book.broken and len(replaced) == number
    raise typer.Exit(0 if good else 1)


async def _killed(served: Served, segments: list[bytes], kills: int, streams: int) -> tuple[Book, list[float]]:
    book, over = Book(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for number in range(streams):
            delay = EVERY * number / streams
            plan = Plan(served.socket_url(), "v0", served.key.api_key, segments, delay, math.inf, EVERY, over=over)
            tasks.create_task(live(plan, book))
        times: list[float] = []
        await asyncio.sleep(EVERY)
        while len(times) < kills and served.process.poll() is None:
            times.append(await asyncio.to_thread(_kill_one, served))
            await asyncio.sleep(random.uniform(0, EVERY))  # noqa: S311 - no secret
        over.set()
    return book, times


def _kill_one(served: Served) -> float:
    """Kill a worker; the seconds until another has loaded its models, infinite if none does."""
    before = served.workers()
    lost = _replacements(served)
    if not before:
        return math.inf
    with contextlib.suppress(ProcessLookupError):
        os.kill(random.choice(before), signal.SIGKILL)  # noqa: S311 - no secret
    began = time.monotonic()
    while time.monotonic() < began + GIVE_UP and served.process.poll() is None:
        if (now := _replacements(served)) is not None and lost is not None and now[0] > lost[0]:
            return now[1] - lost[1]
        time.sleep(LOOK)
    return math.inf


def _replacements(served: Served) -> tuple[int, float] | None:
    """How many workers the service says it has replaced, and in how many seconds together."""
    try:
        text = httpx.get(f"{served.url}/metrics", timeout=GIVE_UP).text
    except httpx.HTTPError:
        return None
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("interhuman_worker_replacement"))
    name = "interhuman_worker_replacement_seconds"
    return round(float(values[f"{name}_count"])), float(values[f"{name}_sum"])
