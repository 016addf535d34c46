"""What a key has used in the last hour is counted, and forgotten after it."""

from __future__ import annotations

from types import SimpleNamespace

from hypothesis import example, given
from hypothesis import strategies as st

from interhuman_stream.service.access.quota import HOUR, SLOT, Allowance, Quota


def test_a_key_waits_until_enough_of_its_hour_has_passed() -> None:
    clock = SimpleNamespace(now=0.0)
    quota = Quota(lambda: clock.now)
    allowance = Allowance(bytes_an_hour=100, video_seconds_an_hour=10.0)
    assert quota.wait("a", allowance) == 0
    quota.opened("a")
    quota.used("a", size=60, seconds=5)
    assert quota.wait("a", allowance) == 0
    clock.now = 600.0
    quota.used("a", size=60)
    assert quota.wait("a", allowance) == HOUR - 600  # then the first sixty are forgotten
    assert quota.wait("a", Allowance()) == 0
    assert quota.wait("b", allowance) == 0
    clock.now = HOUR
    assert quota.wait("a", allowance) == 0
    quota.used("a", seconds=11)
    assert quota.wait("a", allowance) == HOUR
    assert quota.wait("a", Allowance(bytes_an_hour=0)) == HOUR


def test_keys_that_are_gone_take_no_memory() -> None:
    clock = SimpleNamespace(now=0.0)
    quota = Quota(lambda: clock.now)
    for number in range(1000):
        quota.opened(str(number))
        quota.used(str(number), size=1)
        quota.closed(str(number))
    clock.now = HOUR + 1
    quota.opened("last")
    assert list(quota._use) == ["last"]


@example([(1.3039604115953125, 0), (495.0, 50), (0.0, 50)])  # named 3601 s once
@given(st.lists(st.tuples(st.floats(0, 900), st.integers(0, 50)), max_size=40))
def test_after_the_wait_there_is_room_and_not_a_minute_earlier(uses: list[tuple[float, int]]) -> None:
    clock, allowance = SimpleNamespace(now=0.0), Allowance(bytes_an_hour=100)
    quota = Quota(lambda: clock.now)
    quota.opened("a")
    for pause, size in uses:
        clock.now += pause
        quota.used("a", size=size)
    wait = quota.wait("a", allowance)
    assert 0 <= wait <= HOUR
    if wait > 1:
        clock.now += wait - 2
        assert quota.wait("a", allowance) > 0
        clock.now += 2
        assert quota.wait("a", allowance) == 0
        assert len(quota._use["a"].slots) <= HOUR / SLOT + 1
