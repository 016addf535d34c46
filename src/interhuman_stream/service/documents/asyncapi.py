"""The AsyncAPI 3.0 document of the sockets: `/asyncapi.json`."""

from __future__ import annotations

from typing import Any, Final

from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import (
    CONTAINERS,
    INCLUDES,
    LARGEST_SEGMENT,
    SMALLEST_SEGMENT,
    STREAM_SCOPE,
    SUBPROTOCOL,
)
from interhuman_stream.protocol.paths import AUTH_V0, AUTH_V1, CLIENT_TOKENS, STREAM_V0
from interhuman_stream.protocol.schemas import choice, listed, reference, used
from interhuman_stream.protocol.v0 import ENDINGS
from interhuman_stream.service.documents import sessions
from interhuman_stream.service.documents.openapi import INFO

Part = dict[str, Any]

ANSWERS: Final = ("Processing", "Result", "Completed", "SegmentError")
"""What the service says, by the names of its plain schemas; each has an extended one beside it."""
CLOSING: Final = (
    *(f"{close.code} {close.reason}" for close in ENDINGS.values()),
    *(
        f"{error.close_code} {error.message}"
        for error in (
            errors.KEY_USE,
            errors.CLIENT_TOKEN_REVOKED,
            errors.CLIENT_TOKEN_BYTES,
            errors.CLIENT_TOKEN_VIDEO,
            errors.INTERNAL,
        )
    ),
)
BEFORE: Final = (
    errors.BAD_REQUEST,
    errors.CREDENTIAL_MISSING,
    errors.CREDENTIAL_INVALID,
    errors.SCOPE_MISSING,
    errors.CLIENT_TOKEN_EXPIRED,
    errors.CLIENT_TOKEN_INVALID,
    errors.CLIENT_TOKEN_REVOKED,
    errors.ORIGIN_REFUSED,
    errors.TOO_MANY_FAILURES,
    errors.KEY_SESSIONS,
    errors.KEY_USE,
    errors.CLIENT_TOKEN_SESSIONS,
    errors.CLIENT_TOKEN_BYTES,
    errors.CLIENT_TOKEN_VIDEO,
    errors.FULL,
)


def document(host: str, *, encrypted: bool) -> Part:
    """Make the document for a service that is reached at ``host``."""
    messages = {"Segment": _segment(), **{name: _answer(name) for name in ANSWERS}, **sessions.messages()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": INFO["title"],
            "version": INFO["version"],
            "description": "Segments of video in, their messages out. The HTTP part is described in /openapi.json.",
            "license": {"name": INFO["license"]["name"], "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "this": {
                "host": host,
                "protocol": "wss" if encrypted else "ws",
                "security": [
                    {"$ref": "#/components/securitySchemes/bearer"},
                    {"$ref": "#/components/securitySchemes/subprotocol"},
                ],
            }
        },
        "channels": {"stream": _channel(), **sessions.channels()},
        "operations": {
            "receiveSegment": {
                "action": "receive",
                "channel": {"$ref": "#/channels/stream"},
                "summary": "Take a segment.",
                "messages": [{"$ref": "#/channels/stream/messages/Segment"}],
                "reply": {
                    "channel": {"$ref": "#/channels/stream"},
                    "messages": [{"$ref": f"#/channels/stream/messages/{name}"} for name in ANSWERS],
                },
            },
            **sessions.operations(),
        },
        "components": {
            "schemas": used(messages),
            "messages": messages,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": (
                        f"A token of POST {AUTH_V0} or {AUTH_V1}, a client token of POST {CLIENT_TOKENS}, or an API "
                        f"key, with the scope {STREAM_SCOPE}."
                    ),
                },
                "subprotocol": {
                    "type": "httpApiKey",
                    "name": "Sec-WebSocket-Protocol",
                    "in": "header",
                    "description": (
                        f"For browsers: `{SUBPROTOCOL}, <token>`. The service selects `{SUBPROTOCOL}`. "
                        "The token by itself is taken and selected, too."
                    ),
                },
            },
        },
    }


def _channel() -> Part:
    refusals = "\n".join(f"* {error.status} {error.id}: {error.message}" for error in BEFORE)
    endings = "\n".join(f"* {each}" for each in CLOSING)
    return {
        "address": STREAM_V0,
        "title": "Stream",
        "description": (
            "A stream is answered in order: `processing` at once, then `result` and `completed`, or `error`.\n\n"
            f"Refused before the upgrade, in the shape of ErrorV0; 429 and 503 with Retry-After:\n\n{refusals}\n\n"
            f"Closed by the service:\n\n{endings}"
        ),
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in ("Segment", *ANSWERS)},
        "bindings": {
            "ws": {
                "method": "GET",
                "query": {
                    "type": "object",
                    "properties": {
                        "include[]": {
                            **listed(choice(INCLUDES)),
                            "description": "Asks for the extended messages; may be given again.",
                        }
                    },
                },
            }
        },
    }


def _segment() -> Part:
    return {
        "title": "Segment",
        "summary": "A binary frame: the next bytes of a video file.",
        "description": (
            f"{SMALLEST_SEGMENT} to {LARGEST_SEGMENT} bytes; {', '.join(CONTAINERS)}. A frame that begins with a "
            "container's header starts a file, any other continues it."
        ),
        "contentType": "application/octet-stream",
        "payload": {"type": "string", "format": "binary", "minLength": SMALLEST_SEGMENT, "maxLength": LARGEST_SEGMENT},
    }


def _answer(name: str) -> Part:
    kinds = (name, f"Extended{name}")
    return {"title": name, "payload": {"oneOf": [reference(kind) for kind in kinds]}}
