"""Pictures as they are meant: upright, in shape, and all of them, to the last one that was held back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.analysis.media.stream import MediaStream
from interhuman_stream.faults import MalformedSegment
from tests.analysis.media.make import Track, clip, seen, talk, upright_matrix, voice, with_display_size

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

FMP4 = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
WIDE, HIGH = (120, 160), (160, 120)  # height, width


@dataclass(frozen=True)
class Case:
    """A clip, and where its pictures' white quarter is to be seen: "ul", "ur", "ll", "lr"."""

    data: Callable[[], bytes]
    shape: tuple[int, int]
    white: str = "ul"


def matrix(a: float, b: float, c: float, d: float, container: str = "mp4") -> Callable[[], bytes]:
    return lambda: clip(container, matrix=upright_matrix(a, b, c, d), seconds=0.4)


def squeezed(container: str, codec: str, shape: Fraction, size: tuple[int, int] = (160, 120)) -> Callable[[], bytes]:
    return lambda: clip(container, video=codec, shape=shape, size=size, seconds=0.4)


TURNED = {
    "as it is": Case(matrix(1, 0, 0, 1), WIDE),
    "upside down": Case(matrix(-1, 0, 0, -1), WIDE, "lr"),
    "a quarter to the right": Case(matrix(0, 1, -1, 0), HIGH, "ur"),
    "a quarter to the left": Case(matrix(0, -1, 1, 0), HIGH, "ll"),
    "mirrored": Case(matrix(-1, 0, 0, 1), WIDE, "ur"),
    "mirrored top to bottom": Case(matrix(1, 0, 0, -1), WIDE, "ll"),
    "mirrored, a quarter to the right": Case(matrix(0, 1, 1, 0), HIGH, "ul"),
    "mirrored, a quarter to the left": Case(matrix(0, -1, -1, 0), HIGH, "lr"),
    "mirrored, in a MOV": Case(matrix(-1, 0, 0, 1, "mov"), WIDE, "ur"),
    "mirrored, in Matroska": Case(matrix(-1, 0, 0, 1, "matroska"), WIDE, "ur"),
}
SHAPED = {
    "pixels twice as wide, MP4": Case(squeezed("mp4", "libx264", Fraction(2)), (120, 320)),
    "pixels half as wide, MP4": Case(squeezed("mp4", "libx264", Fraction(1, 2)), (240, 160)),
    "pixels twice as wide, MPEG-4 in a MOV": Case(squeezed("mov", "mpeg4", Fraction(2)), (120, 320)),
    "pixels twice as wide, transport stream": Case(squeezed("mpegts", "libx264", Fraction(2)), (120, 320)),
    "4:3 on DVD": Case(squeezed("vob", "mpeg2video", Fraction(12, 11), (176, 144)), (144, 192)),
    "display size of a WebM": Case(
        lambda: with_display_size(clip("webm", video="libvpx", seconds=0.4, options={"live": "1"}), 320, 120),
        (120, 320),
    ),
    "absurd": Case(squeezed("mp4", "libx264", Fraction(1, 200)), WIDE),
}
CASES = TURNED | SHAPED


