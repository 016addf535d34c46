"""What must be true of v0's messages and of the signals in them: pure functions over parsed JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from interhuman_stream.conformance.target import Failed
from interhuman_stream.protocol.limits import INDICES
from interhuman_stream.signals import EngagementState, Probability, SignalType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Message = dict[str, Any]

COMPLETE: Final = ("processing", "result", "completed")
LAST: Final = frozenset({"completed", "error"})
STATUSES: Final = frozenset(COMPLETE) | LAST
LATER: Final = (
    "correlation_id",
    "error_id",
    "link",
    "message",
    "probability",
    "rationale",
    "engagement_state",
    "conversation_quality",
)
SLACK: Final = 0.1
"""Seconds that a file's own length may be off by: containers count whole frames of sound and picture."""


def said(parsed: Any) -> Message:
    """Take a parsed text frame for a message.

    Raises:
        Failed: It is none.
    """
    if not isinstance(parsed, dict):
        raise Failed("each message as a JSON object", f"a JSON {type(parsed).__name__}")
    status, segment = parsed.get("status"), parsed.get("segment")
    if not one_of(STATUSES, status):
        raise Failed(f"a status of {', '.join(sorted(STATUSES))}", f"status {status!r}")
    if type(segment) is not int:
        raise Failed(f"the segment's number in the {status}", f"segment {segment!r}")
    return parsed


def one_of(known: Iterable[str], value: object) -> bool:
    """Whether a value, which may be anything, is one of the known words."""
    return isinstance(value, str) and value in {*known}


def gist(messages: Iterable[Message]) -> str:
    """Say in short what was said: the statuses with the segments' numbers."""
    return ", ".join(f"{message['status']} {message['segment']}" for message in messages) or "nothing"


def of_segment(messages: Iterable[Message], number: int) -> list[Message]:
    """Give what was said about a segment."""
    return [message for message in messages if message["segment"] == number]


def completed(messages: Sequence[Message], number: int) -> None:
    """Check that a segment had its three messages, once each and in order.

    Raises:
        Failed: It had not.
    """
    if tuple(message["status"] for message in of_segment(messages, number)) != COMPLETE:
        expected = ", ".join(f"{status} {number}" for status in COMPLETE)
        raise Failed(f"{expected}, in this order", _with_errors(messages))


def rejected(messages: Sequence[Message], number: int) -> Message:
    """Give the error that a segment had instead of its result.

    Raises:
        Failed: It had none, or more than that.
    """
    own = of_segment(messages, number)
    if tuple(message["status"] for message in own) not in {("error",), ("processing", "error")}:
        raise Failed(f"error {number} instead of a result", _with_errors(messages))
    return own[-1]


def error_text(message: Message) -> str:
    """Give the text of an error.

    Raises:
        Failed: It has none.
    """
    text = message.get("error")
    if not isinstance(text, str) or not text:
        raise Failed("what is wrong as a text under 'error'", f"a message with the fields {_names(message)}")
    return text


def result_of(messages: Sequence[Message], number: int) -> Message:
    """Give a segment's result.

    Raises:
        Failed: It has none.
    """
    completed(messages, number)
    return next(message for message in of_segment(messages, number) if message["status"] == "result")


def signals_of(body: Message) -> list[Message]:
    """Give the signals of a result or of an upload's answer.

    Raises:
        Failed: They are no list of objects.
    """
    signals = body.get("signals")
    if not isinstance(signals, list) or not all(isinstance(signal, dict) for signal in signals):
        raise Failed("an array of objects under 'signals'", f"{type(signals).__name__} in the fields {_names(body)}")
    return signals


def well_formed(signals: Iterable[Message], seconds: float | None) -> None:
    """Check the types and times of signals in media that lasts so many seconds.

    Raises:
        Failed: One is none of the twelve, or lies outside the media.
    """
    longest = "" if seconds is None else f" <= {seconds:g}"
    for signal in signals:
        if not one_of(SignalType, signal.get("type")):
            raise Failed("signals of the twelve types", f"type {signal.get('type')!r}")
        start, end = signal.get("start"), signal.get("end")
        latest = math.inf if seconds is None else seconds + SLACK
        if not (_is_number(start) and _is_number(end) and 0 <= start < end <= latest):
            raise Failed(f"0 <= start < end{longest}", f"start {start!r}, end {end!r} of {signal['type']}")


def later_signals(signals: Iterable[Message]) -> None:
    """Check what the later dialect adds to a signal.

    Raises:
        Failed: It is not there.
    """
    for signal in signals:
        if not one_of(Probability, signal.get("probability")):
            raise Failed("a probability of high, medium or low", f"{signal.get('probability')!r}")
        if not isinstance(signal.get("rationale"), str):
            raise Failed("a text under 'rationale' in each signal", f"{signal.get('rationale')!r}")


def engagement_states(body: Message) -> None:
    """Check the engagement over time.

    Raises:
        Failed: It is not there, or of another shape.
    """
    spans = body.get("engagement_state")
    if not isinstance(spans, list):
        raise Failed("an array under 'engagement_state'", f"{type(spans).__name__} in the fields {_names(body)}")
    for span in spans:
        times = isinstance(span, dict) and _is_number(span.get("start")) and _is_number(span.get("end"))
        if not times or not one_of(EngagementState, span.get("state")):
            raise Failed("engagement_state with start, end and a state of engaged, neutral or disengaged", f"{span!r}")


def quality_sections(body: Message) -> None:
    """Check the conversation's quality, where both of its sections were asked for.

    Raises:
        Failed: A section is not there, or of another shape.
    """
    has(body, "conversation_quality")
    quality = body["conversation_quality"]
    sections = quality if isinstance(quality, dict) else {}
    has(sections, "overall", "timeline")
    timeline = sections["timeline"]
    if not isinstance(timeline, list):
        raise Failed("an array under 'timeline'", type(timeline).__name__)
    for span in timeline:
        has(span if isinstance(span, dict) else {}, "start", "end", "values")
    for indices in (sections["overall"], *(span["values"] for span in timeline)):
        has(indices if isinstance(indices, dict) else {}, *INDICES)


def has(body: Message, *names: str) -> None:
    """Check that an object has fields.

    Raises:
        Failed: One is missing.
    """
    if missing := [name for name in names if name not in body]:
        raise Failed(f"the fields {', '.join(names)}", f"no {', '.join(missing)} in {_names(body)}")


def only_first_dialect(messages: Iterable[Message]) -> None:
    """Check that nothing of the later dialect is in messages.

    Raises:
        Failed: Something is.
    """
    for message in messages:
        signals = signals_of(message) if message["status"] == "result" else []
        if later := [name for part in (message, *signals) for name in LATER if name in part]:
            raise Failed("no field of the later dialect without include[]", f"{later[0]} in the {message['status']}")


def _names(body: Message) -> str:
    return ", ".join(map(str, body)) or "none"


def _with_errors(messages: Sequence[Message]) -> str:
    """Say what was said, with the reason of the first error: it is what one would ask for next."""
    reasons = (message.get("error") or message.get("message") for message in messages if message["status"] == "error")
    reason = next((text for text in reasons if isinstance(text, str)), None)
    return gist(messages) + (f" ({reason})" if reason else "")


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
