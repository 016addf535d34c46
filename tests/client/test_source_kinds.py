"""What people really send, through the sources: upright, in shape, in step, heard, in segments of the length asked for.

Each case is cut, and the segments are decoded again one by one, as a server would: by FFmpeg, and by the engine's own
decoder as one stream.
"""

from __future__ import annotations

import io
import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from interhuman_stream.client.sources.file import segments
from interhuman_stream.protocol.limits import SMALLEST_SEGMENT
from tests.analysis.media import test_pictures as pictures
from tests.analysis.media import test_sounds as sounds
from tests.analysis.media import test_time as times
from tests.analysis.media.make import (
    Track,
    clip,
    seen,
    silence,
    upright_matrix,
    voice,
    with_display_size,
)
from tools.field.mpeg import AUDIO, VIDEO, restamped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interhuman_stream.client import Segment
    from tools.field.mpeg import Pes

LONGEST = 1.2
"""The part of the length asked for that a segment may last; the last one may have another second."""


@dataclass(frozen=True)
class Part:
    """What a segment decodes to."""

    segment: Segment
    container: str
    codecs: tuple[str, ...]
    pictures: int
    sound: float

    @property
    def seconds(self) -> float:
        """How long it is said to be."""
        return self.segment.end - self.segment.start


def parts(folder: Path, data: bytes, seconds: float = 3.0) -> list[Part]:
    """Cut a recording, and hold every segment to what all must keep."""
    path = folder / "recording"
    path.write_bytes(data)
    found = [decoded(segment) for segment in segments(path, seconds)]
    assert all(part.seconds <= seconds * LONGEST + (part is found[-1]) for part in found)
    assert all(len(part.segment.data) >= SMALLEST_SEGMENT for part in found)
    assert all(one.segment.end <= two.segment.start for one, two in itertools.pairwise(found))
    return found


def decoded(segment: Segment) -> Part:
    with av.open(io.BytesIO(segment.data), "r") as opened:
        codecs = tuple(stream.codec_context.codec.canonical_name for stream in opened.streams)
        count, heard = 0, 0.0
        for frame in opened.decode(*opened.streams):
            if isinstance(frame, av.VideoFrame):
                count += 1
            elif isinstance(frame, av.AudioFrame):
                heard += frame.samples / frame.sample_rate
        return Part(segment, opened.format.name.split(",")[0], codecs, count, heard)


def sent(found: list[Part]) -> list[bytes]:
    return [part.segment.data for part in found]


@dataclass(frozen=True)
class Look:
    """A recording, and in what it is to be sent."""

    data: Callable[[], bytes]
    container: str
    codecs: tuple[str, ...]


def recording(
    container: str, video: str = "libx264", audio: str = "", matrix: tuple[int, ...] | None = None, **more: object
) -> Callable[[], bytes]:
    """Six seconds with a key frame a second; or with one alone, where ``coding`` says so."""
    tracks = [Track(voice(6), audio)] if audio else []
    given = {"seconds": 6.0, "coding": {"g": "25"}} | more
    return lambda: clip(container, tracks, video=video, matrix=matrix, **given)  # type: ignore[arg-type]


def by(degrees: float) -> tuple[int, ...]:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return upright_matrix(cosine, sine, -sine, cosine)


