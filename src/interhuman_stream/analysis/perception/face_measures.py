"""What one face in one picture measures: its pose, gaze and expression, brows, lids, light and what shows of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2

from interhuman_stream.analysis.perception.detail import LEAST_CONTRAST, spread
from interhuman_stream.analysis.perception.face_model import LEFT_EYE_CORNER, RIGHT_EYE_CORNER
from interhuman_stream.analysis.perception.face_table import FaceSample
from interhuman_stream.analysis.perception.head_pose import head_pose
from interhuman_stream.analysis.perception.tracks import INDEX

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from interhuman_stream.analysis.media.stream import Picture
    from interhuman_stream.analysis.perception.face_model import Face, FaceLandmarker
    from interhuman_stream.analysis.perception.head_pose import HeadPose

# An eyeLook blendshape of 1 is the eye at the end of its way: 35 to 40 degrees in most people (Shin et al. 2016).
DEGREES_PER_LOOK: Final = 35.0
LEAST_COSINE: Final = 0.5
# Inner halves of the brows and inner eye corners (MediaPipe face mesh), person's right then left.
BROWS: Final = (((55, 65, 66, 107), 133), ((285, 295, 296, 336), 362))
# Of each eye: outer and inner corner, then the lids over each other in two places.
EYES: Final = (((33, 133), (160, 144), (158, 153)), ((263, 362), (387, 373), (385, 380)))
# Corners and lids of each eye, and of the mouth its corners and the lips' edges above and below.
SHOWN_EYES: Final = ((33, 133, 159, 145), (263, 362, 386, 374))
SHOWN_MOUTH: Final = (61, 291, 0, 17)
MARGIN: Final = 0.12  # of their width, around them
FACING: Final = 25.0  # degrees; of a head that is turned further the far eye may not be seen, and nothing covers it
LUMA: Final = (0.299, 0.587, 0.114)
EVERY: Final = 4  # rows; enough for a mean
LOOK_UP: Final = (INDEX["eyeLookUpLeft"], INDEX["eyeLookUpRight"])
LOOK_DOWN: Final = (INDEX["eyeLookDownLeft"], INDEX["eyeLookDownRight"])
# Towards the picture's right is the person's left.
LOOK_RIGHT: Final = (INDEX["eyeLookOutLeft"], INDEX["eyeLookInRight"])
LOOK_LEFT: Final = (INDEX["eyeLookInLeft"], INDEX["eyeLookOutRight"])


def measure(picture: Picture, face: Face, landmarker: FaceLandmarker) -> FaceSample:
    """Measure the face in the picture that it was found in."""
    height, width = picture.image.shape[:2]
    pose = head_pose(face.columns, width, height, landmarker.geometry)
    shapes = landmarker.blendshapes(face)
    up, right = _look(shapes.tolist())
    left, top, far, bottom = face.box
    return FaceSample(
        time=picture.time,
        pose=(pose.pitch, pose.yaw, pose.roll),
        gaze=(pose.pitch + up, pose.yaw + right),
        shapes=shapes,
        brow=_brow_height(face, pose),
        aperture=_aperture(face),
        light=_light(face, picture.image),
        detail=face.detail,
        shown=_shown(face, pose.yaw, picture.image),
        width=face.width,
        box=(left / width, top / height, far / width, bottom / height),
    )


def _look(shapes: list[float]) -> tuple[float, float]:
    """Where the eyes look from the head, up and towards the picture's right in degrees, the mean of both."""
    up = sum(shapes[each] for each in LOOK_UP) - sum(shapes[each] for each in LOOK_DOWN)
    right = sum(shapes[each] for each in LOOK_RIGHT) - sum(shapes[each] for each in LOOK_LEFT)
    return up / 2 * DEGREES_PER_LOOK, right / 2 * DEGREES_PER_LOOK


def _brow_height(face: Face, pose: HeadPose) -> float:
    """Height of the inner brows over the inner eye corners, in eye distances, the head's turn taken out."""
    x, y, _ = face.columns
    roll = math.radians(pose.roll)
    over_x, over_y = (
        sum(column[point] for brow, _ in BROWS for point in brow) / 4 - sum(column[corner] for _, corner in BROWS)
        for column in (x, y)
    )
    up = -(over_x * math.sin(roll) + over_y * math.cos(roll)) / 2
    foreshortened = max(LEAST_COSINE, math.cos(math.radians(pose.yaw))) / max(
        LEAST_COSINE, math.cos(math.radians(pose.pitch))
    )
    return up / _apart(face, LEFT_EYE_CORNER, RIGHT_EYE_CORNER) * foreshortened


def _aperture(face: Face) -> float:
    """How far the eyes are open: the lids' distance over the eye's width, the mean of both eyes."""
    ratios = (
        (_apart(face, *outside) + _apart(face, *inside)) / 2 / max(_apart(face, *corners), 1.0)
        for corners, outside, inside in EYES
    )
    return sum(ratios) / len(EYES)


def _apart(face: Face, one: int, other: int) -> float:
    x, y, _ = face.columns
    return math.hypot(x[one] - x[other], y[one] - y[other])


def _shown(face: Face, yaw: float, image: NDArray[np.uint8]) -> float:
    """How much the least seen of eyes and mouth stands out: the spread of its brightness over that of the face.

    Eyes and lips stand out from any face, also from a drawn one. Where something lies over them the landmark model puts
    them where they would be, and is as sure of them as ever: what lies there is smoother.
    """
    x, y, _ = face.columns
    left, top, right, bottom = _edges(face, image)
    grey = cv2.cvtColor(image[top : bottom + 1, left : right + 1], cv2.COLOR_RGB2GRAY)

    def stands_out(points: tuple[int, ...]) -> float:
        across, down = [x[each] - left for each in points], [y[each] - top for each in points]
        margin = MARGIN * (max(across) - min(across))
        rows = slice(int(max(0, min(down) - margin)), int(max(0, max(down) + margin)) + 1)
        columns = slice(int(max(0, min(across) - margin)), int(max(0, max(across) + margin)) + 1)
        part = grey[rows, columns]
        return spread(part) if part.size else math.inf  # outside the picture, which is another limit

    eyes = [stands_out(each) for each in SHOWN_EYES]
    seen = min(eyes) if abs(yaw) < FACING else max(eyes)
    return min(seen, stands_out(SHOWN_MOUTH)) / max(spread(grey), LEAST_CONTRAST)


def _light(face: Face, image: NDArray[np.uint8]) -> float:
    """The mean brightness of the face's bounding box, 0 to 255."""
    left, top, right, bottom = _edges(face, image)
    return brightness(image[top:bottom, left:right])


def _edges(face: Face, image: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the face's bounding box as far as it lies in the picture, one pixel at least."""
    height, width = image.shape[:2]
    left, top, right, bottom = face.box
    x, y = int(min(max(left, 0), width - 1)), int(min(max(top, 0), height - 1))
    return x, y, int(min(max(right, x + 1), width)), int(min(max(bottom, y + 1), height))


def brightness(image: NDArray[np.uint8]) -> float:
    """The mean brightness of an H×W×3 RGB picture, 0 to 255."""
    red, green, blue, _ = cv2.mean(image[::EVERY])
    return LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue
