"""Tracks of sound laid on each other by their times, so that a voice in any of them is heard."""

from __future__ import annotations

import math
from array import array
from fractions import Fraction
from operator import mul
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    Samples = array[int]

PIECE: Final = Fraction(1, 50)
"""Seconds of the pieces that are laid on each other."""
LAG: Final = 250
"""Pieces (5 s) by which tracks may come apart; one that stays behind for longer has nothing."""
JITTER: Final = 2
"""Pieces by which clocks jitter."""
THINNED: Final = 25
"""Every which sample is measured: odd, so that the channels come in turn."""
MOMENT: Final = 3
"""Pieces after which the weights may change. They, and the measures below, are those of the engine's mix."""
MEMORY: Final = 0.2
LIVELY_MEMORY: Final = 2.0
"""Seconds over which tracks are compared, and their liveliness is measured."""
QUIET: Final = 1e-4
"""A track this far below the loudest (in power, 40 dB) has nothing to say."""
LIVELY: Final = 4.0
STEADY: Final = 1.5
"""Decibels (standard deviation) by which a voice's loudness goes up and down at least, and a hum's at most."""
LONG_ENOUGH: Final = 1.0
"""Seconds after which that is believed."""
HUM_SHARE: Final = 0.05
ALIKE: Final = 0.5
"""The correlation of two microphones at one mouth, or (negative) of such a one whose wires are crossed."""
FLOOR: Final = 1e-12
FULL: Final = 1 << 30
"""The power of the loudest 16-bit samples."""


class Blend:
    """Lays tracks on each other.

    Args:
        tracks: How many.
        length: Samples of a piece, of all channels together.
    """

    def __init__(self, tracks: int, length: int) -> None:
        self._silence: Samples = array("h", bytes(2 * length))
        self._next: list[int | None] = [None] * tracks
        self._ended = [False] * tracks
        self._pieces: dict[int, list[Samples]] = {}
        self._given = -1
        self._weights = Weights(tracks)

    def add(self, track: int, time: Fraction, samples: Samples) -> list[tuple[int, Samples]]:
        """Add a track's next piece; return those that are complete, each with its number from the session's start."""
        place, due = round(time / PIECE), self._next[track]
        if due is not None and abs(place - due) <= JITTER:
            place = due
        if place > self._given:
            self._pieces.setdefault(place, [self._silence] * len(self._next))[track] = samples
        self._next[track] = place + 1
        return self._complete()

    def end(self, track: int) -> list[tuple[int, Samples]]:
        """Say that a track is over."""
        self._ended[track] = True
        return self._complete()

    def _complete(self) -> list[tuple[int, Samples]]:
        lead = max((place for place in self._next if place is not None), default=0)
        begun = min(self._pieces, default=lead)
        behind = [
            begun if place is None else place for place, ended in zip(self._next, self._ended, strict=True) if not ended
        ]
        reached = min((place for place in behind if place >= lead - LAG), default=lead)
        places = sorted(place for place in self._pieces if place < reached)
        self._given = max(self._given, *places, -1)
        return [(place, self._weights.mixed(self._pieces.pop(place))) for place in places]


class Weights:
    """How much of each track is taken: silence and hum give way to a voice, and one voice is not taken twice."""

    def __init__(self, tracks: int) -> None:
        self._weights = [1 / tracks] * tracks
        self._numbers = range(tracks)
        self._gathered = self._zeros()
        self._power: list[list[float]] | None = None
        self._level = [0.0] * tracks
        self._variance = [0.0] * tracks
        self._pieces = 0
        self._moments = 0

    def mixed(self, parts: Sequence[Samples]) -> Samples:
        """Mix pieces of the same time."""
        self._gather(parts)
        before = self._weights
        if self._power is None or self._pieces >= MOMENT:
            self._measure()
            self._weights = self._weigh()
        length = len(parts[0])
        mixed = [0.0] * length
        for part, old, new in zip(parts, before, self._weights, strict=True):
            if old == new:
                mixed = [one + new * two for one, two in zip(mixed, part, strict=True)] if new else mixed
            else:
                step = (new - old) / length
                gains = (old + step * number for number in range(length))
                mixed = [one + gain * two for one, gain, two in zip(mixed, gains, part, strict=True)]
        # The weights add up to 1: what is in 16 bits stays in them.
        return array("h", map(int, mixed))

    def _zeros(self) -> list[list[float]]:
        return [[0.0] * len(self._numbers) for _ in self._numbers]

    def _gather(self, parts: Sequence[Samples]) -> None:
        thin = [part[::THINNED] for part in parts]
        for one in self._numbers:
            for two in range(one + 1):
                self._gathered[one][two] += sum(map(mul, thin[one], thin[two])) / len(thin[one]) / FULL
        self._pieces += 1

    def _measure(self) -> None:
        seconds = float(self._pieces * PIECE)
        power = [[each / self._pieces for each in row] for row in self._gathered]
        self._gathered, self._pieces = self._zeros(), 0
        level = [10 * math.log10(power[number][number] + FLOOR) for number in self._numbers]
        self._moments += 1
        if self._power is None:
            self._power, self._level = power, level
            return
        keep, keep_long = math.exp(-seconds / MEMORY), math.exp(-seconds / LIVELY_MEMORY)
        self._power = [
            [keep * old + (1 - keep) * new for old, new in zip(*rows, strict=True)]
            for rows in zip(self._power, power, strict=True)
        ]
        for number in self._numbers:
            off = level[number] - self._level[number]
            self._level[number] += (1 - keep_long) * off
            self._variance[number] = keep_long * (self._variance[number] + (1 - keep_long) * off * off)

    def _weigh(self) -> list[float]:
        assert self._power is not None  # noqa: S101 - measured before
        energy = [self._power[number][number] for number in self._numbers]
        loudest = max(energy)
        weights = [float(each > QUIET * loudest and each > FLOOR) for each in energy]
        if not any(weights):
            return self._weights
        spread = [math.sqrt(each) for each in self._variance]
        lively = any(weight and each > LIVELY for weight, each in zip(weights, spread, strict=True))
        if lively and self._moments * MOMENT * PIECE >= LONG_ENOUGH:
            weights = [
                weight * HUM_SHARE if each < STEADY else weight for weight, each in zip(weights, spread, strict=True)
            ]
        for one in self._numbers:
            for two in range(one):
                alike = abs(self._power[one][two]) / math.sqrt(energy[one] * energy[two] + FLOOR**2)
                if weights[one] and weights[two] and alike > ALIKE:
                    weights[one if energy[one] <= energy[two] else two] = 0.0
        return [weight / sum(weights) for weight in weights]
