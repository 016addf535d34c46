"""How much one segment may make of its bytes: a few of them can hold hours of pictures and sound."""

from __future__ import annotations

from dataclasses import dataclass

# A still picture or silence compresses ten thousand times: 20 MB can hold hours of 8K. An upload may be half an hour of
# small video, or ten minutes of 1080p at 30 pictures a second; 32 MB of a real recording hold no more.
LONGEST_SEGMENT = 2400.0
MOST_PIXELS = 600 * 30 * 1920 * 1080
MOST_PACKETS = 300_000
# Tracks of sound that are listened to.
MOST_TRACKS = 4


# A pause counts for no more than this: ten minutes, however long a laptop slept.
LONGEST_PAUSE = 600.0


@dataclass(slots=True)
class Amount:
    """How much has been decoded of one segment, against the most that may be."""

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
        if self.seconds > LONGEST_SEGMENT or self.sound > MOST_TRACKS * LONGEST_SEGMENT:
            return f"the segment lasts too long: more than {LONGEST_SEGMENT:.0f} seconds; send it in parts"
        if self.pixels > MOST_PIXELS:
            return f"the segment has too many pictures: more than {MOST_PIXELS} pixels in all; send it in parts"
        if self.packets > MOST_PACKETS:
            return f"the segment has too many packets: more than {MOST_PACKETS}; send it in parts"
        return ""
