"""Upload jobs of v2: what may be asked for, and the bodies that tell of a job. What is absent is left out, not null."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from interhuman_stream.medium import TALKING_FACE, VOICE, Medium
from interhuman_stream.protocol.limits import (
    AUDIO_MODEL,
    CONVERSATION_QUALITY_OVERALL,
    CONVERSATION_QUALITY_TIMELINE,
    JOB_WINDOW,
    LONGEST_WAIT,
)
from interhuman_stream.protocol.paths import JOB
from interhuman_stream.protocol.v0 import DIGITS, indices, quality_entry
from interhuman_stream.protocol.v2 import HEARD, LEVELS, MODELS
from interhuman_stream.signals import Probability, SignalType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from interhuman_stream.findings import Findings, Window

Status: TypeAlias = Literal["queued", "running", "completed", "failed"]
SIGNALS: Final = "signals"
INCLUDES: Final = (SIGNALS, CONVERSATION_QUALITY_OVERALL, CONVERSATION_QUALITY_TIMELINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants of a job.

    Attributes:
        model: Of ``MODELS``, which is to analyse the file.
        include: Sections of the result, of ``INCLUDES``.
        wait: Seconds for which the answer may be held back until the job is done.
    """

    model: str
    include: tuple[str, ...]
    wait: int


def told(model: str) -> frozenset[SignalType]:
    """The signals that a model tells of."""
    return HEARD if model == AUDIO_MODEL else frozenset(SignalType) - LEVELS


def medium(model: str) -> Medium:
    """What a model perceives of files."""
    return VOICE if model == AUDIO_MODEL else TALKING_FACE


def read_model(value: str | None) -> str:
    """Read the field `model`.

    Raises:
        ValueError: It names none that is known; the message says which there are.
    """
    for model in MODELS:
        if value == model:
            return model
    said = "is missing" if value is None else f"{value[:64]!r} is not known"
    raise ValueError(f"model {said}; use one of: {', '.join(MODELS)}")


def read_wait(value: str | None) -> int:
    """Read the field `wait_seconds`, whole seconds in decimal.

    Raises:
        ValueError: It is no number, or out of bounds.
    """
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(LONGEST_WAIT)) + 6):
        raise ValueError(f"wait_seconds must be whole seconds from 0 to {LONGEST_WAIT}, not {value[:64]!r}")
    if int(value) > LONGEST_WAIT:
        raise ValueError(f"wait_seconds must be from 0 to {LONGEST_WAIT}, not {int(value)}")
    return int(value)


def read_include(values: Iterable[str]) -> tuple[str, ...]:
    """Read the fields `include[]`. A job takes its time: what it would not give is said before, not ignored.

    Raises:
        ValueError: A value is not known.
    """
    asked = tuple(dict.fromkeys(values))
    if unknown := [value for value in asked if value not in INCLUDES]:
        raise ValueError(f"include[]={unknown[0][:64]} is not known; use: {', '.join(INCLUDES)}")
    return asked


def envelope(
    job_id: str,
    status: Status,
    model: str,
    created_at: str,
    expires_at: str,
    *,
    result: dict[str, Any] | None = None,
    error: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The body that tells of a job; times as ISO 8601 in UTC. A result belongs to `completed`, an error to `failed`."""
    body: dict[str, Any] = {
        "job_id": job_id,
        "status": status,
        "model": model,
        "created_at": created_at,
        "expires_at": expires_at,
        "status_url": JOB.format(job_id=job_id),
    }
    if result is not None:
        body["result"] = result
    if error is not None:
        body["error"] = error
    return body


def result(found: Findings, windows: Sequence[Window], asked: Asked) -> dict[str, Any]:
    """The result of a job that is completed. Times count from the file's start."""
    written = [_window(index, window, found.start, asked.model) for index, window in enumerate(windows)]
    body: dict[str, Any] = {
        "duration_seconds": round(found.end - found.start, DIGITS),
        "window_seconds": JOB_WINDOW,
        "windows": written,
    }
    if SIGNALS in asked.include:
        body["signals"] = merged(written)
    quality: dict[str, Any] = {}
    if CONVERSATION_QUALITY_OVERALL in asked.include:
        quality["overall"] = indices(found.quality)
    if CONVERSATION_QUALITY_TIMELINE in asked.include:
        quality["timeline"] = [
            quality_entry(window.start - found.start, window.end - found.start, window.quality) for window in windows
        ]
    if quality:
        body["conversation_quality"] = quality
    return body


def merged(windows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The signals of all windows as one list: of a type in adjacent windows one, as sure as its surest window."""
    found: list[dict[str, Any]] = []
    for window in windows:
        for signal in window["signals"]:
            before = next((each for each in reversed(found) if each["type"] == signal["type"]), None)
            if before is None or before["end"] < signal["start"]:
                found.append(dict(signal))
                continue
            before["end"] = signal["end"]
            if _band(signal) < _band(before):
                before |= {name: signal[name] for name in ("probability", "rationale")}
    return sorted(found, key=lambda each: (each["start"], each["type"]))


def _window(index: int, window: Window, origin: float, model: str) -> dict[str, Any]:
    start, end = round(window.start - origin, DIGITS), round(window.end - origin, DIGITS)
    best: dict[str, dict[str, Any]] = {}
    for signal in window.signals:
        written = {
            "type": signal.type,
            "start": start,
            "end": end,
            "probability": signal.probability,
            "rationale": signal.rationale(origin),
        }
        if signal.type in told(model) and (
            signal.type not in best or _band(written) < _band(best[signal.type])  # of two in one window the surer
        ):
            best[signal.type] = written
    return {
        "index": index,
        "start_seconds": start,
        "end_seconds": end,
        "engagement_status": window.state,
        "signals": [best[name] for name in sorted(best)],
    }


def _band(signal: dict[str, Any]) -> int:
    """0 for the surest."""
    return list(Probability).index(signal["probability"])
