"""Keeps a fragmented MP4 readable across a hole: pads what a lost piece left open, so that the next one is found."""

from __future__ import annotations

import re

# A fragment begins with a `moof` box whose first child is the 16-byte `mfhd` (ISO/IEC 14496-12, 8.8.5).
FRAGMENT = re.compile(rb"moof\x00\x00\x00\x10mfhd")
FRAGMENT_BOXES = frozenset({b"moof", b"mdat", b"sidx", b"styp", b"emsg", b"prft", b"free", b"skip", b"uuid", b"mfra"})
BOX_HEADER = 8
# No fragment of a few seconds is larger; a larger size is read from bytes that are no box.
LARGEST_BOX = 64 * 1024 * 1024


class FragmentAligner:
    """Follows the boxes of one fragmented MP4 as its bytes come in.

    FFmpeg's demuxer believes the size in a box's header. After a hole that size reaches into whatever comes next and
    the stream is lost for good. Where a new fragment begins before the open box is full, the box is filled with zeros;
    where bytes are no box, they are left out up to the next fragment.
    """

    def __init__(self) -> None:
        self._open = 0  # bytes the current box still lacks
        self._pending = b""  # the beginning of a box header whose rest has not come
        self._in_header = True  # before the first fragment every box is taken as it is
        self.padding = 0  # zeros put in so far, in bytes

    def feed(self, data: bytes) -> bytes:
        """Return the bytes to hand to the demuxer in place of ``data``."""
        data = self._pending + data
        self._pending = b""
        starts = [match.start() - 4 for match in FRAGMENT.finditer(data) if match.start() >= 4]  # noqa: PLR2004 - size field
        out: list[bytes] = []
        at = 0
        for start in [*starts, len(data)]:
            if start < at:
                continue
            at = self._walk(data, at, start, out)
            if start < len(data) and self._open:
                out.append(bytes(self._open))
                self.padding += self._open
                self._open = 0
        return b"".join(out)

    def _walk(self, data: bytes, at: int, end: int, out: list[bytes]) -> int:
        """Pass on the boxes between ``at`` and ``end``; return where the next one is to be read."""
        while at < end:
            if self._open:
                taken = min(self._open, end - at)
                out.append(data[at : at + taken])
                self._open -= taken
                at += taken
                continue
            if at + BOX_HEADER > len(data):
                self._pending = data[at:]
                return end
            kind = data[at + 4 : at + BOX_HEADER]
            size = int.from_bytes(data[at : at + 4], "big")
            if kind == b"moof":
                self._in_header = False
            known = self._in_header or kind in FRAGMENT_BOXES
            if not known or not BOX_HEADER <= size <= LARGEST_BOX:
                return end  # not a box: leave the bytes out up to the next fragment
            self._open = size
        return at
