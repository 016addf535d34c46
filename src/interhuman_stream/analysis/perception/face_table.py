"""What was measured of a face, picture after picture, in columns that grow: asking for all of it copies nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.perception.face_model import BLENDSHAPES
from interhuman_stream.analysis.perception.tracks import FaceTrack

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Numbers in each column that is wider than one; and pictures to make room for at first, half a minute of them.
WIDTHS: Final = {"pose": 3, "gaze": 2, "box": 4, "shapes": len(BLENDSHAPES)}
ROOM: Final = 300


@dataclass(frozen=True, slots=True)
class FaceSample:
    """The face in one picture, by the names and units of ``FaceTrack``; what is not known is NaN."""

    time: float
    pose: tuple[float, float, float] = (math.nan,) * 3
    gaze: tuple[float, float] = (math.nan,) * 2
    shapes: NDArray[np.float32] | float = math.nan
    brow: float = math.nan
    aperture: float = math.nan
    light: float = math.nan
    detail: float = math.nan
    shown: float = math.nan
    width: float = math.nan
    vacant: float = math.nan
    box: tuple[float, float, float, float] = (math.nan,) * 4


NAMES: Final = tuple(each.name for each in fields(FaceSample))


class FaceTable:
    """Samples in order of time.

    What was handed out stays as it was: rows are added behind it, and where rows before have to go or to move, the rest
    is copied into columns of its own.
    """

    def __init__(self) -> None:
        self._columns = _columns(ROOM)
        self._first = self._end = 0  # the rows in use

    def append(self, sample: FaceSample) -> None:
        """Add a picture. Where a stream's clock went back, it takes the place that its time says."""
        time = self._columns["time"]
        later = self._first < self._end and time[self._end - 1] > sample.time
        at = int(np.searchsorted(self._rows("time"), sample.time, "right")) if later else self._end - self._first
        if later or self._end == len(time):
            self._move(at)
        row = self._first + at
        for name in NAMES:
            self._columns[name][row] = getattr(sample, name)
        self._end += 1

    def track(self) -> FaceTrack | None:
        """All of it, as views; None where there is no picture."""
        if self._first == self._end:
            return None
        return FaceTrack(**{name: self._rows(name) for name in NAMES})

    def forget(self, before: float) -> None:
        """Drop what is earlier than ``before`` seconds."""
        self._first += int(np.searchsorted(self._rows("time"), before))

    def _rows(self, name: str) -> NDArray[np.float64]:
        return self._columns[name][self._first : self._end]

    def _move(self, gap: int) -> None:
        """Copy what is in use into new columns with room to grow, leaving the row ``gap`` of it free."""
        used = self._end - self._first
        columns = _columns(max(ROOM, 2 * used + 1))
        for name, column in columns.items():
            rows = self._rows(name)
            column[:gap], column[gap + 1 : used + 1] = rows[:gap], rows[gap:]
        self._columns, self._first, self._end = columns, 0, used


def _columns(length: int) -> dict[str, NDArray[np.float64]]:
    return {name: np.empty((length, WIDTHS[name]) if name in WIDTHS else length) for name in NAMES}
