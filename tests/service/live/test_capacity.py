"""How many streams the machine carries follows from what their video costs, and no client decides it alone."""

from __future__ import annotations

import pytest

from interhuman_stream.engine.pool import Capacity
from interhuman_stream.findings import Findings, Spent
from interhuman_stream.service.access.quota import Allowance, Quota
from interhuman_stream.service.live.capacity import CHEAPEST, DEAREST, StreamCapacity
from interhuman_stream.service.live.sessions import LONGEST_WAIT, Sessions
from interhuman_stream.service.live.waits import FRESH, Waits
from interhuman_stream.signals import ConversationQuality

COST = 0.13


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def analysed(seconds: float, wall: float, cpu: float) -> Findings:
    quality = ConversationQuality(50, 50, 50, 50, 50)
    return Findings(0.0, seconds, (), (), quality, True, True, spent=Spent(wall, cpu))


def two_cores() -> Capacity:
    return Capacity(workers=2, cores=2, cost=COST)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(clock: Clock) -> StreamCapacity:
    room = StreamCapacity(two_cores, clock)
    room.expect()
    return room


def live(room: StreamCapacity, clock: Clock, seconds: float, cost: float, *clients: str) -> None:
    """Let clients send live video of this cost, five seconds at a time."""
    for _ in range(round(seconds / 5)):
        clock.now += 5
        for client in clients:
            room.analysed(analysed(5.0, wall=5 * cost, cpu=5 * cost), client)


def test_it_follows_the_cost_of_video(room: StreamCapacity, clock: Clock) -> None:
    assert room.streams == 11  # 0.75 × 2 / 0.13
    live(room, clock, 300, 0.1, "key")
    assert room.ratio == pytest.approx(0.1)
    assert room.streams == 15
    for _ in range(60):
        clock.now += 5
        room.analysed(analysed(5.0, wall=1.0, cpu=2.0), "key")  # two cores at once: the cores are what is scarce
    assert room.streams <= 5


def test_one_dear_stream_does_not_close_the_door_for_good(room: StreamCapacity, clock: Clock) -> None:
    live(room, clock, 500, 6.0, "key")
    assert room.streams == 2


def test_a_segment_without_length_is_work_all_the_same(room: StreamCapacity, clock: Clock) -> None:
    for _ in range(100):
        clock.now += 1
        room.analysed(analysed(0.0, wall=1.0, cpu=1.0), "key")
    assert room.ratio == DEAREST * COST


def test_forty_minutes_of_nothing_in_one_segment_open_no_door(room: StreamCapacity, clock: Clock) -> None:
    for _ in range(5):
        clock.now += 1
        room.analysed(analysed(2300.0, wall=0.5, cpu=0.5), "stranger")
    assert room.streams == 11


def test_whoever_sends_nothing_for_an_hour_moves_it_to_a_bound(room: StreamCapacity, clock: Clock) -> None:
    for _ in range(720):
        clock.now += 5
        room.analysed(analysed(2300.0, wall=0.5, cpu=0.5), "stranger")
    assert room.ratio == CHEAPEST * COST
    assert room.streams <= 2 * 11 + 1


@pytest.mark.parametrize("strange", [0.0, 50.0])
def test_one_client_does_not_outvote_the_others(room: StreamCapacity, clock: Clock, strange: float) -> None:
    for _ in range(100):
        clock.now += 5
        for client in ("one", "two"):
            room.analysed(analysed(5.0, wall=5 * 0.15, cpu=5 * 0.15), client)
        for _ in range(50):  # however much of it there is
            room.analysed(analysed(5.0, wall=5 * strange, cpu=5 * strange), "stranger")
    assert 0.13 <= room.ratio <= 0.15


def test_who_has_gone_is_forgotten(room: StreamCapacity, clock: Clock) -> None:
    live(room, clock, 3600, 1.0, "stranger")
    clock.now += 3600
    live(room, clock, 60, 0.15, "key")
    assert room.ratio == pytest.approx(0.15)


def test_a_house_that_is_late_is_full(room: StreamCapacity, clock: Clock) -> None:
    waits = Waits(clock)
    sessions = Sessions(None, room, Quota(clock), waits)
    with sessions.entered("key"), sessions.entered("key"), sessions.entered("key"):
        waits.told("first", 30.0)
        waits.told("second", 0.1)
        assert sessions.refusal("key", Allowance()) is None  # one that waits long does not speak for all
        waits.told("third", 2 * LONGEST_WAIT)
        refusal = sessions.refusal("key", Allowance())
        assert refusal is not None
        assert refusal.reason == "full"
        waits.forget("third")
        assert sessions.refusal("key", Allowance()) is None
        waits.told("third", 2 * LONGEST_WAIT)
        clock.now += FRESH + 1
        assert sessions.refusal("key", Allowance()) is None  # long ago


def test_one_a_worker_is_let_in_however_late_it_is(room: StreamCapacity, clock: Clock) -> None:
    waits = Waits(clock)
    sessions = Sessions(None, room, Quota(clock), waits)
    for stream in range(4):
        waits.told(stream, 60.0)
    with sessions.entered("key"):
        assert sessions.state == "ready"


def test_a_number_that_was_set_is_obeyed(room: StreamCapacity, clock: Clock) -> None:
    waits = Waits(clock)
    sessions = Sessions(5, room, Quota(clock), waits)
    for stream in range(4):
        waits.told(stream, 60.0)
    with sessions.entered("key"), sessions.entered("key"), sessions.entered("key"):
        assert sessions.state == "ready"
