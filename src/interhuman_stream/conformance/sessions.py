"""Checks of the sessions of v1 and v2: `WS /v1/stream/analyze` and `WS /v2/stream/analyze`."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from websockets.exceptions import ConnectionClosed, InvalidStatus

from interhuman_stream.conformance.check import AN_ANALYSIS, Check
from interhuman_stream.conformance.messages import one_of
from interhuman_stream.conformance.room import Full, no_room
from interhuman_stream.conformance.session import Opening, few, offer, parsed
from interhuman_stream.conformance.target import Failed, Skipped
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import INDICES, QUALITY_INCLUDES
from interhuman_stream.protocol.paths import STREAM_V1, STREAM_V2
from interhuman_stream.protocol.wishes import CLOSE
from interhuman_stream.signals import EngagementState, Probability, SignalType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from websockets.asyncio.client import ClientConnection

    from interhuman_stream.conformance.target import Target

SECTION: Final = "sessions"
NOT_FOUND: Final = 404
UNAUTHORIZED: Final = 401
NORMAL, VIOLATION, NO_SCOPE, BUSY = 1000, 1008, 4003, 1013
ENVELOPE: Final = frozenset({"type", "timestamp", "correlation_id", "data"})
LIMITS: Final = (
    "session_idle_timeout_seconds",
    "session_max_duration_seconds",
    "min_segment_size_bytes",
    "max_segment_size_bytes",
)
ENDING: Final = json.dumps({"type": CLOSE})
NO_VIDEO: Final = b"This is no video and continues none. " * 400
TYPES: Final = frozenset(SignalType) | {"tension"}
"""What published clients take; the service here tells no tension."""

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a session said, and how it was closed."""

    events: list[Event]
    code: int | None

    def of(self, kind: str) -> list[Event]:
        """The data of all events of a type."""
        return [event["data"] for event in self.events if event["type"] == kind]

    @property
    def kinds(self) -> list[str]:
        """The types, in order."""
        return [event["type"] for event in self.events]


async def _session(target: Target, path: str, frames: Sequence[bytes | str], token: str | None = None) -> Heard:
    """Send frames in a session, and read until it is closed.

    Raises:
        Skipped: The server has no such sessions.
        Full: It has no room just now.
        Failed: It refuses them, or says what is no event.
    """
    given = {"Authorization": f"Bearer {token or target.stream_token()}"}
    events: list[Event] = []
    try:
        async with Opening(target.socket_of(path), additional_headers=given) as socket:
            await _sent(socket, frames)
            try:
                while True:
                    events.append(_event(await socket.recv()))
                    few(events)
            except ConnectionClosed as closed:
                if socket.close_code == BUSY:
                    raise Full(f"close code {BUSY} {closed.rcvd.reason if closed.rcvd else ''}".rstrip()) from None
                return Heard(events, socket.close_code)
    except InvalidStatus as refusal:
        raise _refused(refusal, path) from None


async def _sent(socket: ClientConnection, frames: Sequence[bytes | str]) -> None:
    try:
        for frame in frames:
            await socket.send(frame)
    except ConnectionClosed:
        return  # what it said before shows why


def _refused(refusal: InvalidStatus, path: str) -> Failed | Skipped | Full:
    status = refusal.response.status_code
    if full := no_room(status, refusal.response.headers):
        return full
    if status == NOT_FOUND:
        return Skipped(f"the server has no {path}")
    return Failed("the upgrade accepted", f"status {status}")


def _event(frame: str | bytes) -> Event:
    """Read a frame as an envelope.

    Raises:
        Failed: It is none.
    """
    event = parsed(frame, "event")
    if not isinstance(event, dict) or any(event.get(name) is None for name in ENVELOPE):
        raise Failed(f"an object with {', '.join(sorted(ENVELOPE))}", str(event)[:120])
    try:
        datetime.fromisoformat(event["timestamp"])
    except (AttributeError, ValueError):
        raise Failed("a timestamp of ISO 8601", repr(event["timestamp"])) from None
    return event


async def _ready(target: Target, path: str) -> None:
    heard = await _session(target, path, [ENDING])
    if not heard.events or heard.kinds[0] != "session.ready":
        raise Failed("session.ready as the first event", ", ".join(heard.kinds[:1]) or "nothing")
    ready = heard.of("session.ready")[0]
    if wrong := [name for name in LIMITS if type(ready.get(name)) is not int]:
        raise Failed(f"{wrong[0]} as a whole number", repr(ready.get(wrong[0])))
    if not isinstance(ready.get("supported_session_config_options"), dict):
        raise Failed("supported_session_config_options as an object", repr(ready))


