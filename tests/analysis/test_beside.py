"""What is done beside the caller is done in order, all of it, never far behind; and its failure is the caller's."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.analysis.beside import Beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def test_all_is_done_in_order_when_the_context_is_left() -> None:
    done: list[int] = []
    with Beside(done.append, 3) as beside:
        for number in range(100):
            beside.give(number)
    assert done == list(range(100))


def test_no_more_wait_than_may() -> None:
    go, given = threading.Event(), list[int]()

    def give(beside: Beside[int]) -> None:
        for number in range(10):
            beside.give(number)
            given.append(number)

    with Beside(lambda _number: go.wait(10), 3) as beside:
        giving = threading.Thread(target=give, args=(beside,))
        giving.start()
        giving.join(0.3)
        assert len(given) == 3
        go.set()
        giving.join(10)
    assert len(given) == 10


def test_what_fails_is_raised_and_ends_the_work() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 2:
            raise MemoryError
        done.append(number)

    with pytest.raises(MemoryError):
        _give_all(work, range(5))
    assert done == [0, 1]


def test_the_callers_own_failure_goes_first() -> None:
    def work(_number: int) -> None:
        raise MemoryError

    def numbers() -> Iterator[int]:
        yield 1
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        _give_all(work, numbers())


def _give_all(work: Callable[[int], None], numbers: Iterable[int]) -> None:
    with Beside(work, 2) as beside:
        for number in numbers:
            beside.give(number)
