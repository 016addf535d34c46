"""One person's face over time: found, held from picture to picture, measured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.perception.face_model import (
    BLENDSHAPES,
    LEFT_EYE_CORNER,
    RIGHT_EYE_CORNER,
    Face,
    FaceLandmarker,
    Region,
)
from interhuman_stream.analysis.perception.head_pose import HeadPose, head_pose
from interhuman_stream.analysis.perception.tracks import INDEX, FaceTrack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.media.stream import Picture

# An eyeLook blendshape of 1 is the eye at the end of its way: 35 to 40 degrees in most people (Shin et al. 2016).
DEGREES_PER_LOOK = 35.0
# Below this width the landmarks were measured to jump about: the face is as good as lost.
LEAST_WIDTH = 36.0
LEAST_COSINE = 0.5
# To be taken for a face in the first place; to be followed, the model's own threshold is enough. On a clip without a
# face one picture of 39 reached 0.76; real faces were at 0.99 and more.
SURE_PRESENCE = 0.9
HOLD = 3.0
MOST_GROWTH = 2.0
# One picture: the fields of a FaceTrack.
SAMPLE = np.dtype(
    [
        ("time", "f8"),
        ("pose", "f8", 3),
        ("gaze", "f8", 2),
        ("shapes", "f8", len(BLENDSHAPES)),
        ("brow", "f8"),
        ("aperture", "f8"),
        ("light", "f8"),
        ("width", "f8"),
    ]
)
# Inner halves of the brows and inner eye corners (MediaPipe face mesh), person's right then left.
RIGHT_BROW, RIGHT_CORNER = [55, 65, 66, 107], 133
LEFT_BROW, LEFT_CORNER = [285, 295, 296, 336], 362
# Of each eye: outer and inner corner, then the lids over each other in two places.
EYES = ((33, 133, (160, 144), (158, 153)), (263, 362, (387, 373), (385, 380)))
LUMA = np.array([0.299, 0.587, 0.114])
EVERY = 4  # pixels; enough for a mean

_LOOK_RIGHT = [INDEX["eyeLookOutLeft"], INDEX["eyeLookInRight"]]
_LOOK_LEFT = [INDEX["eyeLookInLeft"], INDEX["eyeLookOutRight"]]
_LOOK_UP = [INDEX["eyeLookUpLeft"], INDEX["eyeLookUpRight"]]
_LOOK_DOWN = [INDEX["eyeLookDownLeft"], INDEX["eyeLookDownRight"]]


class FaceTracker:
    """Follows one face, the subject's, and ignores others; the detector runs only when there is none to follow.

    The subject is the largest, most central face. When it is lost, only a face near where it was is taken for it for
    three seconds; after that, whoever is most prominent is the subject.
    """

    def __init__(self, landmarker: FaceLandmarker) -> None:
        self._landmarker = landmarker
        self._region: Region | None = None  # of the subject, where it was seen last
        self._lost_at: float | None = None
        self._samples: list[NDArray[np.void]] = []

    def observe(self, picture: Picture) -> None:
        """Measure the face in the next picture, or note that there is none."""
        face = self._find(picture)
        if face:
            self._region, self._lost_at = face.region, None
        self._samples.append(self._measure(picture, face) if face else _nobody(picture.time))

    def track(self) -> FaceTrack | None:
        """Everything since the last ``forget``; None before the first picture."""
        if not self._samples:
            return None
        table = np.array(sorted(self._samples, key=lambda sample: float(sample["time"])), SAMPLE)
        return FaceTrack(**{name: table[name] for name in SAMPLE.names or ()})

    def forget(self, before: float) -> None:
        """Drop what was seen earlier than ``before`` seconds."""
        self._samples = [sample for sample in self._samples if sample["time"] >= before]

    def _measure(self, picture: Picture, face: Face) -> NDArray[np.void]:
        height, width = picture.image.shape[:2]
        pose = head_pose(face.landmarks, width, height, self._landmarker.geometry)
        shapes = self._landmarker.blendshapes(face)
        up = float(shapes[_LOOK_UP].mean() - shapes[_LOOK_DOWN].mean())
        right = float(shapes[_LOOK_RIGHT].mean() - shapes[_LOOK_LEFT].mean())
        sample = np.zeros((), SAMPLE)
        sample["time"] = picture.time
        sample["pose"] = pose.pitch, pose.yaw, pose.roll
        sample["gaze"] = pose.pitch + DEGREES_PER_LOOK * up, pose.yaw + DEGREES_PER_LOOK * right
        sample["shapes"] = shapes
        sample["brow"] = _brow_height(face.landmarks, pose)
        sample["aperture"] = _aperture(face.landmarks)
        sample["light"] = _light(face.landmarks, picture.image)
        sample["width"] = face.width
        return sample

    def _find(self, picture: Picture) -> Face | None:
        """The subject's face: where it was, near there for a while after it was lost, else the most prominent one."""
        image = picture.image
        if self._region and self._lost_at is None:
            face = self._landmarker.landmarks(image, self._region)
            if face and face.width >= LEAST_WIDTH:
                return face
            self._lost_at = picture.time
        found = self._landmarker.detect(image)
        if self._region and self._lost_at is not None and picture.time - self._lost_at < HOLD:
            found = [region for region in found if _near(region, self._region)]
        for region in sorted(found, key=lambda region: -_prominence(region, image)):
            face = self._landmarker.landmarks(image, region)
            if face and face.width >= LEAST_WIDTH and face.presence > SURE_PRESENCE:
                return face
        return None


