"""One subject at a time: chosen, held, found again, and not exchanged for whoever else is in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from interhuman_stream.analysis.media.stream import Picture
from interhuman_stream.analysis.perception.face import FaceTracker

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.models import Models


@pytest.fixture(scope="module")
def portrait(sample: Path) -> NDArray[np.uint8]:
    with av.open(sample) as clip:
        return np.asarray(next(clip.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)


def scene(*faces: tuple[NDArray[np.uint8], float, int, int]) -> NDArray[np.uint8]:
    """A grey picture of 960×540 with portraits in it: each with its scale and the place of its corner."""
    picture = np.full((540, 960, 3), 128, np.uint8)
    for portrait, scale, x, y in faces:
        small = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        picture[y : y + small.shape[0], x : x + small.shape[1]] = small
    return picture


def test_the_largest_is_the_subject_and_is_held(models: Models, portrait: NDArray[np.uint8]) -> None:
    tracker = FaceTracker(models.face)
    large, small = (portrait, 0.9, 0, 40), (portrait, 0.6, 576, 150)
    for step in range(10):
        tracker.observe(Picture(step / 10, scene(large, small)))
    for step in range(10, 30):  # the subject is hidden: nobody takes its place
        tracker.observe(Picture(step / 10, scene(small)))
    for step in range(30, 35):
        tracker.observe(Picture(step / 10, scene(large, small)))
    track = tracker.track()
    assert track is not None
    assert track.present[:10].all()
    assert not track.present[11:30].any()
    assert track.present[30:].all()
    assert np.ptp(track.width[track.present]) < 10


def test_after_a_while_whoever_is_there_is_the_subject(models: Models, portrait: NDArray[np.uint8]) -> None:
    tracker = FaceTracker(models.face)
    large, small = (portrait, 0.9, 0, 40), (portrait, 0.6, 576, 150)
    tracker.observe(Picture(0.0, scene(large, small)))
    for step in range(45):
        tracker.observe(Picture(0.1 + step / 10, scene(small)))
    track = tracker.track()
    assert track is not None
    assert not track.present[20]
    assert track.present[-1]
    assert track.width[-1] < 0.75 * track.width[0]


def test_a_face_far_away_in_a_wide_picture_is_found(models: Models, portrait: NDArray[np.uint8]) -> None:
    for place, at in enumerate(((0, 0), (700, 300), (400, 200))):
        tracker = FaceTracker(models.face)
        tracker.observe(Picture(place / 10, scene((portrait, 0.27, *at))))
        track = tracker.track()
        assert track is not None
        assert track.present.all(), at
        assert 50 < track.width[0] < 90


def test_light_and_openness_are_measured(models: Models, portrait: NDArray[np.uint8]) -> None:
    tracker = FaceTracker(models.face)
    tracker.observe(Picture(0.0, scene((portrait, 0.9, 0, 40))))
    tracker.observe(Picture(0.1, (scene((portrait, 0.9, 0, 40)) * 0.3).astype(np.uint8)))
    track = tracker.track()
    assert track is not None
    assert track.light[1] == pytest.approx(0.3 * track.light[0], rel=0.05)
    assert 0.2 < track.aperture[0] < 0.6
    assert 0.1 < track.brow[0] < 0.5
