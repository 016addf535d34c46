"""Decoded video frames as pictures: sampled by their times, in RGB, in the shape and the way up that was meant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast

import cv2
import numpy as np
from av.sidedata.sidedata import Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.buffer import Buffer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

PICTURES_PER_SECOND: Final = 10.0
# Times are rounded to a container's ticks.
JITTER: Final = 0.002
# The landmark model works on a 256-pixel crop: more than this on the long side only costs time.
LONGEST_SIDE: Final = 960
# Anamorphic video goes up to 2:1 or so; more is damage.
MOST_SQUEEZED: Final = 8
# Below this, in degrees, a turn is none.
LEAST_TURN: Final = 1.0
FIXED_POINT: Final = 65536


@dataclass(frozen=True, slots=True)
class Picture:
    """One sampled frame: ``time`` in seconds of the session, ``image`` H×W×3 uint8 RGB, upright."""

    time: float
    image: NDArray[np.uint8]


class Sampling:
    """Which frames are looked at: about ten a second, told by their times alone."""

    def __init__(self) -> None:
        self._due = float("-inf")

    def takes(self, time: float) -> bool:
        """Whether the frame at ``time`` is the next one; what lies before the last never is."""
        if time < self._due - JITTER:
            return False
        on_the_beat = time - self._due < 1 / PICTURES_PER_SECOND
        self._due = (self._due if on_the_beat else time) + 1 / PICTURES_PER_SECOND
        return True


class Shape:
    """How wide a track's pixels are for their height.

    The container's word counts; where it has none, the codec's does, which may change with the next key frame.
    """

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        self._container = stream.sample_aspect_ratio
        self._codec = stream.codec_context.sample_aspect_ratio

    @property
    def pixel(self) -> float:
        """Width of a pixel over its height; 1 where nothing credible is said."""
        now = self._stream.codec_context.sample_aspect_ratio
        said = now if now != self._codec and self._container == self._codec else self._container
        ratio = float(said or Fraction(1))
        return ratio if 1 / MOST_SQUEEZED <= ratio <= MOST_SQUEEZED else 1.0


def upright_rgb(frame: VideoFrame, pixel: float = 1.0) -> NDArray[np.uint8]:
    """Convert to RGB, no larger than needed, as it is meant to be shown.

    Args:
        frame: As it was decoded.
        pixel: The width of its pixels over their height.
    """
    width, height = frame.width * max(1.0, pixel), frame.height * max(1.0, 1 / pixel)
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    wide, high = max(2, round(width * scale)), max(2, round(height * scale))
    image = np.asarray(frame.to_ndarray(format="rgb24", width=wide, height=high), np.uint8)
    side_data = cast("Mapping[Type, Buffer]", frame.side_data)
    matrix = side_data.get(Type.DISPLAYMATRIX)
    return image if matrix is None else turned(image, np.frombuffer(bytes(matrix), np.int32))


def turned(image: NDArray[np.uint8], matrix: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Turn and mirror a picture as a display matrix says: a b u, c d v, x y w (ISO/IEC 14496-12, 6.2.2).

    A pixel at (x, y) is shown at (a·x + c·y, b·x + d·y).
    """
    a, b, c, d = (float(matrix[index]) / FIXED_POINT for index in (0, 1, 3, 4))
    across, down = math.hypot(a, b), math.hypot(c, d)
    if not across or not down:
        return image  # it would be shown as a line: damage
    a, b, c, d = a / across, b / across, c / down, d / down
    off = math.degrees(math.atan2(b, a)) % 90
    if min(off, 90 - off) < LEAST_TURN:
        if abs(a) < abs(b):
            image, a, d = image.transpose(1, 0, 2), c, b
        return np.ascontiguousarray(image[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1])
    return _turned_freely(image, np.array([[a, c], [b, d]]))


def _turned_freely(image: NDArray[np.uint8], turn: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Turn by any angle, on black, the whole picture in sight."""
    height, width = image.shape[:2]
    corners = turn @ np.array([[0, width, 0, width], [0, 0, height, height]], np.float64)
    least = corners.min(axis=1)
    size = np.ceil(corners.max(axis=1) - least - 1e-6).astype(int)
    shown = cv2.warpAffine(image, np.column_stack((turn, -least)), (int(size[0]), int(size[1])))
    return np.asarray(shown, np.uint8)
