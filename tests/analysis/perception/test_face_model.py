"""The models see the pictures, and give the landmarks, that the plain way to run them would; and say nothing."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from interhuman_stream.analysis.model_files import FACE_LANDMARKER, locate
from interhuman_stream.analysis.perception.face_model import (
    BLENDSHAPE_LANDMARKS,
    LANDMARK_SIZE,
    MESH_LANDMARKS,
    Region,
)
from interhuman_stream.analysis.perception.litert import NOTICE, without_notice

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.models import Models


@pytest.fixture(scope="module")
def picture(sample: Path) -> NDArray[np.uint8]:
    with av.open(sample) as clip:
        return np.asarray(next(clip.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)


def plain_crop(image: NDArray[np.uint8], region: Region) -> NDArray[np.uint8]:
    """The region as OpenCV turns it out of the whole picture, in three channels."""
    step = region.side / LANDMARK_SIZE
    cos, sin = math.cos(region.turn) * step, math.sin(region.turn) * step
    half = LANDMARK_SIZE / 2
    matrix = np.array(
        [[cos, -sin, region.x - half * (cos - sin)], [sin, cos, region.y - half * (sin + cos)]],
    )
    crop = cv2.warpAffine(
        image,
        matrix,
        (LANDMARK_SIZE, LANDMARK_SIZE),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(crop, np.uint8)


def plain_run(task: Path, name: str, data: NDArray[np.float32]) -> NDArray[np.float32]:
    """The first output of one of the task's models."""
    with zipfile.ZipFile(task) as archive:
        interpreter = Interpreter(model_content=archive.read(name), num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], data)
    interpreter.invoke()
    return np.asarray(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]), np.float32)


def test_the_crop_is_the_plain_one_anywhere(models: Models) -> None:
    random = np.random.default_rng(1)
    noise = random.integers(0, 256, (300, 420, 3), np.uint8)
    image = np.asarray(cv2.GaussianBlur(noise, (0, 0), 2.0), np.uint8)
    for _ in range(200):  # far outside, larger than the picture, upside down
        x, y, side = random.uniform(-300, 700), random.uniform(-300, 600), random.uniform(4, 900)
        region = Region(x, y, side, random.uniform(-math.pi, math.pi))
        apart = cv2.absdiff(models.face._crop(image, region), plain_crop(image, region))
        assert apart.max() <= 1, region  # a coordinate's last bit
        assert apart.mean() < 0.01, region


def test_landmarks_and_blendshapes_are_those_of_the_plain_way(models: Models, picture: NDArray[np.uint8]) -> None:
    task = locate(FACE_LANDMARKER)
    (found, *_) = models.face.detect(picture)
    for region in (found, Region(found.x + 9, found.y - 7, found.side * 1.1, found.turn + 0.3)):
        face = models.face.landmarks(picture, region)
        assert face is not None
        seen = np.asarray(plain_crop(picture, region)[None] / 255, np.float32)
        points = plain_run(task, "face_landmarks_detector.tflite", seen).reshape(MESH_LANDMARKS, 3)
        cos, sin = math.cos(region.turn), math.sin(region.turn)
        flat = (points[:, :2] / LANDMARK_SIZE - 0.5) * region.side
        expected = flat @ np.array([[cos, sin], [-sin, cos]]) + (region.x, region.y)
        assert np.abs(face.landmarks[:, :2] - expected).max() < 0.05
        assert np.abs(face.landmarks[:, 2] - points[:, 2] * region.side / LANDMARK_SIZE).max() < 0.05
        assert (face.landmarks == np.array(face.columns, np.float32).T).all()
        assert face.box == pytest.approx((*face.landmarks[:, :2].min(0), *face.landmarks[:, :2].max(0)))
        shapes = plain_run(task, "face_blendshapes.tflite", face.landmarks[None, BLENDSHAPE_LANDMARKS, :2])
        assert np.abs(models.face.blendshapes(face) - shapes).max() < 1e-5


def test_a_face_is_its_own_whatever_comes_after(models: Models, picture: NDArray[np.uint8]) -> None:
    (region, *_) = models.face.detect(picture)
    face = models.face.landmarks(picture, region)
    assert face is not None
    before, shapes = face.landmarks.copy(), models.face.blendshapes(face)
    kept = shapes.copy()
    other = models.face.landmarks(np.ascontiguousarray(picture[:, ::-1]), region)
    if other:
        models.face.blendshapes(other)
    assert (face.landmarks == before).all()
    assert (shapes == kept).all()


def test_loading_says_nothing(models: Models) -> None:
    load = f"import sys; from {models.face.__module__} import FaceLandmarker; FaceLandmarker(sys.argv[1])"
    command = [sys.executable, "-c", load, str(locate(FACE_LANDMARKER))]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == ""


def test_only_the_notice_is_kept_off_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    with without_notice():
        os.write(2, b"before\n")
        os.write(2, NOTICE)
        os.write(2, b"after, without an end")
    os.write(2, b", and on\n")
    assert capfd.readouterr().err == "before\nafter, without an end, and on\n"


def test_what_is_written_survives_a_model_that_does_not_load(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with without_notice():
            os.write(2, b"said\n")
            raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        fail()
    os.write(2, b"then\n")
    assert capfd.readouterr().err == "said\nthen\n"
