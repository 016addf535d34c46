"""The messages of v0 as types: what ``Message.parsed`` gives, for editors and type checkers.

Compare ``status`` and a checker knows the rest::

    said = message.parsed
    if said["status"] == "result":
        for signal in said["signals"]:
            print(signal["type"], signal["start"], signal["end"])
    elif said["status"] == "error":
        print(said.get("error") or said.get("message"))

What stands under ``NotRequired`` belongs to the later dialect, which ``include`` asks for. Nothing is checked when the
program runs: a server may say more than v0 knows, and that is there too.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

SignalType: TypeAlias = Literal[
    "agreement",
    "confidence",
    "confusion",
    "disagreement",
    "disengagement",
    "engagement",
    "frustration",
    "hesitation",
    "interest",
    "skepticism",
    "stress",
    "uncertainty",
]


class Signal(TypedDict):
    """What was found. Times are seconds from the segment's start: 0 ≤ start < end ≤ its length."""

    type: SignalType
    start: float
    end: float
    probability: NotRequired[Literal["high", "medium", "low"]]
    rationale: NotRequired[str]


class EngagementSpan(TypedDict):
    """How engaged somebody was, and when; seconds from the segment's start."""

    start: float
    end: float
    state: Literal["engaged", "neutral", "disengaged"]


class Indices(TypedDict):
    """The quality of a conversation, 0 to 100; ``quality_index`` is the mean of the other five."""

    quality_index: float
    clarity: float
    authority: float
    energy: float
    rapport: float
    learning: float


class TimelineSpan(TypedDict):
    """The quality of a stretch of the segment; seconds from its start."""

    start: float
    end: float
    values: Indices


class ConversationQuality(TypedDict, total=False):
    """What was asked for by ``conversation_quality_overall`` and ``conversation_quality_timeline``."""

    overall: Indices
    timeline: list[TimelineSpan]


class Limit(TypedDict):
    """Why something was not judged, and when; seconds from the segment's start."""

    why: str
    start: float
    end: float
    sentence: str


class Perception(TypedDict):
    """What there was to go by, in seconds: asked for by ``perception``, an addition of this project's own service."""

    face: float
    speaking: float
    voice: float
    words: int
    language: str | None
    limits: list[Limit]


class Processing(TypedDict):
    """The segment came, ``bytes`` of it."""

    status: Literal["processing"]
    segment: int
    bytes: int
    correlation_id: NotRequired[str]


class Result(TypedDict):
    """The segment was analysed; an empty list of signals is a result too."""

    status: Literal["result"]
    segment: int
    signals: list[Signal]
    correlation_id: NotRequired[str]
    engagement_state: NotRequired[list[EngagementSpan]]
    conversation_quality: NotRequired[ConversationQuality]
    perception: NotRequired[Perception]


class Completed(TypedDict):
    """Nothing more comes for the segment."""

    status: Literal["completed"]
    segment: int
    correlation_id: NotRequired[str]


class SegmentError(TypedDict):
    """The segment was refused or cannot be analysed: why stands in ``error``, in the later dialect in ``message``."""

    status: Literal["error"]
    segment: int
    error: NotRequired[str]
    correlation_id: NotRequired[str]
    error_id: NotRequired[str]
    link: NotRequired[str]
    message: NotRequired[str]


V0Message: TypeAlias = Processing | Result | Completed | SegmentError
