"""Measures against values one can work out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.evaluation.measures import (
    Figure,
    auc,
    best_threshold,
    calibration_error,
    f1,
    precision_at_recall,
    recall_at_precision,
    threshold_at_precision,
    with_interval,
)

SCORE = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
LABEL = np.array([True, False, True, True, False])


def test_values_by_hand() -> None:
    assert auc(SCORE, LABEL) == pytest.approx(4 / 6)
    assert f1(SCORE >= 0.6, LABEL) == pytest.approx(6 / 7)
    assert best_threshold(SCORE, LABEL) == 0.6
    assert threshold_at_precision(SCORE, LABEL, 0.75) == 0.6
    assert recall_at_precision(SCORE, LABEL, 0.9) == pytest.approx(1 / 3)
    assert precision_at_recall(SCORE, LABEL, 0.6) == pytest.approx(0.75)
    assert calibration_error(np.array([0.25, 0.25, 0.75, 0.75]), np.array([False, True, True, True])) == pytest.approx(
        0.25
    )


def test_ties_count_half_and_a_constant_knows_nothing() -> None:
    assert auc(np.ones(5), LABEL) == 0.5


def test_without_positives_nothing_is_measured() -> None:
    none = np.zeros(5, np.bool_)
    figure = with_interval(auc, SCORE, none, np.arange(5), resamples=5)
    assert np.isnan(figure.value)
    assert str(figure) == "–"


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs_in_order(rows: list[tuple[int, bool]]) -> None:
    positive = [score for score, label in rows if label]
    negative = [score for score, label in rows if not label]
    score, label = np.array([float(s) for s, _ in rows]), np.array([label for _, label in rows])
    if positive and negative:
        pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
        assert auc(score, label) == pytest.approx(sum(pairs) / len(pairs))
    else:
        assert np.isnan(auc(score, label))


def test_intervals_draw_whole_groups() -> None:
    # Within each group all rows agree: as many rows as one likes make the interval no narrower.
    score = np.repeat([0.9, 0.1, 0.8, 0.2], 50)
    label = np.repeat([True, False, False, True], 50)
    figure = with_interval(lambda s, y: f1(s > 0.5, y), score, label, np.repeat(np.arange(4), 50))
    assert figure.value == 0.5
    assert figure.high - figure.low > 0.5


def test_a_figure_prints_its_interval() -> None:
    assert str(Figure(0.5, 0.412, 0.588)) == "0.50 [0.41, 0.59]"
