"""One byte stream: every container, whole or in pieces, no frame lost, times right, damage answered."""

from __future__ import annotations

import contextlib
import gc
import itertools
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from interhuman_stream.analysis.media.stream import Extent, MediaStream, Picture, Sound
from interhuman_stream.faults import MalformedSegment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONTAINERS = {
    "mp4": ("mp4", "libx264", "aac"),
    "mov": ("mov", "libx264", "aac"),
    "avi": ("avi", "mpeg4", "mp3"),
    "mkv": ("matroska", "libx264", "libopus"),
    "webm": ("webm", "libvpx", "libopus"),
    "mpeg-ts": ("mpegts", "libx264", "aac"),
    "mpeg-2-ts": ("mpegts", "mpeg2video", "mp2"),
}
FRAMES = {"vp8_opus_webm": 493, "vp9_opus_fmp4": 495, "vp9_opus_webm": 495}


@pytest.fixture
def stream() -> Iterator[MediaStream]:
    media = MediaStream()
    yield media
    media.close()


def feed(stream: MediaStream, data: bytes) -> tuple[list[Picture], list[Sound], Extent]:
    items = list(stream.feed(data))
    pictures = [item for item in items if isinstance(item, Picture)]
    return pictures, [item for item in items if isinstance(item, Sound)], stream.extent


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_of_the_contract_decodes_whole(
    stream: MediaStream, make_clip: Callable[..., bytes], name: str
) -> None:
    data = make_clip(*CONTAINERS[name])
    for turn in range(3):
        pictures, sounds, extent = feed(stream, data)
        assert extent.has_video
        assert extent.has_audio
        assert extent.start == pytest.approx(2.0 * turn, abs=0.2)
        assert extent.end - extent.start == pytest.approx(2.0, abs=0.2)
        assert 18 <= len(pictures) <= 23
        assert sum(len(sound.samples) for sound in sounds) == pytest.approx(32_000, rel=0.12)
        assert pictures[-1].image.shape == (240, 320, 3)
    stream.close()


@pytest.mark.parametrize("name", CONTAINERS)
def test_no_frame_is_lost_between_files(stream: MediaStream, make_clip: Callable[..., bytes], name: str) -> None:
    data = make_clip(*CONTAINERS[name])
    for _ in range(3):
        feed(stream, data)
    feed(stream, make_clip("webm", "libvpx", "libopus"))  # ends the file before it
    assert stream.video_frames == 200


@pytest.mark.parametrize("name", FRAMES)
def test_recorder_blobs_decode_without_losing_a_frame(
    stream: MediaStream, blobs: Callable[[str], list[bytes]], name: str
) -> None:
    extents = [feed(stream, blob)[2] for blob in blobs(name)]
    assert stream.video_frames == FRAMES[name]
    assert all(one.end == other.start for one, other in itertools.pairwise(extents))
    assert extents[-1].end == pytest.approx(16.5, abs=0.1)


@pytest.mark.parametrize("name", FRAMES)
def test_a_stream_may_be_cut_anywhere(stream: MediaStream, blobs: Callable[[str], list[bytes]], name: str) -> None:
    whole = b"".join(blobs(name))
    cuts = sorted(np.random.default_rng(7).integers(200_000, len(whole) - 100_000, 8).tolist())
    for begin, end in itertools.pairwise([0, *cuts, len(whole)]):
        feed(stream, whole[begin:end])
    assert stream.video_frames == FRAMES[name]


def test_a_header_alone_opens_the_stream(stream: MediaStream, blobs: Callable[[str], list[bytes]]) -> None:
    header, *rest = blobs("vp9_opus_fmp4")
    with contextlib.suppress(MalformedSegment):
        feed(stream, b"no header at all")
    feed(stream, header)
    for blob in rest:
        feed(stream, blob)
    assert stream.video_frames == 495


@pytest.mark.parametrize("name", ["vp8_opus_webm", "vp9_opus_webm"])
def test_a_lost_blob_costs_the_frames_around_it_and_times_stay_right(
    stream: MediaStream, blobs: Callable[[str], list[bytes]], name: str
) -> None:
    first, _, third, fourth = blobs(name)
    feed(stream, first)
    pictures, _, extent = feed(stream, third)
    assert extent.end == pytest.approx(15.03, abs=0.05)
    assert pictures[-1].time == pytest.approx(15.0, abs=0.1)
    assert extent.start > 6
    assert feed(stream, fourth)[2].end == pytest.approx(16.5, abs=0.05)
    assert stream.video_frames >= 340


def test_a_hole_inside_a_fragment_is_survived(stream: MediaStream, blobs: Callable[[str], list[bytes]]) -> None:
    whole = b"".join(blobs("vp9_opus_fmp4"))
    feed(stream, whole[:300_000])
    feed(stream, whole[450_000:1_200_000])  # the hole swallows the end of one fragment and the head of the next
    pictures, _, extent = feed(stream, whole[1_200_000:])
    assert extent.end == pytest.approx(16.5, abs=0.1)
    assert pictures[-1].time == pytest.approx(16.4, abs=0.15)
    assert stream.video_frames > 300


