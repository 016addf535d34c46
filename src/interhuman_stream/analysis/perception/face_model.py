"""Google's face landmarker on LiteRT: one picture to 478 landmarks, 52 blendshapes and a presence score."""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from interhuman_stream.analysis.perception.head_pose import FaceGeometry, read_geometry

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DETECTOR_SIZE = 128
LANDMARK_SIZE = 256
LEAST_SCORE = 0.5
LEAST_PRESENCE = 0.5
OVERLAP = 0.3
PART = 0.55
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
    """

    landmarks: NDArray[np.float32]
    presence: float

    @property
    def width(self) -> float:
        """Of the landmarks' bounding box, in pixels."""
        return float(np.ptp(self.landmarks[:, 0]))

    @property
    def region(self) -> Region:
        """Where to look for this face in the next picture."""
        low, high = self.landmarks[:, :2].min(0), self.landmarks[:, :2].max(0)
        centre = (low + high) / 2
        eyes = self.landmarks[LEFT_EYE_CORNER] - self.landmarks[RIGHT_EYE_CORNER]
        return Region(
            float(centre[0]), float(centre[1]), float((high - low).max()) * CROP_SCALE, math.atan2(eyes[1], eyes[0])
        )


class FaceLandmarker:
    """The three models of `face_landmarker.task`, loaded. One thread; not to be called from two at once."""

    def __init__(self, task: Path) -> None:
        with zipfile.ZipFile(task) as archive:
            self._detector = _Model(archive.read("face_detector.tflite"))
            self._landmarks = _Model(archive.read("face_landmarks_detector.tflite"))
            self._blendshapes = _Model(archive.read("face_blendshapes.tflite"))
            self.geometry: FaceGeometry = read_geometry(archive.read("geometry_pipeline_metadata_landmarks.binarypb"))
        self._anchors = _anchors()

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
        boxes, logits = self._detector(letterbox.astype(np.float32)[None] / 127.5 - 1)
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
        cos, sin = math.cos(region.turn), math.sin(region.turn)
        step = region.side / LANDMARK_SIZE
        half = LANDMARK_SIZE / 2
        to_picture = np.array(
            [
                [cos * step, -sin * step, region.x - half * step * (cos - sin)],
                [sin * step, cos * step, region.y - half * step * (sin + cos)],
            ]
        )
        crop = cv2.warpAffine(
            image,
            to_picture,
            (LANDMARK_SIZE, LANDMARK_SIZE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        points, logit, *_ = self._landmarks(crop.astype(np.float32)[None] / 255)
        presence = 1 / (1 + math.exp(-float(np.clip(logit.ravel()[0], -100, 100))))
        if presence <= LEAST_PRESENCE:
            return None
        points = points.reshape(MESH_LANDMARKS, 3)
        landmarks = np.empty_like(points)
        landmarks[:, :2] = (points[:, :2] / LANDMARK_SIZE - 0.5) * region.side
        landmarks[:, :2] = landmarks[:, :2] @ np.array([[cos, sin], [-sin, cos]], np.float32) + (region.x, region.y)
        landmarks[:, 2] = points[:, 2] * step
        return Face(landmarks, presence)

    def blendshapes(self, face: Face) -> NDArray[np.float32]:
        """Return the 52 scores, 0 to 1, in the order of ``BLENDSHAPES``."""
        (scores,) = self._blendshapes(face.landmarks[None, BLENDSHAPE_LANDMARKS, :2])
        return np.asarray(scores, np.float32).copy()


class _Model:
    """One TFLite model: float32 arrays in, float32 arrays out."""

    def __init__(self, content: bytes) -> None:
        self._interpreter: Any = Interpreter(model_content=content, num_threads=1)
        self._interpreter.allocate_tensors()
        (self._input,) = (detail["index"] for detail in self._interpreter.get_input_details())
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]

    def __call__(self, data: NDArray[np.floating]) -> list[NDArray[np.float32]]:
        self._interpreter.set_tensor(self._input, np.ascontiguousarray(data, np.float32))
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]


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
