"""What a cue is: declared once, where it is found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from interhuman_stream.findings import Cue
from interhuman_stream.signals import Modality


class Lane(StrEnum):
    """What a cue is read from: how well that was perceived says how far it counts."""

    HEAD = "head"
    FACE = "face"
    VOICE = "voice"
    SPEECH = "speech"
    WORDS = "words"

    @property
    def modality(self) -> Modality:
        """Seen or heard."""
        return Modality.VIDEO if self in {Lane.HEAD, Lane.FACE} else Modality.AUDIO


@dataclass(frozen=True, slots=True)
class CueKind:
    """One cue, in words a psychologist can argue with; the numbers are the ones the code uses.

    Attributes:
        name: In the evidence table.
        lane: What it is read from.
        what: What counts as it.
        source: Where that and the numbers come from.
    """

    name: str
    lane: Lane
    what: str
    source: str

    def found(self, start: float, end: float, strength: float, phrase: str) -> Cue:
        """The cue from ``start`` to ``end`` seconds of the session, 0 to 1 strong, with what to say of it."""
        return Cue(self.name, start, end, strength, phrase, self.lane.modality)