async def _one_connection(target: Target, path: str) -> None:
    heard = await _session(target, path, ["{}", ENDING])
    ids = {event["correlation_id"] for event in heard.events}
    if len(ids) != 1:
        raise Failed("one correlation_id for all of a connection", f"{len(ids)}")


async def _configured(target: Target, path: str) -> None:
    first, second = json.dumps({"include": list(QUALITY_INCLUDES)}), "{}"
    heard = await _session(target, path, [first, second, ENDING])
    included = [data.get("include") for data in heard.of("session.updated")]
    if included != [list(QUALITY_INCLUDES), []]:
        raise Failed("session.updated for each configuration, which replaces what was included", repr(included))


async def _not_configured(target: Target, path: str) -> None:
    heard = await _session(target, path, ['{"include":["everything"]}', "no JSON", "{}", ENDING])
    codes = [data.get("code") for data in heard.of("error")]
    if codes != [errors.SESSION_CONFIG.id] * 2:
        raise Failed(f"two errors {errors.SESSION_CONFIG.id}", repr(codes))
    if "session.updated" not in heard.kinds:
        raise Failed("the session to go on after a wrong configuration", ", ".join(heard.kinds))


async def _closed(target: Target, path: str) -> None:
    heard = await _session(target, path, [target.clip.data, ENDING])
    if "session.closing" not in heard.kinds or heard.kinds[-1] != "session.ended" or heard.code != NORMAL:
        raise Failed(
            f"session.closing, at last session.ended, and close code {NORMAL}",
            f"{', '.join(dict.fromkeys(heard.kinds))}, and close code {heard.code}",
        )
    if heard.of("session.ended")[0].get("reason") != "client_shutdown":
        raise Failed("the reason client_shutdown", repr(heard.of("session.ended")[0]))


async def _signals(target: Target, path: str) -> None:
    heard = await _session(target, path, [target.clip.data, ENDING])
    active: dict[str, float] = {}
    for event in heard.events:
        kind, data = event["type"], event["data"]
        name = data.get("signal_type")
        if not kind.startswith("signal."):
            continue
        if not one_of(TYPES, name):
            raise Failed("a signal_type of the published ones", repr(name))
        if kind == "signal.ended":
            if name not in active or not _number(data.get("end")) or data["end"] < active.pop(name):
                raise Failed("the end of a signal that goes on, not before its start", repr(data))
        else:
            _told(data, path)
            if (kind == "signal.detected") == (name in active):
                raise Failed("one signal of a type at a time", f"{kind} {name} {data['start']}")
            active.setdefault(name, data["start"])
    if active:
        raise Failed("signal.ended for all that goes on before session.ended", ", ".join(active))


def _told(data: Event, path: str) -> None:
    if not _number(data.get("start")):
        raise Failed("start as a number of seconds", repr(data.get("start")))
    if data.get("probability") is not None and not one_of(Probability, data["probability"]):
        raise Failed("a probability of high, medium, low", repr(data.get("probability")))
    if ("modality" in data) != (path == STREAM_V1):
        raise Failed("modality in v1 and not in v2", ", ".join(data))


async def _levels(target: Target, path: str) -> None:
    heard = await _session(target, path, [target.clip.data, ENDING])
    levels = heard.of("engagement.updated")
    if not levels:
        raise Failed("engagement.updated with what is analysed first", "none")
    for data in levels:
        if not one_of(EngagementState, data.get("state")) or not _number(data.get("start")):
            raise Failed("a state of engaged, neutral, disengaged, and its start", repr(data))


async def _quality(target: Target, path: str) -> None:
    configuration = json.dumps({"include": list(QUALITY_INCLUDES)})
    heard = await _session(target, path, [configuration, target.clip.data, ENDING])
    told = heard.of("conversation_quality.updated")
    if not told:
        raise Failed("conversation_quality.updated where it is included", "none")
    for data in told:
        entries = data.get("timeline") or []
        for values in (data.get("overall"), *(entry.get("values") for entry in entries)):
            if not isinstance(values, dict) or set(values) != set(INDICES) or not all(map(_number, values.values())):
                raise Failed(f"exactly {', '.join(sorted(INDICES))}", repr(values))
        if len(entries) != 1:
            raise Failed("one entry in the timeline", str(len(entries)))


async def _damaged(target: Target, path: str) -> None:
    heard = await _session(target, path, [target.clip.data, NO_VIDEO, target.clip.data, ENDING])
    told = [(data.get("code"), data.get("segment")) for data in heard.of("error")]
    if (errors.SEGMENT_MALFORMED.id, 2) not in told:
        raise Failed(f"an error {errors.SEGMENT_MALFORMED.id} with segment 2", repr(told))
    if heard.kinds[-1] != "session.ended":
        raise Failed("the session to go on after a damaged frame", ", ".join(dict.fromkeys(heard.kinds)))


