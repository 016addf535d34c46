"""Decoded audio frames as sound: one channel of 32-bit floats at 16 kHz."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
# No codec's frame lasts longer; a header that says one sample a second makes hours of a few bytes.
LONGEST_FRAME = 10.0
# What sound is recorded at. From a damaged header's 900 MHz the resampler builds a filter for minutes on end.
SAMPLE_RATES = range(1_000, 384_001)


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound: ``time`` of its first sample in seconds of the session, ``samples`` float32 mono at 16 kHz."""

    time: float
    samples: NDArray[np.float32]


def plausible(frame: AudioFrame) -> bool:
    """Whether anybody records sound like this."""
    return frame.sample_rate in SAMPLE_RATES and 0 < frame.samples <= LONGEST_FRAME * frame.sample_rate


class Mono:
    """Makes one channel at 16 kHz of whatever comes."""

    def __init__(self) -> None:
        self._resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)

    def take(self, frame: AudioFrame) -> NDArray[np.float32] | None:
        """Convert the next frame; None where it does not fit the one before."""
        try:
            parts = [np.asarray(part.to_ndarray()[0], np.float32) for part in self._resampler.resample(frame)]
        except ValueError:
            return None  # the sound changed its format in mid-stream: keep what fits the first
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)
