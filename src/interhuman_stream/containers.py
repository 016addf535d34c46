"""What the first bytes of a file say: which container begins here, how it may be read, and whether all of it came."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

EBML_ID: Final = b"\x1a\x45\xdf\xa3"
SEGMENT_ID: Final = b"\x18\x53\x80\x67"
CLUSTER_ID: Final = b"\x1f\x43\xb6\x75"
TS_PACKET: Final = 188
# Bytes from one packet to the next and those before each: as it is sent, with a time of arrival as cameras and Blu-ray
# discs write it (.m2ts, .mts), with the check bytes of a broadcast behind each.
TS_SPACINGS: Final = ((188, 0), (192, 4), (204, 0))
LONGEST_LEAD: Final = 4
TS_SYNC: Final = 0x47
FLV: Final = b"FLV\x01"
RIFF: Final = frozenset({b"RIFF", b"RF64"})
ID3: Final = b"ID3"
ID3_HEADER: Final = 10
# A muxer writes its tables before anything else; a recording that was cut out of another has them soon.
TS_LEAD: Final = 32
TS_TABLES: Final = 4
TS_ALIGNED: Final = 8
PS_PACK: Final = b"\x00\x00\x01\xba"
PS_SYSTEM_HEADER: Final = b"\x00\x00\x01\xbb"
PS_LEAD: Final = 64
# ISO/IEC 14496-12: the boxes a file may begin with. `moof`, `styp` and `sidx` begin a fragment, not a file.
BMFF_FIRST: Final = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
BOX_HEADER: Final = 8
FLV_HEADER: Final = 13
FLV_TAG: Final = 11
# Bytes of the longest beginning that a container is known by: `RIFF`, four bytes of size, `AVI `.
LONGEST_MARK: Final = 12
# What a file begins with and no media holds: EBML's name and a size (RFC 8794, 11.2.1), FLV, AVI, and MP4's first box.
FILE_MARK: Final = re.compile(
    rb"\x1a\x45\xdf\xa3[\x40-\xff]|FLV\x01|RIFF....AVI |\x00\x00\x00[\x10-\xff]ftyp[a-zA-Z0-9 ]{4}", re.DOTALL
)
# Kilobits a second of MPEG-1 layer III, and of MPEG-2 and 2.5 (ISO/IEC 11172-3, 2.4.2.3; 13818-3, 2.4.2.3).
MP3_RATES: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
MP3_LOWER_RATES: Final = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
# A box that a file begins with and that says more than this (its first byte) is none.
LARGEST_FIRST_BYTE: Final = 3
SEND_ALL: Final = (
    "send every blob from the first on, the small one too, or have the recorder make larger ones: start(3000)"
)
MEDIA_FIRST: Final = (
    "the segment begins with the media of an MP4 file: that one's index is missing, or, if it belongs to a recording "
    "in fragments, the stream's header never came: " + SEND_ALL
)
CUT_SHORT: Final = (
    "the MP4 file is cut short: its index or its end is missing; send the whole file, "
    "or a fragmented MP4 or WebM if it is to be sent in pieces"
)


@dataclass(frozen=True, slots=True)
class Header:
    """A container that begins with the first byte.

    Attributes:
        demuxer: FFmpeg's name for what reads it.
        whole: It can only be read as a whole file, and all of it is there; else it is read as its bytes come.
        length: Bytes that belong to the whole file; what is behind them does not.
        spacing: Bytes from one packet of an MPEG-TS to the next; 0 for all others.
    """

    demuxer: str
    whole: bool = False
    length: int = 0
    spacing: int = 0


@dataclass(frozen=True, slots=True)
class Untold:
    """The bytes may begin a container; too few have come to tell, or to read it.

    Attributes:
        why: What is missing, in words, where more of the file should have come with these bytes; else empty.
    """

    why: str = ""


def read_header(data: bytes) -> Header | Untold | None:  # noqa: PLR0911 - one container a line
    """Tell which container begins at the first byte of ``data``; None where none does."""
    if data[:4] == EBML_ID:
        return Header("matroska")
    if data[:4] == b"RIFF" and data[8:12] == b"AVI ":
        return _avi(data)
    if data[4:8] in BMFF_FIRST:
        return _bmff(data)
    if data[:4] == PS_PACK:
        return _program_stream(data)
    if data[:4] == FLV:
        return Header("flv")
    for spacing, before in TS_SPACINGS:
        if found := _transport_stream(data, spacing, before):
            return found
    return Untold() if len(data) < LONGEST_MARK and may_begin(data) else None


def read_sound_header(data: bytes) -> Header | None:
    """Tell which file of sound alone begins at the first byte: WAV, FLAC, Ogg or MP3; None where none does.

    These are read as whole files. An M4A is an MP4: ``read_header`` knows it.
    """
    if data[:4] in RIFF and data[8:12] == b"WAVE":
        return Header("wav", whole=True, length=len(data))
    if data[:4] == b"fLaC":
        return Header("flac", whole=True, length=len(data))
    if data[:4] == b"OggS":
        return Header("ogg", whole=True, length=len(data))
    first = _behind_id3(data)
    if (size := _mp3_frame(data, first)) and _mp3_frame(data, first + size):
        return Header("mp3", whole=True, length=len(data))
    return None


def _behind_id3(data: bytes) -> int:
    """Where the sound begins behind the tag that may stand before it (ID3 tag version 2.4.0, 3.1)."""
    if data[:3] != ID3 or len(data) < ID3_HEADER or any(byte & 0x80 for byte in data[6:ID3_HEADER]):
        return 0
    size = data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]
    at = ID3_HEADER + size
    while at < len(data) and not data[at]:  # the tag may be padded beyond what it says
        at += 1
    return at


def _mp3_frame(data: bytes, at: int) -> int:
    """Bytes of the frame of MPEG layer III that begins at ``at``; 0 where none does (ISO/IEC 11172-3, 2.4.1.3)."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:  # noqa: PLR2004 - the sync word, layer III
        return 0
    version, rate, frequency = data[at + 1] >> 3 & 3, data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or rate in {0, 15} or frequency == 3:  # noqa: PLR2004 - reserved, free, forbidden
        return 0
    first = version == 3  # noqa: PLR2004 - MPEG-1; its lower sampling rates are MPEG-2 and 2.5
    kilobits = (MP3_RATES if first else MP3_LOWER_RATES)[rate - 1]
    hertz = (44_100, 48_000, 32_000)[frequency] >> {3: 0, 2: 1, 0: 2}[version]
    return (144_000 if first else 72_000) * kilobits // hertz + (data[at + 2] >> 1 & 1)


