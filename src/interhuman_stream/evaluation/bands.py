"""How often a report of each probability band is right, for what words alone can report, on dialogue acts.

Each utterance is given to the engine's wording cues and evidence table as timed words, with what the same person said
just before; no face and no voice. What comes out is what the engine would report if it only heard the words.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.evaluation.dialogue_acts import TAGS, conversations
from interhuman_stream.evaluation.measures import with_interval
from interhuman_stream.evaluation.report import Row
from interhuman_stream.evaluation.words_alone import MARGIN, heard_alone, timed
from interhuman_stream.signals import Probability, SignalType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.evaluation.dialogue_acts import Act
    from interhuman_stream.findings import Word

SIGNALS: Final = {
    SignalType.AGREEMENT: "says_agreement",
    SignalType.DISAGREEMENT: "says_disagreement",
    SignalType.UNCERTAINTY: "says_hedge",
}
"""Signals that words alone can report, and the dialogue acts that say whether they are there."""
LONGEST_SILENCE: Final = 60.0
MEMORY: Final = 8.0
"""Seconds of the person's earlier words that the engine still knows."""
FEWEST: Final = 20
"""Reports below which a share says nothing."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One report: which signal, how sure, on which utterance, and whether that carries the signal's tags."""

    signal: SignalType
    band: Probability
    place: int
    right: bool


def band_rows(name: str, acts: list[Act], looked_at: str) -> Iterator[Row]:
    """The share of reports that are right, by signal and band."""
    found = list(reports(acts))
    group = conversations(acts)
    for signal, purpose in SIGNALS.items():
        mine = [report for report in found if report.signal is signal]
        figures = {}
        for band in Probability:
            right = np.array([report.right for report in mine if report.band is band])
            if len(right) < FEWEST:
                continue
            where = np.array([group[report.place] for report in mine if report.band is band])
            figures[f"{band}: share right"] = with_interval(
                lambda _, label: float(label.mean()), np.zeros(len(right)), right, where
            )
        counts = ", ".join(f"{sum(r.band is band for r in mine)} {band}" for band in Probability)
        tags = ", ".join(sorted(TAGS[purpose]))
        size = f"{len(mine)} reports: {counts}"
        what = f"{signal} reported from words alone"
        yield Row(what, f"{name}: {tags}", size, figures, looked_at=looked_at)


def reports(acts: list[Act]) -> Iterator[Reported]:
    """Let the wording cues and the evidence table report on each utterance."""
    clock: defaultdict[str, float] = defaultdict(float)
    said: defaultdict[str, list[Word]] = defaultdict(list)
    for act in acts:
        start = clock[act.speaker] + min(act.utterance.before, LONGEST_SILENCE)
        words = timed(act.text, start)
        if not words:
            continue
        clock[act.speaker] = words[-1].end
        known = [word for word in said[act.speaker] if word.end > start - MEMORY] + words
        said[act.speaker] = known
        for signal in heard_alone(known, start, min(act.utterance.after, MARGIN)).signals:
            # What was said before is reported late, too, and is not this utterance's.
            if signal.type in SIGNALS and any(each.end > start for each in signal.because):
                tags = TAGS[SIGNALS[signal.type]]
                yield Reported(signal.type, signal.probability, act.place, act.tag in tags)
