"""One person's face over time: found, held from picture to picture, measured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.face_model import (
    BLENDSHAPES,
    LEFT_EYE_CORNER,
    RIGHT_EYE_CORNER,
    Face,
    FaceLandmarker,
    Region,
)
from interhuman_stream.analysis.head_pose import HeadPose, head_pose
from interhuman_stream.analysis.tracks import INDEX, FaceTrack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.media import Picture

# An eyeLook blendshape of 1 is the eye at the end of its way: 35 to 40 degrees in most people (Shin et al. 2016).
DEGREES_PER_LOOK = 35.0
# Below this width the landmarks were measured to jump about: the face is as good as lost.
LEAST_WIDTH = 36.0
LEAST_COSINE = 0.5
COLUMNS = 1 + 3 + 2 + len(BLENDSHAPES) + 1 + 1
# Inner halves of the brows and inner eye corners (MediaPipe face mesh), person's right then left.
RIGHT_BROW, RIGHT_CORNER = [55, 65, 66, 107], 133
LEFT_BROW, LEFT_CORNER = [285, 295, 296, 336], 362

_LOOK_RIGHT = [INDEX["eyeLookOutLeft"], INDEX["eyeLookInRight"]]
_LOOK_LEFT = [INDEX["eyeLookInLeft"], INDEX["eyeLookOutRight"]]
_LOOK_UP = [INDEX["eyeLookUpLeft"], INDEX["eyeLookUpRight"]]
_LOOK_DOWN = [INDEX["eyeLookDownLeft"], INDEX["eyeLookDownRight"]]


class FaceTracker:
    """Follows one face: the detector runs only when there is none to follow, and takes the largest."""

    def __init__(self, landmarker: FaceLandmarker) -> None:
        self._landmarker = landmarker
        self._region: Region | None = None
        self._rows: list[NDArray[np.float64]] = []

    def observe(self, picture: Picture) -> None:
        """Measure the face in the next picture, or note that there is none."""
        row = np.full(COLUMNS, np.nan)
        row[0] = picture.time
        face = self._find(picture.image)
        self._region = face.region if face else None
        if face:
            height, width = picture.image.shape[:2]
            pose = head_pose(face.landmarks, width, height, self._landmarker.geometry)
            shapes = self._landmarker.blendshapes(face)
            row[1:4] = pose.pitch, pose.yaw, pose.roll
            row[4] = pose.pitch + DEGREES_PER_LOOK * float(shapes[_LOOK_UP].mean() - shapes[_LOOK_DOWN].mean())
            row[5] = pose.yaw + DEGREES_PER_LOOK * float(shapes[_LOOK_RIGHT].mean() - shapes[_LOOK_LEFT].mean())
            row[6:-2] = shapes
            row[-2] = _brow_height(face.landmarks, pose)
            row[-1] = face.width
        self._rows.append(row)

    def track(self) -> FaceTrack | None:
        """Everything since the last ``forget``; None before the first picture."""
        if not self._rows:
            return None
        table = np.array(sorted(self._rows, key=lambda row: float(row[0])))
        return FaceTrack(table[:, 0], table[:, 1:4], table[:, 4:6], table[:, 6:-2], table[:, -2], table[:, -1])

    def forget(self, before: float) -> None:
        """Drop what was seen earlier than ``before`` seconds."""
        self._rows = [row for row in self._rows if row[0] >= before]

    def _find(self, image: NDArray[np.uint8]) -> Face | None:
        if self._region:
            face = self._landmarker.landmarks(image, self._region)
            if face and face.width >= LEAST_WIDTH:
                return face
        for region in self._landmarker.detect(image):
            face = self._landmarker.landmarks(image, region)
            if face and face.width >= LEAST_WIDTH:
                return face
        return None


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
