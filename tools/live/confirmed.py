"""How far what is told live is what the whole recording shows, clip by clip.

Live is a v2 session: the tracker on what a watched stream gives, judged every half second with what was known then. The
whole is the same recording as a file, judged in steps of five seconds. A signal is confirmed where one of the same type
of the other overlaps it, give or take a quarter of a second.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.analysis.session import AnalysisSession, result
from interhuman_stream.protocol import v2
from interhuman_stream.protocol.tracking import Detected, Ended, Tracker
from interhuman_stream.sample import CLIP
from interhuman_stream.signals import Signal
from interhuman_stream.terms import Terms
from tools.streamable import NoStream, streamable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.analysis.perception.models import Models
DATA: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "natural" / "clips"
PIECE: Final = 0.25
NEAR: Final = 0.25


@dataclass(slots=True)
class Compared:
    """Of one signal type: what was told live and by the whole, what each lacks of the other, and how they differ."""

    live: int = 0
    whole: int = 0
    unconfirmed: int = 0
    missed: int = 0
    starts: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)


def confirmed(
    clips: Annotated[list[Path] | None, typer.Option(help="Clips or folders of them.", show_default=False)] = None,
) -> None:
    """Print what share of what is told live the whole recording does not confirm, and what never comes live."""
    models = load_models()
    by_type: dict[str, Compared] = {}
    files = [file for each in clips or [CLIP, DATA] for file in (sorted(each.iterdir()) if each.is_dir() else [each])]
    seconds = 0.0
    for file in files:
        try:
            clip = streamable(file)
        except NoStream:
            continue
        seconds += clip.seconds
        compare(live_signals(models, clip.every(PIECE)), whole_signals(models, clip.data), by_type)
    _print(by_type, len(files), seconds)


def live_signals(models: Models, pieces: Sequence[bytes]) -> list[Signal]:
    """All that a v2 session tells, each with its begin as it was detected and its end as it was ended."""
    tracker, told = Tracker(v2.VERSION.types), list[Signal]()
    with AnalysisSession(models, terms=Terms(v2.VERSION.every)) as session:
        events = [
            event
            for steps in (*(session.watch(piece) for piece in pieces), session.rest())
            for found in steps
            if found
            for event in tracker.saw(found)
        ]
    for event in (*events, *tracker.over()):
        if isinstance(event, Ended):
            told.append(event.signal)
    assert len(told) == sum(isinstance(event, Detected) for event in events)  # noqa: S101 - each is ended once
    return told


def whole_signals(models: Models, data: bytes) -> list[Signal]:
    """What the whole recording shows, of what v2 tells."""
    with AnalysisSession(models) as session:
        return [each for each in result(session.whole(data)).signals if each.type in v2.VERSION.types]


def compare(live: Sequence[Signal], whole: Sequence[Signal], by_type: dict[str, Compared]) -> None:
    """Add one recording to the counts."""
    for mine in live:
        counts = by_type.setdefault(mine.type, Compared())
        counts.live += 1
        others = [each for each in whole if _near(mine, each)]
        counts.unconfirmed += not others
        if others:
            counts.starts.append(abs(mine.start - min(each.start for each in others)))
            counts.ends.append(abs(mine.end - max(each.end for each in others)))
    for mine in whole:
        counts = by_type.setdefault(mine.type, Compared())
        counts.whole += 1
        counts.missed += not any(_near(mine, each) for each in live)


def _near(one: Signal, other: Signal) -> bool:
    return one.type is other.type and one.start < other.end + NEAR and other.start < one.end + NEAR


def _print(by_type: dict[str, Compared], clips: int, seconds: float) -> None:
    table = Table(title=f"{clips} recordings, {seconds:.0f} s: v2 in pieces of {PIECE} s beside the whole")
    for name in ("signal", "live", "not confirmed", "whole", "never live", "start differs s", "end differs s"):
        table.add_column(name, justify="left" if name == "signal" else "right")
    everything = Compared()
    for name, each in sorted(by_type.items()):
        _row(table, name, each)
        everything.live += each.live
        everything.whole += each.whole
        everything.unconfirmed += each.unconfirmed
        everything.missed += each.missed
        everything.starts += each.starts
        everything.ends += each.ends
    _row(table, "all", everything)
    Console(width=110).print(table)


def _row(table: Table, name: str, each: Compared) -> None:
    def share(part: int, all_: int) -> str:
        return f"{part} ({part / all_:.0%})" if all_ else "0"

    def middle(values: list[float]) -> str:
        return f"{statistics.median(values):.2f}" if values else "–"

    table.add_row(
        name,
        str(each.live),
        share(each.unconfirmed, each.live),
        str(each.whole),
        share(each.missed, each.whole),
        middle(each.starts),
        middle(each.ends),
    )
