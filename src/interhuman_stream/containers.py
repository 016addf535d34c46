"""What a segment's first bytes say: which container begins here, and whether the file in it is whole."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from interhuman_stream.faults import MalformedSegment

if TYPE_CHECKING:
    from collections.abc import Iterator

EBML_ID = b"\x1a\x45\xdf\xa3"
SEGMENT_ID = b"\x18\x53\x80\x67"
CLUSTER_ID = b"\x1f\x43\xb6\x75"
TS_PACKET = 188
TS_SYNC = 0x47
# Packets in which a muxer writes its tables before anything else.
TS_TABLES = 4
PS_PACK = b"\x00\x00\x01\xba"
PS_SYSTEM_HEADER = b"\x00\x00\x01\xbb"
PS_END = b"\x00\x00\x01\xb9"
# ISO/IEC 14496-12: the boxes a file may begin with. `moof`, `styp` and `sidx` begin a fragment, not a file.
BMFF_FIRST = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
SEGMENT_SEARCH = 4096
BOX_HEADER = 8
# Bytes of the longest beginning that a container is known by: `RIFF`, four bytes of size, `AVI `.
LONGEST_MARK = 12


@dataclass(frozen=True, slots=True)
class Header:
    """A container that begins with a segment.

    Attributes:
        demuxer: FFmpeg's name for what reads it.
        whole: The bytes are the whole file: its end can be flushed, and it may be read by seeking.
        alone: The bytes are the header alone, without any media behind it.
    """

    demuxer: str
    whole: bool
    alone: bool = False


def read_header(data: bytes) -> Header | None:
    """Tell which container begins at the first byte of ``data``; None where none does.

    Raises:
        MalformedSegment: A container begins here that can only be read whole, and its end is missing.
    """
    if data[:4] == EBML_ID:
        return _matroska(data)
    if data[:4] == b"RIFF" and data[8:12] == b"AVI ":
        return _avi(data)
    if data[4:8] in BMFF_FIRST:
        return _bmff(data)
    if _begins_transport_stream(data):
        return Header("mpegts", whole=False, alone=len(data) <= TS_TABLES * TS_PACKET)
    if data[:4] == PS_PACK and _begins_program_stream(data):
        return Header("mpeg", whole=PS_END in data[-TS_PACKET:])
    return None


def stream_header(data: bytes) -> bytes | None:
    """The bytes that make what continues this stream readable, up to its first media; None where no stream begins.

    Empty where nothing continues it (a whole file), or where the stream needs none.
    """
    try:
        header = read_header(data)
    except MalformedSegment:
        return None
    if header is None:
        return None
    if header.whole:
        return b""
    if header.demuxer == "mpegts":
        return data[: TS_TABLES * TS_PACKET]
    if header.demuxer == "matroska":
        media = data.find(CLUSTER_ID)
    else:
        media = next((start for kind, start, _ in boxes(data) if kind == b"moof"), -1)
    return data if media < 0 else data[:media]


def header_so_far(data: bytes) -> tuple[bytes, bool]:
    """As much of the header of the stream that begins with ``data`` as has come, and whether more of it may come.

    The header is what ``stream_header`` gives of a stream; but ``data`` may end anywhere in it, even behind its first
    byte. Empty where no stream begins that needs one.
    """
    if len(data) < LONGEST_MARK:
        begun = may_begin(data)
        return (data if begun else b""), begun
    if data[:4] == EBML_ID:
        media = data.find(CLUSTER_ID)
        return (data, True) if media < 0 else (data[:media], False)
    if data[4:8] in BMFF_FIRST:
        # A file whose media stands there as a whole has nothing that continues it.
        first = next(((kind, start) for kind, start, _ in boxes(data) if kind in {b"moof", b"mdat"}), None)
        if first is None:
            return data, True
        return (data[: first[1]] if first[0] == b"moof" else b""), False
    tables = TS_TABLES * TS_PACKET
    if data[0] == TS_SYNC and (len(data) < tables or _begins_transport_stream(data)):
        return data[:tables], len(data) < tables
    return b"", False


def may_begin(data: bytes) -> bool:
    """Whether a container may begin with these bytes, which are too few to tell it by."""
    marks = (EBML_ID, b"RIFF", PS_PACK, bytes([TS_SYNC]))
    boxed = data[4:8]
    return any(data.startswith(mark) or mark.startswith(data) for mark in marks) or any(
        kind.startswith(boxed) for kind in BMFF_FIRST
    )


def boxes(data: bytes, start: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, start, end) of the ISO BMFF boxes from ``start`` on; ``end`` may lie past the data.

    A box of size 0 reaches to the end of the data (ISO/IEC 14496-12, 4.2).
    """
    at = start
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1 and at + 16 <= len(data):
            (size,) = struct.unpack_from(">Q", data, at + 8)
        elif size == 0:
            size = len(data) - at
        if size < BOX_HEADER:
            return
        yield kind, at, at + size
        at += size


def _matroska(data: bytes) -> Header:
    segment = data.find(SEGMENT_ID, 0, SEGMENT_SEARCH)
    if segment < 0:
        return Header("matroska", whole=False, alone=True)
    size, content = _ebml_size(data, segment + 4)
    return Header(
        "matroska",
        whole=size is not None and content + size <= len(data),
        alone=CLUSTER_ID not in data,
    )


def _ebml_size(data: bytes, at: int) -> tuple[int | None, int]:
    """Read an EBML size at ``at``: (its value or None for "unknown", the index behind it) (RFC 8794, 4)."""
    if at >= len(data) or data[at] == 0:
        return None, at
    width = 9 - data[at].bit_length()
    bits = 7 * width
    value = int.from_bytes(data[at : at + width], "big") & ((1 << bits) - 1)
    return (None if value == (1 << bits) - 1 else value), at + width


def _avi(data: bytes) -> Header:
    size = int.from_bytes(data[4:8], "little") + 8
    if size > len(data):
        raise MalformedSegment(
            f"the AVI file is cut short: its header says {size} bytes, {len(data)} came; send the whole file"
        )
    return Header("avi", whole=True)


def _bmff(data: bytes) -> Header:
    index = media = fragmented = False
    end = 0
    for kind, start, end in boxes(data):
        if kind == b"moov":
            index = True
            fragmented = b"mvex" in data[start:end]
        elif kind == b"mdat":
            media = True
    if fragmented:
        return Header("mov", whole=b"mfra" in data[-TS_PACKET:], alone=not media)
    if not index or end > len(data):
        raise MalformedSegment(
            "the MP4 file is cut short: its index or its end is missing; send the whole file, "
            "or a fragmented MP4 or WebM if it is to be sent in pieces"
        )
    return Header("mov", whole=True, alone=not media)


def _begins_transport_stream(data: bytes) -> bool:
    """Whether MPEG-TS packets begin here with the program tables that a muxer writes first (ISO/IEC 13818-1, 2.4)."""
    packets = range(0, min(len(data), TS_TABLES * TS_PACKET), TS_PACKET)
    if not data or any(data[at] != TS_SYNC for at in packets):
        return False
    identifiers = [int.from_bytes(data[at + 1 : at + 3], "big") & 0x1FFF for at in packets]
    return 0 in identifiers[:3]


def _begins_program_stream(data: bytes) -> bool:
    """Whether an MPEG-PS begins here: only its first pack must carry a system header (ISO/IEC 13818-1, 2.5.3.5)."""
    return PS_SYSTEM_HEADER in data[4:64]
