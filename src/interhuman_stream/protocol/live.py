"""The dialect that v1 and v2 share: a session with events, in which frames are not answered one by one.

The service speaks first. The client may say what it wants told before or while it sends media, frames may be any bytes
of the stream, and what goes on in it is told as it begins, changes and ends. Every message is an envelope; what is
wrong with a frame or a wish is told and ends nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.faults import AnalysisBroke, MalformedSegment
from interhuman_stream.medium import TALKING_FACE, VOICE, raw_voice
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.dialect import Close, Media, Output
from interhuman_stream.protocol.limits import AUDIO_MODEL, LARGEST_FRAME, PERCEPTION, QUALITY_INCLUDES, SMALLEST_FRAME
from interhuman_stream.protocol.tracking import Detected, Ended, Gap, Level, Quality, Tracker, Updated
from interhuman_stream.protocol.v0 import DIGITS, indices, perception, quality_entry
from interhuman_stream.protocol.wishes import Unusable, Wishes, read_wishes
from interhuman_stream.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from interhuman_stream.findings import Findings
    from interhuman_stream.medium import Medium
    from interhuman_stream.protocol.dialect import End, State
    from interhuman_stream.protocol.errors import Error
    from interhuman_stream.protocol.tracking import Event
    from interhuman_stream.signals import Signal, SignalType

DRAIN_SECONDS: Final = 60
"""Longest that `session.ended` may come after `session.closing`: four frames that wait, of a minute of video each."""
BLIND_SECONDS: Final = 3.0
"""Seconds of media without any picture after which it is said that there is no video."""
DONE: Final = Close(1000, "the session has ended as the client asked")
ENDINGS: Final[dict[End, tuple[Error | None, Close]]] = {
    "stopping": (None, Close(1012, "the service restarts; come back in a moment")),
    "idle": (errors.IDLE, Close(1001, "no frame came for too long; open a new session to go on")),
    "long": (errors.TOO_LONG, Close(1001, "the session has lasted as long as one may; open a new one to go on")),
    "revoked": (errors.KEY_REVOKED, Close(1008, errors.KEY_REVOKED.message)),
}
CLOSING: Final = "The session is closing and takes nothing more. Open another to go on."
BUSY: Final = 1013
SHARES: Final = 4
"""Digits of a place in the picture: finer than a pixel."""


@dataclass(frozen=True, slots=True)
class Version:
    """What one version of the wire has of its own.

    Attributes:
        every: Seconds of media after which it is judged.
        modality: Whether signals say where they were seen.
        models: Which may be chosen, the usual one first; none where the version has no choice.
        types: The signals that are told.
        heard_types: Those of the model that only listens.
    """

    every: float
    modality: bool
    models: tuple[str, ...]
    types: frozenset[SignalType]
    heard_types: frozenset[SignalType] = frozenset()


@dataclass(frozen=True, slots=True)
class Offer:
    """What this service and credential offer a session.

    Attributes:
        idle_seconds: Without a frame, after which it is ended.
        session_seconds: That it may last.
        models: Those of the version's that the credential may use.
    """

    idle_seconds: float
    session_seconds: float
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Envelopes:
    """Writes the messages of one session.

    Attributes:
        correlation_id: Of the connection.
        now: The time of day as ISO 8601 in UTC.
    """

    correlation_id: str
    now: Callable[[], str]

    def write(self, kind: str, data: dict[str, Any]) -> str:
        """One message."""
        envelope = {"type": kind, "timestamp": self.now(), "correlation_id": self.correlation_id, "data": data}
        return json.dumps(envelope, separators=(",", ":"), ensure_ascii=False)

    def error(self, kind: Error, message: str | None = None, segment: int | None = None) -> str:
        """Something is wrong; with a frame, if it has a number."""
        data: dict[str, Any] = {"code": kind.id, "message": message or kind.message, "link": kind.link}
        return self.write("error", data if segment is None else data | {"segment": segment})


class Live:
    """The conversation.

    Args:
        version: Which it is.
        offer: What the session may have.
        envelopes: Writes its messages.
        model: Which was asked for when it was opened; None for the usual one.
    """

    def __init__(self, version: Version, offer: Offer, envelopes: Envelopes, model: str | None = None) -> None:
        self._version, self._offer, self._envelopes = version, offer, envelopes
        self._wishes = Wishes(model=model or next(iter(offer.models), None))
        self._state: State = "new"
        self._frames = 0
        self._fed = False  # media has been handed out: how it is judged is settled
        self._tracker: Tracker | None = None
        self._pictures = False
        self._blind = False  # that there is no video has been said
        self._last: int | None = None  # the number under which the rest is asked for
        self._ending: tuple[Error | None, Close] = (None, DONE)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._state

    @property
    def terms(self) -> Terms:
        """As its version and model have it."""
        return Terms(self._version.every, self._medium)

    @property
    def drain_seconds(self) -> float:
        """What `session.closing` promises."""
        return DRAIN_SECONDS

    def opened(self) -> Output:
        """Say what there is to have."""
        self._state = "open"
        options: dict[str, Any] = {"include": list(QUALITY_INCLUDES), "goal_dimensions": None}
        if self._version.models:
            options["model"] = list(self._offer.models)
        ready = {
            "session_idle_timeout_seconds": round(self._offer.idle_seconds),
            "session_max_duration_seconds": round(self._offer.session_seconds),
            "max_segment_duration_seconds": None,
            "min_segment_size_bytes": SMALLEST_FRAME,
            "max_segment_size_bytes": LARGEST_FRAME,
            "supported_session_config_options": options,
        }
        return Output(texts=(self._envelopes.write("session.ready", ready),))

    def text_came(self, text: str) -> Output:
        """Read what the client wants: to close, or to be told other things."""
        if self._state != "open":
            return Output()
        try:
            asked = read_wishes(text, self._wishes, self._version.models, self._offer.models, fed=self._fed)
        except Unusable as why:
            return Output(texts=(self._envelopes.error(why.error, str(why)),))
        if asked is None:
            closing = self._envelopes.write("session.closing", {"max_drain_seconds": DRAIN_SECONDS})
            return self._drain((None, DONE), (closing,))
        self._wishes = asked
        updated = {"include": list(asked.include), "goal_dimensions": None, "model": asked.model}
        return Output(texts=(self._envelopes.write("session.updated", updated),))

    def wants(self, size: int) -> bool:
        """Whether there is anything in it: what is refused for its size is still read."""
        return self._state == "open" and size > 0

    def bytes_came(self, data: bytes) -> Output:
        """Take it as the next bytes of the stream, or refuse it for its size or because the session is closing."""
        if self._state == "closed":
            return Output()
        self._frames += 1
        if self._state != "open":
            return self._refuse(errors.SESSION_CONFIG, CLOSING)
        size = len(data)
        if not size:
            return self._refuse(errors.SEGMENT_MALFORMED, "The frame is empty; send the bytes of the video.")
        self._fed = True
        if size > LARGEST_FRAME:
            # Its bytes still belong to the stream; in parts, so that none asks more of the engine than a frame may.
            parts = (data[at : at + LARGEST_FRAME] for at in range(0, size, LARGEST_FRAME))
            return self._refuse(
                errors.SEGMENT_TOO_LARGE,
                f"The frame has {size} bytes; {LARGEST_FRAME} is the most.",
                tuple(Media(each, None, "take") for each in parts),
            )
        return Output((Media(data, self._frames, "watch"),), outcome="taken")

    def denied(self, why: Error, message: str) -> Output:
        """Say why, and end: what goes on is told to have ended."""
        if self._state != "open":
            return Output()
        self._frames += 1
        self._ending = (None, Close(why.close_code or BUSY, why.message))
        said = self._envelopes.error(why, message, self._frames)
        return replace(self._over((said,)), outcome="denied")

    def found(self, findings: Findings, number: int) -> Output:
        """Tell what has begun, changed and ended."""
        texts = [self._told(event) for event in self._tracking.saw(findings)]
        if PERCEPTION in self._wishes.include and findings.end > findings.start:
            texts.append(self._envelopes.write("perception.updated", _perception(findings)))
        self._pictures = self._pictures or findings.has_video
        if not (self._pictures or self._blind) and findings.end >= BLIND_SECONDS and self._medium.looks:
            self._blind = True
            texts.append(self._envelopes.error(errors.NO_VIDEO, segment=number))
        return Output(texts=tuple(text for text in texts if text))

    def through(self, number: int) -> Output:
        """Go on, or end where that was the rest."""
        return self._over() if number == self._last else Output()

    def failed(self, fault: Exception, number: int) -> Output:
        """Say what is wrong with a frame; the session goes on."""
        if number == self._last:
            return Output()  # nothing of it is a frame of the client's
        if isinstance(fault, MalformedSegment):
            text = self._envelopes.error(errors.SEGMENT_MALFORMED, f"{str(fault)[:1].upper()}{str(fault)[1:]}.", number)
        elif isinstance(fault, AnalysisBroke):
            text = self._envelopes.error(errors.INTERNAL, segment=number)
        else:
            text = self._envelopes.error(errors.INTERNAL, str(fault), number)
        return Output(texts=(text,))

    def ends(self, why: End) -> Output:
        """Take no more; what was taken is still told, but where the credential is gone or the ending took too long."""
        if self._state == "closed":
            return Output()
        if why == "overdue":
            return self._over()
        if self._state != "open":
            return Output()
        if why == "revoked":
            self._ending = ENDINGS[why]
            return self._over()
        return self._drain(ENDINGS[why])

    @property
    def _medium(self) -> Medium:
        if self._wishes.model != AUDIO_MODEL:
            return TALKING_FACE
        return VOICE if self._wishes.pcm_rate is None else raw_voice(self._wishes.pcm_rate)

    @property
    def _tracking(self) -> Tracker:
        if self._tracker is None:
            self._tracker = Tracker(self._version.types if self._medium.looks else self._version.heard_types)
        return self._tracker

    def _refuse(self, kind: Error, message: str, media: tuple[Media, ...] = ()) -> Output:
        return Output(media, (self._envelopes.error(kind, message, self._frames),), outcome="refused")

    def _drain(self, ending: tuple[Error | None, Close], texts: tuple[str, ...] = ()) -> Output:
        """Take no more, and have the rest judged; behind it nothing goes on."""
        self._state, self._ending = "ending", ending
        if not self._fed:
            return self._over(texts)
        self._last = self._frames + 1
        return Output((Media(b"", self._last, "rest"),), texts)

    def _over(self, texts: tuple[str, ...] = ()) -> Output:
        """Tell the end of all that goes on, and close."""
        ended = [self._told(event) for event in self._tracker.over()] if self._tracker else []
        error, close = self._ending
        last = self._envelopes.error(error) if error else ""
        if close is DONE:
            last = self._envelopes.write("session.ended", {"reason": "client_shutdown"})
        self._state = "closed"
        return Output(texts=tuple(text for text in (*texts, *ended, last) if text), close=close)

    def _told(self, event: Event) -> str:
        """An event as a message; nothing where it was not asked for."""
        named = self._named(event)
        return self._envelopes.write(*named) if named else ""

    def _named(self, event: Event) -> tuple[str, dict[str, Any]] | None:
        """The type of an event's message, and its data."""
        named: tuple[str, dict[str, Any]] | None = None
        match event:
            case Detected(signal):
                named = "signal.detected", self._signal(signal)
            case Updated(signal):
                named = "signal.updated", self._signal(signal)
            case Ended(signal):
                named = "signal.ended", {"signal_type": signal.type, "end": round(signal.end, DIGITS)}
            case Level(state, start):
                named = "engagement.updated", {"state": state, "start": round(start, DIGITS)}
            case Gap(start, end, seen=False):
                named = "coverage.dropped", {"ranges": [_range(start, end)]}
            case Gap(start, end) if self._medium.looks:
                named = "coverage.degraded", {"ranges": [_range(start, end)], "reason": "video_gap"}
            case Quality() if data := self._quality(event):
                named = "conversation_quality.updated", data
        return named

    def _signal(self, signal: Signal) -> dict[str, Any]:
        data: dict[str, Any] = {
            "signal_type": signal.type,
            "start": round(signal.start, DIGITS),
            "probability": signal.probability,
            "rationale": signal.rationale(),
        }
        if self._version.modality:
            data["modality"] = list(signal.modality)
        return data

    def _quality(self, rated: Quality) -> dict[str, Any]:
        """As much of it as was asked for."""
        overall, timeline = (name in self._wishes.include for name in QUALITY_INCLUDES)
        data: dict[str, Any] = {}
        if overall:
            data["overall"] = indices(rated.overall)
        if timeline:
            data["timeline"] = [quality_entry(rated.start, rated.end, rated.window)]
        return data


def refusal(why: Error, envelopes: Envelopes, message: str | None = None) -> Output:
    """What is said to who may not have a session, on a connection that was opened to say it."""
    return Output(
        texts=(envelopes.error(why, message),),
        close=Close(why.close_code or BUSY, why.message),
    )


def _perception(found: Findings) -> dict[str, Any]:
    """What there was to go by in a stretch, and where the face was at its end: ours, and only for who asks for it."""
    look = found.perceived.look
    shown = look and {
        "box": [round(each, SHARES) for each in look.box],
        "pose": [round(each, 1) for each in look.pose],
        "gaze": [round(each, 1) for each in look.gaze],
    }
    return {**_range(found.start, found.end), **perception(found.perceived, 0.0), "look": shown}


def _range(start: float, end: float) -> dict[str, Any]:
    return {"start": round(start, DIGITS), "end": round(end, DIGITS)}
