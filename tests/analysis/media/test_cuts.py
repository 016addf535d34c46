"""What comes out of a stream does not depend on where its bytes were cut."""

from __future__ import annotations

import hashlib
import itertools
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from interhuman_stream.analysis.media.stream import MediaStream, Picture, Sound
from interhuman_stream.faults import MalformedSegment
from tests.analysis.conftest import clip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

STREAMS = {
    "webm": ("webm", "libvpx", "libopus", {}),
    "matroska": ("matroska", "libx264", "aac", {}),
    "fragmented mp4": ("mp4", "libx264", "aac", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}),
    "mpeg-ts": ("mpegts", "libx264", "aac", {}),
    "mpeg-2-ts": ("mpegts", "mpeg2video", "mp2", {}),
    "mpeg-ps": ("vob", "mpeg2video", "mp2", {}),
    "m2ts": ("mpegts", "libx264", "aac", {"mpegts_m2ts_mode": "1"}),
    "flv": ("flv", "libx264", "aac", {}),
}
BROWSER = ("vp8_opus_webm", "vp9_opus_fmp4", "vp9_opus_webm")
Out = tuple[list[tuple[float, str]], bytes]


def decoded(pieces: Iterable[bytes]) -> Out:
    """Each picture's time and hash, and the sound in one piece."""
    pictures, sounds, stream = [], [], MediaStream()
    for item in itertools.chain(*(stream.feed(piece) for piece in pieces), stream.finish()):
        if isinstance(item, Picture):
            pictures.append((item.time, hashlib.md5(item.image.tobytes(), usedforsecurity=False).hexdigest()))
        elif isinstance(item, Sound):
            sounds.append(item.samples.tobytes())
    stream.close()
    return pictures, b"".join(sounds)


def cut(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    return [data[begin:end] for begin, end in itertools.pairwise([0, *cuts, len(data)])]


def at_random(data: bytes, seed: int) -> list[bytes]:
    """Cuts a byte, a few, or thousands apart."""
    lengths = np.random.default_rng(seed).choice([1, 2, 7, 188, 1000, 12_000, 60_000], len(data))
    places = np.cumsum(lengths)
    return cut(data, [int(place) for place in places[places < len(data)]])


def every(data: bytes, size: int) -> list[bytes]:
    return cut(data, range(size, len(data), size))


@pytest.mark.slow
@pytest.mark.parametrize("name", STREAMS)
def test_the_same_comes_out_whatever_the_cut(name: str) -> None:
    container, video, audio, options = STREAMS[name]
    data = clip(container, video, audio, **options)
    whole = decoded([data])
    assert len(whole[0]) == 20
    for pieces in (every(data, 10_000), every(data, 300), *(at_random(data, seed) for seed in range(4))):
        assert decoded(pieces) == whole


@pytest.mark.parametrize("name", ["webm", "mpeg-ts", "fragmented mp4"])
def test_byte_by_byte(name: str) -> None:
    container, video, audio, options = STREAMS[name]
    data = clip(container, video, audio, seconds=0.4, **options)
    assert decoded(every(data, 1)) == decoded([data])


@pytest.mark.slow
@pytest.mark.parametrize("name", BROWSER)
def test_a_browsers_recording_comes_out_the_same_whatever_the_cut(
    blobs: Callable[[str], list[bytes]], name: str
) -> None:
    data = b"".join(blobs(name))[:300_000]
    whole = decoded([data])
    for pieces in (every(data, 10_000), at_random(data, 1)):
        assert decoded(pieces) == whole
    for first in (1, 3, 100, 6000, 9999):
        assert decoded(cut(data, [first])) == whole


def test_files_of_all_kinds_in_one_stream_of_bytes_come_out_the_same_whatever_the_cut() -> None:
    files = [clip(container, video, audio, **options) for container, video, audio, options in STREAMS.values()]
    endless = [data for data, name in zip(files, STREAMS, strict=True) if name[0] in "wfm" and name[:2] != "mp"]
    pieces = [endless[1], endless[0], endless[2], endless[1]]
    whole = decoded(pieces)
    assert len(whole[0]) == pytest.approx(80, abs=2)
    assert decoded([b"".join(pieces)]) == whole
    assert decoded(at_random(b"".join(pieces), 5)) == whole


def test_a_whole_file_whose_first_bytes_came_alone_is_read() -> None:
    data = clip("mp4", "libx264", "aac")
    stream = MediaStream()
    assert list(stream.feed(data[:1])) == []
    assert list(stream.feed(data[1:20])) == []
    assert list(stream.feed(data[20:]))
    assert stream.video_frames == 50


@pytest.mark.slow
def test_a_successor_goes_on_with_the_header_it_is_given(blobs: Callable[[str], list[bytes]]) -> None:
    for name in BROWSER:
        first, second = MediaStream(), MediaStream(start=100.0)
        whole = b"".join(blobs(name))
        header = b""
        for begin in range(0, 400_000, 2000):
            list(first.feed(whole[begin : begin + 2000]))
            header = first.header or header
        assert 0 < len(header) < 3000
        assert whole.startswith(header)
        assert list(second.feed(header)) == []
        assert second.header == header
        items = list(second.feed(whole[400_000:]))
        times = [item.time for item in items if item]
        assert second.video_frames > 100
        assert min(times) == pytest.approx(100, abs=0.1)
        assert second.extent.start == 100
        first.close()
        second.close()


def test_what_whoever_stops_in_between_leaves_is_no_trap(blobs: Callable[[str], list[bytes]]) -> None:
    stream = MediaStream()
    first, *rest = blobs("vp8_opus_webm")
    for number, piece in enumerate([first, *rest]):
        items = stream.feed(piece)
        for _ in range(10 * number + 1):
            next(items)
        items.close()
    unfinished = stream.video_frames
    assert unfinished < 400
    list(stream.finish())
    assert stream.video_frames == 493
    stream.close()


def test_decoding_waits_for_whoever_takes_it(blobs: Callable[[str], list[bytes]]) -> None:
    before = set(threading.enumerate())
    stream = MediaStream()
    items = stream.feed(b"".join(blobs("vp8_opus_webm")))
    next(items)
    (thread,) = set(threading.enumerate()) - before
    stream.close()
    thread.join(10)
    assert not thread.is_alive()
    assert list(items) == []
    assert stream.video_frames < 20


def test_a_stream_that_is_closed_while_nothing_comes_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    data = clip("webm", "libvpx", "libopus")
    for length in (1, 300, len(data) // 2):
        stream = MediaStream()
        list(stream.feed(data[:length]))
        stream.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()


def test_a_stream_can_be_fed_again_after_it_was_closed() -> None:
    stream = MediaStream()
    data = clip("webm", "libvpx", "libopus")
    next(stream.feed(data))
    stream.close()
    with pytest.raises(MalformedSegment):
        list(stream.feed(data[2000:]))
    assert list(stream.feed(data))
    stream.close()
