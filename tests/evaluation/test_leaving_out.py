"""What is fitted on people that it is then tried on looks better than it is; leaving them out shows it."""

from __future__ import annotations

import numpy as np
import pytest

from interhuman_stream.evaluation.leaving_out import leave_out, left_out_rows, threshold
from interhuman_stream.evaluation.measures import f1

PEOPLE = np.repeat(np.arange(12), 20)


def test_a_threshold_that_holds_for_all_holds_for_those_left_out() -> None:
    random = np.random.default_rng(4)
    label = random.random(len(PEOPLE)) < 0.4
    score = label + 0.2 * random.normal(size=len(PEOPLE))
    found = leave_out(threshold, score[:, None], label, PEOPLE)
    assert f1(found.in_sample, label) > 0.95
    assert f1(found.left_out, label) > 0.95


def test_what_only_knows_the_person_collapses_on_others() -> None:
    random = np.random.default_rng(5)
    label = PEOPLE % 3 == 0
    features = random.normal(size=(12, 30))[PEOPLE]

    def nearest(known: np.ndarray, target: np.ndarray) -> object:
        return lambda rows: target[((rows[:, None] - known[None]) ** 2).sum(axis=2).argmin(axis=1)]

    found = leave_out(nearest, features, label, PEOPLE)  # type: ignore[arg-type]
    assert f1(found.in_sample, label) == 1
    assert f1(found.left_out, label) < 0.6


def test_each_person_is_judged_by_a_fit_that_never_saw_them() -> None:
    seen: list[set[int]] = []
    features = PEOPLE[:, None].astype(np.float64)

    def remember(known: np.ndarray, _: np.ndarray) -> object:
        seen.append(set(known[:, 0].astype(int).tolist()))
        return lambda rows: np.zeros(len(rows), bool)

    leave_out(remember, features, PEOPLE > 5, PEOPLE)  # type: ignore[arg-type]
    assert seen[:-1] == [set(range(12)) - {who} for who in range(12)]
    assert seen[-1] == set(range(12))


def test_rows_say_both_and_who_is_behind_them() -> None:
    random = np.random.default_rng(6)
    label = PEOPLE < 2
    (row,) = left_out_rows("made up", {"stress": random.normal(size=len(PEOPLE))}, {"stress": label}, PEOPLE)
    assert set(row.figures) == {"F1 in-sample", "F1 left out by person"}
    assert row.size == "240 rows of 12 people, 40 of 2 positive"
    assert "leaving out" in row.looked_at


def test_nothing_positive_to_learn_from_says_nothing() -> None:
    found = leave_out(threshold, np.ones((4, 1)), np.array([True, True, False, False]), np.array([0, 0, 1, 1]))
    assert found.left_out.tolist() == [False, False, True, True]  # the other person alone has the label, or not
    with pytest.raises(ValueError, match="one person"):
        leave_out(threshold, np.ones((2, 1)), np.array([True, False]), np.zeros(2, np.int64))
