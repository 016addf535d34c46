"""Decoded video frames as pictures: sampled by their times, upright, in RGB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from numpy.typing import NDArray

PICTURES_PER_SECOND = 10.0
# Times are rounded to a container's ticks.
JITTER = 0.002
# The landmark model works on a 256-pixel crop: more than this on the long side only costs time.
LONGEST_SIDE = 960


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
        """Whether the frame at ``time`` is the next; times must only run forward."""
        if time < self._due - JITTER:
            return False
        on_the_beat = time - self._due < 1 / PICTURES_PER_SECOND
        self._due = (self._due if on_the_beat else time) + 1 / PICTURES_PER_SECOND
        return True


def upright_rgb(frame: VideoFrame) -> NDArray[np.uint8]:
    """Convert to RGB, no larger than needed, turned as the file's display matrix says (a phone held upright)."""
    scale = min(1.0, LONGEST_SIDE / max(frame.width, frame.height))
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    image = np.asarray(frame.to_ndarray(format="rgb24", width=width, height=height), np.uint8)
    quarter_turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, quarter_turns)) if quarter_turns else image
