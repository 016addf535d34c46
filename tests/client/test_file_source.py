"""Files into segments: complete, within the limits, and with every frame."""

from __future__ import annotations

import io
import itertools
import math
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import IO, TYPE_CHECKING

import av
import pytest

from interhuman_stream.client import MediaSupportMissing, Segment, SourceError
from interhuman_stream.client.sources.file import segments
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT
from tests.analysis.media.test_broken_rate import PICTURES, avi
from tests.client.media import Clip, make

if TYPE_CHECKING:
    from pathlib import Path

CLIPS = (
    "bbaf2n.mpg",
    "face_leaves_hevc.mov",
    "id2_vcd_swwp2s.mpg",
    "jfk_audio_only.flac",
    "lrwp9a.mpg",
    "no_face.mp4",
    "silent_webcam_vp8.webm",
    "speech_no_face.mp4",
    "talk_01_woman_interview.mp4",
    "talk_02.mp4",
    "talk_KristiNoem.mp4",
    "talk_Obama_clip1.mp4",
    "talk_andrew_clip_1.mp4",
    "talk_feifeili_clip1.mp4",
    "talk_reagan_clip1.mp4",
)
ONE_OF_EACH = ("bbaf2n.mpg", "no_face.mp4", "silent_webcam_vp8.webm")
EARLIEST_SOUND = -0.05
LATEST_START = 0.1
LOST_SOUND = 0.15
"""Seconds; a codec swallows a few milliseconds where it starts, which it does in each segment."""


@dataclass
class Content:
    """What a file decodes to."""

    container: str = ""
    video: str | None = None
    audio: str | None = None
    frames: int = 0
    first: float = math.inf
    sound: float = 0.0
    shape: tuple[int, int, int] | None = None


def content(file: str | IO[bytes]) -> Content:
    found = Content()
    with av.open(file, "r") as source:
        found.container = source.format.name
        video = source.streams.best("video")
        audio = source.streams.best("audio", related=video)
        for packet in source.demux([stream for stream in (video, audio) if stream is not None]):
            for frame in packet.decode():
                assert isinstance(frame, av.VideoFrame | av.AudioFrame)
                assert frame.time is not None
                found.first = min(found.first, frame.time)
                if isinstance(frame, av.VideoFrame):
                    found.frames += 1
                    found.video = packet.stream.codec_context.codec.canonical_name
                    found.shape = (frame.width, frame.height, frame.rotation)
                else:
                    found.sound += frame.samples / frame.sample_rate
                    found.audio = packet.stream.codec_context.codec.canonical_name
    return found


def cut_and_check(path: Path, seconds: float = 5.0) -> tuple[list[Segment], list[Content]]:
    """Cut a file, and hold every segment to what all must keep."""
    whole = content(str(path))
    parts = list(segments(path, seconds))
    contents = [content(io.BytesIO(part.data)) for part in parts]
    assert sum(found.frames for found in contents) == whole.frames
    assert sum(found.sound for found in contents) == pytest.approx(whole.sound, abs=LOST_SOUND)
    assert all(SMALLEST_SEGMENT <= len(part.data) <= LARGEST_SEGMENT for part in parts)
    assert parts[0].start == 0
    assert all(one.end == two.start for one, two in itertools.pairwise(parts))
    assert all(part.start < part.end for part in parts)
    assert all(found.first < LATEST_START for found in contents[1:])
    return parts, contents


@pytest.mark.parametrize(
    "name", [name if name in ONE_OF_EACH else pytest.param(name, marks=pytest.mark.long) for name in CLIPS]
)
def test_no_frame_of_a_real_clip_is_lost(shared_data: Path, name: str) -> None:
    parts, _ = cut_and_check(shared_data / "clips" / name)
    assert all(part.end - part.start <= 11 for part in parts)


@pytest.mark.parametrize("seconds", [pytest.param(3, marks=pytest.mark.slow), 30])
def test_segments_are_as_long_as_asked_for(shared_data: Path, seconds: int) -> None:
    parts, _ = cut_and_check(shared_data / "clips" / "talk_reagan_clip1.mp4", seconds)
    # Its key frames are 8.3 s apart: for 3 s they must be made anew.
    assert [round(part.end - part.start) for part in parts] == ([26] if seconds == 30 else [3] * 8 + [2])


def test_the_best_of_several_streams_is_taken(shared_data: Path) -> None:
    _, contents = cut_and_check(shared_data / "clips" / "speech_no_face.mp4")
    assert {found.shape for found in contents} == {(480, 270, 0)}


