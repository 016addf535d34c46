"""The command `evidence`: the evidence table and its cues as a page to read and to argue with."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.signals import SignalType


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(evidence)


def evidence() -> None:
    """Print the evidence table, as Markdown: which cue speaks for which signal, how much, and on whose word."""
    typer.echo("\n".join(page()))


def page() -> Iterator[str]:
    """The lines of the page."""
    from interhuman_stream.analysis.cues import KINDS
    from interhuman_stream.analysis.evidence import LEFT_OUT, SCALES

    yield "# What speaks for what"
    yield from _paragraph(
        "Written by `interhuman-stream evidence` from the table the engine uses; change it there, then run "
        "`make evidence`."
    )
    yield from _how_to_read()
    yield ""
    yield "## The signals"
    for signal in SCALES:
        yield from _signal(signal)
    yield ""
    yield "## The cues"
    yield from _how_cues_are_measured()
    yield ""
    yield "| cue | what counts as it | source |"
    yield "|---|---|---|"
    for kind in KINDS:
        yield f"| {kind.name} | {kind.what} | {kind.source} |"
    yield ""
    yield "## What is not listened for"
    for name, why in LEFT_OUT.items():
        yield from _paragraph(f"**{name.capitalize()}**: {why}.")


def _how_to_read() -> Iterator[str]:
    from interhuman_stream.analysis.evidence import OPPOSITES
    from interhuman_stream.analysis.fusion import HIGH, MEDIUM

    yield from _paragraph(
        "A row says: this cue speaks for (+) or against (−) this signal with this weight at full strength; the "
        "weightiest for it come first, the weightiest against it last. Weights are log-odds and add up: +0.7 doubles "
        "the odds, +2.2 makes them nine times as high. Each signal starts from how seldom it is when nothing is known. "
        "A cue counts with its strength (0 to 1) and with how well it was seen or heard (0 to 1), once at a moment. "
        "What was not perceived adds nothing. “With” names cues of which one must be there at the same time; “reach” "
        "is for how many seconds before and after the cue its meaning lasts. What counts as a cue stands [below]"
        "(#the-cues)."
    )
    yield from _paragraph(
        f"A signal is reported where the odds are above even: `low` up to {_percent(MEDIUM)}, `medium` up to "
        f"{_percent(HIGH)}, `high` above, at its surest moment. These are the table's own odds, not frequencies "
        "counted on labelled recordings. Of two opposites the likelier is reported for a moment, never both: "
        + "; ".join(f"{one} and {other}" for one, other in OPPOSITES)
        + "."
    )


def _signal(signal: SignalType) -> Iterator[str]:
    """What speaks for a signal and against it, by weight."""
    from interhuman_stream.analysis.evidence import SCALES, TABLE

    scale = SCALES[signal]
    yield ""
    yield f"### {signal}: {scale.meaning}"
    yield ""
    yield f"Without evidence {_percent(scale.prior)}; reported for {scale.shortest} s or longer."
    yield ""
    yield "| cue | weight | with | reach, s | source |"
    yield "|---|---|---|---|---|"
    for row in sorted((row for row in TABLE if row.signal is signal), key=lambda row: -row.weight):
        weight = f"{row.weight:+.1f}".replace("-", "−")
        yield f"| {row.cue} | {weight} | {', '.join(row.needs)} | {row.reach} | {row.source} |"


def _how_cues_are_measured() -> Iterator[str]:
    from interhuman_stream.analysis.cues.conditions import FEATURES_FINE, FEATURES_LOST, HEAD_FINE, HEAD_LOST
    from interhuman_stream.analysis.perception.baseline import LEAST_VOICE, WARM_FACE, WARM_VOICE

    yield from _paragraph(
        "Everything is measured against the person's own usual: medians over about the last two minutes. Until "
        f"{WARM_FACE} pictures (five seconds) have been seen, the face is measured against a mixture of what was seen "
        f"and a neutral face before the camera; until {LEAST_VOICE} voiced frames (a third of a second of voice) have "
        f"been heard, nothing is said about pitch and loudness, and until {WARM_VOICE} what is usual for people says "
        "for the rest how much they vary. What the face shows however usual it is for this person (`speaks`, `scowl`, "
        "`distress`, `tight_lips`, `doubtful_pout`, `tilt`) is measured against people."
    )
    yield from _paragraph(
        f"Cues of the head need a face of {HEAD_LOST:.0f} pixels and count fully from {HEAD_FINE:.0f}; cues of brows, "
        f"eyes and mouth need {FEATURES_LOST:.0f} and count fully from {FEATURES_FINE:.0f}. In the dark, in glare, in "
        "noise and where sound is clipped, what cannot be told is left out. Words count with the recogniser's own "
        "sureness."
    )


def _percent(odds: float) -> str:
    return f"{100 / (1 + math.exp(-odds)):.0f} %"


def _paragraph(text: str) -> Iterator[str]:
    yield ""
    yield from textwrap.wrap(text, 116)
