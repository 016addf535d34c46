"""Google's face landmarker on LiteRT: one picture to 478 landmarks, 52 blendshapes and a presence score."""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from interhuman_stream.analysis.perception.detail import detail
from interhuman_stream.analysis.perception.head_pose import FaceGeometry, read_geometry
from interhuman_stream.analysis.perception.litert import Model

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DETECTOR_SIZE = 128
LANDMARK_SIZE = 256
LEAST_SCORE = 0.5
LEAST_PRESENCE = 0.5
OVERLAP = 0.3
PART = 0.55
WHITE = 255
MARGIN = 2.0  # pixels around what is cropped, that its edge is interpolated between
# The crop is a square this many times the longer side of the face.
CROP_SCALE = 1.5
# Outer corners of the right and the left eye: the line between them gives the crop its turn.
RIGHT_EYE_CORNER, LEFT_EYE_CORNER = 33, 263
MESH_LANDMARKS = 478

# The 146 landmarks that the blendshape model reads, in its order (MediaPipe, face_blendshapes_graph).
# fmt: off
BLENDSHAPE_LANDMARKS = np.array([
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78,
    80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150,
    152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197,
    234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308,
    310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377,
    378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466,
    468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
])
# The model's 52 outputs, by Apple's ARKit names.
BLENDSHAPES = (
    "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft",
    "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft",
    "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft",
    "jawOpen", "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft",
    "mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper",
    "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft",
    "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Region:
    """A turned square of the picture: centre and side in pixels, turn in radians (clockwise as seen)."""

    x: float
    y: float
    side: float
    turn: float


@dataclass(frozen=True, slots=True)
class Face:
    """One face in one picture.

    Attributes:
        landmarks: 478×3 float32: x and y in pixels, z in pixels of x relative to the head, nearer is smaller.
        presence: 0 to 1, how sure the model is that a face is there.
        detail: How much fine structure there is in it, as ``perception.detail`` measures it.
        columns: x, y and z of the landmarks once more, as lists: a single number is read from them much faster.
        box: What the landmarks span: left, top, right, bottom in pixels, also where that is outside the picture.
    """

    landmarks: NDArray[np.float32]
    presence: float
    detail: float
    columns: tuple[list[float], list[float], list[float]]
    box: tuple[float, float, float, float]

    @property
    def width(self) -> float:
        """Of the landmarks' bounding box, in pixels."""
        return self.box[2] - self.box[0]

    @property
    def region(self) -> Region:
        """Where to look for this face in the next picture."""
        left, top, right, bottom = self.box
        x, y, _ = self.columns
        turn = math.atan2(y[LEFT_EYE_CORNER] - y[RIGHT_EYE_CORNER], x[LEFT_EYE_CORNER] - x[RIGHT_EYE_CORNER])
        return Region((left + right) / 2, (top + bottom) / 2, max(right - left, bottom - top) * CROP_SCALE, turn)


class FaceLandmarker:
    """The three models of `face_landmarker.task`, loaded. One thread; not to be called from two at once."""

    def __init__(self, task: Path) -> None:
        with zipfile.ZipFile(task) as archive:
            self._detector = Model(archive.read("face_detector.tflite"))
            self._landmarks = Model(archive.read("face_landmarks_detector.tflite"))
            self._blendshapes = Model(archive.read("face_blendshapes.tflite"))
            self.geometry: FaceGeometry = read_geometry(archive.read("geometry_pipeline_metadata_landmarks.binarypb"))
        self._anchors = _anchors()
        self._part = _Scratch()
        self._turned = np.empty((LANDMARK_SIZE, LANDMARK_SIZE, 4), np.uint8)
        self._seen = np.empty((LANDMARK_SIZE, LANDMARK_SIZE, 3), np.uint8)

    def detect(self, image: NDArray[np.uint8]) -> list[Region]:
        """Find faces in an H×W×3 RGB picture, the largest first.

        The detector sees 128 pixels, and in them no face narrower than about an eighth. Where it finds none in the
        whole picture it is shown the picture's parts, twice as large.
        """
        found = self._detect(image)
        if not found:
            height, width = image.shape[:2]
            side_y, side_x = round(height * PART), round(width * PART)
            for top in (0, (height - side_y) // 2, height - side_y):
                for left in (0, (width - side_x) // 2, width - side_x):
                    part = np.ascontiguousarray(image[top : top + side_y, left : left + side_x])
                    found += [replace(each, x=each.x + left, y=each.y + top) for each in self._detect(part)]
        return sorted(found, key=lambda region: -region.side)

    def _detect(self, image: NDArray[np.uint8]) -> list[Region]:
        height, width = image.shape[:2]
        scale = DETECTOR_SIZE / max(width, height)
        shift_x, shift_y = (DETECTOR_SIZE - width * scale) / 2, (DETECTOR_SIZE - height * scale) / 2
        letterbox = cv2.warpAffine(
            image,
            np.array([[scale, 0, shift_x], [0, scale, shift_y]]),
            (DETECTOR_SIZE, DETECTOR_SIZE),
            flags=cv2.INTER_LINEAR if scale > 1 / 3 else cv2.INTER_AREA,
        )
        boxes, logits = self._detector(np.asarray(letterbox, np.uint8), 2 / WHITE, -1.0)
        scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -80, 80)))
        likely = scores > LEAST_SCORE
        if not likely.any():
            return []
        shapes = boxes[0, likely].reshape(-1, 8, 2).copy()
        anchors = self._anchors[likely]
        shapes[:, [0, 2, 3, 4, 5, 6, 7]] += anchors[:, None]  # the second pair is width and height
        found = _merge(shapes, scores[likely])
        regions = []
        for shape in found:
            centre = (shape[0] - (shift_x, shift_y)) / scale
            eyes = shape[3] - shape[2]
            regions.append(
                Region(
                    float(centre[0]),
                    float(centre[1]),
                    float(shape[1].max()) / scale * CROP_SCALE,
                    math.atan2(eyes[1], eyes[0]),
                )
            )
        return regions

    def landmarks(self, image: NDArray[np.uint8], region: Region) -> Face | None:
        """Fit the landmarks to the face in ``region``; None where no face is."""
        seen = self._crop(image, region)
        points, logit, *_ = self._landmarks(seen, 1 / WHITE)
        presence = 1 / (1 + math.exp(-max(-100.0, min(100.0, logit.item()))))
        if presence <= LEAST_PRESENCE:
            return None
        (a, b, left), (c, d, top) = _to_picture(region)
        to_picture = np.array(((a, b, 0, left), (c, d, 0, top), (0, 0, region.side / LANDMARK_SIZE, 0)), np.float32)
        landmarks = cv2.transform(points.reshape(MESH_LANDMARKS, 1, 3), to_picture).reshape(MESH_LANDMARKS, 3)
        x, y, z = landmarks.T.tolist()
        box = (min(x), min(y), max(x), max(y))
        return Face(np.asarray(landmarks, np.float32), presence, detail(seen), (x, y, z), box)

    def _crop(self, image: NDArray[np.uint8], region: Region) -> NDArray[np.uint8]:
        """What the landmark model sees of ``region``: 256×256×3, the picture's edge repeated beyond it.

        OpenCV turns pictures of four channels 2.5 times as fast as those of three, which pays for adding the fourth.
        """
        height, width = image.shape[:2]
        reach = region.side / 2 * (abs(math.cos(region.turn)) + abs(math.sin(region.turn))) + MARGIN
        left, right = _span(region.x, reach, width)
        top, bottom = _span(region.y, reach, height)
        part = self._part.take(bottom - top, right - left)
        cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_RGB2RGBA, part)
        cv2.warpAffine(
            part,
            np.array(_to_picture(replace(region, x=region.x - left, y=region.y - top))),
            (LANDMARK_SIZE, LANDMARK_SIZE),
            self._turned,
            cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            cv2.BORDER_REPLICATE,
        )
        cv2.cvtColor(self._turned, cv2.COLOR_RGBA2RGB, self._seen)
        return self._seen

    def blendshapes(self, face: Face) -> NDArray[np.float32]:
        """Return the 52 scores, 0 to 1, in the order of ``BLENDSHAPES``."""
        (scores,) = self._blendshapes(face.landmarks[BLENDSHAPE_LANDMARKS, :2])
        return scores


