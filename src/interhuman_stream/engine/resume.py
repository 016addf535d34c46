"""What the successor of a lost worker must know of a stream to go on with it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from interhuman_stream.analysis.media.structure import LARGEST_HEADER


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a stream stands. It comes from whoever decodes strangers' bytes, and is checked wherever it is made.

    What was known of the person is not in it: that is built anew, within seconds.

    Attributes:
        header: What a decoder that takes over must be fed first: the container's header up to the media, or nothing.
        position: Seconds of the session so far.

    Raises:
        ValueError: The header is larger than any is, or the position is no time.
    """

    header: bytes = b""
    position: float = 0.0

    def __post_init__(self) -> None:
        if len(self.header) > LARGEST_HEADER:
            raise ValueError(f"a container's header of {len(self.header)} bytes; {LARGEST_HEADER} is the most")
        if not (math.isfinite(self.position) and self.position >= 0):
            raise ValueError(f"a session's position of {self.position}; it must be a finite number of seconds, from 0")
