"""The vocabulary every part shares: the twelve social signals, how sure we are, and when they were seen."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Final

MOST_REASONS: Final = 4
"""As many are said of a signal."""


class SignalType(StrEnum):
    """The twelve social signals of the Interhuman API, by their names on the wire."""

    AGREEMENT = "agreement"
    CONFIDENCE = "confidence"
    CONFUSION = "confusion"
    DISAGREEMENT = "disagreement"
    DISENGAGEMENT = "disengagement"
    ENGAGEMENT = "engagement"
    FRUSTRATION = "frustration"
    HESITATION = "hesitation"
    INTEREST = "interest"
    SKEPTICISM = "skepticism"
    STRESS = "stress"
    UNCERTAINTY = "uncertainty"


class Probability(StrEnum):
    """How sure a signal is, in the three bands of the wire."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Modality(StrEnum):
    """Where the evidence came from: the picture or the sound (voice and words)."""

    VIDEO = "video"
    AUDIO = "audio"


class EngagementState(StrEnum):
    """The engagement level of a stretch of time."""

    ENGAGED = "engaged"
    NEUTRAL = "neutral"
    DISENGAGED = "disengaged"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was seen or heard, in the past tense ("nodded 3 times"), in seconds of the session.

    ``cue`` is its name in the evidence table.
    """

    phrase: str
    start: float
    end: float
    modality: Modality
    cue: str = ""

    def same(self, other: Observation) -> bool:
        """Whether it is the same thing seen or heard at the same time."""
        return self.cue == other.cue and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Signal:
    """One social signal over one stretch of time.

    Attributes:
        type: Which of the twelve.
        start: Seconds from the start of the session.
        end: Seconds from the start of the session, after ``start``.
        probability: How sure.
        because: What was seen and heard, the weightiest first, at least one.
    """

    type: SignalType
    start: float
    end: float
    probability: Probability
    because: tuple[Observation, ...]

    @property
    def modality(self) -> tuple[Modality, ...]:
        """Where the evidence came from."""
        return tuple(modality for modality in Modality if any(seen.modality is modality for seen in self.because))

    def carried_on(self, later: Signal) -> Signal:
        """One signal of this and one that follows. Of a reason that both have, the later knows more.

        There may be more reasons than are said; they are in order of start.
        """
        known = [each for each in self.because if not any(each.same(other) for other in later.because)]
        reasons = tuple(sorted((*known, *later.because), key=lambda each: each.start))
        surest = min(self.probability, later.probability, key=list(Probability).index)
        return replace(self, end=max(self.end, later.end), probability=surest, because=reasons)

    def rationale(self, origin: float = 0.0) -> str:
        """One plain sentence that says what was seen and heard, with times counted from ``origin`` (seconds)."""
        parts = [f"{seen.phrase} ({_span(seen.start - origin, seen.end - origin)})" for seen in self.because]
        said = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
        return f"{said[0].upper()}{said[1:]}."


def _span(start: float, end: float) -> str:
    return f"{max(0.0, start):.1f}–{max(0.0, end):.1f} s"


@dataclass(frozen=True, slots=True)
class EngagementSpan:
    """The engagement level from ``start`` to ``end``, in seconds from the start of the session."""

    start: float
    end: float
    state: EngagementState


@dataclass(frozen=True, slots=True)
class ConversationQuality:
    """Five indices of a conversation from 0 to 100, where 50 means no evidence either way."""

    clarity: float = 50.0
    authority: float = 50.0
    energy: float = 50.0
    rapport: float = 50.0
    learning: float = 50.0

    @property
    def quality_index(self) -> float:
        """The mean of the five."""
        return (self.clarity + self.authority + self.energy + self.rapport + self.learning) / 5


@dataclass(frozen=True, slots=True)
class Rated:
    """How a conversation goes over some seconds of it, in one piece or several."""

    seconds: float = 0.0
    quality: ConversationQuality = ConversationQuality()

    def __add__(self, other: Rated) -> Rated:
        seconds = self.seconds + other.seconds
        if seconds <= 0:
            return self

        def mean(name: str) -> float:
            mine, others = getattr(self.quality, name) * self.seconds, getattr(other.quality, name) * other.seconds
            return float(mine + others) / seconds

        return Rated(seconds, ConversationQuality(*(mean(each.name) for each in fields(ConversationQuality))))
