"""What an analysis gives: one type from the worker that found it to the message that says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from interhuman_stream.signals import (  # noqa: TC001 - msgspec reads the types when it runs
    ConversationQuality,
    EngagementSpan,
    EngagementState,
    Modality,
    Signal,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Note(StrEnum):
    """What was left out of the media, or put right in it. Of each kind the log of a stream has one line."""

    AGAIN = "again"
    LATE = "late"
    STRAY = "stray"
    JOIN = "join"
    PAUSE = "pause"
    APART = "apart"
    DAMAGED = "damaged"
    CORRUPT = "corrupt"
    SOUND = "sound"
    TRACK = "track"
    MIXED = "mixed"
    FORMAT = "format"
    ASTRAY = "astray"


SAID: Final = {
    Note.AGAIN: "{} segment{s} whose very bytes had come before, left out",
    Note.LATE: "{} packet{s} that came once more or too late, left out",
    Note.STRAY: "{} packet{s} with a time out of line, put where their neighbours are",
    Note.JOIN: "{} time{s} the clock began anew, as where recordings are joined; time went on",
    Note.PAUSE: "{} pause{s} of a track of more than a second; what followed keeps its time",
    Note.APART: "{} track{s} with a clock far from the first one's, put beside it",
    Note.DAMAGED: "{} packet{s} that could not be decoded",
    Note.CORRUPT: "{} damaged picture{s}, left out",
    Note.SOUND: "{} frame{s} of sound that could not be converted, left out",
    Note.TRACK: "{} track{s} of sound beyond those that are listened to, left out",
    Note.MIXED: "{} tracks of sound, mixed so that a voice in any of them is heard",
    Note.FORMAT: "{} change{s} of the sound's rate, channels or format, followed",
    Note.ASTRAY: "{} byte{s} that belonged to nothing, left out or filled in",
}


def sentences(notices: Mapping[Note, int]) -> list[str]:
    """One for each kind that happened."""
    return [
        said.format(count, s="" if count == 1 else "s") for note, said in SAID.items() if (count := notices.get(note))
    ]


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


class Limit(StrEnum):
    """Why something of a stretch could not be judged, or was not."""

    NO_PICTURE = "no_picture"
    NO_FACE = "no_face"
    NOBODY = "nobody"
    FROZEN = "frozen"
    COVERED = "covered"
    DARK = "dark"
    BRIGHT = "bright"
    SMALL = "small"
    BLURRED = "blurred"
    TURNED = "turned"
    NO_SOUND = "no_sound"
    NOISY = "noisy"
    ANOTHERS_VOICE = "anothers_voice"
    MOUTH_UNSEEN = "mouth_unseen"
    FOREIGN_WORDS = "foreign_words"

    @property
    def sentence(self) -> str:
        """What to say of it."""
        return SENTENCES[self]


SENTENCES = {
    Limit.NO_PICTURE: "There was no picture.",
    Limit.NO_FACE: "No face was found: it may be covered, turned away, or too small.",
    Limit.NOBODY: "The place where the face was is empty.",
    Limit.FROZEN: "The picture stood still: a frozen stream, or a photo.",
    Limit.COVERED: "Too little of a face was seen, yet somebody is there: it may be covered, turned or half outside.",
    Limit.DARK: "The picture was too dark to read a face.",
    Limit.BRIGHT: "The face was too bright to be read.",
    Limit.SMALL: "The face was too small to read brows, eyes and mouth.",
    Limit.BLURRED: "The face was too blurred to read it: out of focus, or enlarged from a few pixels.",
    Limit.TURNED: "The face was turned too far to the side to read its mouth.",
    Limit.NO_SOUND: "There was no sound.",
    Limit.NOISY: "The voice was hard to tell from the noise.",
    Limit.ANOTHERS_VOICE: "A voice was heard that is not surely this person's: the mouth did not move with it enough. "
    "It was not counted.",
    Limit.MOUTH_UNSEEN: "A voice was heard while the mouth could not be seen; it counted less.",
    Limit.FOREIGN_WORDS: "Another language than English was spoken; its words were not counted.",
}


@dataclass(frozen=True, slots=True)
class Limited:
    """A limit and when it held, in seconds of the session."""

    why: Limit
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Look:
    """Where the face was in the last picture, and which way it looked.

    Attributes:
        box: Left, top, right and bottom, as shares of the picture as it is shown; also where that is outside of it.
        pose: Degrees: pitch (chin up positive), yaw (towards the picture's right positive), roll.
        gaze: Degrees against the camera: up positive, towards the picture's right positive.
    """

    box: tuple[float, float, float, float]
    pose: tuple[float, float, float]
    gaze: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Perceived:
    """What there was to go by: nothing reported can be told by it from nothing perceived.

    Attributes:
        face: Seconds with a face.
        speaking: Seconds in which the person seen spoke, as the mouth shows.
        voice: Seconds in which anybody's voice was heard.
        words: How many words of this person were understood.
        language: Which was heard, as ISO 639-1 has it; None where nothing says so.
        limits: Why something was not judged, in order of start.
        look: The face in the last picture; None where there was none.
    """

    face: float = 0.0
    speaking: float = 0.0
    voice: float = 0.0
    words: int = 0
    language: str | None = None
    limits: tuple[Limited, ...] = ()
    look: Look | None = None


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
        perceived: What there was to go by.
        cues: What was seen and heard, before it was weighed. Empty where the engine is another process: what somebody
            said word by word stays there.
        words: What was said; empty likewise.
        notices: What was left out of the media or put right in it, since the last findings, and how often.
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
    perceived: Perceived = Perceived()
    cues: tuple[Cue, ...] = ()
    words: tuple[Word, ...] = ()
    notices: dict[Note, int] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    spent: Spent = Spent()


@dataclass(frozen=True, slots=True)
class Window:
    """What was found in one window of a file.

    Attributes:
        start: Seconds of the session.
        end: Seconds of the session.
        signals: Those that show in it, as far as they lie in it.
        state: The engagement level for most of it.
        quality: The conversation's quality in it.
    """

    start: float
    end: float
    signals: tuple[Signal, ...]
    state: EngagementState
    quality: ConversationQuality
