"""How much fine structure a face shows: of one that is out of focus the landmark model guesses the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Sixteenths of the square that are left out on each side: hair and background.
EDGE: Final = 3
# The rest in so many pixels: a face is then as wide as the narrowest whose features are read, and a small one is sharp.
SIDE: Final = 40
LEAST_CONTRAST: Final = 4.0  # grey levels; below it, noise would be taken for structure


def detail(face: NDArray[np.uint8]) -> float:
    """The spread of a face's Laplacian over that of its brightness: no unit, and the same in any light.

    It is the variance of the Laplacian, a common measure of focus (LAP4 in Pertuz, Puig & Garcia 2013), over that of
    the brightness, with its root taken.

    Args:
        face: What the landmark model sees, a square of H×H×3 RGB about 1.5 faces wide.
    """
    edge = len(face) * EDGE // 16
    middle = cv2.cvtColor(face[edge : len(face) - edge, edge : len(face) - edge], cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(middle, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    edges = cv2.Laplacian(grey, cv2.CV_16S)[1:-1, 1:-1]  # at the border half of what it compares is not there
    return spread(edges) / max(spread(grey), LEAST_CONTRAST)


def spread(values: cv2.typing.MatLike) -> float:
    """The standard deviation of H×W numbers; numpy's own takes several times as long."""
    return float(cv2.meanStdDev(values)[1].item())
