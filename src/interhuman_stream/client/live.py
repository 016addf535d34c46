"""The messages of v1 and v2 as types: what ``Message.event`` gives, for editors and type checkers.

Compare ``type`` and a checker knows the rest::

    event = message.event
    if event["type"] == "signal.detected":
        print(event["data"]["signal_type"], event["data"]["start"])
    elif event["type"] == "error":
        print(event["data"]["code"], event["data"]["message"])

All times are seconds from the start of the session's media. Nothing is checked when the program runs: a type that is
not among these comes as it was sent, and so does a field that is not.
"""

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from interhuman_stream.client.v0 import Indices, Perception, TimelineSpan
from interhuman_stream.client.v0 import SignalType as AnsweredSignal

Version: TypeAlias = Literal["v0", "v1", "v2"]
"""The versions of the stream."""
SignalType: TypeAlias = Literal[AnsweredSignal, "tension"]
Band: TypeAlias = Literal["high", "medium", "low"]


class ReadyData(TypedDict):
    """What the session offers."""

    session_idle_timeout_seconds: int
    session_max_duration_seconds: int
    max_segment_duration_seconds: NotRequired[float | None]
    min_segment_size_bytes: int
    max_segment_size_bytes: int
    supported_session_config_options: dict[str, Any]


class UpdatedData(TypedDict, total=False):
    """How the session is configured now."""

    include: list[str]
    goal_dimensions: list[str] | None
    model: str | None


class SignalData(TypedDict):
    """A signal that goes on. v1 says where it was seen or heard (``modality``), v2 does not."""

    signal_type: SignalType
    start: float
    probability: NotRequired[Band | None]
    rationale: NotRequired[str | None]
    modality: NotRequired[list[str] | None]


class EndData(TypedDict):
    """A signal that is over."""

    signal_type: SignalType
    end: float


class EngagementData(TypedDict):
    """How engaged somebody is, and since when."""

    state: Literal["engaged", "neutral", "disengaged"]
    start: float


class QualityData(TypedDict):
    """As much as ``include`` asked for: over the session so far, and for the window at hand."""

    overall: NotRequired[Indices | None]
    timeline: NotRequired[list[TimelineSpan] | None]


class Range(TypedDict):
    """A stretch of the session."""

    start: float
    end: float


class DegradedData(TypedDict):
    """What was analysed with less than it should have had."""

    ranges: list[Range]
    reason: str


class DroppedData(TypedDict):
    """What was never analysed."""

    ranges: list[Range]


class Look(TypedDict):
    """Where the face was, as shares of the picture, and which way it looked, in degrees."""

    box: list[float]
    pose: list[float]
    gaze: list[float]


class PerceptionData(Perception):
    """What there was to go by from ``start`` to ``end``."""

    start: float
    end: float
    look: Look | None


class ErrorData(TypedDict):
    """What is wrong; with a frame where ``segment`` numbers one, from 1 on each connection."""

    code: str
    message: str
    link: NotRequired[str | None]
    segment: NotRequired[int | None]


class ClosingData(TypedDict):
    """How long the rest may take."""

    max_drain_seconds: int


class EndedData(TypedDict):
    """Why the session is over."""

    reason: str


class Envelope(TypedDict):
    """What every message has."""

    timestamp: str
    correlation_id: str


class SessionReady(Envelope):
    """The session stands."""

    type: Literal["session.ready"]
    data: ReadyData


class SessionUpdated(Envelope):
    """It is configured as was asked."""

    type: Literal["session.updated"]
    data: UpdatedData


class SignalDetected(Envelope):
    """A signal has begun."""

    type: Literal["signal.detected"]
    data: SignalData


class SignalUpdated(Envelope):
    """A signal goes on, surer or for other reasons."""

    type: Literal["signal.updated"]
    data: SignalData


class SignalEnded(Envelope):
    """A signal is over."""

    type: Literal["signal.ended"]
    data: EndData


class EngagementUpdated(Envelope):
    """The engagement is another."""

    type: Literal["engagement.updated"]
    data: EngagementData


class QualityUpdated(Envelope):
    """How the conversation goes."""

    type: Literal["conversation_quality.updated"]
    data: QualityData


class PerceptionUpdated(Envelope):
    """What there was to go by: an addition of this project's own service, for who includes ``perception``."""

    type: Literal["perception.updated"]
    data: PerceptionData


class CoverageDegraded(Envelope):
    """Something was analysed with too little of it."""

    type: Literal["coverage.degraded"]
    data: DegradedData


class CoverageDropped(Envelope):
    """Something was not analysed."""

    type: Literal["coverage.dropped"]
    data: DroppedData


class SessionError(Envelope):
    """Something is wrong."""

    type: Literal["error"]
    data: ErrorData


class SessionClosing(Envelope):
    """The session takes nothing more; the rest of its events follows."""

    type: Literal["session.closing"]
    data: ClosingData


class SessionEnded(Envelope):
    """The last message."""

    type: Literal["session.ended"]
    data: EndedData


LiveMessage: TypeAlias = (
    SessionReady
    | SessionUpdated
    | SignalDetected
    | SignalUpdated
    | SignalEnded
    | EngagementUpdated
    | QualityUpdated
    | PerceptionUpdated
    | CoverageDegraded
    | CoverageDropped
    | SessionError
    | SessionClosing
    | SessionEnded
)
