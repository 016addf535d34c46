"""Decoded video frames as pictures: sampled by their times, in RGB, in the shape and the way up that was meant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import cv2
import numpy as np
from av.sidedata.sidedata import Type

from interhuman_stream.display import UPRIGHT, turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.buffer import Buffer
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter
    from numpy.typing import NDArray

    from interhuman_stream.display import Turn

PICTURES_PER_SECOND: Final = 10.0
# Times are rounded to a container's ticks.
JITTER: Final = 0.002
# The landmark model works on a 256-pixel crop: more than this on the long side only costs time.
LONGEST_SIDE: Final = 960


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


def asked_turn(frame: VideoFrame) -> Turn:
    """How a frame asks to be turned to stand upright.

    To be asked of key frames alone: a frame and its side data hold each other, until Python looks for circles.
    """
    matrix = cast("Mapping[Type, Buffer]", frame.side_data).get(Type.DISPLAYMATRIX)
    return UPRIGHT if matrix is None else turn(bytes(matrix))


def rgb(frame: VideoFrame, pixel: float, reformatter: VideoReformatter) -> NDArray[np.uint8]:
    """Convert to RGB, no larger than needed, in the shape that was meant.

    Args:
        frame: As it was decoded.
        pixel: The width of its pixels over their height.
        reformatter: Of the track. One of a frame's own has threads of its own.
    """
    width, height = frame.width * max(1.0, pixel), frame.height * max(1.0, 1 / pixel)
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    wide, high = max(2, round(width * scale)), max(2, round(height * scale))
    return np.asarray(reformatter.reformat(frame, wide, high, "rgb24", threads=1).to_ndarray(), np.uint8)


def turned(image: NDArray[np.uint8], how: Turn) -> NDArray[np.uint8]:
    """Mirror and turn a picture."""
    if how == UPRIGHT:
        return image
    if how.mirrored:
        image = image[:, ::-1]
    if how.quarters is not None:
        return np.ascontiguousarray(np.rot90(image, -how.quarters))
    return _turned_freely(np.ascontiguousarray(image), math.radians(how.angle))


def _turned_freely(image: NDArray[np.uint8], angle: float) -> NDArray[np.uint8]:
    """Turn by any angle, on black, the whole picture in sight."""
    height, width = image.shape[:2]
    cosine, sine = math.cos(angle), math.sin(angle)
    rotation = np.array([[cosine, -sine], [sine, cosine]])
    corners = rotation @ np.array([[0, width, 0, width], [0, 0, height, height]], np.float64)
    least = corners.min(axis=1)
    size = np.ceil(corners.max(axis=1) - least - 1e-6).astype(int)
    shown = cv2.warpAffine(image, np.column_stack((rotation, -least)), (int(size[0]), int(size[1])))
    return np.asarray(shown, np.uint8)