@pytest.mark.parametrize(
    ("name", "clip", "expected"),
    [
        ("a.mp4", Clip(), ("mov", "h264", "aac")),
        ("a.mkv", Clip(video="libx265", options={"x265-params": "log-level=none:open-gop=0"}), ("mov", "hevc", "aac")),
        ("a.mkv", Clip(audio="libmp3lame"), ("mov", "h264", "mp3")),
        ("a.mkv", Clip(audio="libopus"), ("mov", "h264", "opus")),
        ("a.mov", Clip(audio="pcm_s16le"), ("mov", "h264", "opus")),
        ("a.webm", Clip(video="libvpx", audio="libopus"), ("matroska", "vp8", "opus")),
        (
            "a.webm",
            Clip(video="libvpx-vp9", audio="libopus", options={"cpu-used": "8"}),
            ("matroska", "vp9", "opus"),
        ),
        ("a.ts", Clip(), ("mov", "h264", "aac")),
        ("a.ts", Clip(audio="mp2"), ("mpegts", "h264", "mp2")),
        ("a.mpg", Clip(video="mpeg1video", audio=None, keys=12), ("mpegts", "mpeg1video", None)),
        ("a.ts", Clip(video="mpeg2video", audio="mp2", keys=12), ("mpegts", "mpeg2video", "mp2")),
        ("a.avi", Clip(video="mjpeg", audio="pcm_s16le"), ("matroska", "vp8", "opus")),
        ("a.mkv", Clip(video="mpeg4", audio="libopus"), ("matroska", "vp8", "opus")),
        ("a.mkv", Clip(audio=None), ("mov", "h264", None)),
        ("a.mp4", Clip(keys=1000), ("matroska", "vp8", "opus")),
        ("a.ogg", Clip(video=None, audio="libopus"), ("matroska", None, "opus")),
        ("a.wav", Clip(video=None, audio="pcm_s16le"), ("matroska", None, "opus")),
        ("a.m4a", Clip(video=None), ("mov", None, "aac")),
    ],
)
@pytest.mark.slow
def test_what_fits_is_copied_and_what_does_not_is_made_anew(
    tmp_path: Path, name: str, clip: Clip, expected: tuple[str, str | None, str | None]
) -> None:
    _, contents = cut_and_check(make(tmp_path / name, clip), 4)
    for found in contents:
        assert (found.container.split(",")[0], found.video, found.audio) == expected


@pytest.mark.parametrize(
    ("name", "clip"),
    [
        # Frames shown before a key frame that need the group before it: cutting there would lose them.
        ("a.ts", Clip(options={"x264-params": "open-gop=1:bframes=3:b-adapt=0:scenecut=0"}, keys=50)),
        ("a.mpg", Clip(video="mpeg2video", audio="mp2", options={"bf": "2"}, keys=12)),
        ("a.mkv", Clip(video="libx265", options={"x265-params": "log-level=none:open-gop=1"}, keys=50)),
    ],
)
def test_open_groups_of_pictures_lose_nothing(tmp_path: Path, name: str, clip: Clip) -> None:
    _, contents = cut_and_check(make(tmp_path / name, clip), 3)
    assert len(contents) > 1


def test_a_picture_that_pauses_or_ends_before_the_sound_keeps_its_frames(tmp_path: Path) -> None:
    paused = Clip(seconds=30, pause=(4.0, 20.0), keys=1000, options={"bf": "3"})
    parts, contents = cut_and_check(make(tmp_path / "pause.mp4", paused), 3)
    assert any(found.frames == 0 for found in contents)
    assert all(part.end - part.start < 7 for part in parts)
    short = Clip(seconds=2, sound_seconds=20, options={"bf": "3"})
    _, contents = cut_and_check(make(tmp_path / "short.mkv", short), 3)
    assert [found.frames > 0 for found in contents] == [True, True] + [False] * (len(contents) - 2)


def test_a_phones_turn_survives(tmp_path: Path) -> None:
    _, contents = cut_and_check(make(tmp_path / "turned.mp4", Clip(rotation=90)))
    assert {found.shape for found in contents} == {(160, 120, 90)}
    for degrees, shape in ((90, (120, 160, 0)), (180, (160, 120, 0)), (270, (120, 160, 0))):
        # Made anew, the picture itself is turned.
        clip = Clip(rotation=degrees, keys=1000, seconds=8, audio=None)
        _, contents = cut_and_check(make(tmp_path / f"turned{degrees}.mp4", clip), 3)
        assert {found.shape for found in contents} == {shape}


