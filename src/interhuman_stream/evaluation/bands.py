"""How often a report of each probability band is right, for what words alone can report, on dialogue acts.

Each utterance is given to the engine's wording cues and evidence table as timed words, with what the same person said
just before; no face and no voice. What comes out is what the engine would report if it only heard the words.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.pauses import FILLERS
from interhuman_stream.analysis.judge import judge
from interhuman_stream.analysis.perception.baseline import BaselineMemory
from interhuman_stream.analysis.perception.tracks import Span, Tracks
from interhuman_stream.evaluation.dialogue_acts import TAGS, WORD, WORDS_A_SECOND, conversations
from interhuman_stream.evaluation.measures import with_interval
from interhuman_stream.evaluation.report import Row
from interhuman_stream.findings import Word
from interhuman_stream.signals import Probability, SignalType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.evaluation.dialogue_acts import Act

SIGNALS: Final = {
    SignalType.AGREEMENT: "says_agreement",
    SignalType.DISAGREEMENT: "says_disagreement",
    SignalType.UNCERTAINTY: "says_hedge",
}
"""Signals that words alone can report, and the dialogue acts that say whether they are there."""
LONGEST_SILENCE: Final = 60.0
MEMORY: Final = 8.0
"""Seconds of the person's earlier words that the engine still knows."""
MARGIN: Final = 0.5
FEWEST: Final = 20
"""Reports below which a share says nothing."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One report: which signal, how sure, on which utterance, and whether that carries the signal's tags."""

    signal: SignalType
    band: Probability
    place: int
    right: bool


def band_rows(name: str, acts: list[Act]) -> Iterator[Row]:
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
        yield Row(f"{signal} reported from words alone", f"{name}: {tags}", f"{len(mine)} reports: {counts}", figures)


def reports(acts: list[Act]) -> Iterator[Reported]:
    """Let the wording cues and the evidence table report on each utterance."""
    nobody = BaselineMemory().baseline()  # words mean what they mean for everybody
    clock: defaultdict[str, float] = defaultdict(float)
    said: defaultdict[str, list[Word]] = defaultdict(list)
    for act in acts:
        start = clock[act.speaker] + min(act.utterance.before, LONGEST_SILENCE)
        words = _timed(act.text, start)
        if not words:
            continue
        end = clock[act.speaker] = words[-1].end
        known = [word for word in said[act.speaker] if word.end > start - MEMORY] + words
        said[act.speaker] = known
        heard = end + min(act.utterance.after, MARGIN)
        tracks = Tracks(heard, None, None, (Span(start, end),), tuple(known))
        for signal in judge(tracks, nobody, Span(start, heard)).signals:
            if signal.type in SIGNALS:
                tags = TAGS[SIGNALS[signal.type]]
                yield Reported(signal.type, signal.probability, act.place, act.tag in tags)


def _timed(text: str, start: float) -> list[Word]:
    """Give the words as a recogniser would: timed, with punctuation, without fillers."""
    words: list[Word] = []
    for token in text.split():
        bare = "".join(WORD.findall(token.lower()))
        if not bare or bare in FILLERS:
            continue
        at = start + len(words) / WORDS_A_SECOND
        words.append(Word(bare, at, at + 1 / WORDS_A_SECOND, 1.0, token))
    return words
