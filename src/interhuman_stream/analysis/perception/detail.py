"""How much fine structure a face shows: of one that is out of focus the landmark model guesses the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# In so many pixels a face is as wide as the narrowest whose features are read: what is small counts as sharp.
SIDE: Final = 64
# Without a fifth on each side, where hair and background are.
MIDDLE: Final = slice(SIDE // 5, SIDE - SIDE // 5)
LEAST_CONTRAST: Final = 4.0  # grey levels; below it, noise would be taken for structure


def detail(face: NDArray[np.uint8]) -> float:
    """The spread of a face's Laplacian over that of its brightness: no unit, and the same in any light.

    It is the normalised variance of the Laplacian, a common measure of focus (Pertuz, Puig & Garcia 2013, LAP4), here
    with its root taken.

    Args:
        face: What the landmark model sees, a square of H×H×3 RGB about 1.5 faces wide.
    """
    grey = cv2.resize(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    edges = cv2.Laplacian(grey, cv2.CV_32F)[MIDDLE, MIDDLE]
    return float(edges.std()) / max(float(np.asarray(grey)[MIDDLE, MIDDLE].std()), LEAST_CONTRAST)