def test_a_turned_picture_is_turned_the_right_way(tmp_path: Path) -> None:
    """The bar stands upright in the stored picture, so it lies in the picture that is shown."""
    path = make(tmp_path / "turned.mp4", Clip(rotation=90, keys=1000, audio=None, seconds=8))
    with av.open(path, "r") as source:
        stored = next(source.decode(video=0))
    with av.open(io.BytesIO(next(segments(path, 3)).data), "r") as cut:
        shown = next(cut.decode(video=0))
    left_of_stored = bytes(stored.planes[0])[8]
    luma = shown.planes[0]
    bottom_of_shown = bytes(luma)[luma.line_size * (shown.height - 8) + 60]
    assert left_of_stored > 180
    assert bottom_of_shown > 180


def test_too_many_bytes_are_cut_finer_or_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interhuman_stream.client.sources.batches.LARGEST", 120_000)
    finer = make(tmp_path / "finer.mp4", Clip(keys=25, options={"crf": "0", "preset": "ultrafast"}))
    parts, contents = cut_and_check(finer)
    assert {found.video for found in contents} == {"h264"}
    assert all(part.end - part.start < 3 for part in parts)
    anew = make(tmp_path / "anew.mp4", Clip(keys=1000, options={"crf": "0", "preset": "ultrafast"}, seconds=6))
    _, contents = cut_and_check(anew, 3)
    assert "vp8" in {found.video for found in contents}


def test_segments_of_a_still_picture_are_filled_up_to_what_a_server_takes(tmp_path: Path) -> None:
    clip = Clip(video="libvpx", audio=None, seconds=40, size=(64, 48), options={"crf": "60", "b:v": "5k"}, keys=50)
    parts, _ = cut_and_check(make(tmp_path / "still.webm", clip), 3)
    assert {round(part.end - part.start) for part in parts} == {2}


def test_a_file_too_small_for_a_segment_is_filled_up(tmp_path: Path) -> None:
    path = make(tmp_path / "tiny.webm", Clip(video=None, audio="libopus", seconds=0.5))
    (only,) = segments(path)
    assert SMALLEST_SEGMENT <= len(only.data) < 2 * SMALLEST_SEGMENT
    assert content(io.BytesIO(only.data)).sound == pytest.approx(0.5, abs=0.03)


def test_a_large_picture_is_made_smaller_when_it_is_made_anew(tmp_path: Path) -> None:
    clip = Clip(video="mjpeg", audio=None, seconds=1, size=(1920, 1080))
    _, (found,) = cut_and_check(make(tmp_path / "large.avi", clip))
    assert found.shape == (1280, 720, 0)


def test_a_file_that_breaks_off_gives_what_it_has(tmp_path: Path) -> None:
    path = make(tmp_path / "whole.mkv", Clip())
    (tmp_path / "part.mkv").write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    parts, _ = cut_and_check(tmp_path / "part.mkv", 3)
    assert len(parts) > 1


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("missing.mp4", None, "does not exist"),
        ("noise.mp4", bytes(range(256)) * 100, "cannot be read as media"),
        ("empty.webm", b"", "cannot be read as media"),
        ("notes.txt", b"Dear diary,\n" * 2000, "a picture or a text"),
    ],
)
def test_what_is_no_media_is_said_in_one_sentence(tmp_path: Path, name: str, data: bytes | None, words: str) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SourceError, match=words) as caught:
        next(segments(path))
    assert "give" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_and_a_picture_are_no_media(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a file"):
        next(segments(tmp_path))
    picture = tmp_path / "face.png"
    frame = av.VideoFrame(64, 64, "rgb24")
    encoder = av.CodecContext.create("png", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 64, 64, "rgb24", Fraction(1)
    picture.write_bytes(b"".join(bytes(packet) for packet in encoder.encode(frame)))
    with pytest.raises(SourceError, match="a picture or a text"):
        next(segments(picture))


def test_without_pyav_the_way_to_get_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MediaSupportMissing, match=r"pip install 'interhuman-stream\[media\]'"):
        next(segments(tmp_path / "any.mp4"))


@pytest.mark.parametrize("scale", [10_000, 3_355_443])
def test_a_header_by_which_pictures_last_for_days_holds_nothing_up(tmp_path: Path, scale: int) -> None:
    path = tmp_path / "broken.avi"
    path.write_bytes(avi(scale))
    (cut,) = segments(path, 5.0)
    assert 0.9 < cut.end - cut.start < 1.1
    with av.open(io.BytesIO(cut.data), "r") as file:
        assert sum(1 for _ in file.decode(video=0)) == PICTURES
