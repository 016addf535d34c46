"""Whether somebody left: the picture round the face says it, whatever covers the face and however dark it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from interhuman_stream.analysis.perception.face_model import Region
from interhuman_stream.analysis.perception.place import vacancy

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACE = Region(x=320, y=200, side=240, turn=0.0)


def room() -> NDArray[np.uint8]:
    picture = np.full((480, 640, 3), 190, np.uint8)
    picture[:, :200] = 120  # a curtain
    return picture


def somebody() -> NDArray[np.uint8]:
    picture = room()
    cv2.ellipse(picture, (320, 190), (85, 120), 0, 0, 360, (60, 40, 30), -1)  # hair
    cv2.ellipse(picture, (320, 200), (70, 95), 0, 0, 360, (200, 160, 140), -1)
    cv2.ellipse(picture, (320, 470), (190, 150), 0, 0, 360, (30, 30, 60), -1)  # shoulders
    return picture


def test_who_left_leaves_an_empty_place() -> None:
    assert vacancy(somebody(), FACE, room()) > 0.9


def test_a_covered_face_is_still_there() -> None:
    covered = somebody()
    cv2.rectangle(covered, (250, 110), (390, 300), (220, 180, 160), -1)
    assert vacancy(somebody(), FACE, covered) < 0.3


def test_who_sits_in_the_dark_is_still_there() -> None:
    assert vacancy(somebody(), FACE, np.asarray(somebody() * 0.1, np.uint8)) < 0.1


@pytest.mark.parametrize("now", [np.zeros((480, 640, 3), np.uint8), np.zeros((240, 320, 3), np.uint8)])
def test_what_cannot_be_compared_is_not_known(now: NDArray[np.uint8]) -> None:
    assert np.isnan(vacancy(somebody(), FACE, now))