MIRRORED, UPSIDE_DOWN = upright_matrix(-1, 0, 0, 1), upright_matrix(1, 0, 0, -1)
MIRRORED_QUARTER = upright_matrix(0, 1, 1, 0)
RARE_KEYS = {"g": "1000", "sc_threshold": "0"}
AVC, VP8 = ("h264",), ("vp8",)
TURNED = {
    "a quarter, copied": Look(recording("mp4", audio="aac", matrix=by(90)), "mov", ("h264", "aac")),
    "a quarter, with AC-3": Look(recording("mov", audio="ac3", matrix=by(90)), "mov", ("h264", "opus")),
    "three quarters, with E-AC-3": Look(recording("mov", audio="eac3", matrix=by(270)), "mov", ("h264", "opus")),
    "a half, with MP2": Look(recording("matroska", audio="mp2", matrix=by(180)), "mov", ("h264", "opus")),
    "a quarter, MPEG-2": Look(recording("mov", "mpeg2video", "mp2", by(90)), "matroska", ("vp8", "opus")),
    "a quarter, VP9 and Opus": Look(
        recording("mp4", "libvpx-vp9", "libopus", by(90), coding={"g": "25", "cpu-used": "8"}), "mov", ("vp9", "opus")
    ),
    "a quarter, VP8": Look(recording("matroska", "libvpx", "libopus", by(90)), "matroska", ("vp8", "opus")),
    "mirrored, copied": Look(recording("mp4", matrix=MIRRORED), "mov", AVC),
    "mirrored, with AC-3": Look(recording("matroska", audio="ac3", matrix=MIRRORED), "mov", ("h264", "opus")),
    "mirrored, MPEG-4": Look(recording("mov", "mpeg4", matrix=MIRRORED), "matroska", VP8),
    "upside down, encoded": Look(recording("mp4", matrix=UPSIDE_DOWN, coding=RARE_KEYS), "matroska", VP8),
    "mirrored and a quarter, MPEG-4": Look(recording("mov", "mpeg4", matrix=MIRRORED_QUARTER), "matroska", VP8),
    "30 degrees, copied": Look(recording("mp4", matrix=by(30)), "mov", AVC),
    "30 degrees, encoded": Look(recording("mp4", matrix=by(30), coding=RARE_KEYS), "matroska", VP8),
    "200 degrees, MPEG-4": Look(recording("mov", "mpeg4", matrix=by(200)), "matroska", VP8),
}
WIDE = Fraction(2)
SHAPED = {
    "wide pixels, copied": Look(recording("mp4", shape=WIDE), "mov", AVC),
    "wide pixels, with AC-3": Look(recording("mp4", audio="ac3", shape=WIDE), "mov", ("h264", "opus")),
    "narrow pixels, encoded": Look(recording("mp4", shape=Fraction(1, 2), coding=RARE_KEYS), "matroska", VP8),
    "wide pixels, MPEG-4": Look(recording("mov", "mpeg4", shape=WIDE), "matroska", VP8),
    "wide pixels and a quarter": Look(recording("mov", "mpeg4", matrix=by(90), shape=WIDE), "matroska", VP8),
    "wide pixels and a quarter, with AC-3": Look(
        recording("mov", audio="ac3", matrix=by(90), shape=WIDE), "mov", ("h264", "opus")
    ),
    "wide pixels, transport stream": Look(recording("mpegts", audio="mp2", shape=WIDE), "mpegts", ("h264", "mp2")),
    "DVD": Look(
        recording("vob", "mpeg2video", "mp2", shape=Fraction(12, 11), size=(176, 144)),
        "mpegts",
        ("mpeg2video", "mp2"),
    ),
    "a WebM's display size": Look(
        lambda: with_display_size(recording("webm", "libvpx", options={"live": "1"})(), 320, 120), "matroska", VP8
    ),
    "a WebM's display size, VP9": Look(
        lambda: with_display_size(
            recording("webm", "libvpx-vp9", options={"live": "1"}, coding={"g": "25", "cpu-used": "8"})(), 320, 120
        ),
        "mov",
        ("vp9",),
    ),
    "pixels that change": Look(
        lambda: clip("mpegts", shape=WIDE, seconds=3) + clip("mpegts", shape=Fraction(1), seconds=3), "mov", AVC
    ),
    "a size that changes": Look(
        lambda: clip("mpegts", seconds=3) + clip("mpegts", size=(120, 160), seconds=3), "mov", AVC
    ),
}
LOOKS = {**TURNED, **SHAPED}


@pytest.mark.slow
@pytest.mark.parametrize("name", LOOKS)
def test_pictures_go_out_as_they_are_meant(name: str, tmp_path: Path) -> None:
    case = LOOKS[name]
    data = case.data()
    found = parts(tmp_path, data)
    assert {(part.container, part.codecs) for part in found} == {(case.container, case.codecs)}
    assert sum(part.pictures for part in found) == 150
    wanted, shown = seen(data).pictures, seen(*sent(found)).pictures
    for which in (0, -1):
        assert shown[which].image.shape == pytest.approx(wanted[which].image.shape, abs=2)
        assert pictures.whites(shown[which].image) == pictures.whites(wanted[which].image)
        assert np.abs(shown[which].image.mean() - wanted[which].image.mean()) < 8


def test_what_is_encoded_stays_one_size_and_in_shape(tmp_path: Path) -> None:
    """A second recording in another shape is put into the first one's, on black, not pulled into it."""
    one, other = (recording("mpegts", "mpeg1video", size=size)() for size in ((160, 120), (120, 160)))
    # MPEG-1 in an MPEG-TS is copied; frames that an encoder has to make come from a codec that fits nowhere.
    assert {part.codecs for part in parts(tmp_path, one + other)} == {("mpeg1video",)}
    one, other = (recording("avi", "mpeg4", size=size)() for size in ((160, 120), (120, 160)))
    first = next(iter(seen(*sent(parts(tmp_path, one))).pictures)).image
    second = next(iter(seen(*sent(parts(tmp_path, other))).pictures)).image
    assert (first.shape, second.shape) == ((120, 160, 3), (160, 120, 3))


