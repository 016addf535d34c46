"""The sound's spectrum, frame by frame as the sound comes: how much it turns, and how sharp it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.tracks import FRAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Half the time between the spectra that are compared, and half the time over which each is taken, in frames.
HALF_LAG, HALF_SMOOTH = 2, 1
REACH = HALF_LAG + HALF_SMOOTH
ROOT = 0.25  # how band powers are made even
ALPHA = (50.0, 1000.0, 5000.0)  # Hz
# The edges of 20 bands from 120 to 4500 Hz, equally wide to the ear (mel), as indices into a spectrum of four frames.
MEL = 1127 * np.log1p(np.array((120.0, 4500.0)) / 700)
BANDS = np.searchsorted(
    np.fft.rfftfreq(4 * FRAME, 1 / SAMPLE_RATE), 700 * np.expm1(np.linspace(MEL[0], MEL[1], 21) / 1127)
)
WINDOW = np.hanning(2 * FRAME)


class Spectrum:
    """Carries what the next frames need of the sound before them, so that they do not depend on how it is cut."""

    def __init__(self) -> None:
        self._sound: NDArray[np.float32] = np.zeros(FRAME // 2, np.float32)
        self._bands: NDArray[np.float64] = np.zeros((0, len(BANDS) - 1))
        self._last: float | None = None  # the change of the last frame that has one
        self._frames = 0

    def push(self, samples: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Take in sound; return the spectral change and the sharpness of the frames for which each is known now.

        Change is 0 (held) to about 1 (another sound): how far the spectrum's shape turns in 64 ms around the frame.
        Sharpness is the alpha ratio in dB (Sundberg & Nordenberg 2006): effort puts more of a voice high up.
        """
        self._sound = np.concatenate((self._sound, samples))
        count = max(0, (len(self._sound) - FRAME) // FRAME)
        if not count:
            return np.zeros(0), np.zeros(0)
        windows = np.lib.stride_tricks.sliding_window_view(self._sound, 2 * FRAME)[::FRAME][:count]
        power = np.abs(np.fft.rfft(windows * WINDOW, 4 * FRAME)) ** 2
        self._sound = self._sound[count * FRAME :]
        self._frames += count
        self._bands = np.concatenate((self._bands, np.add.reduceat(power, BANDS, axis=1)[:, :-1]))
        change = _change(self._bands)
        self._bands = self._bands[-2 * REACH :]
        if len(change):
            if self._last is None:  # the first frames have nothing before them: they are as the first that has
                change = np.concatenate((np.full(REACH, change[0]), change))
            self._last = float(change[-1])
        return change, _sharpness(power)

    def finish(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """No sound follows: the last frames, as far as they go."""
        change, sharpness = self.push(np.zeros(FRAME // 2, np.float32))
        rest = np.ones(self._frames) if self._last is None else np.full(REACH, self._last)
        return np.concatenate((change, rest)), sharpness


def _change(bands: NDArray[np.float64]) -> NDArray[np.float64]:
    """The change of each frame that has ``REACH`` frames on both sides.

    Roots of band powers, not their logarithms: a steady noise then adds little that moves.
    """
    if len(bands) <= 2 * REACH:
        return np.zeros(0)
    smooth = (bands[:-2] + bands[1:-1] + bands[2:]) / 3
    shape = (smooth + 1e-12) ** ROOT
    shape /= np.linalg.norm(shape, axis=1, keepdims=True)
    likeness = np.sum(shape[2 * HALF_LAG :] * shape[: -2 * HALF_LAG], axis=1)
    return np.asarray(np.sqrt(np.maximum(1 - likeness, 0.0)))


def _sharpness(power: NDArray[np.float64]) -> NDArray[np.float64]:
    low, middle, high = (round(hertz * 4 * FRAME / SAMPLE_RATE) for hertz in ALPHA)
    below, above = power[:, low:middle].sum(axis=1), power[:, middle:high].sum(axis=1)
    return np.asarray(10 * np.log10((above + 1e-12) / (below + 1e-12)))
