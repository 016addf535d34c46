"""How containers are built that are read as their bytes come: Matroska and WebM, fragmented MP4, MPEG streams, FLV."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from interhuman_stream.analysis.media.structure import MORE, NONE, Element, Grammar, Kind
from interhuman_stream.containers import (
    BOX_HEADER,
    EBML_ID,
    FLV,
    FLV_HEADER,
    FLV_TAG,
    PS_PACK,
    PS_SYSTEM_HEADER,
    SEGMENT_ID,
    TS_PACKET,
    TS_SPACINGS,
    TS_SYNC,
    flv_tag_is_header,
    programs,
    ts_section,
)

# No element of a few seconds' media is larger; a larger size is read from bytes that are no element.
LARGEST_ELEMENT: Final = 64 * 1024 * 1024
SIZE: Final = rb"(?:[\x80-\xff]|[\x40-\x7f].|[\x20-\x3f]..|[\x10-\x1f]...|[\x08-\x0f].{4}|\x01.{7})"


class Matroska:
    """Matroska and WebM (RFC 8794, RFC 9559). Segment and Cluster are entered, everything else is passed as it is."""

    _ENTERED: Final = frozenset({SEGMENT_ID, b"\x1f\x43\xb6\x75"})
    _HEAD: Final = frozenset(
        bytes.fromhex(name)
        for name in ("114d9b74", "1549a966", "1654ae6b", "1941a469", "1043a770", "1254c367", "1c53bb6b", "ec", "bf")
    )
    _VOID: Final = b"\xec"
    # Of a Cluster: Timestamp, SilentTracks, Position, PrevSize, SimpleBlock, BlockGroup, EncryptedBlock.
    _MEDIA: Final = frozenset(bytes.fromhex(name) for name in ("e7", "5854", "a7", "ab", "a3", "a0", "af"))
    # A Cluster begins with its time, or with a checksum (RFC 9559, 5.1.3).
    CLUSTER: Final = re.compile(
        rb"\x1f\x43\xb6\x75" + SIZE + rb"(?:\xe7[\x81-\x88]|\xbf\x84|\xab[\x81-\x88])", re.DOTALL
    )
    _FOUND: Final = re.compile(CLUSTER.pattern + rb"|\x1a\x45\xdf\xa3[\x40-\xff]", re.DOTALL)

    def __init__(self) -> None:
        self._media = False

    def element(self, data: bytes, at: int) -> Element:  # noqa: PLR0911 - one case a line
        """Read an element's name and size."""
        if data[at] < 0x10:  # noqa: PLR2004 - no name of an element begins so (RFC 8794, 5)
            return NONE
        name_ends = at + 9 - data[at].bit_length()
        name = data[at:name_ends]
        known = name in self._ENTERED or name in self._HEAD or name in self._MEDIA or name == EBML_ID
        if name_ends >= len(data):
            return MORE if known or name_ends > len(data) else NONE
        size, ends = ebml_size(data, name_ends)
        if not known or ends == name_ends:
            return NONE
        if ends > len(data):
            return MORE
        if name == SEGMENT_ID:
            return Element(Kind.HEAD, ends - at, size or None)
        if name in self._ENTERED:
            self._media = True
            return Element(Kind.MEDIA, ends - at)
        if size is None or size > LARGEST_ELEMENT:
            return NONE
        if name == EBML_ID:
            return Element(Kind.FILE, ends - at + size)
        if name == self._VOID:
            return Element(Kind.FILLING, ends - at + size)
        return Element(Kind.MEDIA if self._media else Kind.HEAD, ends - at + size)

    def next_element(self, data: bytes, at: int) -> int:
        """Find the next Cluster or file."""
        found = self._FOUND.search(data, at)
        return found.start() if found else -1

    def media_inside(self, data: bytes, at: int, end: int) -> int:
        """Find a Cluster where a block should go on."""
        found = self.CLUSTER.search(data, at, end) if self._media else None
        return found.start() if found else -1

    def lead(self) -> bytes:
        """Nothing: a file has its own header."""
        return b""

    def header(self, collected: bytes) -> bytes:
        """The same with a Segment of unknown size, for what follows is not all that its size speaks of."""
        at = collected.find(SEGMENT_ID) + len(SEGMENT_ID)
        size, ends = ebml_size(collected, at) if at >= len(SEGMENT_ID) else (None, 0)
        if size is None or ends > len(collected):
            return collected
        width = ends - at
        unknown = ((1 << 7 * width + 1) - 1).to_bytes(width, "big")
        return collected[:at] + unknown + collected[ends:]


