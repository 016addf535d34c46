"""Whose turn it is: shares over any stretch of time, and what idling is worth."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.engine.turns import ADVANCE, Turns


def go_on(turns: Turns, costs: dict[int, float], seconds: float) -> Counter[int]:
    """Give turns until so many seconds are used; seconds used by each."""
    used: Counter[int] = Counter()
    while sum(used.values()) < seconds:
        who = turns.next()
        assert who is not None
        turns.used(who, costs[who])
        used[who] += costs[who]  # type: ignore[assignment] # a Counter counts seconds as well
    return used


def test_nobody_waits_and_nobody_goes() -> None:
    turns = Turns()
    assert turns.next() is None
    turns.join(1)
    turns.leave(1)
    turns.rest(2)
    assert turns.next() is None


def test_who_takes_long_steps_gets_fewer_of_them() -> None:
    turns = Turns()
    for who in (1, 2):
        turns.join(who)
    used = go_on(turns, {1: 1.0, 2: 0.1}, 20.0)
    assert abs(used[1] - used[2]) <= 1.0


def test_an_hour_of_idling_earns_no_more_than_the_advance() -> None:
    turns = Turns()
    turns.join(1)
    turns.join(2)
    turns.rest(2)
    go_on(turns, {1: 0.5}, 3600.0)
    turns.join(2)
    used = go_on(turns, {1: 0.5, 2: 0.5}, 20.0)
    assert 0 <= used[2] - used[1] <= ADVANCE + 1.0


def test_who_used_the_worker_alone_owes_nobody_for_it() -> None:
    turns = Turns()
    turns.join(1)
    go_on(turns, {1: 0.5}, 3600.0)
    turns.join(2)
    used = go_on(turns, {1: 0.5, 2: 0.5}, 20.0)
    assert used[1] >= 10 - ADVANCE


def test_what_needs_less_than_its_share_goes_first() -> None:
    """A live segment costs a second every five; the other always has work. Each is done before the other goes on."""
    turns = Turns()
    turns.join(1)
    go_on(turns, {1: 0.25}, 5.0)
    for _ in range(100):
        turns.join(2)
        for _ in range(4):
            assert turns.next() == 2
            turns.used(2, 0.25)
        turns.rest(2)
        for _ in range(16):
            assert turns.next() == 1
            turns.used(1, 0.25)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["join", "rest", "turn", "turn", "turn"])), max_size=200))
def test_nobody_who_waits_is_passed_over_for_longer_than_the_advance(moves: list[tuple[int, str]]) -> None:
    turns = Turns()
    passed: dict[int, dict[int, float]] = {}  # what others used since each began to wait, beyond what it used
    for who, move in moves:
        if move == "join":
            turns.join(who)
            passed.setdefault(who, dict.fromkeys(range(4), 0.0))
        elif move == "rest":
            turns.rest(who)
            passed.pop(who, None)
        elif (goes := turns.next()) is not None:
            turns.used(goes, 1.0)
            assert goes in passed
            for waits, by in passed.items():
                if waits == goes:
                    passed[waits] = {other: used - 1.0 for other, used in by.items()}
                else:
                    by[goes] += 1.0
                    # Its advance, that of who waits is not less than nothing, and a step of each.
                    assert by[goes] <= ADVANCE + 2.0
