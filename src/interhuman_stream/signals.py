"""The vocabulary every part shares: the twelve social signals, how sure we are, and when they were seen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
class Signal:
    """One social signal over one stretch of time.

    Attributes:
        type: Which of the twelve.
        start: Seconds from the start of the session.
        end: Seconds from the start of the session, after ``start``.
        probability: How sure.
        rationale: One plain sentence that says what was seen and heard, and when.
        modality: Where the evidence came from, at least one.
    """

    type: SignalType
    start: float
    end: float
    probability: Probability
    rationale: str
    modality: tuple[Modality, ...]


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