class FragmentedMp4:
    """MP4 in fragments (ISO/IEC 14496-12, 8.8): a header, then a `moof` and its `mdat` again and again."""

    # A fragment begins with a `moof` box whose first child is the 16-byte `mfhd` (8.8.5).
    FRAGMENT: Final = re.compile(rb"moof\x00\x00\x00\x10mfhd")
    _FOUND: Final = re.compile(rb"moof\x00\x00\x00\x10mfhd|ftyp[a-zA-Z0-9 ]{4}")
    _MEDIA: Final = frozenset(
        {b"moof", b"mdat", b"sidx", b"ssix", b"styp", b"emsg", b"prft", b"free", b"skip", b"uuid", b"meta", b"mfra"}
    )

    def __init__(self) -> None:
        self._media = False

    def element(self, data: bytes, at: int) -> Element:  # noqa: PLR0911 - one case a line
        """Read a box's type and size."""
        if at + BOX_HEADER > len(data):
            return MORE
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + BOX_HEADER]
        if size == 1:
            if at + 2 * BOX_HEADER > len(data):
                return MORE
            size = int.from_bytes(data[at + BOX_HEADER : at + 2 * BOX_HEADER], "big")
        self._media = self._media or kind == b"moof"
        known = kind in self._MEDIA or kind == b"ftyp" or not self._media
        if not known or not BOX_HEADER <= size <= LARGEST_ELEMENT:
            return NONE
        if kind == b"ftyp":
            return Element(Kind.FILE, size)
        if kind == b"mfra":
            return Element(Kind.LAST, size)
        if kind in {b"free", b"skip"}:
            return Element(Kind.FILLING, size)
        return Element(Kind.MEDIA if self._media else Kind.HEAD, size)

    def next_element(self, data: bytes, at: int) -> int:
        """Find the next fragment or file."""
        found = self._FOUND.search(data, at + 4)
        return found.start() - 4 if found else -1

    def media_inside(self, data: bytes, at: int, end: int) -> int:
        """Find a fragment where a box should go on."""
        if end - at < BOX_HEADER:
            return -1
        found = self.FRAGMENT.search(data, at + 4, end + 2 * BOX_HEADER) if self._media else None
        return found.start() - 4 if found and found.start() - 4 < end else -1

    def lead(self) -> bytes:
        """Nothing: a file has its own header."""
        return b""

    def header(self, collected: bytes) -> bytes:
        """All up to the first fragment."""
        return collected


