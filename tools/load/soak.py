"""The bench `soak`: what stays in memory when streams come and go in every way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import random
import signal
import struct
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - typer reads the annotation when it runs
from socket import SO_LINGER, SOL_SOCKET
from statistics import StatisticsError, linear_regression, median
from typing import TYPE_CHECKING, Annotated, Final

import httpx
import typer
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from interhuman_stream.protocol.limits import SCOPES
from interhuman_stream.sample import CLIP
from tools.load.clips import prepared
from tools.load.service import service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tools.load.service import Served, Usage

FLAT: Final = 0.05
FEW_DESCRIPTORS: Final = 4
"""So many more or less are no leak, though they be more than a twentieth: streams that are open as one looks."""
MEGABYTE: Final = 1_048_576
LOOK_SECONDS: Final = 1.0
WARM_UP: Final = 0.2
"""The share of the time after which memory is looked at: until then models, arenas and caches fill."""
ANSWER_SECONDS: Final = 60.0
MOST_SEGMENTS: Final = 3
REFUSALS: Final = (401, 403, 429, 503)
FULL: Final = 503
KILL_SECONDS: Final = 120.0
"""Seconds between two kills of a worker, where they are asked for: a new process' memory is no continuation."""


@dataclass(slots=True)
class Churn:
    """What was done, and what came of it."""

    ends: Counter[str] = field(default_factory=Counter)
    segments: int = 0
    answered: int = 0
    lost: int = 0
    refused: int = 0
    odd: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Look:
    """What one process used at a moment."""

    at: float
    usage: Usage


def soak(
    minutes: Annotated[float, typer.Option(min=0.05, help="How long it goes on.")] = 30.0,
    streams: Annotated[int, typer.Option(min=1, help="How many clients come and go at once.")] = 4,
    clip: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The video that is streamed.")] = CLIP,
    kills: Annotated[bool, typer.Option("--kills", help="Kill a worker every 2 minutes as well.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Of the service; one a core otherwise.")] = None,
) -> None:
    """Let clients come and go in every way, and print what each process holds over time.

    They close, vanish, leave half a frame, show wrong credentials, lose their key, upload, are cancelled. The first
    fifth of the time is warm-up. Exits with 0 only if the service stayed up, every segment of those who waited was
    answered, and (from 10 minutes on) memory and file descriptors were flat: the
    medians of the two halves after the warm-up within 5 % of the whole's.
    """
    segments = prepared([clip])[0]
    options: list[object] = [] if workers is None else ["--workers", workers]
    # Clients that show wrong credentials all come from one address; that they are held up is tested elsewhere.
    options += ["--max-sessions", 4 * streams, "--wrong-credentials", 1_000_000]
    with service(*options) as served:
        churn, looks = asyncio.run(_soak(served, segments, minutes * 60, streams, kills=kills))
        up = served.process.poll() is None
    flat = _print(looks, minutes * 60)
    ends = ", ".join(f"{name} {count}" for name, count in sorted(churn.ends.items()))
    typer.echo(
        f"\n{sum(churn.ends.values())} sessions ({ends}); {churn.segments} segments sent, {churn.answered} answered, "
        f"{churn.lost} lost of clients that waited; {churn.refused} refused; service {'up' if up else 'ended'}"
    )
    for odd, count in Counter(churn.odd).most_common(5):
        typer.echo(f"odd: {odd} ({count} times)", err=True)
    judged = flat or minutes < 10
    raise typer.Exit(0 if up and not churn.lost and not churn.odd and judged else 1)


async def _soak(
    served: Served, segments: list[bytes], seconds: float, streams: int, *, kills: bool
) -> tuple[Churn, list[Look]]:
    churn, looks = Churn(), list[Look]()
    began = time.monotonic()
    clients = [asyncio.create_task(_client(served, segments, began + seconds, churn)) for _ in range(streams)]
    everybody, next_kill = asyncio.gather(*clients), began + KILL_SECONDS
    while not everybody.done():
        await asyncio.wait({everybody}, timeout=LOOK_SECONDS)
        now = time.monotonic()
        if now < began + seconds:
            looks += [Look(now - began, each) for each in served.usage()]
        if kills and now > next_kill and (pids := served.workers()):
            next_kill = now + KILL_SECONDS
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(pids), signal.SIGKILL)  # noqa: S311 - no secret
                churn.ends["worker killed"] += 1
    await everybody
    return churn, looks


async def _client(served: Served, segments: list[bytes], until: float, churn: Churn) -> None:
    """Come and go until the time is over, each time in another way."""
    ways = (_closes, _closes, _vanishes, _half_a_frame, _wrong_credentials, _revoked, _uploads, _cancelled)
    while time.monotonic() < until:
        way = random.choice(ways)  # noqa: S311 - no secret
        try:
            await way(served, segments, churn)
        except Full:
            churn.refused += 1
            await asyncio.sleep(1)
        except Exception as error:  # noqa: BLE001 - whatever a client sees that it should not is counted
            churn.odd.append(f"{way.__name__[1:]}: {type(error).__name__}: {error}")
            await asyncio.sleep(1)
        churn.ends[way.__name__[1:].replace("_", " ")] += 1


class Full(Exception):  # noqa: N818 - no fault: the service says when to come back
    """The service has no room, and says so."""


