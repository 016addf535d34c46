"""How much one segment may make of its bytes: a few of them can hold hours of pictures and sound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from interhuman_stream.medium import MOST_SOUND_TRACKS

# A still picture or silence compresses ten thousand times: 20 MB can hold hours of 8K. An upload may be half an hour of
# small video, or ten minutes of 1080p at 30 pictures a second; 32 MB of a real recording hold no more.
LONGEST_SEGMENT = 2400.0
MOST_PIXELS = 600 * 30 * 1920 * 1080
MOST_PACKETS = 300_000


# A pause counts for no more than this: ten minutes, however long a laptop slept.
LONGEST_PAUSE = 600.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that one segment may hold: seconds, pixels of its pictures, packets."""

    seconds: float = LONGEST_SEGMENT
    pixels: float = MOST_PIXELS
    packets: float = MOST_PACKETS


STRANGERS: Final = Bounds()
"""Of bytes that somebody sends."""
OWN: Final = Bounds(math.inf, math.inf, math.inf)
"""Of a file that whoever runs the analysis has chosen: an hour, or a day."""


@dataclass(slots=True)
class Amount:
    """How much has been decoded of one segment, against the most that may be."""

    bounds: Bounds = STRANGERS
    packets: int = 0
    pixels: int = 0
    seconds: float = 0.0
    sound: float = 0.0

    def add(self, advance: float, pixels: int, sound: float) -> str:
        """Count one packet in.

        Args:
            advance: Seconds by which it takes the segment's end further.
            pixels: Of its pictures.
            sound: Seconds of sound in it, whatever its times say.

        Returns:
            What is too much, in words; nothing where all is within bounds.
        """
        self.packets += 1
        self.pixels += pixels
        self.seconds += min(advance, LONGEST_PAUSE)
        self.sound += sound
        most = self.bounds
        if self.seconds > most.seconds or self.sound > MOST_SOUND_TRACKS * most.seconds:
            return f"the segment lasts too long: more than {most.seconds:.0f} seconds; send it in parts"
        if self.pixels > most.pixels:
            return f"the segment has too many pictures: more than {most.pixels} pixels in all; send it in parts"
        if self.packets > most.packets:
            return f"the segment has too many packets: more than {most.packets}; send it in parts"
        return ""
