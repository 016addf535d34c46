"""The portraits that the puppet is made of, cut and enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from skimage import data

from tools.puppet.mesh import Portrait

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.face_model import FaceLandmarker

# The astronaut's head with its hair in pixels of the photograph (NASA, public domain; it comes with scikit-image).
ASTRONAUT_OUTLINE = (
    (225, 13), (255, 19), (280, 36), (296, 60), (302, 85), (298, 105), (287, 122), (276, 135), (268, 150), (255, 170),
    (228, 180), (205, 174), (188, 160), (182, 140), (175, 131), (164, 118), (155, 97), (152, 75), (157, 53), (172, 33),
    (195, 18),
)  # fmt: skip
ASTRONAUT_CENTRE = (226, 104)
# The texture is kept this much finer than what is shown.
FINER = 2
# Pixels around what is shown, for when the head moves.
MARGIN = 100
# Where the shoulders begin, as a share of the height of the chin.
SHOULDERS = 0.82


def astronaut(landmarker: FaceLandmarker, size: tuple[int, int] = (640, 480), enlarge: float = 2.5) -> Portrait:
    """Eileen Collins in 1999, cut to her head; at 2.5 her face is about 230 pixels wide. Arguments as in ``cut``."""
    photograph = np.asarray(data.astronaut(), np.uint8)  # type: ignore[no-untyped-call]  # scikit-image has no types
    return cut(photograph, np.array(ASTRONAUT_OUTLINE), np.array(ASTRONAUT_CENTRE), landmarker, size, enlarge)


def cut(
    photograph: NDArray[np.uint8],
    outline: NDArray[np.float64],
    centre: NDArray[np.float64],
    landmarker: FaceLandmarker,
    size: tuple[int, int],
    enlarge: float,
) -> Portrait:
    """Cut a head out of a photograph, and enlarge it.

    Args:
        photograph: H×W×3 RGB of one person who smiles with parted lips, eyes open, before a plain backdrop.
        outline: k×2, around the head with its hair, in pixels of the photograph.
        centre: What the middle of the cut shows, in pixels of the photograph.
        landmarker: Finds the landmarks.
        size: Width and height to show.
        enlarge: Shown pixels for each of the photograph's.

    Raises:
        RuntimeError: No face was found.
    """
    corner = centre - np.array(size) / 2 / enlarge

    def part(scale: float, border: int) -> NDArray[np.uint8]:
        shift = (border / enlarge - corner - 0.5) * scale + 0.5
        to_part = np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]]])
        width, height = (round((side + 2 * border) * scale / enlarge) for side in size)
        drawn = cv2.warpAffine(
            photograph, to_part, (width, height), flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(drawn, np.uint8)

    fine = part(enlarge * FINER, MARGIN)
    soft = cv2.GaussianBlur(fine, (0, 0), 2.0 * FINER)
    sharp = np.asarray(cv2.addWeighted(fine, 1.4, soft, -0.4, 0), np.uint8)
    shown_outline = (outline - corner) * enlarge
    image = _blurred_behind(sharp, (shown_outline + MARGIN) * FINER)
    return Portrait(image, size, MARGIN, _landmarks(landmarker, part(enlarge, 0)), shown_outline)


def _landmarks(landmarker: FaceLandmarker, shown: NDArray[np.uint8]) -> NDArray[np.float64]:
    """478×3; the landmarks settle when they are looked for around where they were found."""
    regions = landmarker.detect(shown)
    face = landmarker.landmarks(shown, regions[0]) if regions else None
    for _ in range(3):
        face = landmarker.landmarks(shown, face.region) if face else None
    if face is None:
        raise RuntimeError("no face was found in the portrait: is the model file the right one?")
    return face.landmarks.astype(np.float64)


def _blurred_behind(image: NDArray[np.uint8], outline: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Take the grain out of the backdrop, as a lens that is focused on the face does; it also saves bits."""
    sharp: NDArray[np.uint8] = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(sharp, [np.round(outline).astype(np.int32)], (255,))
    sharp = np.asarray(cv2.dilate(sharp, np.ones((8 * FINER + 1,) * 2, np.uint8)), np.uint8)
    # What she wears is in the lower part, and sharp.
    sharp[int(SHOULDERS * outline[:, 1].max()) :] = 255
    weight = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 5.0 * FINER), np.float32)[..., None] / 255
    soft = np.asarray(cv2.bilateralFilter(image, -1, 40.0, 4.0 * FINER), np.float32)
    return (weight * image + (1 - weight) * soft + 0.5).astype(np.uint8)
