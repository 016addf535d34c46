"""Where the time of a segment goes."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from interhuman_stream.findings import Spent, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


class Stopwatch:
    """Measures an analysis while it runs, and its stages by name. A stage belongs to one thread.

    It runs from the beginning; between ``pause`` and ``go`` others have their turn.
    """

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Count anew, from nothing."""
        self.stages: dict[str, Stage] = {}
        self._spent = Spent()
        self.go()

    def go(self) -> None:
        """Count from here on."""
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def pause(self) -> None:
        """Count no more until ``go``."""
        self._spent = self.spent
        self.go()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside for ``name``."""
        wall = time.perf_counter()
        try:
            yield
        finally:
            before = self.stages.get(name) or Stage(self._spent.wall + wall - self._wall)
            self.stages[name] = Stage(before.began, before.wall + time.perf_counter() - wall)

    def each(self, name: str, items: Iterator[T]) -> Iterator[T]:
        """Give the items, and count the time that each takes to come for ``name``."""
        while True:
            with self.stage(name):
                try:
                    item = next(items)
                except StopIteration:
                    return
            yield item

    @property
    def spent(self) -> Spent:
        """What it all took until now, or until the pause."""
        return Spent(
            self._spent.wall + time.perf_counter() - self._wall, self._spent.cpu + time.process_time() - self._cpu
        )
