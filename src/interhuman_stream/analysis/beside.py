"""Work done in a thread of its own, beside the caller's, in order and never far behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

T = TypeVar("T")


class Beside(Generic[T]):
    """Does ``work`` with one thing after the other; leave the context to have all of it done.

    Args:
        work: What is done with each thing.
        most: How many may wait to be done.

    Raises:
        Exception: What ``work`` raised, as the context is left. It is not done with what came behind.
    """

    def __init__(self, work: Callable[[T], object], most: int) -> None:
        self._work = work
        self._room = BoundedSemaphore(most)
        self._thread = ThreadPoolExecutor(1, "beside")
        self._failure: BaseException | None = None

    def __enter__(self) -> Beside[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        if self._failure and error is None:
            raise self._failure

    def give(self, thing: T) -> None:
        """Hand over the next thing; waits while there are as many as may wait."""
        self._room.acquire()
        self._thread.submit(self._do, thing)

    def _do(self, thing: T) -> None:
        try:
            if self._failure is None:
                self._work(thing)
        except BaseException as failure:  # noqa: BLE001 - raised where the caller sees it
            self._failure = failure
        finally:
            self._room.release()
