"""How sharp a face is: by what is in it, not by its light or how near it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from interhuman_stream.analysis.cues.conditions import BLURRED, SHARP
from interhuman_stream.analysis.perceived import LEAST_DETAIL
from interhuman_stream.analysis.perception.detail import detail

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.face_model import FaceLandmarker
    from interhuman_stream.analysis.perception.models import Models


@pytest.fixture(scope="module")
def landmarker(models: Models) -> FaceLandmarker:
    return models.face


@pytest.fixture(scope="module")
def picture(shared_data: Path) -> NDArray[np.uint8]:
    with av.open(str(shared_data / "clips" / "talk_01_woman_interview.mp4")) as video:
        return np.asarray(next(video.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)


def seen(landmarker: FaceLandmarker, picture: NDArray[np.uint8]) -> tuple[float, float]:
    """The detail of the face in a picture, and its width in pixels."""
    face = landmarker.landmarks(picture, landmarker.detect(picture)[0])
    assert face is not None
    return face.detail, face.width


def test_a_face_out_of_focus_has_less_of_it(landmarker: FaceLandmarker, picture: NDArray[np.uint8]) -> None:
    sharp, width = seen(landmarker, picture)
    assert sharp > SHARP
    blurred = [np.asarray(cv2.GaussianBlur(picture, (0, 0), width / of), np.uint8) for of in (150, 40, 20)]
    slightly, half, lost = (seen(landmarker, each)[0] for each in blurred)
    assert sharp > slightly > half > lost
    assert slightly > LEAST_DETAIL
    assert lost < BLURRED


def test_a_small_face_is_not_blurred_by_that(landmarker: FaceLandmarker, picture: NDArray[np.uint8]) -> None:
    _, width = seen(landmarker, picture)
    for wanted in (60, 45):
        small = cv2.resize(picture, None, fx=wanted / width, fy=wanted / width, interpolation=cv2.INTER_AREA)
        around = cv2.copyMakeBorder(small, 20, 20, 60, 60, cv2.BORDER_REPLICATE)
        assert seen(landmarker, np.ascontiguousarray(around, np.uint8))[0] > LEAST_DETAIL


def test_light_changes_nothing_and_a_wall_has_none(landmarker: FaceLandmarker, picture: NDArray[np.uint8]) -> None:
    usual, _ = seen(landmarker, picture)
    assert seen(landmarker, np.asarray(picture // 3, np.uint8))[0] == pytest.approx(usual, rel=0.15)
    assert detail(np.full((256, 256, 3), 90, np.uint8)) == 0.0
