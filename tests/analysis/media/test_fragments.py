"""The aligner passes whole streams through untouched, however cut, and finds the next fragment after a hole."""

from __future__ import annotations

import struct
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.analysis.media.fragments import FragmentAligner


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def fragment(number: int, size: int) -> bytes:
    header = box(b"mfhd", struct.pack(">II", 0, number))
    return box(b"moof", header + b"traf" * 4) + box(b"mdat", bytes([number]) * size)


HEADER = box(b"ftyp", b"isom" * 4) + box(b"moov", b"m" * 200)
STREAM = HEADER + b"".join(fragment(number, 100 * number) for number in range(1, 6))


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_a_whole_stream_passes_unchanged_however_it_is_cut(cuts: list[int]) -> None:
    aligner = FragmentAligner()
    edges = [0, *sorted(cuts), len(STREAM)]
    out = b"".join(aligner.feed(STREAM[begin:end]) for begin, end in pairwise(edges))
    assert out == STREAM
    assert aligner.padding == 0


@given(st.integers(len(HEADER), len(STREAM)), st.integers(1, 400))
def test_after_a_hole_every_later_fragment_begins_at_a_box(hole: int, length: int) -> None:
    aligner = FragmentAligner()
    out = aligner.feed(STREAM[:hole]) + aligner.feed(STREAM[hole + length :])
    at, whole = 0, []
    while at + 8 <= len(out):
        size, kind = struct.unpack_from(">I4s", out, at)
        whole.append((kind, out[at : at + size]))
        at += size
    last = fragment(5, 500)
    if hole + length <= len(STREAM) - len(last):  # the hole has not reached into the last fragment itself
        assert (b"moof", last[: len(last) - 508]) in whole


def test_bytes_that_are_no_box_are_left_out() -> None:
    aligner = FragmentAligner()
    aligner.feed(HEADER + fragment(1, 50))
    assert aligner.feed(b"\xff" * 500) == b""
    assert aligner.feed(fragment(2, 50)) == fragment(2, 50)
