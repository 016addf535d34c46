"""Where the time of a segment goes."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from interhuman_stream.findings import Spent, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator


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
