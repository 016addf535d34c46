"""The v0 dialect: what a session tells its client, as exact JSON text, and the bodies of v0's HTTP answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from interhuman_stream.protocol.limits import (
    CONVERSATION_QUALITY_OVERALL,
    CONVERSATION_QUALITY_TIMELINE,
    INCLUDES,
    LARGEST_SEGMENT,
    SMALLEST_SEGMENT,
    TOKEN_SECONDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from interhuman_stream.findings import Findings
    from interhuman_stream.protocol.errors import Error
    from interhuman_stream.signals import Signal

# Times on the wire are in hundredths of a second: finer than a video frame.
DIGITS = 2
SHORTEST = 0.01


@dataclass(frozen=True, slots=True)
class Extension:
    """The later v0 dialect, spoken only to a client that asked for it by `include[]`.

    Attributes:
        correlation_id: Of the session, in every message.
        overall: Whether results carry the conversation's quality as a whole.
        timeline: Whether results carry it over time.
    """

    correlation_id: str
    overall: bool
    timeline: bool


def extension(include: Iterable[str], correlation_id: str) -> Extension | None:
    """Read the values of `include[]`; None where the client asked for nothing.

    Raises:
        ValueError: A value is not one of the known ones.
    """
    asked = list(include)
    if unknown := [value for value in asked if value not in INCLUDES]:
        raise ValueError(f"include[]={unknown[0]} is not known; use one of: {', '.join(INCLUDES)}")
    if not asked:
        return None
    return Extension(correlation_id, CONVERSATION_QUALITY_OVERALL in asked, CONVERSATION_QUALITY_TIMELINE in asked)


def processing(segment: int, size: int, extended: Extension | None = None) -> str:
    """The segment came, ``size`` bytes of it."""
    return _text({"status": "processing", "segment": segment, **_correlation(extended), "bytes": size})


def result(segment: int, found: Findings, extended: Extension | None = None) -> str:
    """The segment was analysed. Times count from the segment's own start."""
    message: dict[str, Any] = {"status": "result", "segment": segment, **_correlation(extended)}
    message["signals"] = [plain_signal(signal, found.start, found.end) for signal in found.signals]
    if extended:
        for written, signal in zip(message["signals"], found.signals, strict=True):
            written |= {"probability": signal.probability, "rationale": signal.rationale(found.start)}
        message["engagement_state"] = engagement(found)
        if included := quality(found, overall=extended.overall, timeline=extended.timeline):
            message["conversation_quality"] = included
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


def token(access_token: str, scopes: Sequence[str]) -> dict[str, Any]:
    """The body of a granted `POST /v0/auth`."""
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": " ".join(scopes),
    }


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


def quality(found: Findings, *, overall: bool, timeline: bool) -> dict[str, Any]:
    """The conversation's quality, as far as it was asked for."""
    indices = {
        name: round(getattr(found.quality, name), DIGITS)
        for name in ("quality_index", "clarity", "authority", "energy", "rapport", "learning")
    }
    included: dict[str, Any] = {}
    if overall:
        included["overall"] = indices
    if timeline:
        included["timeline"] = [{"start": 0.0, "end": round(found.end - found.start, DIGITS), **indices}]
    return included


def _correlation(extended: Extension | None) -> dict[str, str]:
    return {"correlation_id": extended.correlation_id} if extended else {}


def _text(message: dict[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)
