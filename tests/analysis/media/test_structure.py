"""Structures pass whole streams through untouched, however cut, and find the next element after a hole."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.analysis.media.grammars import grammar
from interhuman_stream.analysis.media.structure import LARGEST_HEADER, LARGEST_PADDING, Structure
from tests.analysis.conftest import clip


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def fragment(number: int, size: int) -> bytes:
    header = box(b"mfhd", struct.pack(">II", 0, number))
    return box(b"moof", header + b"traf" * 4) + box(b"mdat", bytes([number]) * size)


def element(name: str, content: bytes) -> bytes:
    return bytes.fromhex(name) + struct.pack(">Q", len(content) | 1 << 56) + content


def cluster(number: int, size: int) -> bytes:
    block = element("a3", b"\x81\0\0\x80" + bytes([number]) * size)
    return bytes.fromhex("1f43b67501ffffffffffffff") + b"\xe7\x81" + bytes([number]) + block * 3


MP4_HEADER = box(b"ftyp", b"isom" * 4) + box(b"moov", b"m" * 200)
WEBM_HEADER = (
    element("1a45dfa3", b"h" * 20) + bytes.fromhex("1853806701ffffffffffffff") + element("1654ae6b", b"t" * 50)
)
STREAMS = {
    "mov": (MP4_HEADER, [fragment(number, 100 * number) for number in range(1, 6)]),
    "matroska": (WEBM_HEADER, [cluster(number, 40 * number) for number in range(1, 6)]),
}


def fed(structure: Structure, data: bytes) -> tuple[bytes, int]:
    part = structure.feed(data)
    return b"".join(part.fit), part.astray


@pytest.mark.parametrize("name", STREAMS)
@given(st.data())
def test_a_whole_stream_passes_unchanged_however_it_is_cut(name: str, data: st.DataObject) -> None:
    header, media = STREAMS[name]
    stream = header + b"".join(media)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    structure = Structure(grammar(name))
    parts = [fed(structure, stream[begin:end]) for begin, end in pairwise([0, *sorted(cuts), len(stream)])]
    assert b"".join(fit for fit, _ in parts) == stream
    assert sum(astray for _, astray in parts) == 0
    assert structure.header == header


@pytest.mark.parametrize("name", STREAMS)
@given(st.data())
def test_after_a_hole_every_later_cluster_or_fragment_is_whole(name: str, data: st.DataObject) -> None:
    header, media = STREAMS[name]
    stream, last = header + b"".join(media), media[-1]
    hole = data.draw(st.integers(len(header), len(stream)))
    length = data.draw(st.integers(1, 400))
    structure = Structure(grammar(name))
    out = fed(structure, stream[:hole])[0] + fed(structure, stream[hole + length :])[0]
    if hole + length <= len(stream) - len(last):  # the hole has not reached into the last one itself
        assert out.endswith(last)


@pytest.mark.parametrize("name", STREAMS)
def test_bytes_that_are_no_element_are_left_out_and_counted(name: str) -> None:
    header, media = STREAMS[name]
    structure = Structure(grammar(name))
    fed(structure, header + media[0])
    out, astray = fed(structure, b"\xff" * 500)
    assert out == b""
    assert astray > 400
    assert fed(structure, media[1])[0] == media[1]


@pytest.mark.parametrize("name", STREAMS)
def test_another_file_begins_where_its_header_does(name: str) -> None:
    header, media = STREAMS[name]
    one, other = header + media[0], header + media[1]
    part = Structure(grammar(name)).feed(one + other)
    assert part.over
    assert b"".join(part.fit) == one
    assert part.rest == other


def test_a_file_that_says_how_long_it_is_ends_there() -> None:
    data = clip("matroska", "libx264", "libopus")
    structure = Structure(grammar("matroska"))
    assert not structure.feed(data[:-10]).over
    part = structure.feed(data[-10:] + b"rest")
    assert part.over
    assert part.rest == b"rest"


def test_a_successor_is_not_told_how_long_the_file_is() -> None:
    structure = Structure(grammar("matroska"))
    data = clip("matroska", "libx264", "libopus")
    structure.feed(data)
    header = structure.header
    assert header[:40] == data[:40]
    assert header != data[: len(header)]
    assert not Structure(grammar("matroska")).feed(header + data[len(header) :]).over


def test_a_header_that_does_not_end_is_not_kept() -> None:
    structure = Structure(grammar("mov"))
    fed(structure, box(b"ftyp", b"isom" * 4) + box(b"moov", bytes(LARGEST_HEADER)))
    assert structure.header == b""


def test_holes_that_ask_for_more_zeros_than_media_has_bytes_get_none() -> None:
    structure = Structure(grammar("mov"))
    false = struct.pack(">I4s", 60_000_000, b"mdat") + fragment(1, 10)[:40]
    out, _ = fed(structure, MP4_HEADER + false * 100)
    assert len(out) <= len(false) * 100 + len(MP4_HEADER) + LARGEST_PADDING


def test_an_mpeg_stream_with_another_program_map_is_another_file() -> None:
    one, other = clip("mpegts", "libx264", "aac"), clip("mpegts", "mpeg2video", "mp2")
    part = Structure(grammar("mpegts")).feed(one + other)
    assert part.over
    fresh = Structure(grammar("mpegts"))
    again = fresh.feed(part.rest)
    assert not again.over
    assert fresh.header[:4] == b"\x47\x40\x00" + fresh.header[3:4]
    same = Structure(grammar("mpegts")).feed(one + one)
    assert not same.over
    assert b"".join(same.fit) == one + one
