"""Head pose from face landmarks: the canonical face fitted to them under a perspective camera.

The method is MediaPipe's face geometry (Kartynnik et al. 2019, and the geometry file inside `face_landmarker.task`):
landmarks on screen are only relative in depth, so the scale that makes the canonical face fit is estimated twice, first
without and then with perspective, and the pose is the weighted orthogonal Procrustes fit to the result.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# The camera that the face geometry of MediaPipe's face landmarker assumes.
VERTICAL_FIELD_OF_VIEW = 63.0
NEAR = 1.0
MESH_POINTS = 468
VERTEX_FLOATS = 5  # x y z u v


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Degrees about the head's own axes, 0 when it faces the camera.

    Attributes:
        pitch: Positive when the chin is up.
        yaw: Positive when turned towards the right of the picture (the person's left).
        roll: Positive when the head leans towards the left of the picture (counter-clockwise).
    """

    pitch: float
    yaw: float
    roll: float


@dataclass(frozen=True, slots=True)
class FaceGeometry:
    """The canonical face: ``points`` 468×3 in centimetres, ``weights`` 468, 0 where expressions move a point."""

    points: NDArray[np.float64]
    weights: NDArray[np.float64]


def read_geometry(data: bytes) -> FaceGeometry:
    """Read the `geometry_pipeline_metadata` protobuf inside `face_landmarker.task`."""
    vertices: NDArray[np.float32] = np.zeros(0, np.float32)
    weights = np.zeros(MESH_POINTS)
    for field, value in _fields(data):
        if field == 1:  # canonical_mesh
            buffers = [content for number, content in _fields(value) if number == 3]  # noqa: PLR2004 - vertex_buffer
            vertices = np.frombuffer(b"".join(buffers), "<f4")
        elif field == 2:  # noqa: PLR2004 - procrustes_landmark_basis
            landmark = dict(_fields(value))
            index = int.from_bytes(landmark.get(1, b""), "little")
            weights[index] = struct.unpack("<f", landmark[2])[0]
    points = vertices.reshape(-1, VERTEX_FLOATS)[:MESH_POINTS, :3].astype(np.float64)
    return FaceGeometry(points, weights)


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (field number, content) of a protobuf message; integers come as little-endian bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value.to_bytes(8, "little")
            continue
        length = {1: 8, 5: 4}.get(wire)
        if length is None:
            length, at = _varint(data, at)
        yield number, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        shift += 7
        if byte < 0x80:  # noqa: PLR2004 - the continuation bit
            return value, at


def head_pose(landmarks: NDArray[np.floating], width: int, height: int, geometry: FaceGeometry) -> HeadPose:
    """Estimate the pose.

    Args:
        landmarks: At least 468×3: x and y in pixels, z in pixels of x (smaller is nearer).
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
        geometry: The canonical face.
    """
    used = geometry.weights > 0
    weights = np.sqrt(geometry.weights[used])
    canonical = geometry.points[used]
    screen = np.asarray(landmarks, np.float64)[:MESH_POINTS]
    height_at_near = 2 * NEAR * math.tan(math.radians(VERTICAL_FIELD_OF_VIEW) / 2)
    per_pixel = height_at_near / height
    x = (screen[:, 0] - width / 2) * per_pixel
    y = (height / 2 - screen[:, 1]) * per_pixel
    z = screen[:, 2] * per_pixel
    depth = z.mean()

    def metric(scale: float) -> NDArray[np.float64]:
        deep = (z[used] - depth + NEAR) / scale
        return np.column_stack((x[used] * deep / NEAR, y[used] * deep / NEAR, -deep))

    flat = np.column_stack((x[used], y[used], -z[used]))
    first, _ = _procrustes(canonical, flat, weights)
    second, _ = _procrustes(canonical, metric(first), weights)
    _, rotation = _procrustes(canonical, metric(first * second), weights)
    return HeadPose(
        pitch=-math.degrees(math.atan2(rotation[2, 1], rotation[2, 2])),
        yaw=math.degrees(math.asin(float(np.clip(-rotation[2, 0], -1, 1)))),
        roll=math.degrees(math.atan2(rotation[1, 0], rotation[0, 0])),
    )


def _procrustes(
    source: NDArray[np.float64], target: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Scale and 3×3 rotation that carry ``source`` to ``target`` (both N×3), by weighted least squares."""
    weighted_source = source * weights[:, None]
    weighted_target = target * weights[:, None]
    total = float(np.sum(weights**2))
    centre = (weighted_source * weights[:, None]).sum(0) / total
    centred = weighted_source - weights[:, None] * centre
    left, _, right = np.linalg.svd(weighted_target.T @ centred)
    if np.linalg.det(left) * np.linalg.det(right) < 0:
        left[:, 2] *= -1
    rotation: NDArray[np.float64] = left @ right
    scale = float(np.sum((centred @ rotation.T) * weighted_target) / np.sum(centred * weighted_source))
    return scale, rotation