def begins_file(data: bytes) -> bool:
    """Whether the first bytes are ones that nothing but the beginning of a file has."""
    known = data[:4] in {EBML_ID, FLV} or data[4:8] == b"ftyp"
    return known or (data[:4] == b"RIFF" and data[8:12] == b"AVI ")


def next_file(data: bytes, at: int, end: int) -> int:
    """Find, between the two, bytes with which nothing but a file begins; -1 where none do."""
    found = FILE_MARK.search(data, at, end)
    return found.start() if found else -1


def header_so_far(data: bytes) -> tuple[bytes, bool]:  # noqa: PLR0911 - likewise
    """As much of the header of the stream that begins with ``data`` as has come, and whether more of it may come.

    The header is what makes readable what continues the stream, up to its first media; ``data`` may end anywhere in it,
    even behind its first byte. Empty where no stream begins that needs one.
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
    if data[:4] == FLV:
        return _flv_header_so_far(data)
    for spacing, before in TS_SPACINGS:
        tables = TS_TABLES * spacing
        found = _transport_stream(data, spacing, before)
        if isinstance(found, Header) or (found and len(data) < tables):
            return data[:tables], len(data) < tables
    return b"", False


def may_begin(data: bytes) -> bool:
    """Whether a container may begin with these bytes, which are too few to tell it by."""
    marks = (EBML_ID, b"RIFF", PS_PACK, FLV, bytes([TS_SYNC]))
    if any(data.startswith(mark) or mark.startswith(data) for mark in marks):
        return True
    if len(data) <= LONGEST_LEAD or data[LONGEST_LEAD] == TS_SYNC:  # before a packet there may be any time of arrival
        return True
    return data[:1] <= bytes([LARGEST_FIRST_BYTE]) and any(kind.startswith(data[4:8]) for kind in BMFF_FIRST)


def boxes(data: bytes, start: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, start, end) of the ISO BMFF boxes from ``start`` on; ``end`` may lie past the data.

    A box of size 0 reaches to the end of the data (ISO/IEC 14496-12, 4.2).
    """
    at = start
    while at + BOX_HEADER <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1 and at + 2 * BOX_HEADER <= len(data):
            (size,) = struct.unpack_from(">Q", data, at + BOX_HEADER)
        elif size == 0:
            size = len(data) - at
        if size < BOX_HEADER:
            return
        yield kind, at, at + size
        at += size


def programs(packet: bytes) -> list[int]:
    """The identifiers of the program maps that an MPEG-TS packet's association table names (13818-1, 2.4.4.3)."""
    section = ts_section(packet, 0x00)
    entries = [struct.unpack_from(">HH", section, at) for at in range(8, len(section) - 7, 4)]
    return [identifier & 0x1FFF for number, identifier in entries if number]