JUNK = {
    "zeros": bytes(2_000_000),
    "text": b"this is no video " * 2000,
    "png": b"\x89PNG\r\n\x1a\n" + bytes(20_000),
    "noise": np.random.default_rng(3).bytes(50_000),
    "header of webm, then zeros": b"\x1a\x45\xdf\xa3" + bytes(50_000),
    "header of mp4, then zeros": b"\x00\x00\x00\x20ftypisom" + bytes(50_000),
    "header of avi, then zeros": b"RIFF\x00\x00\x00\x00AVI " + bytes(50_000),
    "transport stream of nothing": (b"\x47\x40\x00\x10" + bytes(184)) * 200,
}


@pytest.mark.parametrize("name", JUNK)
def test_junk_is_malformed_and_the_next_good_segment_works(
    stream: MediaStream, make_clip: Callable[..., bytes], name: str
) -> None:
    good = make_clip("webm", "libvpx", "libopus")
    for _ in range(2):
        with pytest.raises(MalformedSegment):
            feed(stream, JUNK[name])
        assert feed(stream, good)[2].has_video


def test_junk_inside_a_continued_stream_costs_little(stream: MediaStream, blobs: Callable[[str], list[bytes]]) -> None:
    first, *rest = blobs("vp8_opus_webm")
    feed(stream, first)
    with pytest.raises(MalformedSegment):
        feed(stream, bytes(20_000_000))
    for blob in rest:
        feed(stream, blob)
    assert stream.video_frames > 480


@pytest.mark.parametrize("container", ["mp4", "avi"])
def test_a_file_cut_short_says_so(stream: MediaStream, make_clip: Callable[..., bytes], container: str) -> None:
    data = make_clip(*CONTAINERS[container])
    with pytest.raises(MalformedSegment, match="cut short"):
        feed(stream, data[: len(data) // 2])
    assert feed(stream, data)[2].has_video


def test_an_mp4_with_its_index_first_decodes(
    stream: MediaStream, make_clip: Callable[..., bytes], tmp_path: Path
) -> None:
    data = make_clip("mp4", "libx264", "aac", path=tmp_path / "clip.mp4", movflags="faststart")
    assert data.index(b"moov") < data.index(b"mdat")
    feed(stream, data)
    assert stream.video_frames == 50


def test_a_fragmented_mp4_in_one_piece_decodes(stream: MediaStream, make_clip: Callable[..., bytes]) -> None:
    feed(stream, make_clip("mp4", "libx264", "aac", movflags="frag_keyframe+empty_moov+default_base_moof"))
    assert stream.video_frames == 50


def test_a_continuation_without_a_beginning_is_malformed(
    stream: MediaStream, blobs: Callable[[str], list[bytes]]
) -> None:
    with pytest.raises(MalformedSegment, match="header never came"):
        feed(stream, blobs("vp8_opus_webm")[1])


def test_a_phone_held_upright_comes_out_upright(make_clip: Callable[..., bytes]) -> None:
    data = bytearray(make_clip("mp4", "libx264", "aac"))
    lying = next(item for item in MediaStream().feed(bytes(data)) if isinstance(item, Picture)).image
    # The display matrix of the first track's header (ISO/IEC 14496-12, 8.3.2), set to a quarter turn.
    matrix = data.index(b"tkhd") + 4 + 40
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 240 * 65536, 0, 1 << 30)
    upright = next(item for item in MediaStream().feed(bytes(data)) if isinstance(item, Picture)).image
    assert upright.shape == (320, 240, 3)
    assert np.array_equal(upright, np.rot90(lying, -1))


def test_closing_in_mid_segment_ends_the_decoder(make_clip: Callable[..., bytes]) -> None:
    stream = MediaStream()
    items = stream.feed(make_clip("webm", "libvpx", "libopus"))
    next(items)
    stream.close()
    stream.close()


@pytest.mark.parametrize(
    "kind", ["vp8_opus_webm", pytest.param("vp9_opus_webm", marks=pytest.mark.slow), "vp9_opus_fmp4"]
)
def test_a_header_before_each_part_loses_nothing(blobs: Callable[[str], list[bytes]], kind: str) -> None:
    """As a published example sends a recording: the header is in the first part, and goes before each of the others."""
    parts = blobs(kind)
    data = b"".join(parts)
    stream = MediaStream()
    times = [item.time for part in parts for item in stream.feed(part) if isinstance(item, Picture)]
    first = data.index(b"\x1f\x43\xb6\x75") if kind.endswith("webm") else data.index(b"moof") - 4
    again = MediaStream()
    repeated = [
        item.time
        for number, part in enumerate(parts)
        for item in again.feed(data[:first] + part if number else part)
        if isinstance(item, Picture)
    ]
    # Where a fragment begins behind the header it may be a recording of its own, and begins where the last one ended.
    assert repeated == pytest.approx(times, abs=0.05)
    assert again.video_frames == stream.video_frames


def threads() -> int:
    """How many threads this process has."""
    return len(list(Path("/proc/self/task").iterdir()))


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in Linux's /proc")
def test_decoding_leaves_no_threads_to_the_collector(blobs: Callable[[str], list[bytes]]) -> None:
    """A frame and its side data hold each other: what such a frame had of its own lasted until Python looked."""
    data = b"".join(blobs("vp8_opus_webm"))
    gc.collect()
    gc.disable()
    before = threads()  # other tests' clients and services may have left some
    try:
        stream = MediaStream()
        for _ in stream.feed(data):
            pass
        assert threads() - before < 30
        stream.close()
    finally:
        gc.enable()
