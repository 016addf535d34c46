"""The v0 dialect: its conversation on a socket, its messages as exact JSON text, and the bodies of its HTTP answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.faults import EngineError, MalformedSegment
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.dialect import Close, Media, Output
from interhuman_stream.protocol.limits import (
    CONVERSATION_QUALITY_OVERALL,
    CONVERSATION_QUALITY_TIMELINE,
    INCLUDES,
    INDICES,
    LARGEST_SEGMENT,
    PERCEPTION,
    SMALLEST_SEGMENT,
)
from interhuman_stream.signals import Rated
from interhuman_stream.terms import USUAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from interhuman_stream.findings import Findings, Perceived
    from interhuman_stream.protocol.dialect import End, State
    from interhuman_stream.protocol.errors import Error
    from interhuman_stream.signals import ConversationQuality, Signal
    from interhuman_stream.terms import Terms

# Times on the wire are in hundredths of a second: finer than a video frame.
DIGITS = 2
SHORTEST = 0.01

TEXT_REFUSED: Final = "A text frame is no segment; send the bytes of the video as a binary frame."
TRY_AGAIN_LATER: Final = 1013
ENDINGS: Final[dict[End, Close]] = {
    "stopping": Close(1012, "the service restarts; come back in a moment"),
    "idle": Close(1001, "no segment came for too long; open a new stream to go on"),
    "long": Close(1001, "the stream has lasted as long as one may; open a new one to go on"),
    "revoked": Close(errors.KEY_REVOKED.close_code or TRY_AGAIN_LATER, errors.KEY_REVOKED.message),
}


@dataclass(frozen=True, slots=True)
class Extension:
    """The later v0 dialect, spoken only to a client that asked for it by `include[]`.

    Attributes:
        correlation_id: Of the session, in every message.
        overall: Whether results carry the conversation's quality as a whole.
        timeline: Whether results carry it over time.
        perception: Whether results carry what there was to go by.
    """

    correlation_id: str
    overall: bool
    timeline: bool
    perception: bool = False


def extension(include: Iterable[str], correlation_id: str) -> Extension | None:
    """Read the values of `include[]`; None where the client asked for nothing that is known: what is not is ignored."""
    asked = [value for value in include if value in INCLUDES]
    if not asked:
        return None
    return Extension(
        correlation_id,
        overall=CONVERSATION_QUALITY_OVERALL in asked,
        timeline=CONVERSATION_QUALITY_TIMELINE in asked,
        perception=PERCEPTION in asked,
    )


class V0:
    """The conversation: each frame has a number and is answered once, with a result and its completion or an error.

    Frames of another size than a segment may have are refused; their bytes still belong to the stream, whose later
    frames go on where they end. An ending waits until everything that was taken is answered.
    """

    def __init__(self, extended: Extension | None = None) -> None:
        self._extended = extended
        self._state: State = "new"
        self._frames = 0
        self._unanswered: set[int] = set()
        self._rated = Rated()
        self._ending: Close | None = None

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._state

    @property
    def terms(self) -> Terms:
        """The usual ones."""
        return USUAL

    @property
    def drain_seconds(self) -> None:
        """All that was taken is answered."""

    def opened(self) -> Output:
        """Say nothing: in v0 the client speaks first."""
        self._state = "open"
        return Output()

    def text_came(self, text: str) -> Output:  # noqa: ARG002 - v0 has no use for any
        """Refuse it, under a number of its own."""
        if self._state != "open":
            return Output()
        return self._refuse(errors.SEGMENT_MALFORMED, TEXT_REFUSED)

    def wants(self, size: int) -> bool:
        """Whether there is anything in it: what is refused for its size is still read."""
        return self._state == "open" and size > 0

    def bytes_came(self, data: bytes) -> Output:
        """Take it as the next segment and say so, or refuse it for its size."""
        if self._state != "open":
            return Output()
        size = len(data)
        if size > LARGEST_SEGMENT:
            # In parts, so that none asks more of the engine than a segment may.
            starts = range(0, size, LARGEST_SEGMENT)
            parts = tuple(Media(data[at : at + LARGEST_SEGMENT], None, "take") for at in starts)
            return self._refuse(errors.SEGMENT_TOO_LARGE, too_large(size), parts)
        if size < SMALLEST_SEGMENT:
            media = (Media(data, None, "take"),) if data else ()
            return self._refuse(errors.SEGMENT_MALFORMED, too_small(size), media)
        self._frames += 1
        self._unanswered.add(self._frames)
        text = processing(self._frames, size, self._extended)
        return Output((Media(data, self._frames),), (text,), outcome="taken")

    def denied(self, why: Error, message: str) -> Output:
        """Answer the frame with the error, take no more, and close as the error says."""
        if self._state != "open":
            return Output()
        self._frames += 1
        return self._end(
            Close(why.close_code or TRY_AGAIN_LATER, why.message),
            Output(texts=(error(self._frames, why, message, self._extended),), outcome="denied"),
        )

    def found(self, findings: Findings, number: int) -> Output:
        """Tell a segment's result, and that it is completed.

        Raises:
            KeyError: The number is of no segment, or of one that was answered before.
        """
        self._rated += Rated(findings.end - findings.start, findings.quality)
        told = result(number, findings, self._extended, self._rated.quality)
        return self._answer(number, told, completed(number, self._extended))

    def through(self, number: int) -> Output:  # noqa: ARG002 - it was answered with what was found
        """Nothing more to say."""
        return Output()

    def failed(self, fault: Exception, number: int) -> Output:
        """Tell a segment's error. What the fault itself says is told where it is said of the segment or the engine.

        Raises:
            KeyError: The number is of no segment, or of one that was answered before.
        """
        if isinstance(fault, MalformedSegment):
            kind, message = errors.SEGMENT_MALFORMED, str(fault)
        elif isinstance(fault, EngineError):
            kind, message = errors.INTERNAL, str(fault)
        else:
            kind, message = errors.INTERNAL, errors.INTERNAL.message
        return self._answer(number, error(number, kind, message, self._extended))

    def ends(self, why: End) -> Output:
        """Take no more; close when all is answered."""
        return self._end(ENDINGS[why], Output()) if self._state == "open" else Output()

    def _refuse(self, kind: Error, message: str, media: tuple[Media, ...] = ()) -> Output:
        self._frames += 1
        return Output(media, (error(self._frames, kind, message, self._extended),), outcome="refused")

    def _answer(self, number: int, *texts: str) -> Output:
        self._unanswered.remove(number)
        return self._closing(Output(texts=texts))

    def _end(self, how: Close, output: Output) -> Output:
        self._state, self._ending = "ending", how
        return self._closing(output)

    def _closing(self, output: Output) -> Output:
        if self._state != "ending" or self._unanswered:
            return output
        self._state = "closed"
        return replace(output, close=self._ending)


def processing(segment: int, size: int, extended: Extension | None = None) -> str:
    """The segment came, ``size`` bytes of it."""
    return _text({"status": "processing", "segment": segment, **_correlation(extended), "bytes": size})


def result(
    segment: int, found: Findings, extended: Extension | None = None, overall: ConversationQuality | None = None
) -> str:
    """The segment was analysed. Times count from the segment's own start; ``overall`` is the session's so far."""
    message: dict[str, Any] = {"status": "result", "segment": segment, **_correlation(extended)}
    message["signals"] = [plain_signal(signal, found.start, found.end) for signal in found.signals]
    if extended:
        for written, signal in zip(message["signals"], found.signals, strict=True):
            written |= {"probability": signal.probability, "rationale": signal.rationale(found.start)}
        message["engagement_state"] = engagement(found)
        if included := quality(found, extended, overall):
            message["conversation_quality"] = included
        if extended.perception:
            message["perception"] = perception(found.perceived, found.start)
    return _text(message)


def completed(segment: int, extended: Extension | None = None) -> str:
    """Nothing more comes for the segment."""
    return _text({"status": "completed", "segment": segment, **_correlation(extended)})


def error(segment: int, kind: Error, message: str, extended: Extension | None = None) -> str:
    """The segment was refused or could not be analysed; the session goes on."""
    if extended is None:
        return _text({"status": "error", "segment": segment, "error": message})
    about = {"error_id": kind.id, "link": kind.link, "message": message}
    return _text({"status": "error", "segment": segment, **_correlation(extended), **about})


def too_large(size: int) -> str:
    """What to say of a segment over the limit."""
    return f"Video chunk too large: {size} bytes (maximum: {LARGEST_SEGMENT} bytes)"


def too_small(size: int) -> str:
    """What to say of a segment under the limit."""
    return f"Video chunk too small: {size} bytes (minimum: {SMALLEST_SEGMENT} bytes)"


def upload(found: Findings) -> dict[str, Any]:
    """The body of an analysed `POST /v0/upload/analyze`. Times count from the file's start."""
    return {"signals": [plain_signal(signal, found.start, found.end) for signal in found.signals]}


