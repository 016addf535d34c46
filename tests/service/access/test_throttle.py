"""Who guesses waits, whoever else comes does not; and it takes no more memory for more addresses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.service.access import throttle as module
from interhuman_stream.service.access.throttle import Throttle

HERE, THERE = "203.0.113.1", "198.51.100.1"


class Clock:
    """Time that passes when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def guess(throttle: Throttle, address: str, times: int, credential: str = "") -> int:
    """Try ``times`` credentials, all different unless one is named; give how many were looked at."""
    looked_at = 0
    for number in range(times):
        tried = credential or f"{address} {number}"
        if not throttle.wait(address, tried):
            throttle.failed(address, tried)
            looked_at += 1
    return looked_at


def test_an_address_may_guess_so_often_a_minute_and_no_other_is_held_up() -> None:
    throttle = Throttle(60, clock := Clock())
    assert guess(throttle, HERE, 1000) == 60
    assert throttle.wait(HERE, "right") == 1
    assert throttle.wait(THERE, "right") == 0
    clock.now += 1
    assert throttle.wait(HERE, "right") == 0
    clock.now += 60
    assert guess(throttle, HERE, 1000) == 60


def test_whoever_repeats_a_wrong_credential_locks_nobody_out_at_the_same_address() -> None:
    throttle = Throttle(60, clock := Clock())
    for _ in range(600):  # ten minutes, once a second
        guess(throttle, HERE, 1, "broken script")
        clock.now += 1
    guess(throttle, HERE, 10, "broken script")
    assert throttle.wait(HERE, "broken script") > 0
    assert throttle.wait(HERE, "a colleague's") == 0


def test_a_key_guessed_at_from_elsewhere_still_works_at_home() -> None:
    throttle = Throttle(60, Clock())
    for number in range(1000):
        guess(throttle, f"192.0.2.{number % 250}", 1, "ihk_of_the_clinic")
    assert throttle.wait(HERE, "ihk_of_the_clinic") == 0


def test_when_many_addresses_guess_together_each_may_less_and_the_clean_stay_free() -> None:
    throttle = Throttle(60, Clock())
    for number in range(1000):
        guess(throttle, f"10.0.{number // 250}.{number % 250}", 1)
    assert guess(throttle, THERE, 100) == 10
    assert throttle.wait(HERE, "right") == 0


def test_a_subscribers_addresses_of_version_6_are_one() -> None:
    throttle = Throttle(60, Clock())
    looked_at = sum(guess(throttle, f"2001:db8:0:1::{number:x}", 1) for number in range(200))
    assert looked_at == 60
    assert throttle.wait("2001:db8:0:2::1", "right") == 0
    guess(throttle, f"::ffff:{HERE}", 100)
    assert throttle.wait(HERE, "right") > 0
    assert throttle.wait("::ffff:198.51.100.7", "right") == 0


def test_it_remembers_no_more_than_so_many() -> None:
    throttle = Throttle(60, Clock())
    for number in range(25_000):
        throttle.failed(f"address {number}", str(number))
    assert throttle.remembered == 2 * module.MOST_REMEMBERED


@given(
    st.integers(1, 200),
    st.lists(st.tuples(st.sampled_from([HERE, THERE]), st.integers(0, 3), st.floats(0, 30)), max_size=200),
)
def test_it_never_keeps_anybody_waiting_for_longer_than_it_says(
    a_minute: int, tries: list[tuple[str, int, float]]
) -> None:
    throttle = Throttle(a_minute, clock := Clock())
    for address, number, pause in tries:
        clock.now += pause
        if wait := throttle.wait(address, str(number)):
            assert wait <= 61
            clock.now += wait + 0.001
        assert throttle.wait(address, str(number)) == 0
        throttle.failed(address, str(number))
