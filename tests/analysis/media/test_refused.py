"""Behind a piece that is refused the stream goes on: its header is kept, whatever was wrong with the piece."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from interhuman_stream.analysis.media.excess import Bounds
from interhuman_stream.analysis.media.stream import MediaStream
from interhuman_stream.faults import MalformedSegment, UnknownContainer
from tests.analysis.conftest import clip

FMP4 = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
MARKS = {"webm": b"\x1f\x43\xb6\x75", "fragmented mp4": b"moof"}


KINDS = ("webm", "fragmented mp4", "mpegts", "m2ts", "flv")


@cache
def recording(kind: str) -> bytes:
    """Six seconds with a key frame a second."""
    if kind == "webm":
        return clip("webm", "libvpx", "libopus", seconds=6, cluster_time_limit="900")
    muxer, options = {
        "fragmented mp4": ("mp4", FMP4),
        "mpegts": ("mpegts", {}),
        "m2ts": ("mpegts", {"mpegts_m2ts_mode": "1"}),
        "flv": ("flv", {}),
    }[kind]
    return clip(muxer, "libx264", "aac", seconds=6, **options)


def pieces(kind: str) -> list[bytes]:
    """It in three pieces of two seconds, the first with the header."""
    data = recording(kind)
    return [data[len(data) * part // 3 : len(data) * (part + 1) // 3] for part in range(3)]


def fed(media: MediaStream, piece: bytes) -> tuple[int, str]:
    """Pictures, and what was wrong."""
    before, fault = media.video_frames, ""
    try:
        for _ in media.feed(piece):
            pass
    except MalformedSegment as error:
        fault = str(error)
    return media.video_frames - before, fault


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [0, 1])
def test_a_piece_that_holds_too_much(kind: str, place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    media = MediaStream()
    got = []
    for number, piece in enumerate(pieces(kind)):
        with monkeypatch.context() as less:
            if number == place:
                less.setattr(media, "_bounds", Bounds(packets=20))
            got.append(fed(media, piece))
    media.close()
    assert "too many packets" in got[place][1]
    assert [fault for number, (_, fault) in enumerate(got) if number != place] == [""] * 2
    assert sum(pictures for pictures, _ in got[place + 1 :]) > 50 * (2 - place) - 40  # from the next key frame on


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_piece_whose_media_is_damaged(kind: str) -> None:
    media = MediaStream()
    first, *rest = pieces(kind)
    probe = MediaStream()
    list(probe.feed(first))
    header = len(probe.header) or 400
    probe.close()
    noise = np.random.default_rng(3).integers(0, 256, len(first) - header - 60, np.uint8).tobytes()
    got = [fed(media, first[: header + 60] + noise), *(fed(media, piece) for piece in rest)]
    media.close()
    assert [fault for _, fault in got[1:]] == ["", ""]
    assert sum(pictures for pictures, _ in got[1:]) > 60


@pytest.mark.parametrize("kind", ["webm", "fragmented mp4"])
@pytest.mark.parametrize("at", [0, 3, 40, 700], ids=lambda at: f"{at} bytes in")
def test_without_its_header_a_recording_is_told_what_is_missing(kind: str, at: int) -> None:
    data = recording(kind)
    begins = data.index(MARKS[kind]) - 4 * (kind != "webm")
    media = MediaStream()
    for piece in (data[begins + at :], data[begins + at + 3 :]):
        with pytest.raises(UnknownContainer, match="the stream's header never came") as fault:
            list(media.feed(piece))
        assert "send every blob" in str(fault.value)
        assert "start(3000)" in str(fault.value)
        assert "damaged" not in str(fault.value)
    assert {"webm": "WebM", "fragmented mp4": "fragmented MP4"}[kind] in str(fault.value)
    assert list(media.feed(data))  # and once all of it comes, it is read
    media.close()


@pytest.mark.parametrize("kind", ["mpegts", "m2ts"])
def test_a_transport_stream_is_read_from_its_middle(kind: str) -> None:
    data = recording(kind)
    media = MediaStream()
    got = [fed(media, piece) for piece in (data[50_001:90_000], data[90_000:])]
    media.close()
    assert [fault for _, fault in got] == ["", ""]
    assert sum(pictures for pictures, _ in got) > 75


@pytest.mark.parametrize("data", [b"mid" * 4000, b"\0\0\x10\0mdat" + bytes(12_000)], ids=["anything", "mdat"])
def test_bytes_that_do_not_say_what_they_are_from_are_told_it_too(data: bytes) -> None:
    with pytest.raises(MalformedSegment, match="the stream's header never came: send every blob"):
        list(MediaStream().feed(data))
