"""More faces than there are portraits: the astronaut's photograph with other proportions, another skin, another side.

No one with these faces exists. Eyes, nose, mouth and jaw are made larger or smaller where they are (the landmark model
finds them anew in the result), the whole is stretched, mirrored and coloured; so what the perception sees differs, but
less than people do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from skimage import data

from tools.puppet.portraits import ASTRONAUT_CENTRE, ASTRONAUT_OUTLINE, cut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.face_model import FaceLandmarker
    from tools.puppet.mesh import Portrait

# In pixels of the photograph: where her features are, and how far around them a change reaches.
EYES, EYES_REACH = ((208.0, 92.0), (245.0, 92.0)), 13.0
NOSE, NOSE_REACH = (227.0, 108.0), 12.0
MOUTH, MOUTH_REACH = (226.0, 132.0), 16.0
JAW, JAW_REACH = (226.0, 148.0), 26.0
FACE, FACE_REACH = (226.0, 114.0), (42.0, 60.0)


@dataclass(frozen=True, slots=True)
class Look:
    """How a generated face differs from the photograph. Sizes: how much larger, 0 as it is.

    Attributes:
        name: Short.
        wide: Of the whole head, a factor.
        tall: Of the whole head, a factor.
        eyes: Size.
        nose: Size.
        mouth: Size.
        jaw: Size.
        mirrored: Left for right.
        skin: Factors on red, green and blue in the face.
        around: Factors on red, green and blue outside it: hair and backdrop.
    """

    name: str
    wide: float = 1.0
    tall: float = 1.0
    eyes: float = 0.0
    nose: float = 0.0
    mouth: float = 0.0
    jaw: float = 0.0
    mirrored: bool = False
    skin: tuple[float, float, float] = (1.0, 1.0, 1.0)
    around: tuple[float, float, float] = (1.0, 1.0, 1.0)


LOOKS = (
    Look("astronaut"),
    Look("broad", 1.12, 0.97, -0.16, 0.22, 0.1, 0.12, True, (0.6, 0.5, 0.44), (0.42, 0.4, 0.42)),
    Look("long", 0.93, 1.1, 0.2, -0.16, -0.05, -0.1, False, (1.06, 1.02, 1.02), (1.05, 0.85, 0.7)),
)


def face(look: Look, landmarker: FaceLandmarker, size: tuple[int, int], enlarge: float) -> Portrait:
    """Make the portrait of a look. ``size`` and ``enlarge`` as for ``portraits.cut``.

    Raises:
        RuntimeError: No face was found in it.
    """
    photograph = np.asarray(data.astronaut(), np.uint8)  # type: ignore[no-untyped-call]  # scikit-image has no types
    height, width = photograph.shape[:2]
    outline = np.array(ASTRONAUT_OUTLINE, float)
    centre = np.array(ASTRONAUT_CENTRE, float)
    stretch = np.array([look.wide, look.tall])
    photograph = _coloured(_reshaped(photograph, look), look)
    photograph = np.asarray(
        cv2.resize(photograph, (round(width * look.wide), round(height * look.tall)), interpolation=cv2.INTER_CUBIC),
        np.uint8,
    )
    outline, centre = outline * stretch, centre * stretch
    if look.mirrored:
        photograph = np.ascontiguousarray(photograph[:, ::-1])
        outline[:, 0] = photograph.shape[1] - 1 - outline[:, 0]
        outline = outline[::-1].copy()
        centre[0] = photograph.shape[1] - 1 - centre[0]
    return cut(photograph, outline, centre, landmarker, size, enlarge)


def _reshaped(photograph: NDArray[np.uint8], look: Look) -> NDArray[np.uint8]:
    """Magnify each feature about its middle, less and less away from it."""
    rows, columns = np.mgrid[: photograph.shape[0], : photograph.shape[1]].astype(np.float32)
    x, y = columns.copy(), rows.copy()
    features = (
        *((eye, EYES_REACH, look.eyes) for eye in EYES),
        (NOSE, NOSE_REACH, look.nose),
        (MOUTH, MOUTH_REACH, look.mouth),
        (JAW, JAW_REACH, look.jaw),
    )
    for (middle_x, middle_y), reach, size in features:
        away_x, away_y = columns - middle_x, rows - middle_y
        near = size * np.exp(-0.5 * (away_x**2 + away_y**2) / reach**2)
        x -= near * away_x
        y -= near * away_y
    return np.asarray(cv2.remap(photograph, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _coloured(photograph: NDArray[np.uint8], look: Look) -> NDArray[np.uint8]:
    mask: NDArray[np.float32] = np.zeros(photograph.shape[:2], np.float32)
    middle, axes = tuple(round(each) for each in FACE), tuple(round(each) for each in FACE_REACH)
    cv2.ellipse(mask, middle, axes, 0, 0, 360, (1.0,), -1)
    share = np.asarray(cv2.GaussianBlur(mask, (0, 0), 6.0), np.float32)[..., None]
    factors = share * np.array(look.skin, np.float32) + (1 - share) * np.array(look.around, np.float32)
    return np.clip(photograph * factors + 0.5, 0, 255).astype(np.uint8)
