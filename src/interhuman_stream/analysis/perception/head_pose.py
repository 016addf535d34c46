"""Head pose from face landmarks: the canonical face fitted to them under a perspective camera.

The method is MediaPipe's face geometry (Kartynnik et al. 2019, and the geometry file inside `face_landmarker.task`).
There the landmarks, whose depth is only relative, are given a scale in two rounds and unprojected, and the canonical
face is fitted to them by weighted orthogonal Procrustes. The scale divides every unprojected coordinate alike, so the
rotation does not depend on it: one fit at any scale gives the pose.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    """The canonical face, and what of it does not change from fit to fit.

    Attributes:
        points: 468×3, centimetres.
        weights: 468, 0 where expressions move a point.
        basis: Of the points with a weight: the index, and x, y, z about their weighted centre, times their weights.
    """

    points: NDArray[np.float64]
    weights: NDArray[np.float64]
    basis: tuple[tuple[int, float, float, float], ...]


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
    return face_geometry(points, weights)


def face_geometry(points: NDArray[np.float64], weights: NDArray[np.float64]) -> FaceGeometry:
    """Prepare the canonical face, 468×3 in centimetres, with its weights, 468."""
    used = np.flatnonzero(weights)
    chosen, share = points[used], weights[used, None]
    about_centre = (chosen - (chosen * share).sum(0) / share.sum()) * share
    basis = tuple((index, *point) for index, point in zip(used.tolist(), about_centre.tolist(), strict=True))
    return FaceGeometry(points, weights, basis)


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


def head_pose(columns: Sequence[Sequence[float]], width: int, height: int, geometry: FaceGeometry) -> HeadPose:
    """Estimate the pose.

    Plain floats throughout: for so few points numpy's calls cost three times as much, since each finds its code outside
    the processor's cache after the models have run.

    Args:
        columns: x, y and z of at least 468 landmarks: x and y in pixels, z in pixels of x (smaller is nearer).
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
        geometry: The canonical face.
    """
    x, y, z = columns
    per_pixel = 2 * NEAR * math.tan(math.radians(VERTICAL_FIELD_OF_VIEW) / 2) / height
    middle_x, middle_y, middle_z = width / 2, height / 2, math.fsum(z[:MESH_POINTS]) / MESH_POINTS
    xx = xy = xz = yx = yy = yz = zx = zy = zz = 0.0  # the sum of every canonical point times the one that is seen
    for index, canonical_x, canonical_y, canonical_z in geometry.basis:
        away = (z[index] - middle_z) * per_pixel + NEAR
        right = (x[index] - middle_x) * per_pixel * away / NEAR
        up = (middle_y - y[index]) * per_pixel * away / NEAR
        xx += canonical_x * right
        xy += canonical_x * up
        xz -= canonical_x * away
        yx += canonical_y * right
        yy += canonical_y * up
        yz -= canonical_y * away
        zx += canonical_z * right
        zy += canonical_z * up
        zz -= canonical_z * away
    # The rotation that fits best, as a quaternion: the eigenvector of the largest eigenvalue (Horn 1987, section 4).
    _, _, vectors = cv2.eigen(
        np.array(
            (
                (xx + yy + zz, yz - zy, zx - xz, xy - yx),
                (yz - zy, xx - yy - zz, xy + yx, zx + xz),
                (zx - xz, xy + yx, yy - xx - zz, yz + zy),
                (xy - yx, zx + xz, yz + zy, zz - xx - yy),
            )
        )
    )
    w, i, j, k = vectors[0].tolist()
    return HeadPose(
        pitch=-math.degrees(math.atan2(2 * (j * k + w * i), w * w - i * i - j * j + k * k)),
        yaw=math.degrees(math.asin(min(1.0, max(-1.0, 2 * (w * j - i * k))))),
        roll=math.degrees(math.atan2(2 * (i * j + w * k), w * w + i * i - j * j - k * k)),
    )