class TransportStream:
    """MPEG-TS (ISO/IEC 13818-1, 2.4): packets of 188 bytes. Another program map is another file.

    Args:
        spacing: Bytes from one packet to the next; there may be others between them.
    """

    _TOGETHER: Final = 64  # packets looked at in one go

    def __init__(self, spacing: int = TS_PACKET) -> None:
        self._spacing, self._before = spacing, dict(TS_SPACINGS)[spacing]
        self._association = b""  # the packet that names the programs
        self._map_pid = -1
        self._map: frozenset[tuple[int, int]] = frozenset()

    def element(self, data: bytes, at: int) -> Element:
        """Read the packets up to the next table."""
        spacing, sync = self._spacing, at + self._before
        if sync >= len(data):
            return MORE
        if data[sync] != TS_SYNC:
            return NONE
        count = min(self._TOGETHER, (len(data) - at) // spacing)
        if not count:
            return MORE
        packets = np.frombuffer(data, np.uint8, count * spacing, at).reshape(count, spacing)[:, self._before :]
        identifiers = (packets[:, 1].astype(np.int32) & 0x1F) << 8 | packets[:, 2]
        other = (packets[:, 0] != TS_SYNC) | (identifiers == 0) | (identifiers == self._map_pid)
        first = int(np.argmax(other)) if other.any() else count
        if first:
            return Element(Kind.MEDIA, first * spacing)
        return self._table(data[at : at + spacing], int(identifiers[0]))

    def next_element(self, data: bytes, at: int) -> int:
        """Find two packets, one behind the other."""
        at += self._before
        while (at := data.find(TS_SYNC, at)) >= 0:
            if at + self._spacing >= len(data):
                return -1
            if data[at + self._spacing] == TS_SYNC:
                return at - self._before
            at += 1
        return -1

    def media_inside(self, data: bytes, at: int, end: int) -> int:
        """Nothing: packets are too short to lose more than themselves."""
        del data, at, end
        return -1

    def lead(self) -> bytes:
        """The packet that names the programs; the map is what the new file begins with."""
        return self._association

    def header(self, collected: bytes) -> bytes:
        """The tables as they were first."""
        return collected

    def _table(self, stored: bytes, identifier: int) -> Element:
        packet = stored[self._before : self._before + TS_PACKET]
        if identifier == 0:
            known = self._association[self._before :]
            named = programs(packet)
            if named and self._map_pid not in named:
                self._map_pid = named[0]
            if named:
                self._association = stored
            if not known:
                return Element(Kind.HEAD, self._spacing)
            # A muxer counts from nought (2.4.3.3); bytes that came twice go on with any other number.
            anew = packet[3] & 0x0F == 0 and known[3] & 0x0F != 0x0F  # noqa: PLR2004 - the greatest of four bits
            return Element(Kind.RESTART if anew else Kind.MEDIA, self._spacing)
        found = _tracks(packet)
        if not found or found == self._map:
            return Element(Kind.MEDIA, self._spacing)
        if self._map:
            return Element(Kind.FILE, self._spacing)
        self._map = found
        return Element(Kind.HEAD, self._spacing)


class ProgramStream:
    """MPEG-PS (ISO/IEC 13818-1, 2.5; ISO/IEC 11172-1): packs of packets, each with its length."""

    def __init__(self) -> None:
        self._media = False

    def element(self, data: bytes, at: int) -> Element:
        """Read a pack header or a packet's length."""
        begins = data[at : at + 4]
        if not begins.startswith(b"\x00\x00\x01"[: len(begins)]):
            return NONE
        if len(begins) < 4 or (at + 14 > len(data) and begins[3] != 0xB9):  # noqa: PLR2004 - a pack header's bytes
            return MORE
        if begins == PS_PACK:
            size = 14 + (data[at + 13] & 7) if data[at + 4] & 0xC0 == 0x40 else 12  # noqa: PLR2004 - MPEG-2, MPEG-1
        elif begins[3] == 0xB9:  # noqa: PLR2004 - the end code
            return Element(Kind.LAST, 4)
        elif begins[3] < 0xB9:  # noqa: PLR2004 - video start codes, which are inside packets
            return NONE
        else:
            size = 6 + int.from_bytes(data[at + 4 : at + 6], "big")
        if begins == PS_SYSTEM_HEADER and self._media:
            return Element(Kind.RESTART, size)
        head = begins in {PS_PACK, PS_SYSTEM_HEADER} and not self._media
        self._media = self._media or begins not in {PS_PACK, PS_SYSTEM_HEADER}
        return Element(Kind.HEAD if head else Kind.MEDIA, size)

    def next_element(self, data: bytes, at: int) -> int:
        """Find the next pack."""
        return data.find(PS_PACK, at)

    def media_inside(self, data: bytes, at: int, end: int) -> int:
        """Nothing: packets are too short to lose more than themselves."""
        del data, at, end
        return -1

    def lead(self) -> bytes:
        """Nothing: a file has its own header."""
        return b""

    def header(self, collected: bytes) -> bytes:
        """The first pack's header."""
        return collected


class FlashVideo:
    """FLV (Adobe Flash Video File Format 10.1, E): a header, then tags, each with its length before and behind it."""

    _TAG: Final = re.compile(rb"[\x08\x09\x12].{7}\x00\x00\x00|FLV\x01", re.DOTALL)
    _KINDS: Final = frozenset({8, 9, 18})

    def __init__(self) -> None:
        self._media = False

    def element(self, data: bytes, at: int) -> Element:
        """Read a tag's length."""
        begins = data[at : at + len(FLV)]
        if begins == FLV:
            return Element(Kind.FILE, FLV_HEADER)
        if FLV.startswith(begins) or (data[at] in self._KINDS and at + FLV_TAG + 2 > len(data)):
            return MORE
        if data[at] not in self._KINDS or any(data[at + 8 : at + FLV_TAG]):
            return NONE
        self._media = self._media or not flv_tag_is_header(data, at)
        return Element(Kind.MEDIA if self._media else Kind.HEAD, FLV_TAG + _three(data, at + 1) + 4)

    def next_element(self, data: bytes, at: int) -> int:
        """Find the next tag that is followed by its own length, or file."""
        for found in self._TAG.finditer(data, at):
            begins = found.start()
            ends = begins + FLV_TAG + _three(data, begins + 1)
            if found[0] == FLV or data[ends : ends + 4] == (ends - begins).to_bytes(4, "big"):
                return begins
        return -1

    def media_inside(self, data: bytes, at: int, end: int) -> int:
        """Nothing: what a tag begins with is found in any media."""
        del data, at, end
        return -1

    def lead(self) -> bytes:
        """Nothing: a file has its own header."""
        return b""

    def header(self, collected: bytes) -> bytes:
        """All up to the first media."""
        return collected


def grammar(demuxer: str, spacing: int = TS_PACKET) -> Grammar:
    """The grammar of what FFmpeg's demuxer of this name reads as its bytes come; ``spacing`` as in ``Header``."""
    if demuxer == "mpegts":
        return TransportStream(spacing)
    kinds: dict[str, type[Matroska | FragmentedMp4 | ProgramStream | FlashVideo]] = {
        "matroska": Matroska,
        "mov": FragmentedMp4,
        "mpeg": ProgramStream,
        "flv": FlashVideo,
    }
    return kinds[demuxer]()


def continued(data: bytes) -> str:
    """What kind of recording these bytes are from the middle of, in words; empty where nothing in them says so."""
    if Matroska.CLUSTER.search(data):
        return "WebM or Matroska"
    return "fragmented MP4" if FragmentedMp4.FRAGMENT.search(data) else ""


def ebml_size(data: bytes, at: int) -> tuple[int | None, int]:
    """Read an EBML size at ``at``: (its value or None for "unknown", the index behind it) (RFC 8794, 4).

    The index is ``at`` where no size begins there, and may lie past the data.
    """
    if at >= len(data):
        return None, at + 1
    if not data[at]:
        return None, at
    width = 9 - data[at].bit_length()
    bits = 7 * width
    value = int.from_bytes(data[at : at + width], "big") & ((1 << bits) - 1)
    return (None if value == (1 << bits) - 1 else value), at + width


def _three(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "big")


def _tracks(packet: bytes) -> frozenset[tuple[int, int]]:
    """The (packet identifier, stream type) of what a program map in an MPEG-TS packet names (13818-1, 2.4.4.8)."""
    section = ts_section(packet, 0x02)
    if len(section) < 12:  # noqa: PLR2004 - its fixed part
        return frozenset()
    found, at = [], 12 + (int.from_bytes(section[10:12], "big") & 0x0FFF)
    while at + 5 <= len(section) - 4:
        found.append((int.from_bytes(section[at + 1 : at + 3], "big") & 0x1FFF, section[at]))
        at += 5 + (int.from_bytes(section[at + 3 : at + 5], "big") & 0x0FFF)
    return frozenset(found)
