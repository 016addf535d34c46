"""Whether the place where somebody was is empty: a face that is not found may as well be covered, dark or turned."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.face_model import Region

CELLS: Final = 12
# Hair, neck, shoulders and chest, in sides of the region in which the face is followed (1.5 faces), from its centre.
BESIDE, ABOVE, BELOW = 0.6, 0.55, 1.1
# The face itself does not count: a hand before it changes it, and nobody has left.
FACE: Final = 0.36
LEAST_CELLS: Final = 12
LEAST_CONTRAST: Final = 2.0  # grey levels; below it there is nothing to compare


def vacancy(before: NDArray[np.uint8], region: Region, now: NDArray[np.uint8]) -> float:
    """How little is left of who was in ``region``: 0, hair and shoulders are where they were, to 1.

    Brightness and contrast of the picture do not count: what has become dark is still there.

    Args:
        before: The last picture with the face, H×W×3 RGB.
        region: Of the face in it.
        now: A picture without it, of the same shape.

    Returns:
        NaN where the pictures cannot be compared.
    """
    if before.shape != now.shape:
        return math.nan
    cells = _around_face(region, before.shape)
    one, other = _shown(before, region)[cells], _shown(now, region)[cells]
    if len(one) < LEAST_CELLS or one.std() < LEAST_CONTRAST or other.std() < LEAST_CONTRAST:
        return math.nan
    return 1 - max(0.0, float(np.corrcoef(one, other)[0, 1]))


def _edges(region: Region, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the person, inside the picture."""
    height, width = shape[:2]
    left, right = (min(width, max(0, round(region.x + way * BESIDE * region.side))) for way in (-1, 1))
    top, bottom = (min(height, max(0, round(region.y + way * region.side))) for way in (-ABOVE, BELOW))
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _shown(image: NDArray[np.uint8], region: Region) -> NDArray[np.float64]:
    left, top, right, bottom = _edges(region, image.shape)
    small = cv2.resize(image[top:bottom, left:right], (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    return np.asarray(small.astype(np.float64).mean(axis=2))


def _around_face(region: Region, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The cells that do not lie in the face."""
    left, top, right, bottom = _edges(region, shape)
    middles = (np.arange(CELLS) + 0.5) / CELLS
    off_x = np.abs(left + middles * (right - left) - region.x) / region.side
    off_y = np.abs(top + middles * (bottom - top) - region.y) / region.side
    return np.asarray((off_x[None, :] > FACE) | (off_y[:, None] > FACE))