def ts_section(packet: bytes, table: int) -> bytes:
    """The section of ``table`` that begins in an MPEG-TS packet, as far as it is in it; empty where none does."""
    begins, adaptation = packet[1] & 0x40, packet[3] & 0x20
    at = 4 + (1 + packet[4] if adaptation else 0)
    if not begins or at >= len(packet):
        return b""
    at += 1 + packet[at]
    if at + 3 > len(packet) or packet[at] != table or not packet[at + 1] & 0x80:
        return b""
    length = 3 + (int.from_bytes(packet[at + 1 : at + 3], "big") & 0x0FFF)
    return packet[at : at + length]


def _avi(data: bytes) -> Header | Untold:
    end = int.from_bytes(data[4:8], "little") + BOX_HEADER
    while end < len(data) and data[end : end + 4] == b"RIFF" and data[end + 8 : end + 12] == b"AVIX":
        end += int.from_bytes(data[end + 4 : end + 8], "little") + BOX_HEADER  # what is over a gigabyte (OpenDML)
    if end > len(data):
        return Untold(f"the AVI file is cut short: its header says {end} bytes, {len(data)} came; send the whole file")
    return _whole("avi", data, end)


def _whole(demuxer: str, data: bytes, end: int) -> Header:
    """A whole file; what is behind its end is believed to be another one only where it begins like one."""
    return Header(demuxer, whole=True, length=end if isinstance(read_header(data[end:]), Header) else len(data))


def _bmff(data: bytes) -> Header | Untold | None:
    index = media = False
    end = 0
    for kind, start, stop in boxes(data):
        if (index and kind == b"ftyp") or not kind.isalnum():
            break  # another file, or what is no box
        end = stop
        if kind == b"moov" and end <= len(data):
            if b"mvex" in data[start:end]:
                return Header("mov")
            index = True
        media = media or kind == b"mdat"
    if index and media and end <= len(data):
        return _whole("mov", data, end)
    if index or media:
        return Untold(MEDIA_FIRST if data[4:8] == b"mdat" else CUT_SHORT)
    return Untold() if end > len(data) - BOX_HEADER else None


def _transport_stream(data: bytes, spacing: int, before: int) -> Header | Untold | None:
    """MPEG-TS packets, with the table that names the programs among the first (ISO/IEC 13818-1, 2.4)."""
    starts = range(before, min(len(data), TS_LEAD * spacing), spacing)
    if not starts or any(data[at] != TS_SYNC for at in starts):
        return None
    for at in starts:
        packet = data[at : at + TS_PACKET]
        identifier = int.from_bytes(packet[1:3], "big") & 0x1FFF
        if len(packet) == TS_PACKET and identifier == 0 and programs(packet):
            # One packet alone does not tell how far it is to the next.
            return Header("mpegts", spacing=spacing) if at + spacing < len(data) or spacing == TS_PACKET else Untold()
    return Untold() if len(data) < TS_LEAD * spacing else None


def transport_inside(data: bytes) -> int:
    """Where, in bytes from the middle of an MPEG-TS, it can be begun to be read; -1 where they are from none."""
    for spacing, before in TS_SPACINGS:
        for aligned in range(spacing):
            first = aligned + before
            if data[first : first + TS_ALIGNED * spacing : spacing] != bytes([TS_SYNC]) * TS_ALIGNED:
                continue
            for at in range(aligned, len(data) - spacing, spacing):
                if isinstance(_transport_stream(data[at : at + before + 2 * spacing], spacing, before), Header):
                    return at
    return -1


def _program_stream(data: bytes) -> Header | Untold | None:
    """MPEG-PS: only its first pack must carry a system header (ISO/IEC 13818-1, 2.5.3.5)."""
    if PS_SYSTEM_HEADER in data[4:PS_LEAD]:
        return Header("mpeg")
    return Untold() if len(data) < PS_LEAD else None


def _flv_header_so_far(data: bytes) -> tuple[bytes, bool]:
    at = FLV_HEADER
    while at + FLV_TAG + 2 <= len(data) and flv_tag_is_header(data, at):
        at += FLV_TAG + int.from_bytes(data[at + 1 : at + 4], "big") + 4
    return data[:at], at + FLV_TAG + 2 > len(data)


def flv_tag_is_header(data: bytes, at: int) -> bool:
    """Whether the tag of an FLV at ``at`` is its script or a decoder's configuration; its first 13 bytes are there.

    (Adobe Flash Video File Format 10.1, E.4; Enhanced RTMP, "Extended VideoTagHeader".)
    """
    kind, first, second = data[at] & 0x1F, data[at + FLV_TAG], data[at + FLV_TAG + 1]
    if kind == 9:  # noqa: PLR2004 - video: AVC's packet type, or that of all later codecs
        return not first & 0x0F if first & 0x80 else (first & 0x0F == 7 and not second)  # noqa: PLR2004 - AVC
    if kind == 8:  # noqa: PLR2004 - sound: AAC's packet type
        return first >> 4 == 10 and not second  # noqa: PLR2004 - AAC
    return kind == 18  # noqa: PLR2004 - script