TIMES = (
    "joined: two recordings joined",
    "joined: the second one an hour ahead",
    "joined: program streams",
    "joined: with a clock that steps back in between",
    "two clocks: sound 30 s ahead",
    "two clocks: sound leaps 100 s in between",
    "two clocks: both leap, apart",
    "strays: every 15th picture 3 s ahead",
    "strays: every 15th picture at zero",
    "strays: the first picture",
    "pause: of 12 s",
    "pause: of an hour, in fragments",
    "pause: of a day, which is a broken clock",
    "pause: of 5 s in a transport stream",
    "pause: of the microphone alone, 12 s",
    "pause: none, though each picture is said to last 4 s",
    "wrap: in between",
    "wrap: long after a beginning that was far from it",
)


@pytest.mark.parametrize("name", TIMES)
def test_segments_hold_picture_and_sound_of_one_time(name: str, tmp_path: Path) -> None:
    case = times.CASES[name]
    (data,) = case.pieces()
    found = parts(tmp_path, data)
    result = seen(*sent(found))
    assert result.faults == []
    assert len(result.pictures) == pytest.approx(case.pictures, abs=3)
    assert sum(part.sound for part in found) == pytest.approx(case.seconds, rel=0.04)
    assert found[-1].segment.end == pytest.approx(case.end, abs=0.25)
    if "microphone alone" not in name:
        assert all(part.pictures and part.sound for part in found)


TEN = {
    "sound 100 s ahead": lambda pes: pes.time + 100 * (pes.kind == AUDIO),
    "sound 89 000 s ahead": lambda pes: pes.time + 89_000 * (pes.kind == AUDIO),
    "pictures 100 s ahead, and strays": lambda pes: (
        pes.time + (pes.kind == VIDEO) * (100 + 20 * (pes.number % 60 == 59))
    ),
}


def ten(move: Callable[[Pes], float]) -> bytes:
    return restamped(clip("mpegts", [Track(voice(10))], seconds=10, coding={"g": "25"}), move)


def ahead(container: str, codec: str, by_seconds: float) -> bytes:
    sound = Track(voice(10), codec, shift=lambda time: time + by_seconds)
    return clip(container, [sound], seconds=10, coding={"g": "25"})


@pytest.mark.parametrize("name", [*TEN, "sound 100 s ahead, MP4", "sound 89 000 s ahead, Matroska"])
def test_ten_seconds_with_two_clocks_are_ten_seconds(name: str, tmp_path: Path) -> None:
    if name in TEN:
        data = ten(TEN[name])
    else:
        data = ahead("mp4", "aac", 100) if "MP4" in name else ahead("matroska", "libopus", 89_000)
    found = parts(tmp_path, data, 5.0)
    result = seen(*sent(found))
    assert found[-1].segment.end == pytest.approx(10, abs=0.1)
    assert len(result.pictures) == 100
    assert result.gaps == []
    assert result.seconds == pytest.approx(10, abs=0.2)
    assert all(part.sound == pytest.approx(part.seconds, abs=0.2) for part in found)
    if "strays" in name:
        assert "4 packets had a time out of line" in "".join(part.segment.note for part in found)


HEARD = (
    "change: 48 then 44.1 kHz",
    "change: 32, 48, 44.1 kHz",
    "change: stereo then mono",
    "change: mono then 5.1",
    "change: mono at 44.1 then stereo at 48 kHz, MP2",
    "channels: opposite, one weaker",
    "tracks: silence, then a microphone",
    "tracks: a louder hum, then a microphone",
    "tracks: three, of which one is a microphone",
    "tracks: two in fragments",
    "tracks: one has hardly any",
    "tracks: one of another rate",
)
SOUNDS = {
    **{name: sounds.CASES[name] for name in HEARD},
    "encoded: opposite": sounds.sound(Track(np.stack([voice(6), -voice(6)]), "pcm_s16le", layout="stereo")),
    "encoded: mono, then opposite": lambda: (
        clip("mpegts", [Track(voice(3), "mp2")], seconds=3)
        + clip("mpegts", [Track(np.stack([voice(3), -voice(3)]), "mp2", layout="stereo")], seconds=3)
    ),
    "tracks: one, and the same with its wires crossed": sounds.sound(Track(voice(6)), Track(-voice(6))),
    "tracks: one stops": sounds.sound(Track(voice(6), skips=(0.0, 2.5)), Track(silence(2))),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SOUNDS)
def test_the_voice_is_sent_to_the_end(name: str, tmp_path: Path) -> None:
    found = parts(tmp_path, SOUNDS[name]())
    result = seen(*sent(found))
    wanted = 9.0 if name == "change: 32, 48, 44.1 kHz" else sounds.SECONDS
    assert all(part.pictures and part.sound for part in found)
    assert found[-1].segment.end == pytest.approx(wanted, abs=0.2)
    assert 0.2 < sounds.speech(result) < 1.3
    if name.startswith("change"):
        assert any("the sound is encoded anew: the sound changes" in part.segment.note for part in found)


