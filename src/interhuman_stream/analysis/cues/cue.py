"""A cue: something a person did, seen or heard, before anyone says what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interhuman_stream.signals import Modality


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that was seen or heard.

    Attributes:
        name: Which cue; the evidence table's key.
        start: Seconds of the session.
        end: Seconds of the session.
        strength: 0 (barely) to 1 (plainly).
        phrase: What was seen or heard in the past tense, without times: "nodded 3 times", "said “exactly”".
        modality: Seen or heard.
        quality: 0 (could as well be something else) to 1, by how good the picture or the sound was.
    """

    name: str
    start: float
    end: float
    strength: float
    phrase: str
    modality: Modality
    quality: float = 1.0


def ramp(value: float, zero: float, one: float) -> float:
    """Strength that grows from 0 at ``zero`` to 1 at ``one``, and stays inside."""
    return min(1.0, max(0.0, (value - zero) / (one - zero)))
