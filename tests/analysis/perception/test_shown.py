"""Whether eyes and mouth are seen: where something lies over them, the landmark model is as sure as ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from interhuman_stream.analysis.cues.conditions import HIDDEN, SHOWN
from interhuman_stream.analysis.media.stream import Picture
from interhuman_stream.analysis.perception.face_measures import measure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.face_model import Face, FaceLandmarker
    from interhuman_stream.analysis.perception.models import Models

NOSE = 1
Part = tuple[slice, slice]


@pytest.fixture(scope="module")
def landmarker(models: Models) -> FaceLandmarker:
    return models.face


@pytest.fixture(scope="module", params=["talk_01_woman_interview", "talk_andrew_clip_1", "talk_Obama_clip1"])
def picture(request: pytest.FixtureRequest, shared_data: Path) -> NDArray[np.uint8]:
    with av.open(str(shared_data / "clips" / f"{request.param}.mp4")) as video:
        return np.asarray(next(video.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)


def fitted(landmarker: FaceLandmarker, picture: NDArray[np.uint8]) -> Face:
    face = landmarker.landmarks(picture, landmarker.detect(picture)[0])
    assert face is not None
    return face


def lower(face: Face) -> Part:
    left, _, right, bottom = map(int, face.box)
    return slice(int(face.columns[1][NOSE]), bottom + 20), slice(left - 10, right + 10)


def upper(face: Face) -> Part:
    left, top, right, _ = map(int, face.box)
    return slice(max(0, top - 20), int(face.columns[1][NOSE]) - 5), slice(left - 10, right + 10)


def side(face: Face) -> Part:
    left, top, _, bottom = map(int, face.box)
    return slice(max(0, top - 20), bottom + 20), slice(max(0, left - 20), int(face.columns[0][NOSE]))


@pytest.mark.parametrize("half", [lower, upper, side])
@pytest.mark.parametrize("colour", [20, 235, None], ids=["black", "white", "skin"])
def test_half_a_face_that_is_covered_is_told(
    landmarker: FaceLandmarker, picture: NDArray[np.uint8], half: Callable[[Face], Part], colour: int | None
) -> None:
    face = fitted(landmarker, picture)
    shown = measure(Picture(0.0, picture), face, landmarker).shown
    assert shown > SHOWN
    covered = picture.copy()
    x, y, _ = face.columns
    covered[half(face)] = picture[int(y[50]), int(x[50])] if colour is None else colour
    under = landmarker.landmarks(covered, face.region)
    assert under is None or measure(Picture(0.0, covered), under, landmarker).shown < HIDDEN