@contextlib.asynccontextmanager
async def _connected(served: Served, credential: str | None = None) -> AsyncIterator[ClientConnection]:
    headers = {"Authorization": f"Bearer {credential or served.key.api_key}"}
    try:
        async with connect(served.socket_url(), additional_headers=headers, compression=None, max_size=None) as socket:
            yield socket
    except InvalidStatus as refusal:
        if _full(refusal.response.status_code, refusal.response.headers):
            raise Full from None
        raise


def _full(status: int, headers: Mapping[str, str]) -> bool:
    return status == FULL and "Retry-After" in headers


async def _sent(socket: ClientConnection, segments: list[bytes], churn: Churn) -> None:
    """Send some segments and wait for the answer of each."""
    for number in range(1, random.randint(1, MOST_SEGMENTS) + 1):  # noqa: S311 - no secret
        await socket.send(segments[number % len(segments)])
        churn.segments += 1
        churn.lost += 1  # until it is answered
        async with asyncio.timeout(ANSWER_SECONDS):
            while json.loads(await socket.recv()).get("status") not in {"completed", "error"}:
                pass
        churn.lost -= 1
        churn.answered += 1


async def _closes(served: Served, segments: list[bytes], churn: Churn) -> None:
    async with _connected(served) as socket:
        await _sent(socket, segments, churn)


async def _vanishes(served: Served, segments: list[bytes], churn: Churn) -> None:
    """Go with a TCP reset, a segment unanswered."""
    async with _connected(served) as socket:
        await socket.send(segments[0])
        churn.segments += 1
        _reset(socket)


async def _half_a_frame(served: Served, segments: list[bytes], churn: Churn) -> None:
    """Go in the middle of a frame, after some whole ones."""
    async with _connected(served) as socket:
        await _sent(socket, segments, churn)
        # A masked binary frame of RFC 6455 that says 60 000 bytes, with half of them behind it.
        socket.transport.write(struct.pack("!BBH4s", 0x82, 0x80 | 126, 60_000, bytes(4)) + bytes(30_000))
        await asyncio.sleep(0.1)
        _reset(socket)


def _reset(socket: ClientConnection) -> None:
    raw = socket.transport.get_extra_info("socket")
    raw.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    socket.transport.abort()


async def _wrong_credentials(served: Served, _: list[bytes], churn: Churn) -> None:
    try:
        async with _connected(served, f"wrong-{random.random()}"):  # noqa: S311 - no secret
            churn.odd.append("wrong credentials were let in")
    except InvalidStatus as refusal:
        if refusal.response.status_code not in REFUSALS:
            raise
        churn.refused += 1


async def _revoked(served: Served, segments: list[bytes], churn: Churn) -> None:
    """Lose the key while streaming."""
    key = await asyncio.to_thread(served.store.create, SCOPES)
    async with _connected(served, key.api_key) as socket:
        await _sent(socket, segments, churn)
        await asyncio.to_thread(served.store.revoke, key.key_id)
        await socket.send(segments[0])
        async with asyncio.timeout(ANSWER_SECONDS):
            await socket.wait_closed()
    churn.refused += 1


async def _uploads(served: Served, segments: list[bytes], churn: Churn) -> None:
    headers = {"Authorization": f"Bearer {served.key.api_key}"}
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
        files = {"file": ("clip.webm", segments[0])}
        churn.segments += 1
        churn.lost += 1
        answer = await client.post(f"{served.url}/v0/upload/analyze", headers=headers, files=files)
        if _full(answer.status_code, answer.headers):
            churn.lost -= 1
            raise Full
        answer.raise_for_status()
        churn.lost -= 1
        churn.answered += 1


async def _cancelled(served: Served, segments: list[bytes], churn: Churn) -> None:
    """Be cancelled by one's own program, wherever one is."""
    task = asyncio.create_task(_closes(served, segments, before := Churn()))
    await asyncio.wait({task}, timeout=random.uniform(0.05, 1.5))  # noqa: S311 - no secret
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    churn.segments += before.segments
    churn.answered += before.answered


def _print(looks: list[Look], seconds: float) -> bool:
    """Print a row for what each process used after the warm-up; whether all of it was flat."""
    typer.echo("| process | of | first | last | median | min | max | slope an hour | flat |\n|" + "---|" * 9)
    flat = True
    processes: dict[int, list[Look]] = {}
    for look in looks:
        if look.at > seconds * WARM_UP:
            processes.setdefault(look.usage.pid, []).append(look)
    for seen in processes.values():
        name, times = seen[0].usage.name, [each.at for each in seen]
        flat &= _row(name, "resident MB", times, [each.usage.resident / MEGABYTE for each in seen], 0.0)
        flat &= _row(name, "descriptors", times, [float(each.usage.descriptors) for each in seen], FEW_DESCRIPTORS)
    return flat


def _row(name: str, what: str, times: list[float], values: list[float], leeway: float) -> bool:
    middle = median(values)
    # A stream at hand takes memory and gives it back: what stays is seen in the halves' medians.
    half = len(values) // 2
    drift = abs(median(values[half:]) - median(values[: half or 1]))
    flat = drift <= max(leeway, FLAT * middle)
    slope = _slope(times, values) * 3600
    typer.echo(
        f"| {name} | {what} | {values[0]:.0f} | {values[-1]:.0f} | {middle:.0f} | {min(values):.0f} "
        f"| {max(values):.0f} | {slope:+.1f} | {'yes' if flat else 'NO'} |"
    )
    return flat


def _slope(times: list[float], values: list[float]) -> float:
    """Give the slope of the line through them (least squares), a second."""
    try:
        return linear_regression(times, values).slope
    except StatisticsError:  # one look is no line
        return math.nan
