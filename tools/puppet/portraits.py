"""The portraits that the puppet is made of, cut and enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from skimage import data

from puppet.mesh import Portrait

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.face_model import FaceLandmarker

# The astronaut's head with its hair in pixels of the photograph (NASA, public domain; it comes with scikit-image).
ASTRONAUT_OUTLINE = (
    (225, 13), (255, 19), (280, 36), (296, 60), (302, 85), (298, 105), (287, 122), (276, 135), (268, 150), (255, 170),
    (228, 180), (205, 174), (188, 160), (182, 140), (175, 131), (164, 118), (155, 97), (152, 75), (157, 53), (172, 33),
    (195, 18),
)  # fmt: skip
ASTRONAUT_CENTRE = (226, 104)
# The texture is kept this much finer than what is shown.
FINER = 2


def astronaut(landmarker: FaceLandmarker, size: tuple[int, int] = (640, 480), enlarge: float = 2.5) -> Portrait:
    """Eileen Collins in 1999, cut to her head.

    Args:
        landmarker: Finds her landmarks.
        size: Width and height to show.
        enlarge: Shown pixels for each of the photograph's; at 2.5 her face is about 230 pixels wide.
    """
    photograph = data.astronaut()
    margin = 100
    corner = np.array(ASTRONAUT_CENTRE) - np.array(size) / 2 / enlarge
    shape = (size[0] + 2 * margin, size[1] + 2 * margin)

    def cut(scale: float, shape: tuple[int, int], left_top: NDArray) -> NDArray:
        shift = -(left_top + 0.5) * scale + 0.5
        to = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        return cv2.warpAffine(photograph, to + 0.0, shape, flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE)

    fine = cut(enlarge * FINER, (shape[0] * FINER, shape[1] * FINER), corner - margin / enlarge)
    soft = cv2.GaussianBlur(fine, (0, 0), 2.0 * FINER)
    fine = cv2.addWeighted(fine, 1.4, soft, -0.4, 0)
    outline = (np.array(ASTRONAUT_OUTLINE) - corner) * enlarge
    fine = _blurred_behind(fine, (outline + margin) * FINER)
    shown = np.ascontiguousarray(cut(enlarge, size, corner))
    return Portrait(fine, size, margin, _landmarks(landmarker, shown), outline)


def _landmarks(landmarker: FaceLandmarker, shown: NDArray[np.uint8]) -> NDArray[np.float64]:
    """478×3; the landmarks settle when they are looked for around where they were found."""
    regions = landmarker.detect(shown)
    for _ in range(4):
        face = landmarker.landmarks(shown, regions[0]) if regions else None
        if face is None:
            raise RuntimeError("no face was found in the astronaut's portrait: is the model file the right one?")
        regions = [face.region]
    return face.landmarks.astype(np.float64)


def _blurred_behind(image: NDArray[np.uint8], outline: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Take the grain out of the backdrop, as a lens that is focused on the face does; it also saves bits."""
    head = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(head, [np.round(outline).astype(np.int32)], 255)
    head = cv2.dilate(head, np.ones((8 * FINER + 1,) * 2, np.uint8))
    # The suit is in the lower part, and sharp.
    bottom = int(outline[:, 1].max())
    head[int(0.82 * bottom) :] = 255
    weight = cv2.GaussianBlur(head, (0, 0), 5.0 * FINER).astype(np.float32)[..., None] / 255
    soft = cv2.bilateralFilter(image, -1, 40.0, 4.0 * FINER).astype(np.float32)
    return (weight * image + (1 - weight) * soft + 0.5).astype(np.uint8)
