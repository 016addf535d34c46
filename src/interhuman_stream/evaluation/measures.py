"""Measures of a score against labels, each with a bootstrap interval over whole subjects or conversations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Scores = NDArray[np.float64]
    Labels = NDArray[np.bool_]

RESAMPLES = 200
BINS = 10
SEED = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and its 95 % interval; NaN where it cannot be measured, or was counted and has none."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """As a table shows it."""
        if np.isnan(self.value):
            return "–"
        if np.isnan(self.low):
            return f"{self.value:.2f}"
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


def auc(score: Scores, label: Labels) -> float:
    """The probability that a positive scores higher than a negative; ties count half."""
    positives = int(label.sum())
    if positives in (0, len(label)):
        return float("nan")
    _, where, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[where]
    return float((ranks[label].sum() - positives * (positives + 1) / 2) / (positives * (len(label) - positives)))


def f1(said: Labels, label: Labels) -> float:
    """The harmonic mean of precision and recall; NaN without any positive."""
    positives = int(said.sum()) + int(label.sum())
    return 2 * int((said & label).sum()) / positives if label.any() else float("nan")


def precision(said: Labels, label: Labels) -> float:
    """How often what is said is right; NaN where nothing is."""
    return float(label[said].mean()) if said.any() else float("nan")


def recall(said: Labels, label: Labels) -> float:
    """Which share of what is there is said; NaN where nothing is."""
    return float(said[label].mean()) if label.any() else float("nan")


def best_threshold(score: Scores, label: Labels) -> float:
    """The score from which on saying yes gives the highest F1. Choose it on other data than you report on."""
    found, _, precision, recall = _curve(score, label)
    harmonic = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return float(found[int(np.argmax(harmonic))])


def threshold_at_precision(score: Scores, label: Labels, least: float) -> float:
    """The lowest score from which on saying yes is right at least that often; infinite where none is."""
    found, _, precision, _ = _curve(score, label)
    good = np.flatnonzero(precision >= least)
    return float(found[good[-1]]) if len(good) else float("inf")


def recall_at_precision(score: Scores, label: Labels, least: float = 0.6) -> float:
    """The largest share of the positives that is found while what is said is right at least that often."""
    _, _, precision, recall = _curve(score, label)
    return float(recall[precision >= least].max(initial=0.0)) if label.any() else float("nan")


def precision_at_recall(score: Scores, label: Labels, least: float = 0.5) -> float:
    """How often what is said is right when at least that share of the positives is found."""
    _, _, precision, recall = _curve(score, label)
    return float(precision[recall >= least].max(initial=0.0)) if label.any() else float("nan")


def calibration_error(probability: Scores, label: Labels) -> float:
    """Expected calibration error over ten bins of equal width (Naeini, Cooper & Hauskrecht 2015)."""
    which = np.minimum((probability * BINS).astype(int), BINS - 1)
    claimed = np.bincount(which, probability, BINS)
    held = np.bincount(which, label, BINS)
    return float(np.abs(claimed - held).sum() / len(label))


def with_interval(
    measure: Callable[[Scores, Labels], float],
    score: Scores,
    label: Labels,
    group: NDArray[np.int64],
    resamples: int = RESAMPLES,
) -> Figure:
    """Measure a score against labels, and again on draws of whole groups (percentile bootstrap)."""
    return over_groups(lambda rows: measure(score[rows], label[rows]), group, resamples)


def over_groups(
    measure: Callable[[NDArray[np.int64]], float], group: NDArray[np.int64], resamples: int = RESAMPLES
) -> Figure:
    """Measure all rows, and again ``resamples`` draws of whole groups with replacement (percentile bootstrap).

    Args:
        measure: Gives a value for some rows, by their numbers; NaN where it cannot be measured.
        group: Of each row, n.
        resamples: How many draws.
    """
    random = np.random.default_rng(SEED)
    order = np.argsort(group, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if len(group) else []
    draws = [random.integers(0, len(members), len(members)) for _ in range(resamples if members else 0)]
    drawn = [measure(np.concatenate([members[at] for at in draw])) for draw in draws]
    known = np.array([value for value in drawn if not np.isnan(value)])
    low, high = np.percentile(known, (2.5, 97.5)) if len(known) else (float("nan"), float("nan"))
    return Figure(measure(np.arange(len(group))), float(low), float(high))


def _curve(score: Scores, label: Labels) -> tuple[Scores, Scores, Scores, Scores]:
    """Distinct scores from the highest down; how many are said at each, how often rightly, and which share is found."""
    order = np.argsort(-score, kind="stable")
    ordered = score[order]
    last = np.append(ordered[1:] != ordered[:-1], True)
    hits = np.cumsum(label[order])[last].astype(np.float64)
    said = (np.flatnonzero(last) + 1).astype(np.float64)
    return ordered[last], said, hits / said, hits / max(1, int(label.sum()))
