"""What the engine would report if it only heard the words: the wording cues and the evidence table as they ship.

No face, no voice; the words come timed at three a second, with punctuation and without fillers, as from a recogniser.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis import judge
from interhuman_stream.analysis.cues.pauses import FILLERS
from interhuman_stream.analysis.evidence import SCALES
from interhuman_stream.analysis.fusion import weigh
from interhuman_stream.analysis.perception.baseline import BaselineMemory
from interhuman_stream.analysis.perception.tracks import Span, Tracks
from interhuman_stream.evaluation.dialogue_acts import WORD, WORDS_A_SECOND
from interhuman_stream.evaluation.measures import auc, f1, over_groups, precision, recall, with_interval
from interhuman_stream.evaluation.report import Row
from interhuman_stream.findings import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from interhuman_stream.analysis.evidence import Evidence
    from interhuman_stream.evaluation.text_sets import TextSet
    from interhuman_stream.findings import Cue
    from interhuman_stream.signals import Signal, SignalType

MARGIN: Final = 0.5
"""Seconds of silence after the words that the engine hears."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the words alone come to: the reports, and the log-odds of each signal if all its cues held at once."""

    signals: tuple[Signal, ...]
    odds: dict[SignalType, float]


def timed(text: str, start: float) -> list[Word]:
    """Give the words of a text as a recogniser would, the first at ``start`` (seconds)."""
    words: list[Word] = []
    for token in text.split():
        bare = "".join(WORD.findall(token.lower()))
        if not bare or bare in FILLERS:
            continue
        at = start + len(words) / WORDS_A_SECOND
        words.append(Word(bare, at, at + 1 / WORDS_A_SECOND, 1.0, token))
    return words


def heard_alone(words: Sequence[Word], start: float, silence: float = MARGIN) -> Judged:
    """Judge what is said from ``start`` seconds on; earlier words are what is still remembered.

    Args:
        words: All that is known, in order.
        start: Where what is judged begins, in seconds.
        silence: Seconds the person is silent after the last word.
    """
    nobody = BaselineMemory().baseline()  # words mean what they mean for everybody
    end = words[-1].end
    heard = end + silence
    tracks = Tracks(heard, None, None, (Span(start, end),), tuple(words))
    found = judge.judge(tracks, nobody, Span(start, heard))
    return Judged(found.signals, {kind: _odds(kind, found.cues) for kind in SCALES})


def text_rows(texts: TextSet) -> Iterator[Row]:
    """How well each signal that a set has labels for is told by its words; then how often neutral text gets any."""
    judged = [heard_alone(words, 0.0) if (words := timed(text, 0.0)) else SILENCE for text in texts.texts]
    for kind in texts.labels:
        yield _row(texts, judged, kind)
    yield _neutral_row(texts, judged)


def _row(texts: TextSet, judged: list[Judged], kind: SignalType) -> Row:
    label = np.array([kind in each for each in texts.signals])
    said = np.array([any(signal.type is kind for signal in each.signals) for each in judged])
    odds = np.array([each.odds[kind] for each in judged])
    group = np.array(texts.group, np.int64)
    figures = {
        "AUC": with_interval(auc, odds, label, group),
        "precision": over_groups(lambda rows: precision(said[rows], label[rows]), group),
        "recall": over_groups(lambda rows: recall(said[rows], label[rows]), group),
        "F1": over_groups(lambda rows: f1(said[rows], label[rows]), group),
    }
    size = f"{len(label)} texts, {label.sum()} so labelled, {said.sum()} reported"
    always = {"always": f"F1 {f1(np.ones_like(label), label):.2f}"}
    return Row(f"{kind} by words", f"{texts.name}: {texts.labels[kind]}", size, figures, always, texts.looked_at)


def _neutral_row(texts: TextSet, judged: list[Judged]) -> Row:
    neutral = np.array(texts.neutral, np.bool_)
    said = np.array([bool(each.signals) for each in judged])
    group = np.array(texts.group, np.int64)
    counts = {
        kind: sum(any(s.type is kind for s in each.signals) for each in compress(judged, neutral)) for kind in SCALES
    }
    most = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items(), key=lambda item: -item[1]) if count)
    return Row(
        "anything by words, on neutral text",
        texts.name,
        f"{neutral.sum()} neutral texts" + (f"; {most}" if most else ""),
        {"share": over_groups(lambda rows: precision(neutral[rows], said[rows]), group)},
        looked_at=texts.looked_at,
    )


def _odds(kind: SignalType, cues: Sequence[Cue]) -> float:
    """The log-odds with the strongest cue of each row of the table, whenever it was."""
    strongest: dict[Evidence, float] = {}
    for each in weigh(kind, cues):
        strongest[each.row] = max(strongest.get(each.row, 0.0), each.value, key=abs)
    return SCALES[kind].prior + sum(strongest.values())


SILENCE: Final = Judged((), {kind: scale.prior for kind, scale in SCALES.items()})
"""What a text without a word comes to."""
