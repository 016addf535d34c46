"""What a session is opened with: which kind of bytes come, and what of them is perceived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from interhuman_stream.signals import Modality

LEAST_RATE: Final = 8_000
"""Samples a second: of a telephone. Below it consonants are gone, and words with them."""
MOST_RATE: Final = 192_000
MOST_SOUND_TRACKS: Final = 6
"""Tracks of sound that are listened to, laid on each other: as many as OBS Studio records."""


@dataclass(frozen=True, slots=True)
class Medium:
    """The bytes of a session and what is perceived of them.

    Attributes:
        senses: What is perceived. Without VIDEO pictures are not decoded, and files that hold sound alone are taken as
            well. With none nothing is decoded at all: what is found is how long a file is and what tracks it has.
        pcm_rate: Samples a second, where the bytes are no files but raw sound: one channel, 16 bits, signed, little
            endian. None where they are files.

    Raises:
        ValueError: The rate is none of a voice, or there is nothing to hear it with.
    """

    senses: tuple[Modality, ...] = (Modality.VIDEO, Modality.AUDIO)
    pcm_rate: int | None = None

    def __post_init__(self) -> None:
        if self.pcm_rate is None:
            return
        if not LEAST_RATE <= self.pcm_rate <= MOST_RATE:
            raise ValueError(f"{self.pcm_rate} samples a second; expected are {LEAST_RATE} to {MOST_RATE}")
        if self.senses != (Modality.AUDIO,):
            raise ValueError("raw sound has nothing to look at; its senses are AUDIO alone")

    @property
    def looks(self) -> bool:
        """Whether faces are looked at."""
        return Modality.VIDEO in self.senses

    @property
    def listens(self) -> bool:
        """Whether voices are listened to."""
        return Modality.AUDIO in self.senses


TALKING_FACE: Final = Medium()
VOICE: Final = Medium((Modality.AUDIO,))
"""Voice and words alone, of files with or without pictures."""
UNOPENED: Final = Medium(())
"""Nothing is perceived: what is in a file, and how long it is."""


def raw_voice(rate: int) -> Medium:
    """Voice and words alone, of raw samples, so many a second; see ``Medium``."""
    return Medium((Modality.AUDIO,), rate)
