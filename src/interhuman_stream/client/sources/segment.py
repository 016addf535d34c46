"""What a source gives: pieces of media, each inside the limits of the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

SEGMENT_SECONDS: Final = 5.0
"""How long a segment is when nobody says otherwise."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Segment:
    """One complete media file (or a piece of a recorder's byte stream), and where it stands in its source.

    Attributes:
        data: The file's bytes; times in it start at 0.
        start: Seconds from the start of the source at which it begins.
        end: Seconds from the start of the source at which it ends.
        lead: Of a piece of a recorder's byte stream, the container's header and what else the stream began with: what
            a server needs that has not had the pieces before. Empty where the segment is complete in itself.
        note: What is odd about it, for people; mostly empty.
        timed: Whether ``start`` and ``end`` are times of the media; else of when the bytes came.
    """

    data: bytes = field(repr=False)
    start: float
    end: float
    lead: bytes = field(default=b"", repr=False)
    note: str = ""
    timed: bool = True
