"""What a source gives: complete pieces of media, each inside the limits of the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

SEGMENT_SECONDS: Final = 5.0
"""How long a segment is when nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One complete media file, and where it stands in its source.

    Attributes:
        data: The file's bytes; times in it start at 0.
        start: Seconds from the start of the source at which it begins.
        end: Seconds from the start of the source at which it ends.
    """

    data: bytes = field(repr=False)
    start: float
    end: float
