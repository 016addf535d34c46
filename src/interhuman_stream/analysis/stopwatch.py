"""Where the time of a segment goes."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. Several run beside each other, so that what they take is more than the whole.

    Attributes:
        began: Seconds from the start of the whole.
        wall: Seconds it was at work, by the clock.
    """

    began: float
    wall: float = 0.0


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the whole: ``wall`` by the clock, ``cpu`` of all threads of the process."""

    wall: float = 0.0
    cpu: float = 0.0


class Stopwatch:
    """Measures an analysis from here on, and its stages by name. A stage belongs to one thread."""

    def __init__(self) -> None:
        self.stages: dict[str, Stage] = {}
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside for ``name``."""
        wall = time.perf_counter()
        try:
            yield
        finally:
            before = self.stages.get(name) or Stage(wall - self._wall)
            self.stages[name] = Stage(before.began, before.wall + time.perf_counter() - wall)

    @property
    def spent(self) -> Spent:
        """What it all took until now."""
        return Spent(time.perf_counter() - self._wall, time.process_time() - self._cpu)
