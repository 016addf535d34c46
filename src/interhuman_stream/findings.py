"""What an analysis gives: one type from the worker that found it to the message that says it."""

from __future__ import annotations

from dataclasses import dataclass, field

from interhuman_stream.signals import (  # noqa: TC001 - msgspec reads the types when it runs
    ConversationQuality,
    EngagementSpan,
    Modality,
    Signal,
)


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word: ``text`` lower case without punctuation, ``raw`` as recognised, probability 0 to 1."""

    text: str
    start: float
    end: float
    probability: float
    raw: str


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that was seen or heard, before anyone says what it means.

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


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the work. Several run beside each other, so that what they take is more than the whole.

    Attributes:
        began: Seconds from the start of the whole.
        wall: Seconds it was at work, by the clock.
    """

    began: float
    wall: float = 0.0


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the whole: ``wall`` by the clock, ``cpu`` of all threads of the process."""

    wall: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a stretch of one person's stream. All times are seconds from the start of the session.

    Attributes:
        start: Where the stretch begins.
        end: Where it ends.
        signals: What was found, ordered by start; every one lies inside the stretch.
        engagement: The engagement level over the whole stretch, without gaps.
        quality: The conversation's quality in it.
        has_video: Whether any picture decoded.
        has_audio: Whether any sound decoded.
        cues: What was seen and heard, before it was weighed. Empty where the engine is another process: what somebody
            said word by word stays there.
        words: What was said; empty likewise.
        stages: What each stage took. Faces are looked at while sound is decoded and heard; `media` is the time spent
            waiting for the decoder.
        spent: What the whole took.
    """

    start: float
    end: float
    signals: tuple[Signal, ...]
    engagement: tuple[EngagementSpan, ...]
    quality: ConversationQuality
    has_video: bool = False
    has_audio: bool = False
    cues: tuple[Cue, ...] = ()
    words: tuple[Word, ...] = ()
    stages: dict[str, Stage] = field(default_factory=dict)
    spent: Spent = Spent()
