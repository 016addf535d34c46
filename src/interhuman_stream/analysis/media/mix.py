"""Several channels into one, so that a voice in any of them is heard: none cancels another, none drowns it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of all sound that is perceived, in samples a second: what the models of the voice and the words hear.
SAMPLE_RATE: Final = 16_000
# Samples after which the mix may change: a sixteenth of a second.
MOMENT: Final = 1000
# Seconds over which channels are compared, and their liveliness is measured.
MEMORY: Final = 0.2
LIVELY_MEMORY: Final = 2.0
# A channel this far below the loudest (in power, 40 dB) has nothing to say.
QUIET: Final = 1e-4
# Two microphones at one mouth agree; wires crossed, they disagree (below its negative). Between, all stays as it was.
AGREEING: Final = 0.5
# A voice's loudness goes up and down by more than this, in dB (standard deviation); a hum's by less.
LIVELY: Final = 4.0
STEADY: Final = 1.5
LONG_ENOUGH: Final = 1.0
HUM_SHARE: Final = 0.05
FLOOR: Final = 1e-12


class Mix:
    """Mixes ``channels`` channels, and remembers what they were like."""

    def __init__(self, channels: int) -> None:
        self._weights = np.full(channels, 1 / channels)
        self._signs = np.ones(channels)
        self._power: NDArray[np.float64] | None = None
        self._level = np.zeros(channels)
        self._variance = np.zeros(channels)
        self._seconds = 0.0
        self._gathered = np.zeros((channels, channels))
        self._samples = 0

    def take(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mix the next stretch of sound: channels × samples at 16 kHz into samples."""
        channels, length = block.shape
        if channels == 1 or not length:
            return np.asarray(block[0], np.float32)
        parts = [self._mixed(block[:, at : at + MOMENT]) for at in range(0, length, MOMENT)]
        return np.concatenate(parts) if len(parts) > 1 else parts[0]

    def _mixed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        length = block.shape[1]
        before, first = self._weights, self._power is None
        # Not `@`: a linear algebra library starts threads for it, which cost more than so small a product.
        self._gathered += np.einsum("ct,dt->cd", block, block)
        self._samples += length
        if first or self._samples >= MOMENT:
            self._measure(self._gathered / self._samples, self._samples / SAMPLE_RATE)
            self._gathered, self._samples = np.zeros_like(self._gathered), 0
            self._weights = self._weigh()
        if first or np.array_equal(before, self._weights):
            return np.asarray(np.einsum("c,ct->t", self._weights, block), np.float32)
        ramp = np.linspace(0.0, 1.0, length, endpoint=False)
        gains = before[:, None] + (self._weights - before)[:, None] * ramp
        return np.asarray((gains * block).sum(axis=0), np.float32)

    def _measure(self, power: NDArray[np.float64], seconds: float) -> None:
        level = 10 * np.log10(np.diag(power) + FLOOR)
        if self._power is None:
            self._power, self._level = power, level
        else:
            keep = math.exp(-seconds / MEMORY)
            self._power = keep * self._power + (1 - keep) * power
            keep = math.exp(-seconds / LIVELY_MEMORY)
            off = level - self._level
            self._level = self._level + (1 - keep) * off
            self._variance = keep * (self._variance + (1 - keep) * off * off)
        self._seconds += seconds

    def _weigh(self) -> NDArray[np.float64]:
        assert self._power is not None  # noqa: S101 - measured before
        energy = np.diag(self._power)
        weights = (energy > QUIET * energy.max()).astype(np.float64)
        if not weights.any():
            return self._weights
        spread = np.sqrt(self._variance)
        if (spread[weights > 0] > LIVELY).any() and self._seconds >= LONG_ENOUGH:
            weights[spread < STEADY] *= HUM_SHARE
        self._signs = self._signed(energy)
        return np.asarray(weights * self._signs / weights.sum(), np.float64)

    def _signed(self, energy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Which way round each channel is: as the one, of those that are louder, that it has most in common with."""
        assert self._power is not None  # noqa: S101 - measured before
        agreement = self._power / np.sqrt(np.outer(energy, energy) + FLOOR**2)
        signs, louder = self._signs.copy(), list[int]()
        for channel in np.argsort(-energy, kind="stable").tolist():
            if louder:
                like = max(louder, key=lambda other: abs(float(agreement[channel, other])))
                if abs(agreement[channel, like]) > AGREEING:
                    signs[channel] = np.sign(agreement[channel, like]) * signs[like]
            louder.append(channel)
        return signs
