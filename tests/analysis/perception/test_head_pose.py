"""The pose is the one that MediaPipe's longer way gives, and the one that the head has."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.analysis.media.stream import MediaStream, Picture
from interhuman_stream.analysis.model_files import FACE_LANDMARKER, locate
from interhuman_stream.analysis.perception.face_model import FaceLandmarker
from interhuman_stream.analysis.perception.head_pose import (
    MESH_POINTS,
    NEAR,
    VERTICAL_FIELD_OF_VIEW,
    FaceGeometry,
    HeadPose,
    face_geometry,
    head_pose,
)
from interhuman_stream.faults import ModelMissing

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT = 640, 480


def pose_in_two_rounds(
    landmarks: NDArray[np.floating], width: int, height: int, geometry: FaceGeometry
) -> NDArray[np.float64]:
    """Pitch, yaw and roll as MediaPipe's face geometry finds them: scale, scale again, then the rotation."""
    used = geometry.weights > 0
    weights = geometry.weights[used]
    screen = np.asarray(landmarks, np.float64)[:MESH_POINTS]
    per_pixel = 2 * NEAR * math.tan(math.radians(VERTICAL_FIELD_OF_VIEW) / 2) / height
    x, y, z = (screen - (width / 2, height / 2, 0)).T * per_pixel
    depth = z.mean()

    def metric(scale: float) -> NDArray[np.float64]:
        deep = (z - depth + NEAR) / scale
        return np.column_stack((x * deep / NEAR, -y * deep / NEAR, -deep))[used]

    first, _ = procrustes(geometry.points[used], np.column_stack((x, -y, -z))[used], weights)
    second, _ = procrustes(geometry.points[used], metric(first), weights)
    _, turn = procrustes(geometry.points[used], metric(first * second), weights)
    return np.degrees(
        [
            -math.atan2(turn[2, 1], turn[2, 2]),
            math.asin(float(np.clip(-turn[2, 0], -1, 1))),
            math.atan2(turn[1, 0], turn[0, 0]),
        ]
    )


def procrustes(
    source: NDArray[np.float64], target: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    centred = source - np.average(source, axis=0, weights=weights)
    left, _, right = np.linalg.svd((target * weights[:, None]).T @ centred)
    if np.linalg.det(left @ right) < 0:
        left[:, 2] *= -1
    turn = left @ right
    scale = np.sum((centred @ turn.T) * target * weights[:, None]) / np.sum(centred**2 * weights[:, None])
    return float(scale), turn


def turned(geometry: FaceGeometry, pose: HeadPose, at: tuple[float, float, float]) -> NDArray[np.float64]:
    """Landmarks of the canonical face, turned and moved (centimetres), before the camera that the pose assumes."""
    pitch, yaw, roll = np.radians((-pose.pitch, pose.yaw, pose.roll))
    cos, sin = np.cos, np.sin
    about_x = np.array([[1, 0, 0], [0, cos(pitch), -sin(pitch)], [0, sin(pitch), cos(pitch)]])
    about_y = np.array([[cos(yaw), 0, sin(yaw)], [0, 1, 0], [-sin(yaw), 0, cos(yaw)]])
    about_z = np.array([[cos(roll), -sin(roll), 0], [sin(roll), cos(roll), 0], [0, 0, 1]])
    space = geometry.points @ (about_z @ about_y @ about_x).T + at
    away = -space[:, 2]
    per_pixel = 2 * math.tan(math.radians(VERTICAL_FIELD_OF_VIEW) / 2) / HEIGHT
    x = space[:, 0] / away / per_pixel + WIDTH / 2
    y = HEIGHT / 2 - space[:, 1] / away / per_pixel
    return np.column_stack((x, y, away / away.mean() / per_pixel))


def columns(landmarks: NDArray[np.floating]) -> list[list[float]]:
    return [[float(each) for each in column] for column in landmarks.T]


def angles(pose: HeadPose) -> NDArray[np.float64]:
    return np.array((pose.pitch, pose.yaw, pose.roll))


@pytest.fixture(scope="module")
def landmarker() -> FaceLandmarker:
    try:
        return FaceLandmarker(locate(FACE_LANDMARKER))
    except ModelMissing as error:
        pytest.skip(str(error))


@given(
    seed=st.integers(0, 2**32 - 1),
    pitch=st.floats(-60, 60),
    yaw=st.floats(-80, 80),
    roll=st.floats(-179, 179),
    noise=st.floats(0, 8),
)
def test_one_fit_gives_what_three_gave(
    landmarker: FaceLandmarker, seed: int, pitch: float, yaw: float, roll: float, noise: float
) -> None:
    random = np.random.default_rng(seed)
    at = (random.uniform(-20, 20), random.uniform(-15, 15), random.uniform(-90, -40))
    landmarks = turned(landmarker.geometry, HeadPose(pitch, yaw, roll), at)
    landmarks += random.normal(0, noise, landmarks.shape)
    found = angles(head_pose(columns(landmarks), WIDTH, HEIGHT, landmarker.geometry))
    expected = pose_in_two_rounds(landmarks, WIDTH, HEIGHT, landmarker.geometry)
    assert np.abs((found - expected + 180) % 360 - 180).max() < 0.01


@given(pitch=st.floats(-60, 60), yaw=st.floats(-80, 80), roll=st.floats(-170, 170))
def test_the_pose_is_the_heads(landmarker: FaceLandmarker, pitch: float, yaw: float, roll: float) -> None:
    landmarks = turned(landmarker.geometry, HeadPose(pitch, yaw, roll), (6.0, -4.0, -60.0))
    found = angles(head_pose(columns(landmarks), WIDTH, HEIGHT, landmarker.geometry))
    assert found == pytest.approx((pitch, yaw, roll), abs=1e-6)


def test_a_mirrored_face_still_gets_a_rotation(landmarker: FaceLandmarker) -> None:
    landmarks = turned(landmarker.geometry, HeadPose(5.0, 10.0, 3.0), (0.0, 0.0, -60.0))
    landmarks[:, 0] = WIDTH - landmarks[:, 0]
    found = angles(head_pose(columns(landmarks), WIDTH, HEIGHT, landmarker.geometry))
    assert found == pytest.approx(pose_in_two_rounds(landmarks, WIDTH, HEIGHT, landmarker.geometry), abs=0.01)


def test_only_what_has_a_weight_counts() -> None:
    random = np.random.default_rng(0)
    points, weights = random.normal(size=(MESH_POINTS, 3)), np.zeros(MESH_POINTS)
    weights[10:40] = random.uniform(0.1, 1, 30)
    geometry = face_geometry(points, weights)
    assert [index for index, *_ in geometry.basis] == list(range(10, 40))
    assert np.array(geometry.basis)[:, 1:].sum(0) == pytest.approx((0, 0, 0), abs=1e-12)


def test_on_real_faces_as_well(landmarker: FaceLandmarker, sample: Path) -> None:
    stream = MediaStream()
    shown = [item.image for item in stream.feed(sample.read_bytes()) if isinstance(item, Picture)][::15]
    stream.close()
    faces = [
        (image, face) for image in shown for at in landmarker.detect(image) if (face := landmarker.landmarks(image, at))
    ]
    assert len(faces) >= len(shown)
    for image, face in faces:
        height, width = image.shape[:2]
        found = angles(head_pose(face.columns, width, height, landmarker.geometry))
        assert found == pytest.approx(pose_in_two_rounds(face.landmarks, width, height, landmarker.geometry), abs=1e-3)
