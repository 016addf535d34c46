"""Behind a piece that is refused the stream goes on: its header is kept, whatever was wrong with the piece."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from interhuman_stream.analysis.media import excess
from interhuman_stream.analysis.media.stream import MediaStream
from interhuman_stream.faults import MalformedSegment, UnknownContainer
from tests.analysis.conftest import clip

FMP4 = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
MARKS = {"webm": b"\x1f\x43\xb6\x75", "fragmented mp4": b"moof"}


@dataclass(frozen=True)
class Stream:
    """A stream in pieces of two seconds, the first with the header."""

    name: str
    pieces: list[bytes]


@pytest.fixture(params=["webm", "fragmented mp4", "mpegts", "m2ts", "flv"])
def stream(request: pytest.FixtureRequest) -> Stream:
    """Eight seconds with a key frame a second."""
    name = str(request.param)
    made = {
        "webm": lambda: clip("webm", "libvpx", "libopus", seconds=8, cluster_time_limit="900"),
        "fragmented mp4": lambda: clip("mp4", "libx264", "aac", seconds=8, **FMP4),
        "mpegts": lambda: clip("mpegts", "libx264", "aac", seconds=8),
        "m2ts": lambda: clip("mpegts", "libx264", "aac", seconds=8, mpegts_m2ts_mode="1"),
        "flv": lambda: clip("flv", "libx264", "aac", seconds=8),
    }
    data = made[name]()
    return Stream(name, [data[len(data) * part // 4 : len(data) * (part + 1) // 4] for part in range(4)])


def fed(media: MediaStream, piece: bytes) -> tuple[int, str]:
    """Pictures, and what was wrong."""
    before, fault = media.video_frames, ""
    try:
        for _ in media.feed(piece):
            pass
    except MalformedSegment as error:
        fault = str(error)
    return media.video_frames - before, fault


@pytest.mark.parametrize("place", [0, 1])
def test_a_piece_that_holds_too_much(stream: Stream, place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    media = MediaStream()
    got = []
    for number, piece in enumerate(stream.pieces):
        with monkeypatch.context() as less:
            if number == place:
                less.setattr(excess, "MOST_PACKETS", 20)
            got.append(fed(media, piece))
    media.close()
    assert "too many packets" in got[place][1]
    assert [fault for number, (_, fault) in enumerate(got) if number != place] == [""] * 3
    assert sum(pictures for pictures, _ in got[place + 1 :]) > 50 * (3 - place) - 40  # from the next key frame on


def test_a_first_piece_whose_media_is_damaged(stream: Stream) -> None:
    media = MediaStream()
    first, *rest = stream.pieces
    probe = MediaStream()
    list(probe.feed(first))
    header = len(probe.header) or 400
    probe.close()
    noise = np.random.default_rng(3).integers(0, 256, len(first) - header - 60, np.uint8).tobytes()
    got = [fed(media, first[: header + 60] + noise), *(fed(media, piece) for piece in rest)]
    media.close()
    assert [fault for _, fault in got[2:]] == ["", ""]
    assert sum(pictures for pictures, _ in got[1:]) > 110


@pytest.mark.parametrize("kind", ["webm", "fragmented mp4"])
@pytest.mark.parametrize("at", [0, 3, 40, 700], ids=lambda at: f"{at} bytes in")
def test_without_its_header_a_recording_is_told_what_is_missing(kind: str, at: int) -> None:
    data = (
        clip("webm", "libvpx", "libopus", seconds=4, cluster_time_limit="900")
        if kind == "webm"
        else clip("mp4", "libx264", "aac", seconds=4, **FMP4)
    )
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


@pytest.mark.parametrize("mode", ["0", "1"], ids=["mpegts", "m2ts"])
def test_a_transport_stream_is_read_from_its_middle(mode: str) -> None:
    data = clip("mpegts", "libx264", "aac", seconds=6, mpegts_m2ts_mode=mode)
    media = MediaStream()
    got = [fed(media, piece) for piece in (data[50_001:90_000], data[90_000:])]
    media.close()
    assert [fault for _, fault in got] == ["", ""]
    assert sum(pictures for pictures, _ in got) > 75


@pytest.mark.parametrize("data", [b"mid" * 4000, b"\0\0\x10\0mdat" + bytes(12_000)], ids=["anything", "mdat"])
def test_bytes_that_do_not_say_what_they_are_from_are_told_it_too(data: bytes) -> None:
    with pytest.raises(MalformedSegment, match="the stream's header never came: send every blob"):
        list(MediaStream().feed(data))
