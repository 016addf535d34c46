"""What a client of v1 or v2 wants of its session, as its text frames say it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.faults import Fault
from interhuman_stream.protocol.errors import SCOPE_MISSING, SESSION_CONFIG
from interhuman_stream.protocol.limits import AUDIO_MODEL, INCLUDES, LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Collection

    from interhuman_stream.protocol.errors import Error

CLOSE: Final = "session.close"
KEYS: Final = ("include", "goal_dimensions")
MODEL_KEYS: Final = ("model", "audio_format")
ENCODING: Final = "pcm_s16le"
RATES: Final = (16_000, 24_000)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted.

    Attributes:
        include: What is told beside signals and levels.
        model: Which is wanted; None where the version has no choice.
        pcm_rate: Samples a second, where the media is raw sound.
    """

    include: tuple[str, ...] = ()
    model: str | None = None
    pcm_rate: int | None = None


class Unusable(Fault):
    """What a client said cannot be done; the session goes on as it was."""

    def __init__(self, message: str, error: Error = SESSION_CONFIG) -> None:
        super().__init__(message)
        self.error = error


def read_wishes(
    text: str, now: Wishes, known: Collection[str], allowed: Collection[str], *, fed: bool
) -> Wishes | None:
    """Read a text frame.

    Args:
        text: As it came.
        now: What was wanted until now. A frame says anew what is included; it keeps the model where it names none.
        known: The version's models; none where it has no choice.
        allowed: Those that the credential may use.
        fed: Whether media has come: the model and the form of the sound are settled then.

    Returns:
        What is wanted now, or None where the client asks to close.

    Raises:
        Unusable: It cannot be had so.
    """
    said = _object(text)
    if "type" in said:
        if said == {"type": CLOSE}:
            return None
        raise Unusable(f'The only message with a type is {{"type":"{CLOSE}"}}; a configuration has none.')
    keys = (*KEYS, *(MODEL_KEYS if known else ()))
    if unknown := [name for name in said if name not in keys]:
        raise Unusable(f"{unknown[0]!r:.60} cannot be configured here; use {', '.join(keys)}.")
    if said.get("goal_dimensions"):
        raise Unusable("goal_dimensions are not offered here; leave them out.")
    include = said.get("include", [])
    if not isinstance(include, list) or not all(each in INCLUDES for each in include):
        raise Unusable(f"include must be a list of: {', '.join(INCLUDES)}.")
    wishes = replace(now, include=tuple(name for name in INCLUDES if name in include))
    if "model" in said:
        wishes = replace(wishes, model=_model(said["model"], known, allowed))
        wishes = replace(wishes, pcm_rate=now.pcm_rate if wishes.model == AUDIO_MODEL else None)
    if "audio_format" in said:
        wishes = replace(wishes, pcm_rate=_rate(said["audio_format"]))
        if wishes.model != AUDIO_MODEL:
            raise Unusable(f"Raw sound needs the model {AUDIO_MODEL}.")
    if fed and (wishes.model, wishes.pcm_rate) != (now.model, now.pcm_rate):
        raise Unusable("The model and the audio_format cannot change once media has been sent.")
    return wishes


def _object(text: str) -> dict[str, Any]:
    if len(text) > LONGEST_TEXT:
        raise Unusable(f"The message is longer than {LONGEST_TEXT} characters; a configuration is a small JSON object.")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unusable("A text frame must hold JSON, an object; media goes into binary frames.") from error
    if not isinstance(said, dict):
        raise Unusable("A text frame must hold a JSON object.")
    return said


def _model(asked: object, known: Collection[str], allowed: Collection[str]) -> str:
    if not isinstance(asked, str) or asked not in known:
        raise Unusable(f"model must be one of: {', '.join(known)}.")
    if asked not in allowed:
        raise Unusable(f"The credential does not have the scope for {asked}.", SCOPE_MISSING)
    return asked


def _rate(said: object) -> int:
    """The rate of the one form of raw sound that is taken."""
    if isinstance(said, dict) and set(said) == {"encoding", "sample_rate", "channels"}:
        encoding, rate, channels = said["encoding"], said["sample_rate"], said["channels"]
        if encoding == ENCODING and type(rate) is int and rate in RATES and type(channels) is int and channels == 1:
            return rate
    rates = " or ".join(map(str, RATES))
    raise Unusable(f"audio_format must be encoding {ENCODING}, sample_rate {rates}, channels 1.")
