"""What an analysis is asked for, for as long as its stream lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from interhuman_stream.medium import TALKING_FACE, Medium


@dataclass(frozen=True, slots=True)
class Terms:
    """How a stream is to be judged.

    Attributes:
        every: Seconds of media that are judged at a time, at most: of a file as of a stream. Where it is watched,
            something is said of each.
        medium: What the bytes are, and what of them is perceived.
    """

    every: float = 5.0
    medium: Medium = TALKING_FACE


USUAL: Final = Terms()
"""A talking face, judged five seconds at a time."""
