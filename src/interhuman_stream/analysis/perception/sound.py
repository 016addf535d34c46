"""Sound laid end to end by its times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.media.stream import Sound

# Gaps up to this are filled with silence; sound that is further on starts anew. After twenty seconds of nothing at all
# the voice model misses the first word.
LONGEST_GAP = 5.0
# Seconds. Clocks jitter by a few milliseconds: only a gap that can be heard is the end of one sound.
LEAST_GAP = 0.02


@dataclass(frozen=True, slots=True)
class Waveform:
    """``samples`` float32 mono at 16 kHz that begin at ``start`` seconds of the session."""

    start: float
    samples: NDArray[np.float32]

    @property
    def end(self) -> float:
        """Seconds of the session."""
        return self.start + len(self.samples) / SAMPLE_RATE

    def since(self, start: float) -> Waveform:
        """The part from ``start`` seconds on."""
        skip = max(0, round((start - self.start) * SAMPLE_RATE))
        return Waveform(self.start + skip / SAMPLE_RATE, self.samples[skip:])


def following(sound: Sound, end: float | None) -> Waveform:
    """The sound as it follows on what ended at ``end`` seconds, the gap between them filled; alone where none does."""
    if end is None or sound.time - end > LONGEST_GAP:
        return Waveform(sound.time, sound.samples)
    gap = sound.time - end
    if gap > LEAST_GAP:
        return Waveform(end, np.concatenate((np.zeros(round(gap * SAMPLE_RATE), np.float32), sound.samples)))
    if gap < -LEAST_GAP:
        return Waveform(end, sound.samples[round(-gap * SAMPLE_RATE) :])
    return Waveform(end, sound.samples)