class _Scratch:
    """Memory for pictures of four channels, kept from one to the next: fresh pages would cost as much as the work."""

    def __init__(self) -> None:
        self._memory = np.empty(0, np.uint8)

    def take(self, height: int, width: int) -> NDArray[np.uint8]:
        """H×W×4, holding anything."""
        size = height * width * 4
        if size > len(self._memory):
            self._memory = np.empty(size, np.uint8)
        return self._memory[:size].reshape(height, width, 4)


def _to_picture(region: Region) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """The 2×3 matrix from pixels of the landmark model's input to pixels of the picture."""
    step = region.side / LANDMARK_SIZE
    cos, sin = math.cos(region.turn) * step, math.sin(region.turn) * step
    half = LANDMARK_SIZE / 2
    return (cos, -sin, region.x - half * (cos - sin)), (sin, cos, region.y - half * (sin + cos))


def _span(centre: float, reach: float, length: int) -> tuple[int, int]:
    """The pixels from ``centre - reach`` to ``centre + reach``, of those that are there, one at least."""
    low = min(max(0, math.floor(centre - reach)), length - 1)
    return low, max(low + 1, min(length, math.ceil(centre + reach)))


def _anchors() -> NDArray[np.float32]:
    """The 896 anchor centres of BlazeFace short range, in pixels: 2 a cell at stride 8, 6 a cell at stride 16."""
    centres = []
    for stride, each in ((8, 2), (16, 6)):
        cells = np.arange(DETECTOR_SIZE // stride)
        y, x = np.meshgrid(cells, cells, indexing="ij")
        grid = (np.stack((x, y), -1).reshape(-1, 2) + 0.5) * stride
        centres.append(np.repeat(grid, each, axis=0))
    return np.concatenate(centres).astype(np.float32)


def _merge(shapes: NDArray[np.float32], scores: NDArray[np.floating]) -> list[NDArray[np.float32]]:
    """Blend the detections that overlap, weighted by their scores (BlazeFace, Bazarevsky et al. 2019, section 4)."""
    merged = []
    left = np.argsort(-scores)
    while len(left):
        overlap = _intersection_over_union(shapes[left[0]], shapes[left])
        same = left[overlap > OVERLAP]
        merged.append(np.average(shapes[same], axis=0, weights=scores[same]))
        left = left[overlap <= OVERLAP]
    return merged


def _intersection_over_union(one: NDArray[np.float32], many: NDArray[np.float32]) -> NDArray[np.float32]:
    low = np.maximum(one[0] - one[1] / 2, many[:, 0] - many[:, 1] / 2)
    high = np.minimum(one[0] + one[1] / 2, many[:, 0] + many[:, 1] / 2)
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    joined = np.prod(one[1]) + np.prod(many[:, 1], axis=1) - shared
    return np.asarray(shared / np.maximum(joined, 1e-6))
