"""How a stored picture is meant to be shown: turned or mirrored, with pixels that need not be square."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

FIXED_POINT: Final = 65536
MATRIX: Final = struct.Struct("=9i")
# Below this, in degrees, a turn is none.
LEAST_TURN: Final = 1.0
# Anamorphic video goes up to 2:1 or so; more is damage.
MOST_SQUEEZED: Final = 8
SQUARE: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A picture is mirrored left to right, or not, and then turned.

    Attributes:
        angle: Clockwise, in degrees from 0 to 360; whole quarters are exact.
        mirrored: Whether it is mirrored before.
    """

    angle: float
    mirrored: bool = False

    @property
    def quarters(self) -> int | None:
        """The turn in quarters; None where it is another angle."""
        quarters = self.angle / 90
        return int(quarters) if quarters == int(quarters) else None


UPRIGHT: Final = Turn(0.0)


def turn(matrix: bytes) -> Turn:
    """What a display matrix asks for: a b u, c d v, x y w (ISO/IEC 14496-12, 6.2.2), as FFmpeg keeps it.

    A pixel at (x, y), y downwards, is shown at (a·x + c·y, b·x + d·y). What would show the picture as a line is damage,
    and no turn.
    """
    numbers = MATRIX.unpack(matrix)
    a, b, c, d = (numbers[index] / FIXED_POINT for index in (0, 1, 3, 4))
    determinant = a * d - b * c
    if not determinant:
        return UPRIGHT
    mirrored = determinant < 0
    angle = math.degrees(math.atan2(-b, -a) if mirrored else math.atan2(b, a)) % 360
    nearest = round(angle / 90) * 90
    return Turn(float(nearest % 360) if abs(angle - nearest) < LEAST_TURN else angle, mirrored)


class _Codec(Protocol):
    @property
    def sample_aspect_ratio(self) -> Fraction | None: ...


class _Stream(Protocol):
    @property
    def sample_aspect_ratio(self) -> Fraction | None: ...
    @property
    def codec_context(self) -> _Codec: ...


class Shape:
    """How wide a track's pixels are for their height; the track is PyAV's.

    The container's word counts; where it has none, the codec's does, which may change with the next key frame.
    """

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._container = stream.sample_aspect_ratio
        self._codec = stream.codec_context.sample_aspect_ratio

    @property
    def pixel(self) -> Fraction:
        """Width of a pixel over its height; 1 where nothing credible is said."""
        now = self._stream.codec_context.sample_aspect_ratio
        said = now if now and now != self._codec and self._container == self._codec else self._container
        ratio = said or SQUARE
        return ratio if Fraction(1, MOST_SQUEEZED) <= ratio <= MOST_SQUEEZED else SQUARE
