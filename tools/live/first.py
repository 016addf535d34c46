"""How much of a recording must have come until a v2 session first tells something of it, clip by clip.

Seconds are of media that was sent, in pieces as a recorder hands them out: what the network, the decoder and the models
take comes on top. So this says what the evidence itself takes, on any machine.
"""

from __future__ import annotations

import statistics
from pathlib import Path  # noqa: TC003 - typer reads the annotation
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.analysis.session import AnalysisSession
from interhuman_stream.protocol import v2
from interhuman_stream.protocol.tracking import Detected, Level, Tracker
from interhuman_stream.sample import CLIP
from interhuman_stream.signals import EngagementState
from interhuman_stream.terms import Terms
from tools.live.confirmed import DATA, PIECE
from tools.streamable import NoStream, streamable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.analysis.perception.models import Models

TOLD: Final = ("face", "voice", "speaking", "words")
WHAT: Final = (*TOLD, "engaged", "signal")


def first(
    clips: Annotated[list[Path] | None, typer.Option(help="Clips or folders of them.", show_default=False)] = None,
) -> None:
    """Print after how many seconds of media each thing is first told, and which signals a clip gives in all."""
    models = load_models()
    table = Table(title=f"seconds of media sent, in pieces of {PIECE} s, until v2 first tells of it")
    for name in ("clip", "lasts", *WHAT, "signals"):
        table.add_column(name, justify="left" if name in {"clip", "signals"} else "right")
    every: dict[str, list[float]] = {name: [] for name in WHAT}
    for each in clips or [CLIP, DATA.parents[1] / "clips", DATA]:
        for file in sorted(each.iterdir()) if each.is_dir() else [each]:
            try:
                clip = streamable(file)
            except NoStream:
                continue
            reached, types = firsts(models, clip.every(PIECE))
            for name, seconds in reached.items():
                every[name].append(seconds)
            figures = [f"{reached[name]:.2f}" if name in reached else "–" for name in WHAT]
            table.add_row(file.name, f"{clip.seconds:.0f}", *figures, ", ".join(sorted(types)))
    middles = [f"{statistics.median(every[name]):.2f} ({len(every[name])})" if every[name] else "–" for name in WHAT]
    table.add_row("median (of how many)", "", *middles, "")
    Console(width=150).print(table)


def firsts(models: Models, pieces: Sequence[bytes]) -> tuple[dict[str, float], set[str]]:
    """After how many seconds of media each thing was first told, and the types of all signals."""
    tracker, reached, types = Tracker(v2.VERSION.types), dict[str, float](), set[str]()
    with AnalysisSession(models, terms=Terms(v2.VERSION.every)) as session:
        for number, piece in enumerate(pieces, 1):
            for found in session.watch(piece):
                if not found:
                    continue
                new = [name for name in TOLD if getattr(found.perceived, name)]
                for event in tracker.saw(found):
                    if isinstance(event, Detected):
                        new.append("signal")
                        types.add(event.signal.type)
                    elif isinstance(event, Level) and event.state is EngagementState.ENGAGED:
                        new.append("engaged")
                for name in new:
                    reached.setdefault(name, number * PIECE)
    return reached, types