def _near(region: Region, before: Region) -> bool:
    """Whether a face may be the one that was lost: about as large, no further off than it is large."""
    distance = math.hypot(region.x - before.x, region.y - before.y)
    return distance < before.side and MOST_GROWTH > region.side / before.side > 1 / MOST_GROWTH


def _prominence(region: Region, image: NDArray[np.uint8]) -> float:
    """How much a face is the picture's subject: its size, up to half less towards the corners."""
    height, width = image.shape[:2]
    off = math.hypot(region.x - width / 2, region.y - height / 2) / math.hypot(width / 2, height / 2)
    return region.side * (1 - off / 2)


def _brow_height(landmarks: NDArray[np.float32], pose: HeadPose) -> float:
    """Height of the inner brows over the inner eye corners, in eye distances, the head's turn taken out."""
    roll = math.radians(pose.roll)
    up = np.array([-math.sin(roll), -math.cos(roll)])
    right = (landmarks[RIGHT_BROW, :2].mean(0) - landmarks[RIGHT_CORNER, :2]) @ up
    left = (landmarks[LEFT_BROW, :2].mean(0) - landmarks[LEFT_CORNER, :2]) @ up
    eyes = float(np.hypot(*(landmarks[LEFT_EYE_CORNER, :2] - landmarks[RIGHT_EYE_CORNER, :2])))
    foreshortened = max(LEAST_COSINE, math.cos(math.radians(pose.yaw))) / max(
        LEAST_COSINE, math.cos(math.radians(pose.pitch))
    )
    return float(right + left) / 2 / eyes * foreshortened


def _aperture(landmarks: NDArray[np.float32]) -> float:
    """How far the eyes are open: the lids' distance over the eye's width, the mean of both eyes."""
    ratios = []
    for outer, inner, *lids in EYES:
        width = float(np.hypot(*(landmarks[outer, :2] - landmarks[inner, :2])))
        heights = [float(np.hypot(*(landmarks[upper, :2] - landmarks[lower, :2]))) for upper, lower in lids]
        ratios.append(float(np.mean(heights)) / max(width, 1.0))
    return float(np.mean(ratios))


def _light(landmarks: NDArray[np.float32], image: NDArray[np.uint8]) -> float:
    """The mean brightness of the face's bounding box, 0 to 255."""
    height, width = image.shape[:2]
    x0, y0 = np.clip(landmarks[:, :2].min(0), 0, (width - 1, height - 1)).astype(int)
    x1, y1 = np.clip(landmarks[:, :2].max(0), (x0 + 1, y0 + 1), (width, height)).astype(int)
    return float((image[y0:y1:EVERY, x0:x1:EVERY] @ LUMA).mean())


def _nobody(time: float) -> NDArray[np.void]:
    """A picture without a face: nothing is known but when it was."""
    sample = np.zeros((), SAMPLE)
    for name in SAMPLE.names or ():
        sample[name] = np.nan
    sample["time"] = time
    return sample