async def _after_close(target: Target, path: str) -> None:
    heard = await _session(target, path, [target.clip.data, ENDING, target.clip.data])
    if not heard.of("error"):
        raise Failed("an error for media after session.close", ", ".join(dict.fromkeys(heard.kinds)))


async def _browser(target: Target, path: str) -> None:
    try:
        async with Opening(target.socket_of(path), subprotocols=offer(target.stream_token())) as socket:
            if socket.subprotocol != offer("")[0]:
                raise Failed(f"the subprotocol {offer('')[0]} selected", repr(socket.subprotocol))
    except InvalidStatus as refusal:
        raise _refused(refusal, path) from None


async def _stranger(target: Target, path: str) -> None:
    await _session(target, path, [ENDING])  # it has such sessions
    try:
        async with Opening(target.socket_of(path), additional_headers={"Authorization": "Bearer nonsense"}):
            raise Failed("the upgrade refused with HTTP 401", "the upgrade accepted")
    except InvalidStatus as refusal:
        if refusal.response.status_code != UNAUTHORIZED:
            raise Failed("status 401", f"status {refusal.response.status_code}") from None


async def _no_scope(target: Target, path: str) -> None:
    target.key_pair()
    heard = await _session(target, path, [ENDING], target.upload_token())
    codes = [data.get("code") for data in heard.of("error")]
    if codes != [errors.SCOPE_MISSING.id] or heard.code != NO_SCOPE:
        raise Failed(
            f"an error {errors.SCOPE_MISSING.id} and close code {NO_SCOPE}", f"{codes} and close code {heard.code}"
        )


async def _no_model(target: Target, path: str) -> None:
    heard = await _session(target, f"{path}?model=inter-0&ih_sdk=python", [ENDING])
    codes = [data.get("code") for data in heard.of("error")]
    if codes != [errors.MODEL_UNUSABLE.id] or heard.code != VIOLATION:
        raise Failed(
            f"an error {errors.MODEL_UNUSABLE.id} and close code {VIOLATION}", f"{codes} and close code {heard.code}"
        )


async def _no_path(target: Target, path: str) -> None:
    await _session(target, path, [ENDING])
    address = target.socket_of(path.replace("stream", "nothing"))
    try:
        async with Opening(address, additional_headers={"Authorization": f"Bearer {target.stream_token()}"}):
            raise Failed("the upgrade refused with HTTP 404", "the upgrade accepted")
    except InvalidStatus as refusal:
        if refusal.response.status_code != NOT_FOUND:
            raise Failed("status 404", f"status {refusal.response.status_code}") from None


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_EACH: Final = (
    ("ready", "The server speaks first: session.ready, with its limits as whole numbers.", _ready, False),
    ("correlation", "All events of a connection have one correlation_id.", _one_connection, False),
    ("config", "A configuration is answered with session.updated and replaces what was included.", _configured, False),
    ("config-wrong", "A wrong configuration is answered with ih6001, and the session goes on.", _not_configured, False),
    ("close", "session.close is answered, what was sent is told, and session.ended is the last.", _closed, True),
    ("signals", "One signal of a type goes on at a time; each is ended before the session is.", _signals, True),
    ("levels", "The engagement level is told with what is analysed first, and as it changes.", _levels, True),
    ("quality", "Quality that is included has exactly the six numbers, and one entry in its timeline.", _quality, True),
    ("damaged", "A damaged frame is answered with ih5004 and its number, and the session goes on.", _damaged, True),
    ("after-close", "Media after session.close is refused.", _after_close, True),
    ("browser", "A browser's offer is answered with exactly the subprotocol access_token.", _browser, False),
    ("invalid-token", "A bad credential is refused before the upgrade, with HTTP 401.", _stranger, False),
    ("scope-missing", "A token without the scope is told ih2003, and closed with 4003.", _no_scope, False),
    ("no-path", "A path that is not there is 404: clients take 401 and 403 for bad credentials.", _no_path, False),
)  # fmt: skip

CHECKS: Final = (
    *(
        Check(f"{version}-{name}", SECTION, sentence, partial(check, path=path), *([AN_ANALYSIS] if long else []))
        for version, path in (("v1", STREAM_V1), ("v2", STREAM_V2))
        for name, sentence, check, long in _EACH
    ),
    Check(
        "v2-model",
        SECTION,
        "A model that is not there is told ih4005, and the connection closed with 1008.",
        partial(_no_model, path=STREAM_V2),
    ),
)
