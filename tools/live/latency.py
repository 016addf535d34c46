"""How soon a gesture is told: a clip of known gestures, sent as a recorder sends it, to a service on this machine.

A recorder hands out a quarter of a second when it is over, so a gesture's end is sent up to that much after it. What is
counted runs from the gesture's end, in the time of the clip as it is played, to the arrival of `signal.detected`.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import connect

from interhuman_stream.protocol.paths import STREAM_V1, STREAM_V2
from tools.live.acted import MEANS, act
from tools.load.client import quantile
from tools.load.service import service
from tools.streamable import streamable

if TYPE_CHECKING:
    from tools.puppet.performance import Event

PIECE: Final = 0.25
BEFORE: Final = 0.6
"""Seconds before a gesture that a signal for it may begin: evidence reaches a little further than what was seen."""
AIM: Final = (1.0, 1.5)


def latency(
    rounds: Annotated[int, typer.Option(help="How often all gestures are acted.", min=1)] = 4,
    seed: Annotated[int, typer.Option(help="Of the moments at which they are.")] = 1,
    version: Annotated[str, typer.Option(help="v1 or v2.")] = "v2",
) -> None:
    """Print how long after a gesture's end it is told, for each kind."""
    path = {"v1": STREAM_V1, "v2": STREAM_V2}[version]
    with TemporaryDirectory(prefix="interhuman-live-") as folder, service("--workers", 1) as served:
        clip = Path(folder) / "acted.webm"
        events = act(clip, rounds, seed)
        address = served.url.replace("http", "ws", 1) + path
        told = asyncio.run(_told(address, served.key.api_key, streamable(clip).every(PIECE)))
    _print(events, told, version)


async def _told(address: str, api_key: str, pieces: list[bytes]) -> list[tuple[float, dict[str, Any]]]:
    """What was detected, and how many seconds after the start of the clip that was known."""
    told: list[tuple[float, dict[str, Any]]] = []
    async with connect(address, additional_headers={"Authorization": f"Bearer {api_key}"}, max_size=None) as socket:
        began = time.monotonic()

        async def send() -> None:
            for number, piece in enumerate(pieces, 1):
                await asyncio.sleep(max(0.0, began + number * PIECE - time.monotonic()))
                await socket.send(piece)
            await socket.send('{"type":"session.close"}')

        sending = asyncio.create_task(send())
        async for text in socket:
            message = json.loads(text)
            if message["type"] in {"signal.detected", "signal.updated"}:
                told.append((time.monotonic() - began, message["data"]))
        await sending
    return told


def _print(events: list[Event], told: list[tuple[float, dict[str, Any]]], version: str) -> None:
    table = Table(title=f"{version}: seconds from a gesture's end to the message that tells it")
    for name in ("gesture", "means", "acted", "told", "p50", "p95", "most", "before its end"):
        table.add_column(name, justify="right" if name not in {"gesture", "means"} else "left")
    every: list[float] = []
    for what, means in MEANS.items():
        mine = [event for event in events if event.what == what]
        delays = [delay for event in mine if (delay := _delay(event, means, told)) is not None]
        every += delays
        _row(table, what, means, len(mine), delays)
    _row(table, "all", "", len(events), every)
    console = Console(width=110)
    console.print(table)
    console.print(f"aim: p50 at most {AIM[0]} s, p95 at most {AIM[1]} s; pieces of {PIECE} s at live pace, one worker")


def _row(table: Table, what: str, means: str, acted: int, delays: list[float]) -> None:
    figures = [f"{quantile(delays, share):.2f}" for share in (0.5, 0.95, 1.0)] if delays else ["–"] * 3
    table.add_row(what, means, str(acted), str(len(delays)), *figures, str(sum(delay < 0 for delay in delays)))


def _delay(event: Event, means: str, told: list[tuple[float, dict[str, Any]]]) -> float | None:
    """Seconds from the end of a gesture to the first message of its signal that begins with it; None without one."""
    for came, data in told:
        begins = event.start - BEFORE <= data["start"] <= event.end
        if data["signal_type"] == means and begins:
            return came - event.end
    return None
