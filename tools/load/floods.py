"""The bench `floods`: what floods of small things, and of whom there is no place for, cost the others."""

from __future__ import annotations

import asyncio
import functools
import io
import math
import os
import random
import time
from dataclasses import dataclass, field
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path  # noqa: TC003 - typer reads the annotation when it runs
from typing import TYPE_CHECKING, Annotated, Any, Final

import av
import httpx
import typer
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException

from interhuman_stream.sample import CLIP
from tools.load.attackers import FLOODS, Flooded, Target, poison, pour, refused, token
from tools.load.client import Book, Plan, live, quantile
from tools.load.clips import prepared
from tools.load.service import service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.pool import Pool

    from tools.load.service import Served

EVERY: Final = 2.5
"""Seconds from one segment of a stream to its next: twice as fast as live, for more of them to be timed."""
LOOK: Final = 0.05
PAUSE: Final = 1.0
HEALTHY_MS: Final = 100.0
SLOWER: Final = 1.5
OPEN_SECONDS: Final = 2.0
SPARSE_SECONDS, SPARSE_PICTURES = 30, 77
HEAD: Final = (
    "| flood | pieces/s | MB/s | connections | attacker cores | server cores | server MB | /healthz ms: p50 | p95 "
    "| max | new stream s: max | streams s: p95 alone | during | ratio |"
)


@dataclass(slots=True)
class Seen:
    """What others saw meanwhile.

    Attributes:
        healthz: Milliseconds until /healthz had answered over a connection of its own.
        latencies: Seconds until a stream's segment had its result.
        opened: Seconds until a new stream was open.
        cores: Of CPU, of the server process.
        grown: Bytes of memory, of the server process.
    """

    healthz: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    cores: float = 0.0
    grown: int = 0


def floods(
    only: Annotated[list[str] | None, typer.Option(help=f"Floods: {', '.join(FLOODS)}; may be repeated.")] = None,
    seconds: Annotated[float, typer.Option(min=2, help="How long each is.")] = 20.0,
    streams: Annotated[int, typer.Option(min=0, help="Other streams that are open meanwhile.")] = 2,
    connections: Annotated[int, typer.Option(min=1, help="Of each flood at once.")] = 1,
    clip: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The video that is streamed.")] = CLIP,
    workers: Annotated[int | None, typer.Option(min=1, help="Of the service; one a core otherwise.")] = None,
    source: Annotated[str, typer.Option(help="The attacker's address, such as 127.0.0.2; else the others'.")] = "",
    niceness: Annotated[int, typer.Option(min=0, max=19, help="The attacker's, to see what the service costs.")] = 0,
) -> None:
    """Flood a service on this machine, and print what that costs it and the others, as tables.

    Exits with 0 only if /healthz answered within 100 ms at p95 during each flood, new streams were open within 2 s, and
    other streams answered within 1.5 times what they take alone. On a busy machine none of it says much.
    """
    segments = prepared([clip])[0]
    options: list[object] = [] if workers is None else ["--workers", workers]
    with get_context("spawn").Pool(1, os.nice, (niceness,)) as pool:
        with service(*options, "--max-sessions", streams + connections + 2) as served:
            target = Target(served.url, served.key.api_key, seconds, connections, source)
            good = asyncio.run(_flooded(served, pool, only or list(FLOODS), segments, target, streams))
        if only is None:
            streams = max(1, streams)
            with service(*options, "--max-sessions", streams) as served:
                target = Target(served.url, served.key.api_key, seconds, source=source)
                good &= asyncio.run(_full(served, pool, segments, target, streams))
            with service(*options) as served:
                good &= asyncio.run(_poisoned(served, pool, segments, seconds))
    raise typer.Exit(0 if good else 1)


