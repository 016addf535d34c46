"""What a worker may use before it is ended, and a piece before it is given up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GIB: Final = 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one worker process and of what it works on.

    Attributes:
        segment_seconds: Seconds of CPU time that one piece of a stream may take before it is given up (by the clock,
            see ``host.PATIENCE``). Five seconds of video take about one (docs/benchmarks.md).
        file_seconds: Seconds that a whole file may take likewise. 32 MB may hold half an hour.
        memory: Bytes of address space, most of which is only set aside. A worker with its models takes 1.7 GB, with
            the larger recogniser 2.8, 0.1 for each stream with a decoder, and an 8K picture in each of a decoder's
            reference buffers 1.0.
        step_seconds: Seconds that one step, about a second of media, may take by the clock, and in CPU time, before
            its worker is ended.
    """

    segment_seconds: float = 30.0
    file_seconds: float = 600.0
    memory: int = 5 * GIB
    step_seconds: float = 20.0