def plain_signal(signal: Signal, start: float, end: float) -> dict[str, Any]:
    """Type and times, counted from ``start``: always 0 ≤ start < end ≤ length of the segment."""
    length = round(end - start, DIGITS)
    begin = min(max(0.0, round(signal.start - start, DIGITS)), max(0.0, round(length - SHORTEST, DIGITS)))
    stop = max(min(round(signal.end - start, DIGITS), length), round(begin + SHORTEST, DIGITS))
    return {"type": signal.type, "start": begin, "end": stop}


def engagement(found: Findings) -> list[dict[str, Any]]:
    """The engagement level over the whole, times counted from its start."""
    return [
        {
            "start": max(0.0, round(span.start - found.start, DIGITS)),
            "end": round(span.end - found.start, DIGITS),
            "state": span.state,
        }
        for span in found.engagement
    ]


def quality(found: Findings, asked: Extension, overall: ConversationQuality | None = None) -> dict[str, Any]:
    """The conversation's quality, as far as it was asked for; ``overall`` is of more than what was found now."""
    included: dict[str, Any] = {}
    if asked.overall:
        included["overall"] = indices(overall or found.quality)
    if asked.timeline:
        included["timeline"] = [quality_entry(0.0, found.end - found.start, found.quality)]
    return included


def indices(of: ConversationQuality) -> dict[str, float]:
    """The numbers of a conversation's quality."""
    return {name: round(getattr(of, name), DIGITS) for name in INDICES}


def quality_entry(start: float, end: float, of: ConversationQuality) -> dict[str, Any]:
    """An entry of the timeline of a conversation's quality."""
    return {"start": round(start, DIGITS), "end": round(end, DIGITS), "values": indices(of)}


def perception(there: Perceived, origin: float, digits: int = DIGITS) -> dict[str, Any]:
    """What there was to go by, in seconds, and why something was not judged; times counted from ``origin``."""
    return {
        "face": round(there.face, digits),
        "speaking": round(there.speaking, digits),
        "voice": round(there.voice, digits),
        "words": there.words,
        "language": there.language,
        "limits": [
            {
                "why": limit.why,
                "start": max(0.0, round(limit.start - origin, digits)),
                "end": round(limit.end - origin, digits),
                "sentence": limit.why.sentence,
            }
            for limit in there.limits
        ],
    }


def _correlation(extended: Extension | None) -> dict[str, str]:
    return {"correlation_id": extended.correlation_id} if extended else {}


def _text(message: dict[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)
