"""The part of the AsyncAPI document that describes the sessions of v1 and v2."""

from __future__ import annotations

from typing import Any, Final

from interhuman_stream.protocol import event_schemas, live, v1, v2
from interhuman_stream.protocol.limits import CONTAINERS, LARGEST_FRAME, SMALLEST_FRAME
from interhuman_stream.protocol.paths import STREAM_V1, STREAM_V2
from interhuman_stream.protocol.schemas import choice

Part = dict[str, Any]

PATHS: Final = {"V1": STREAM_V1, "V2": STREAM_V2}
VERSIONS: Final = {"V1": v1.VERSION, "V2": v2.VERSION}
REFUSALS: Final = (
    "The service speaks first, with `session.ready`. Times are seconds from the start of the session's media. A bad "
    "credential is refused before the upgrade, with 401; every other refusal is an `error` on the open connection, "
    "and its close code."
)


def messages() -> Part:
    """All messages, by the names they have in the document."""
    made: Part = {"Frame": _frame(), "Close": _close()}
    for version in PATHS:
        made[f"Configuration{version}"] = {
            "title": "Configuration",
            "summary": "A text frame: what is to be told.",
            "payload": event_schemas.wishes(VERSIONS[version]),
        }
        for kind, schema in event_schemas.events(VERSIONS[version]).items():
            made[named(kind, version)] = {"title": kind, "payload": schema}
    return made


def channels() -> Part:
    """A channel for each version."""
    return {f"session{version}": _channel(version) for version in PATHS}


def operations() -> Part:
    """What the service takes and what it tells on each."""
    made: Part = {}
    for version in PATHS:
        made[f"receiveFrame{version}"] = _operation(
            version, "receive", "Take media, what is to be told, and the wish to end.", _asking(version)
        )
        made[f"sendEvent{version}"] = _operation(version, "send", "Tell what goes on.", telling(version))
    return made


def named(kind: str, version: str) -> str:
    """The name of an event among the messages, such as `SignalDetectedV2`."""
    return "".join(part.capitalize() for part in kind.replace("_", ".").split(".")) + version


def telling(version: str) -> list[str]:
    """The names of all that the service says."""
    return [named(kind, version) for kind in event_schemas.events(VERSIONS[version])]


def _asking(version: str) -> list[str]:
    return ["Frame", "Close", f"Configuration{version}"]


def _channel(version: str) -> Part:
    models = VERSIONS[version].models
    query: Part = {"model": {**choice(models), "description": "Which looks or listens."}} if models else {}
    closes = [close for _, close in live.ENDINGS.values()] + [live.DONE]
    closing = "\n".join(f"* {close.code} {close.reason}" for close in closes)
    return {
        "address": PATHS[version],
        "title": f"Session {version.lower()}",
        "description": f"{REFUSALS}\n\nClosed by the service:\n\n{closing}",
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"} for name in (*_asking(version), *telling(version))
        },
        "bindings": {"ws": {"method": "GET", "query": {"type": "object", "properties": query}}},
    }


def _operation(version: str, action: str, summary: str, names: list[str]) -> Part:
    channel = f"#/channels/session{version}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "summary": summary,
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in names],
    }


def _close() -> Part:
    return {"title": "Close", "summary": "A text frame: end when all is told.", "payload": event_schemas.CLOSING}


def _frame() -> Part:
    return {
        "title": "Frame",
        "summary": "A binary frame: the next bytes of the stream.",
        "description": (
            f"{SMALLEST_FRAME} to {LARGEST_FRAME} bytes, cut anywhere; {', '.join(CONTAINERS)}, or raw sound where the "
            "configuration says so. What begins with a container's header starts a file, all else continues it."
        ),
        "contentType": "application/octet-stream",
        "payload": {"type": "string", "format": "binary", "minLength": SMALLEST_FRAME, "maxLength": LARGEST_FRAME},
    }
