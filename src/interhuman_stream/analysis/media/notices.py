"""What was left out of a piece, or put right in it, as sentences for a log."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Note(Enum):
    """What happened; the value says it of a number of things."""

    LATE = "{} packets came once more or too late, and were left out"
    STRAY = "{} packets had a time out of line, and were put where their neighbours are"
    JOIN = "the clock began anew {} times, as where recordings are joined; time goes on"
    DAMAGED = "{} packets could not be decoded"
    CORRUPT = "{} pictures were damaged, and were left out"
    SOUND = "{} frames of sound could not be converted, and were left out"
    TRACK = "{} tracks of sound are more than are listened to, and were left out"
    ASTRAY = "{} bytes belonged to nothing, and were left out"


def sentences(counts: Mapping[Note, int]) -> list[str]:
    """One for each kind that happened."""
    return [note.value.format(counts[note]) for note in Note if counts.get(note)]