def test_a_hum_in_another_track_is_put_back(tmp_path: Path) -> None:
    heard = seen(*sent(parts(tmp_path, sounds.CASES["tracks: a louder hum, then a microphone"]()))).samples[-48_000:]
    time = np.arange(len(heard)) / 16_000
    humming = np.hypot(heard @ np.sin(2 * np.pi * 100 * time), heard @ np.cos(2 * np.pi * 100 * time))
    assert humming * 2 / len(heard) < 0.05


def test_sound_that_changes_its_rate_keeps_its_pitch(tmp_path: Path) -> None:
    """Also in copied segments behind the change: 440 Hz stay 440 Hz."""
    one, other = (clip("mpegts", [Track(tone(7, rate), rate=rate)], seconds=7) for rate in (44_100, 48_000))
    samples = seen(*sent(parts(tmp_path, one + other))).samples
    for middle in (3.0, 8.5, 12.0):
        piece = samples[int(middle * 16_000) :][:8000] * np.hanning(8000)
        assert np.abs(np.fft.rfft(piece)).argmax() * 2 == pytest.approx(440, abs=4)


def tone(seconds: float, rate: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return (0.2 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize(
    ("keys", "lengths", "copied"),
    [
        (50, [4, 4, 4, 4, 4], True),
        (82, [3.3, 3.3, 3.3, 3.3, 3.3, 3.6], True),
        (160, [5, 5, 5, 5], False),
        pytest.param(1000, [5, 5, 5, 5], False, marks=pytest.mark.slow),
    ],
)
def test_segments_last_as_long_as_asked_for(keys: int, lengths: list[float], copied: bool, tmp_path: Path) -> None:
    coding = {"g": str(keys), "sc_threshold": "0", "bf": "0"}
    found = parts(tmp_path, clip("mp4", [Track(voice(20))], seconds=20, coding=coding), 5.0)
    assert [part.seconds for part in found] == pytest.approx(lengths, abs=0.15)
    assert {part.codecs[0] for part in found} == {"h264" if copied else "vp8"}
    assert sum(part.pictures for part in found) == 500
    said = ["key frames are further apart than the segments asked for" in part.segment.note for part in found]
    assert said == [not copied] + [False] * (len(found) - 1)


@pytest.mark.parametrize("container", ["mpegts", "mp4"])
def test_sound_that_goes_on_behind_the_pictures_is_cut_too(container: str, tmp_path: Path) -> None:
    """And is as loud, though it is made anew from there on."""
    found = parts(tmp_path, clip(container, [Track(voice(12))], seconds=4, coding={"g": "25"}))
    result = seen(*sent(found))
    assert sum(part.pictures for part in found) == 100
    assert result.seconds == pytest.approx(12, abs=0.2)
    assert max(map(abs, result.samples[-48_000:].tolist())) == pytest.approx(0.2, rel=0.15)


def test_a_sound_encoded_anew_is_as_loud_as_it_was(tmp_path: Path) -> None:
    for layout, count in (("mono", 1), ("stereo", 2)):
        track = Track(np.stack([voice(6)] * count), "pcm_s16le", layout=layout)
        samples = seen(*sent(parts(tmp_path, clip("matroska", [track], seconds=6)))).samples
        assert float(np.abs(samples).max()) == pytest.approx(0.2, rel=0.15), layout


TAILS = (
    "a still of 125 pictures",
    "a still of VP8",
    "1 pictures in matroska",
    "2 pictures in mpegts",
    "8 pictures in mov",
    "1 picture in AVI",
    "1 picture in a program stream",
    "1 picture in a fragment",
    "one a second, transport stream",
    "one in 30 seconds, Matroska",
    "B-frames, fragments",
    "VP9 with hidden frames",
)


@pytest.mark.parametrize("name", TAILS)
def test_stills_and_the_last_pictures_are_sent(name: str, tmp_path: Path) -> None:
    data, frames, _ = pictures.TAILS[name]
    found = parts(tmp_path, data())
    assert sum(part.pictures for part in found) == frames
    result = seen(*sent(found))
    assert result.faults == []
    assert result.frames == frames


def test_a_pause_lies_between_segments(tmp_path: Path) -> None:
    """Of an hour without anything nothing is sent, and what comes behind begins where it is."""
    found = parts(tmp_path, times.paused("matroska", 3600))
    spans = [time for part in found for time in (part.segment.start, part.segment.end)]
    assert spans == pytest.approx([0, 3, 3602, 3604], abs=0.1)