def whites(image: NDArray[np.uint8]) -> str:
    """Which quarter of a picture is white."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    quarters = {
        name: float(image[height * down : height * (down + 1), width * right : width * (right + 1)].mean())
        for name, down, right in (("ul", 0, 0), ("ur", 0, 1), ("ll", 1, 0), ("lr", 1, 1))
    }
    return max(quarters, key=lambda name: quarters[name])


@pytest.mark.parametrize("name", CASES)
def test_pictures_are_shown_as_they_are_meant(name: str) -> None:
    case = CASES[name]
    image = seen(case.data()).pictures[-1].image
    assert image.shape == pytest.approx((*case.shape, 3), abs=2)
    assert whites(image) == case.white
    assert image.flags.c_contiguous


@pytest.mark.parametrize("degrees", [30, -30, 120, 5])
def test_pictures_are_turned_by_any_angle(degrees: float) -> None:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    image = seen(clip("mp4", matrix=upright_matrix(cosine, sine, -sine, cosine), seconds=0.4)).pictures[-1].image
    wide = 160 * abs(cosine) + 120 * abs(sine)
    high = 160 * abs(sine) + 120 * abs(cosine)
    assert image.shape == pytest.approx((high, wide, 3), abs=2)
    # The centre of the white quarter, a quarter of the picture up and left of its centre, is turned about that.
    x, y = wide / 2 + (-40 * cosine + 30 * sine), high / 2 + (-40 * sine - 30 * cosine)
    assert image[round(y), round(x)].mean() > 200
    assert image[round(high - y), round(wide - x)].mean() < 100


def test_a_matrix_that_shows_nothing_is_taken_for_none() -> None:
    assert seen(clip("mp4", matrix=upright_matrix(0, 0, 0, 0), seconds=0.4)).pictures


def test_a_shape_that_changes_in_mid_stream_is_followed() -> None:
    one = clip("mpegts", shape=Fraction(1), seconds=2)
    other = clip("mpegts", shape=Fraction(2), seconds=2)
    shapes = [picture.image.shape[:2] for picture in seen(one + other).pictures]
    assert set(shapes) == {(120, 160), (120, 320)}
    assert shapes == sorted(shapes)


def test_a_size_that_changes_in_mid_stream_is_followed() -> None:
    one, other = clip("mpegts", seconds=2), clip("mpegts", size=(120, 160), seconds=2)
    found = seen(one + other)
    assert {picture.image.shape[:2] for picture in found.pictures} == {(120, 160), (160, 120)}
    assert found.frames == 100


B_FRAMES = {"bf": "3", "b_strategy": "0"}
TAILS: dict[str, tuple[Callable[[], bytes], int, float]] = {
    "a still of 125 pictures": (lambda: clip("mp4", pictures=125, still=True, size=(640, 480)), 125, 4.9),
    "a still in Matroska": (lambda: clip("matroska", pictures=125, still=True), 125, 4.9),
    "a still of VP8": (lambda: clip("webm", pictures=125, still=True, video="libvpx"), 125, 4.9),
    **{
        f"{count} pictures in {container}": (
            lambda count=count, container=container: clip(container, pictures=count, coding=B_FRAMES),  # type: ignore[misc]
            count,
            0.0,
        )
        for container in ("mp4", "mov", "matroska", "mpegts")
        for count in (1, 2, 8)
    },
    "1 picture in AVI": (lambda: clip("avi", pictures=1, video="mpeg4"), 1, 0.0),
    "1 picture in a program stream": (lambda: clip("vob", pictures=1, video="mpeg2video"), 1, 0.0),
    "1 picture in a fragment": (lambda: clip("mp4", pictures=1, options=FMP4), 1, 0.0),
    "one a second, transport stream": (lambda: clip("mpegts", pictures=10, fps=1, coding=B_FRAMES), 10, 9.0),
    "one a second, MP4": (lambda: clip("mp4", pictures=10, fps=1, coding=B_FRAMES), 10, 9.0),
    "one in two seconds, live WebM": (
        lambda: clip("webm", pictures=6, fps=Fraction(1, 2), video="libvpx", options={"live": "1"}),
        6,
        10.0,
    ),
    "one in 30 seconds, Matroska": (lambda: clip("matroska", pictures=5, fps=Fraction(1, 30)), 5, 120.0),
    "one in two seconds, B-frames": (
        lambda: clip("matroska", pictures=12, fps=Fraction(1, 2), coding=B_FRAMES),
        12,
        22.0,
    ),
    "B-frames, transport stream": (lambda: clip("mpegts", [Track(voice(4))], coding=B_FRAMES), 100, 3.9),
    "B-frames, fragments": (lambda: clip("mp4", [Track(voice(4))], coding=B_FRAMES, options=FMP4), 100, 3.9),
    "VP9 with hidden frames": (
        lambda: clip("webm", video="libvpx-vp9", coding={"cpu-used": "8", "auto-alt-ref": "1", "lag-in-frames": "12"}),
        100,
        3.9,
    ),
}


@pytest.mark.parametrize("name", TAILS)
def test_no_picture_stays_behind(name: str) -> None:
    data, frames, last = TAILS[name]
    found = seen(data())
    assert found.faults == []
    assert found.frames == frames
    if last:
        assert found.times[-1] == pytest.approx(last, abs=0.11)


def test_a_file_of_nothing_is_said_to_be_damaged_once_no_more_can_come() -> None:
    stream = MediaStream()
    list(stream.feed(talk("webm", 0.4, "libopus", "libvpx")[:300]))
    with pytest.raises(MalformedSegment, match="nothing in the segment could be decoded"):
        list(stream.finish())
    stream = MediaStream()
    list(stream.feed(b"\x1a"))
    with pytest.raises(MalformedSegment):
        list(stream.finish())
    assert list(stream.finish()) == []
