"""What the first bytes of a file say, however few of them have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interhuman_stream.containers import Header, Untold, header_so_far, read_header
from tests.analysis.conftest import clip

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = {
    "mp4": ("mp4", "libx264", "aac"),
    "avi": ("avi", "mpeg4", "mp3"),
}
IN_PIECES = {
    "matroska": ("matroska", "libx264", "libopus"),
    "mpegts": ("mpegts", "libx264", "aac"),
    "mpeg": ("vob", "mpeg2video", "mp2"),
    "flv": ("flv", "libx264", "aac"),
}


@pytest.mark.parametrize("name", IN_PIECES)
def test_a_stream_is_told_as_soon_as_it_can_be_and_never_taken_for_another(name: str) -> None:
    data = clip(*IN_PIECES[name])
    told = [read_header(data[:length]) for length in (*range(1, 1200), len(data))]
    first = next(index for index, found in enumerate(told) if isinstance(found, Header))
    assert told[:first] == [Untold()] * first
    assert told[first:] == [Header(name, spacing=188 * (name == "mpegts"))] * (len(told) - first)


def test_a_camera_s_transport_stream_is_told_by_how_far_its_packets_are_apart() -> None:
    data = clip("mpegts", "libx264", "aac", mpegts_m2ts_mode="1")
    told = [read_header(data[:length]) for length in (*range(1, 1200), len(data))]
    first = told.index(Header("mpegts", spacing=192))
    assert told[:first] == [Untold()] * first
    assert set(told[first:]) == {Header("mpegts", spacing=192)}
    checked = b"".join(data[at + 4 : at + 192] + bytes(16) for at in range(0, len(data), 192))
    assert read_header(checked) == Header("mpegts", spacing=204)
    assert header_so_far(data) == (data[: 4 * 192], False)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_told_once_all_of_it_is_there(name: str) -> None:
    data = clip(*WHOLE[name])
    assert read_header(data) == Header({"mp4": "mov"}.get(name, name), whole=True, length=len(data))
    half = read_header(data[: len(data) // 2])
    assert isinstance(half, Untold)
    assert "cut short" in half.why
    assert read_header(data[:7]) == Untold()


def test_the_header_of_a_fragmented_mp4_is_told_once_its_index_is_there(tmp_path: Path) -> None:
    del tmp_path
    data = clip("mp4", "libx264", "aac", movflags="frag_keyframe+empty_moov+default_base_moof")
    media = data.index(b"moof") - 4
    assert read_header(data[: media - 1]) == Untold()
    assert read_header(data[:media]) == Header("mov")
    assert read_header(data) == Header("mov")


def test_two_whole_files_in_a_row_are_two() -> None:
    data = clip(*WHOLE["avi"])
    assert read_header(data + data) == Header("avi", whole=True, length=len(data))
    assert read_header(data + bytes(1000)) == Header("avi", whole=True, length=len(data) + 1000)


@pytest.mark.parametrize(
    "data",
    [
        bytes(9_999),
        b"this is no video " * 100,
        b"\x89PNG\r\n\x1a\n",
        b"\x00\x00\x00\x20ftypisom" + bytes(50_000),
        (b"\x47\x40\x00\x10" + bytes(184)) * 200,
    ],
)
def test_what_is_no_container_is_none(data: bytes) -> None:
    assert read_header(data) is None
