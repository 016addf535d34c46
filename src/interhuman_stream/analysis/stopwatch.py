"""Where the time of a segment goes: wall and CPU seconds by stage."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds: ``wall`` by the clock, ``cpu`` of the whole process, decoding beside it included."""

    wall: float = 0.0
    cpu: float = 0.0


class Stopwatch:
    """Adds up what each named stage took; a stage may be entered many times."""

    def __init__(self) -> None:
        self.stages: dict[str, Spent] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside for ``name``."""
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            before = self.stages.get(name, Spent())
            self.stages[name] = Spent(before.wall + time.perf_counter() - wall, before.cpu + time.process_time() - cpu)
