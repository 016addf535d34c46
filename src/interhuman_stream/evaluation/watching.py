"""What the engine says on recordings, streamed in pieces: against ratings, labelled spans, or without labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.session import AnalysisSession
from interhuman_stream.evaluation.errors import EvaluationError
from interhuman_stream.evaluation.measures import Figure, auc, f1, with_interval
from interhuman_stream.evaluation.pieces import pieces
from interhuman_stream.evaluation.report import Row, measured, single
from interhuman_stream.evaluation.speaking import NOBODY, Mouth, mouth
from interhuman_stream.faults import MalformedSegment
from interhuman_stream.signals import SignalType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.evaluation.corpora import LabelledSpan, Rated
    from interhuman_stream.findings import Cue
    from interhuman_stream.signals import EngagementSpan, Signal

SURE: Final = {"low": 0.4, "medium": 0.7, "high": 1.0}
WINDOW = 1.0  # seconds, of labelled spans
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Watched:
    """What the engine reported on a file, and how long the file is in seconds.

    Attributes:
        path: The file.
        length: Seconds.
        signals: What was reported.
        levels: The engagement level over the file.
        cues: What was seen and heard; what lasts over a border between pieces is there with each.
        mouth: How the mouth moved, and where there was speech.
    """

    path: Path
    length: float
    signals: tuple[Signal, ...]
    levels: tuple[EngagementSpan, ...] = ()
    cues: tuple[Cue, ...] = ()
    mouth: Mouth = NOBODY

    def time(self, kind: SignalType) -> float:
        """How long the signal was reported, in seconds; reports of one signal never overlap."""
        return sum(signal.end - signal.start for signal in self.signals if signal.type is kind)

    def sureness(self, kind: SignalType, start: float, end: float) -> float:
        """How sure of the signal the engine was at most between two times, 0 to 1."""
        return max(
            (SURE[s.probability] for s in self.signals if s.type is kind and s.start < end and start < s.end),
            default=0.0,
        )


def watch(path: Path, models: Models) -> Watched:
    """Run the engine over a file, in pieces of one stream as the product sends it.

    Raises:
        EvaluationError: It cannot be cut, or nothing in a piece decodes.
    """
    session = AnalysisSession(models)
    found, tracks = [], []
    try:
        for piece in pieces(path):
            found.append(session.feed(piece))
            tracks.append(session.tracks)
        found.append(session.finish())
    except MalformedSegment as error:
        raise EvaluationError(f"{path}: {error}") from error
    finally:
        session.close()
    return Watched(
        path,
        max((each.end for each in found), default=0.0),
        tuple(signal for each in found for signal in each.signals),
        tuple(level for each in found for level in each.engagement),
        tuple(cue for each in found for cue in each.cues),
        mouth(tracks),
    )


def talk_rows(name: str, watched: Sequence[Watched]) -> Iterator[Row]:
    """How often and how long each signal is reported on talk without labels."""
    length = np.array([each.length for each in watched])
    size = f"{len(watched)} clips, {length.sum():.0f} s"
    group = np.arange(len(watched))
    for kind in SignalType:
        count = np.array([float(sum(signal.type is kind for signal in each.signals)) for each in watched])
        time = np.array([each.time(kind) for each in watched])
        figures = {
            "alarms a minute": _ratio(count * MINUTE, length, group),
            "share of time": _ratio(time, length, group),
        }
        yield Row(f"{kind} reported", name, size, figures)


def span_rows(name: str, spans: Sequence[LabelledSpan], watched: Sequence[Watched]) -> Iterator[Row]:
    """Compare reports with labelled spans, second by second, drawing whole files for the intervals."""
    for kind in SignalType:
        mine = [span for span in spans if span.signal == kind]
        if not mine:
            continue
        score, label, group = [], [], []
        false = 0
        for number, each in enumerate(watched):
            here = [span for span in mine if span.path == each.path]
            for at in np.arange(0.0, each.length, WINDOW):
                score.append(each.sureness(kind, at, at + WINDOW))
                label.append(any(span.start < at + WINDOW and at < span.end for span in here))
                group.append(number)
            reported = [signal for signal in each.signals if signal.type is kind]
            false += sum(all(s.end <= span.start or span.end <= s.start for span in here) for s in reported)
        scores, labels, groups = np.array(score), np.array(label), np.array(group)
        figures = measured(scores, labels, groups, threshold=SURE["low"])
        figures["false alarms a minute"] = single(false * MINUTE / sum(each.length for each in watched))
        size = f"{len(watched)} files, {len(mine)} spans, {len(labels)} s"
        yield Row(str(kind), name, size, figures, {"always yes": f"F1 {f1(np.ones_like(labels), labels):.2f}"})


def rated_rows(
    name: str,
    rated: Sequence[Rated],
    watched: Sequence[Watched],
    scales: dict[str, tuple[SignalType, float]],
    confound: str | None = None,
) -> Iterator[Row]:
    """Compare the share of time a signal was reported with people's ratings of whole clips.

    Args:
        name: Of the data.
        rated: The ratings.
        watched: What the engine said, in the same order.
        scales: Which scale speaks of which signal, and from which rating on it counts as there.
        confound: A scale that is no rating but may give the answer away; its AUC stands beside the others'.
    """
    subject = np.unique([each.subject for each in rated], return_inverse=True)[1].astype(np.int64)
    for scale, (kind, least) in scales.items():
        score = np.array([each.time(kind) / max(each.length, 1e-9) for each in watched])
        label = np.array([each.ratings[scale] >= least for each in rated])
        baselines = {"always yes": f"F1 {f1(np.ones_like(label), label):.2f}"}
        figures = measured(score, label, subject)
        if confound:
            other = np.array([each.ratings[confound] for each in rated])
            baselines[f"{confound} alone"] = f"AUC {auc(_rate(other, label), label):.2f}"
            figures[f"AUC within {confound}"] = single(_within(score, label, other))
        size = f"{len(rated)} clips of {len(set(subject.tolist()))} people, {int(label.sum())} rated {least:g} or more"
        yield Row(f"{kind} for {scale}", name, size, figures, baselines)


def _rate(other: NDArray[np.float64], label: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How often the label holds among the rows with each row's value."""
    return np.array([label[other == value].mean() for value in other])


def _within(score: NDArray[np.float64], label: NDArray[np.bool_], other: NDArray[np.float64]) -> float:
    """The AUC among rows with the same value, averaged by how many pairs each value has; NaN without any pair."""
    parts = [
        (auc(score[same], label[same]), int(label[same].sum()) * int((~label[same]).sum()))
        for same in (other == value for value in np.unique(other))
    ]
    pairs = sum(count for _, count in parts)
    return sum(value * count for value, count in parts if count) / pairs if pairs else float("nan")


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64], group: NDArray[np.int64]) -> Figure:
    """The ratio of two sums, with an interval over files."""
    return with_interval(
        lambda rows, _: float(above[rows.astype(int)].sum() / below[rows.astype(int)].sum()),
        np.arange(len(above), dtype=np.float64),
        np.zeros(len(above), np.bool_),
        group,
    )
