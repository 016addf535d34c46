"""A segment's sound in one piece, with a little of what came before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.media.stream import SAMPLE_RATE, Sound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Gaps up to this are filled with silence; sound that is further on starts anew.
LONGEST_GAP = 30.0
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

    def followed_by(self, later: Waveform) -> Waveform:
        """Both in one, where ``later`` follows; else ``later`` alone."""
        if not len(self.samples) or abs(later.start - self.end) > LEAST_GAP:
            return later
        return Waveform(self.start, np.concatenate((self.samples, later.samples)))


def assemble(sounds: Sequence[Sound], start: float) -> Waveform | None:
    """Lay stretches of sound end to end by their times; None where there is none.

    Clocks jitter by a few milliseconds: only a gap that can be heard becomes silence, and overlap is cut.
    """
    parts: list[NDArray[np.float32]] = []
    begin = at = start
    for sound in sounds:
        samples = sound.samples
        gap = sound.time - at
        if not parts or gap > LONGEST_GAP:
            parts, begin, at = [], sound.time, sound.time
        elif gap > LEAST_GAP:
            parts.append(np.zeros(round(gap * SAMPLE_RATE), np.float32))
            at += gap
        elif gap < -LEAST_GAP:
            samples = samples[round(-gap * SAMPLE_RATE) :]
        parts.append(samples)
        at += len(samples) / SAMPLE_RATE
    if not parts:
        return None
    return Waveform(begin, np.concatenate(parts))
