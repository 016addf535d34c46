"""A recorder that is begun again in another container, codec or size, wherever its bytes are cut."""

from __future__ import annotations

from functools import cache

import pytest

from interhuman_stream.analysis.media.stream import MediaStream
from tests.analysis.media.make import Track, clip, seen, voice

FMP4 = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
KINDS = ("webm", "larger webm", "fragments", "flv", "mpegts", "vob")
PAIRS = (
    ("webm", "fragments"),
    ("webm", "mpegts"),
    ("fragments", "larger webm"),
    ("fragments", "vob"),
    ("flv", "webm"),
    ("mpegts", "flv"),
    ("mpegts", "webm"),
    ("vob", "fragments"),
)
PIECE = 20_011


@cache
def recording(kind: str) -> bytes:
    """A second of talk."""
    sound = Track(voice(1), {"fragments": "aac", "flv": "aac", "mpegts": "aac", "vob": "mp2"}.get(kind, "libopus"))
    if kind.endswith("webm"):
        size = (240, 180) if kind == "larger webm" else (160, 120)
        return clip("webm", [sound], video="libvpx", seconds=1, size=size, options={"live": "1"})
    if kind == "vob":
        return clip("vob", [sound], video="mpeg2video", seconds=1)
    return clip({"fragments": "mp4"}.get(kind, kind), [sound], seconds=1, options=FMP4 if kind == "fragments" else None)


def pieces(data: bytes, first: int = 0) -> list[bytes]:
    return [data[:first], *(data[at : at + PIECE] for at in range(first, len(data), PIECE))]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_its_first_bytes_may_come_alone(before: str, after: str) -> None:
    for first in (1, 5, 300):
        found = seen(*pieces(recording(before)), *pieces(recording(after), first))
        assert (found.faults, found.frames) == ([], 50), first
        assert found.seconds == pytest.approx(2, abs=0.2), first
        assert found.times[-1] == pytest.approx(1.9, abs=0.2), first


def test_recordings_of_all_kinds_may_come_in_one_piece() -> None:
    for order in (KINDS, KINDS[::-1], (KINDS[3], KINDS[0], KINDS[4], KINDS[2], KINDS[5], KINDS[1])):
        found = seen(b"".join(map(recording, order)))
        assert (found.faults, found.frames) == ([], 150)
        assert found.seconds == pytest.approx(6, abs=0.3)


@pytest.mark.parametrize("before", KINDS)
def test_the_one_before_may_have_been_cut_off(before: str) -> None:
    """Its last bytes are lost, and the first byte of the next one comes alone: it is not taken for one of those."""
    cut_off = recording(before)[:-700]
    for after in ("larger webm", "fragments"):
        first, *rest = pieces(recording(after), 1)
        stream = MediaStream()
        for piece in (*pieces(cut_off), first):
            list(stream.feed(piece))
        frames = stream.video_frames
        for piece in rest:
            list(stream.feed(piece))
        list(stream.finish())
        stream.close()
        assert stream.video_frames - frames >= 25, after
