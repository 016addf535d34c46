"""What a fit would be on other people: fitted with one person left out in turn, beside what it is on those it knows.

A fit is any function from features and labels to a rule. Whatever is chosen by looking at labels, thresholds too,
belongs inside it: what is chosen outside has seen the person who is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from interhuman_stream.evaluation.measures import Figure, best_threshold, f1, over_groups
from interhuman_stream.evaluation.report import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

Rule: TypeAlias = Callable[["NDArray[np.float64]"], "NDArray[np.bool_]"]
"""From the features of some rows, n×k, to what is said of each, n."""
Fit: TypeAlias = Callable[["NDArray[np.float64]", "NDArray[np.bool_]"], Rule]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is said of each row: by a rule that was fitted on all, and by one that never saw the row's person."""

    in_sample: NDArray[np.bool_]
    left_out: NDArray[np.bool_]


def threshold(features: NDArray[np.float64], label: NDArray[np.bool_]) -> Rule:
    """Fit the threshold of one score (n×1) from which on saying yes gives the highest F1."""
    least = best_threshold(features[:, 0], label) if label.any() else float("inf")
    return lambda rows: np.asarray(rows[:, 0] >= least)


def leave_out(fit: Fit, features: NDArray[np.float64], label: NDArray[np.bool_], person: NDArray[np.int64]) -> LeftOut:
    """Fit on everybody, and for each person on all the others.

    Args:
        fit: What is fitted.
        features: Of each clip or moment, n×k.
        label: What is true, n.
        person: Who it is, n.

    Raises:
        ValueError: There is one person alone: nobody is left to fit on.
    """
    people = np.unique(person)
    if len(people) == 1:
        raise ValueError("all rows are of one person; leaving them out leaves nothing to fit on")
    said = np.zeros(len(label), np.bool_)
    for who in people:
        own = person == who
        said[own] = fit(features[~own], label[~own])(features[own])
    return LeftOut(fit(features, label)(features), said)


def left_out_rows(
    data: str,
    scores: Mapping[str, NDArray[np.float64]],
    labels: Mapping[str, NDArray[np.bool_]],
    person: NDArray[np.int64],
    fit: Fit = threshold,
) -> Iterator[Row]:
    """A row for each label that has a score: F1 in-sample and left out, each with its interval by person.

    Args:
        data: What the rows are of.
        scores: Of each label, n or n×k.
        labels: What is true, n, by the same names.
        person: Who it is, n.
        fit: What is fitted.
    """
    for what, score in scores.items():
        label = labels[what]
        found = leave_out(fit, score.reshape(len(label), -1), label, person)
        behind = len(set(person[label].tolist()))
        always = {"always": f"F1 {f1(np.ones_like(label), label):.2f}"}
        size = f"{len(label)} rows of {len(set(person.tolist()))} people, {label.sum()} of {behind} positive"
        figures = {
            "F1 in-sample": _f1(found.in_sample, label, person),
            "F1 left out by person": _f1(found.left_out, label, person),
        }
        yield Row(what, data, size, figures, always, "yes: fitted on it, leaving out by person")


def _f1(said: NDArray[np.bool_], label: NDArray[np.bool_], person: NDArray[np.int64]) -> Figure:
    return over_groups(lambda rows: f1(said[rows], label[rows]), person)