async def _flooded(
    served: Served, pool: Pool, names: Sequence[str], segments: list[bytes], target: Target, streams: int
) -> bool:
    _head()
    alone = await _watched(served, segments, streams, target.seconds)
    _row("none", Flooded(took=target.seconds), alone, alone)
    good = True
    for name in names:
        flooded, seen = Flooded(), Seen()

        async def flood(name: str = name) -> Flooded:
            return await asyncio.to_thread(pool.apply, pour, (name, target))

        flooded, seen = await _both(flood, served, segments, streams, target.seconds)
        good &= _row(name, flooded, seen, alone)
        await asyncio.sleep(PAUSE)
    return good


async def _full(served: Served, pool: Pool, segments: list[bytes], target: Target, streams: int) -> bool:
    """Refuse one more, of each kind, while the house is full."""
    seconds = target.seconds
    bearer = await asyncio.to_thread(token, target, served.key.key_id, served.key.key_secret)
    alone = await _watched(served, segments, streams, seconds)
    typer.echo(
        "\n| refused | status | a second | server CPU ms each | attacker cores | server cores | /healthz ms: p50 | p95 "
        "| streams s: p95 | ratio |"
    )
    typer.echo("|" + "---|" * 10)
    good = True
    shown = {"an API key": target.api_key, "a token": bearer, "a wrong API key": f"ih_live_{'x' * 43}", "none": None}
    for name, credential in shown.items():

        async def ask(credential: str | None = credential) -> tuple[int, int, float]:
            return await asyncio.to_thread(pool.apply, refused, (target, credential))

        (number, status, cpu), seen = await _both(ask, served, segments, streams, seconds)
        p95, ratio = quantile(seen.latencies, 0.95), _ratio(seen, alone)
        each = 1000 * seen.cores * seconds / max(1, number)
        typer.echo(
            f"| {name} | {status} | {number / seconds:.0f} | {each:.2f} | {cpu / seconds:.2f} | {seen.cores:.2f} "
            f"| {quantile(seen.healthz, 0.5):.0f} "
            f"| {quantile(seen.healthz, 0.95):.0f} | {p95:.2f} | {ratio:.2f} |"
        )
        good &= _good(seen, alone)
    return good


async def _poisoned(served: Served, pool: Pool, segments: list[bytes], seconds: float) -> bool:
    """Send segments of forty minutes that cost next to nothing, and see how many streams the service would take."""
    before = await _capacity(served)
    seconds = max(seconds, EVERY * len(segments))  # the one stream's segments differ: the same ones, alone and during
    alone = await _watched(served, segments, 1, seconds)
    target = Target(served.url, served.key.api_key, seconds)

    async def send() -> int:
        return await asyncio.to_thread(pool.apply, poison, (target, sparse()))

    number, seen = await _both(send, served, segments, 1, seconds)
    after = await _capacity(served)
    typer.echo(
        f"\n{number} segments of {SPARSE_SECONDS * SPARSE_PICTURES} s with a picture every {SPARSE_SECONDS} s: "
        f"room for {before} streams before, {after} after; another stream's p95 {_ratio(seen, alone):.2f} times alone"
    )
    return _good(seen, alone) and after <= 2 * before + 1


def sparse() -> bytes:
    """A file that is long and costs little."""
    noise, file = random.Random(1), io.BytesIO()  # noqa: S311 - to be repeatable is the point
    with av.open(file, "w", format="webm") as container:
        video = container.add_stream("libvpx", rate=1)
        video.width = video.height = 64
        video.pix_fmt = "yuv420p"
        for number in range(SPARSE_PICTURES):
            picture = av.VideoFrame(64, 64, "yuv420p")
            for plane in picture.planes:
                plane.update(noise.randbytes(plane.buffer_size))
            picture.pts, picture.time_base = SPARSE_SECONDS * 1000 * number, Fraction(1, 1000)
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
    return file.getvalue()


async def _both(
    flood: Callable[[], Any], served: Served, segments: list[bytes], streams: int, seconds: float
) -> tuple[Any, Seen]:
    """Flood, once the others are there."""
    begun = asyncio.Event()

    async def begin() -> Any:
        await begun.wait()
        return await flood()

    flooding = asyncio.create_task(begin())
    seen = await _watched(served, segments, streams, seconds, begun)
    return await flooding, seen


