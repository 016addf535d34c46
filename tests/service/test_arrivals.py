"""Whose new connection is spoken to next, how many a second, and who has to go."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

import pytest

from interhuman_stream.service import arrivals
from interhuman_stream.service.arrivals import Arrivals

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOODER, OTHER, PROXY = "192.0.2.1", "192.0.2.2", "198.51.100.1"
A_WHILE: Final = 10.0


class Clock:
    """Seconds as the test says."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Tell them."""
        return self.now


class Crowd:
    """Connections, each with its other end."""

    def __init__(self) -> None:
        self.ends: list[socket.socket] = []

    def one(self) -> socket.socket:
        """Make one."""
        here, there = socket.socketpair()
        self.ends += [here, there]
        return here

    def cut_off(self) -> int:
        """How many were closed here."""
        return sum(each.fileno() < 0 for each in self.ends)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    crowd = Crowd()
    yield crowd
    for each in crowd.ends:
        each.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def begun(waiting: Arrivals) -> int:
    count = 0
    while waiting.next():
        count += 1
    return count


def test_an_address_may_begin_so_many_at_once_and_so_many_a_second(clock: Clock, crowd: Crowd) -> None:
    waiting = Arrivals(lambda _: False, clock)
    for _ in range(200):
        assert waiting.put(crowd.one(), FLOODER)
    assert begun(waiting) == arrivals.BURST
    clock.now += 0.5
    assert begun(waiting) == arrivals.A_SECOND / 2
    assert len(waiting) == 200 - arrivals.BURST - arrivals.A_SECOND / 2
    assert waiting.wait() == pytest.approx(1 / arrivals.A_SECOND)


def test_who_comes_from_elsewhere_is_next(clock: Clock, crowd: Crowd) -> None:
    waiting = Arrivals(lambda _: False, clock)
    for _ in range(200):
        waiting.put(crowd.one(), FLOODER)
    begun(waiting)
    clock.now += 1.0
    mine = crowd.one()
    waiting.put(mine, OTHER)
    assert mine in {waiting.next(), waiting.next()}


def test_of_an_address_with_too_many_the_first_is_cut_off(clock: Clock, crowd: Crowd) -> None:
    waiting = Arrivals(lambda _: False, clock)
    first = crowd.one()
    assert waiting.put(first, FLOODER)
    assert all(waiting.put(crowd.one(), FLOODER) for _ in range(arrivals.MOST_WAITING - 1))
    assert not waiting.put(crowd.one(), FLOODER)
    assert waiting.put(crowd.one(), OTHER)
    assert crowd.cut_off() == 1
    assert first.fileno() < 0


def test_where_every_queue_is_of_one_the_next_is_cut_off(clock: Clock, crowd: Crowd) -> None:
    waiting = Arrivals(lambda _: False, clock)
    waiting.most = 1
    assert waiting.put(crowd.one(), FLOODER)
    last = crowd.one()
    assert not waiting.put(last, OTHER)
    assert last.fileno() < 0
    assert not waiting.put(crowd.one(), FLOODER)
    assert (len(waiting), begun(waiting)) == (1, 1)


def test_where_all_places_are_taken_the_longest_queue_makes_room(clock: Clock, crowd: Crowd) -> None:
    waiting = Arrivals(lambda _: False, clock)
    waiting.most = 10
    assert [waiting.put(crowd.one(), FLOODER) for _ in range(12)] == [True] * 10 + [False] * 2
    assert [waiting.put(crowd.one(), OTHER) for _ in range(6)] == [True] * 5 + [False]
    assert (len(waiting), crowd.cut_off()) == (10, 8)


def test_a_trusted_proxy_stands_for_many(clock: Clock, crowd: Crowd) -> None:
    waiting = Arrivals(lambda peer: peer == PROXY, clock)
    assert all(waiting.put(crowd.one(), PROXY) for _ in range(arrivals.MOST_WAITING + 1))
    begun(waiting)
    clock.now += 0.25
    assert begun(waiting) == arrivals.ALL_A_SECOND / 4


def test_all_together_have_a_rate_as_well(clock: Clock, crowd: Crowd) -> None:
    waiting = Arrivals(lambda _: False, clock)
    for number in range(400):
        waiting.put(crowd.one(), f"192.0.2.{number % 200}")
    assert begun(waiting) == arrivals.ALL_BURST
    clock.now += 0.25
    assert begun(waiting) == arrivals.ALL_A_SECOND / 4


def test_addresses_of_one_network_are_one_and_are_forgotten(
    clock: Clock, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "MOST_REMEMBERED", 3)
    waiting = Arrivals(lambda _: False, clock)
    assert waiting.address("2001:db8::1") is waiting.address("2001:db8::ffff:2")
    waiting.put(crowd.one(), FLOODER)
    kept = waiting.address(FLOODER)
    for number in range(10):
        waiting.address(f"198.51.100.{number}")
    assert waiting.address(FLOODER) is kept  # somebody waits there


def test_all_that_wait_are_cut_off_at_the_end(clock: Clock, crowd: Crowd) -> None:
    waiting = Arrivals(lambda _: False, clock)
    for _ in range(5):
        waiting.put(crowd.one(), FLOODER)
    waiting.close()
    assert (len(waiting), crowd.cut_off(), waiting.wait()) == (0, 5, None)
