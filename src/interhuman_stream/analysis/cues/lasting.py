"""What a face holds for a while: the stretches in which something shows, each as strong as its median there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.cues.cue import ramp
from interhuman_stream.analysis.perception.tracks import joined, spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from interhuman_stream.analysis.cues.kind import CueKind
    from interhuman_stream.findings import Cue

# Seconds that one picture stands for.
SAMPLE = 0.1
# A blink, or one bad picture, is no end.
GAP = 0.25


def lasting(
    kind: CueKind,
    phrase: str,
    time: NDArray[np.float64],
    value: NDArray[np.float64],
    shows: NDArray[np.bool_],
    shortest: float,
    strong: tuple[float, float],
    gap: float = GAP,
) -> Iterator[Cue]:
    """Find where something shows for long enough.

    Args:
        kind: Of cue.
        phrase: What was seen.
        time: n, seconds.
        value: n, how much it shows.
        shows: n, whether it does.
        shortest: Seconds it must last.
        strong: The values at which its strength is 0 and 1.
        gap: Seconds for which it may stop.
    """
    for span in joined(spans(shows, time, SAMPLE), gap, shortest):
        inside = (time >= span.start) & (time <= span.end)
        strength = ramp(float(np.nanmedian(value[inside])), *strong)
        yield kind.found(span.start, span.end, strength, phrase)