async def _watched(
    served: Served, segments: list[bytes], streams: int, seconds: float, begun: asyncio.Event | None = None
) -> Seen:
    """Be the others, and look at the service for so long; what was before that does not count."""
    seen, book = Seen(), Book()
    until = time.monotonic() + EVERY + PAUSE + seconds + PAUSE
    looking = [asyncio.create_task(each(served, seen)) for each in (_look, _come)]
    streaming = [
        asyncio.create_task(
            live(
                Plan(served.socket_url(), "v0", served.key.api_key, segments, EVERY * number / streams, until, EVERY),
                book,
            )
        )
        for number in range(streams)
    ]
    await asyncio.sleep(EVERY + PAUSE)
    seen.healthz.clear()
    seen.opened.clear()
    book.latencies.clear()
    before = served.usage()[0]
    if begun:
        begun.set()
    await asyncio.sleep(seconds)
    after = served.usage()[0]
    seen.cores, seen.grown = (after.cpu - before.cpu) / seconds, after.resident - before.resident
    for each in looking:
        each.cancel()
    await asyncio.gather(*streaming)
    seen.latencies = book.latencies
    for problem in book.broken:
        typer.echo(problem, err=True)
    return seen


async def _look(served: Served, seen: Seen) -> None:
    while True:
        began = time.perf_counter()
        try:
            async with httpx.AsyncClient(timeout=30) as client:
                began = time.perf_counter()  # what the client takes to be made is not the service's
                (await client.get(f"{served.url}/healthz")).raise_for_status()
        except httpx.HTTPError as error:
            typer.echo(f"/healthz: {type(error).__name__}", err=True)
        seen.healthz.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(LOOK)


async def _come(served: Served, seen: Seen) -> None:
    """Open a stream every second, where there is room for it."""
    headers = {"Authorization": f"Bearer {served.key.api_key}"}
    while True:
        began = time.perf_counter()
        try:
            async with connect(served.socket_url(), additional_headers=headers, open_timeout=30):
                seen.opened.append(time.perf_counter() - began)
        except InvalidStatus:  # full, as it was set
            pass
        except (OSError, WebSocketException) as error:
            typer.echo(f"a new stream: {type(error).__name__}", err=True)
            seen.opened.append(math.inf)
        await asyncio.sleep(1)


async def _capacity(served: Served) -> int:
    async with httpx.AsyncClient() as client:
        return int((await client.get(f"{served.url}/readyz")).json()["capacity"])


def _head() -> None:
    typer.echo(HEAD)
    typer.echo("|" + "---|" * (HEAD.count("|") - 1))


def _row(name: str, flooded: Flooded, seen: Seen, alone: Seen) -> bool:
    took, healthz = flooded.took or 1.0, functools.partial(quantile, seen.healthz)
    typer.echo(
        f"| {name} | {flooded.pieces / took:,.0f} | {flooded.sent / took / 1e6:.3f} | {flooded.opened} "
        f"| {flooded.cpu / took:.2f} | {seen.cores:.2f} | {seen.grown / 1e6:+.0f} "
        f"| {healthz(0.5):.0f} | {healthz(0.95):.0f} | {healthz(1):.0f} | {max(seen.opened, default=0):.2f} "
        f"| {quantile(alone.latencies, 0.95):.2f} | {quantile(seen.latencies, 0.95):.2f} | {_ratio(seen, alone):.2f} |"
    )
    return _good(seen, alone)


def _ratio(seen: Seen, alone: Seen) -> float:
    return quantile(seen.latencies, 0.95) / quantile(alone.latencies, 0.95) if alone.latencies else 1.0


def _good(seen: Seen, alone: Seen) -> bool:
    soon = max(seen.opened, default=0) <= OPEN_SECONDS
    return soon and quantile(seen.healthz, 0.95) <= HEALTHY_MS and _ratio(seen, alone) <= SLOWER
