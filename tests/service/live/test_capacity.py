"""How many streams the machine carries follows from what their video costs."""

from __future__ import annotations

import pytest

from interhuman_stream.engine.pool import Capacity
from interhuman_stream.findings import Findings, Spent
from interhuman_stream.service.live.capacity import StreamCapacity
from interhuman_stream.signals import ConversationQuality


def analysed(seconds: float, wall: float, cpu: float) -> Findings:
    quality = ConversationQuality(50, 50, 50, 50, 50)
    return Findings(0.0, seconds, (), (), quality, True, True, spent=Spent(wall, cpu))


def two_cores() -> Capacity:
    return Capacity(workers=2, cores=2, cost=0.13)


def test_it_follows_the_cost_of_video() -> None:
    room = StreamCapacity(two_cores)
    room.expect()
    expected = room.streams
    assert expected == 11  # 0.75 × 2 / 0.13
    for _ in range(300):
        room.analysed(analysed(5.0, wall=0.2, cpu=0.25))
    assert room.ratio == pytest.approx(0.04, rel=0.05)
    assert room.streams > 2 * expected
    for _ in range(300):
        room.analysed(analysed(5.0, wall=1.0, cpu=2.0))  # two cores at once: the cores are what is scarce
    assert room.streams == 3


def test_one_dear_stream_does_not_close_the_door_for_good() -> None:
    room = StreamCapacity(two_cores)
    for _ in range(100):
        room.analysed(analysed(5.0, wall=30.0, cpu=30.0))
    assert room.streams == 2


def test_a_segment_without_length_is_work_all_the_same() -> None:
    room = StreamCapacity(two_cores)
    before = room.ratio
    room.analysed(analysed(0.0, wall=1.0, cpu=1.0))
    assert room.ratio > before
