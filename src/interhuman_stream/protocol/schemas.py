"""The wire as JSON Schema (2020-12): what is sent and answered, for documents that describe the service.

The schemas are closed where the service writes and open where it reads: what is unknown in a request is ignored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from interhuman_stream.findings import Limit
from interhuman_stream.protocol.jobs import INCLUDES as JOB_INCLUDES
from interhuman_stream.protocol.jobs import Status
from interhuman_stream.protocol.limits import (
    CLIENT_TOKEN_SECONDS,
    INCLUDES,
    INDICES,
    KNOWN_SCOPES,
    LARGEST_SEGMENT,
    LEGACY_SCOPES,
    LONGEST_CLIENT_TOKEN,
    LONGEST_WAIT,
    SHORTEST_CLIENT_TOKEN,
    SMALLEST_SEGMENT,
    STREAM_SCOPE,
    TOKEN_SECONDS,
)
from interhuman_stream.protocol.tokens import CAPS, LARGEST_CAP, MOST_ORIGINS
from interhuman_stream.protocol.v2 import MODELS
from interhuman_stream.signals import EngagementState, Modality, Probability, SignalType

if TYPE_CHECKING:
    from collections.abc import Iterable

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
SECONDS: Final[Schema] = {"type": "number", "minimum": 0}
INDEX: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 100}
NUMBER: Final[Schema] = {"type": "integer", "minimum": 1, "description": "Counts every frame of the connection from 1."}
CORRELATION: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
OPTIONAL: Final = frozenset({"conversation_quality", "perception"})
"""What is there only where an include asks for it."""
FILE: Final[Schema] = {"type": "string", "format": "binary"}
"""By `format`, as OpenAPI 3.0 has it: what makes clients does not read 3.1's `contentMediaType`."""
INCLUDE: Final = "include[]"
TIMES: Final[Schema] = {"start": SECONDS, "end": SECONDS}
PERCEIVED: Final = {
    "face": "Seconds with a face.",
    "speaking": "Seconds in which the person seen spoke, as the mouth shows.",
    "voice": "Seconds in which anybody's voice was heard.",
}


_CAPPED: Final = (
    "Seconds by the clock that one session may last.",
    "Bytes of video that all of its sessions together may send.",
    "Sessions it may have open at once; left out, one.",
    "Seconds of video that may be analysed for all of its sessions together.",
)


def reference(name: str) -> Schema:
    """Point to one of ``SCHEMAS`` in a document that has them among its components."""
    return {"$ref": f"#/components/schemas/{name}"}


def closed(properties: Schema, optional: Iterable[str] = ()) -> Schema:
    """An object with these properties and no others."""
    required = [name for name in properties if name not in set(optional)]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def listed(items: Schema) -> Schema:
    """An array."""
    return {"type": "array", "items": items}


def choice(names: Iterable[str]) -> Schema:
    """One of some strings."""
    return {"type": "string", "enum": [str(name) for name in names]}


def _message(status: str, *, extended: bool, **properties: Schema) -> Schema:
    own = {"correlation_id": CORRELATION} if extended else {}
    return closed({"status": {"const": status}, "segment": NUMBER, **own, **properties}, OPTIONAL)


_CAP: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": LARGEST_CAP}
_CAPS: Final[Schema] = {name: {**_CAP, "description": said} for name, said in zip(CAPS, _CAPPED, strict=True)} | {
    "allowed_origins": {
        **listed(TEXT),
        "maxItems": MOST_ORIGINS,
        "description": "Whose pages may use it, such as https://app.example.com; left out, the service decides.",
    }
}
_SCOPES: Final[Schema] = {**listed(choice((*KNOWN_SCOPES, *LEGACY_SCOPES))), "minItems": 1}
_SECRET: Final[Schema] = {"type": "string", "minLength": 1}
_GRANTED: Final[Schema] = {
    "access_token": {"type": "string", "description": "base64url and dots, fit for a WebSocket subprotocol."},
    "token_type": {"const": "Bearer"},
    "expires_in": {"const": TOKEN_SECONDS},
    "scope": {"type": "string", "description": "The granted scopes, with spaces between them."},
}
_PLAIN: Final = {"type": choice(SignalType), **TIMES}
_REASONED: Final = {**_PLAIN, "probability": choice(Probability), "rationale": TEXT}
_ABOUT_ERROR: Final[Schema] = {
    "error_id": {"type": "string", "pattern": "^ih[0-9]{4}$"},
    "link": {"type": "string", "format": "uri"},
    "message": TEXT,
}
_ERROR: Final = {**_ABOUT_ERROR, "correlation_id": CORRELATION}
_BYTES: Final[Schema] = {"type": "integer", "minimum": SMALLEST_SEGMENT, "maximum": LARGEST_SEGMENT}
_ENGAGEMENT: Final = listed(reference("EngagementSpan"))
_QUALITY: Final = reference("ConversationQuality")
_PERCEPTION: Final = reference("Perception")

PERCEPTION_FIELDS: Final[Schema] = {
    **{name: {**SECONDS, "description": said} for name, said in PERCEIVED.items()},
    "words": {"type": "integer", "minimum": 0, "description": "Words of this person that were understood."},
    "language": {"type": ["string", "null"], "description": "ISO 639-1; null where nothing says which."},
    "limits": listed(closed({"why": choice(Limit), **TIMES, "sentence": TEXT})),
}

SCHEMAS: Final[Schema] = {
    "Error": closed(_ERROR),
    "ErrorV0": closed(
        {
            **_ERROR,
            "detail": TEXT,
            "status_code": {"type": "integer"},
            "extra": closed({"error_id": _ERROR["error_id"]}),
        }
    ),
    "TokenRequest": {
        "type": "object",
        "properties": {
            "key_id": _SECRET,
            "key_secret": _SECRET,
            "scopes": _SCOPES,
        },
        "required": ["key_id", "key_secret", "scopes"],
    },
    "Token": closed(_GRANTED),
    "ClientTokenRequest": {
        "type": "object",
        "properties": {
            "api_key": _SECRET,
            "scopes": {**_SCOPES, "default": [STREAM_SCOPE]},
            "expires_in": {
                "type": "integer",
                "default": CLIENT_TOKEN_SECONDS,
                "description": f"Seconds; cut to {SHORTEST_CLIENT_TOKEN} and {LONGEST_CLIENT_TOKEN}.",
            },
            **_CAPS,
        },
        "required": ["api_key"],
    },
    "ClientToken": closed(
        {
            **_GRANTED,
            "expires_in": {
                "type": "integer",
                "minimum": SHORTEST_CLIENT_TOKEN,
                "maximum": LONGEST_CLIENT_TOKEN,
            },
            **_CAPS,
        },
        {*_CAPS} - {"max_concurrent"},
    ),
    "RevocationRequest": {
        "type": "object",
        "properties": {"api_key": _SECRET, "token": _SECRET},
        "required": ["api_key", "token"],
    },
    "UploadRequest": {
        "type": "object",
        "properties": {"file": FILE, INCLUDE: listed(choice(INCLUDES))},
        "required": ["file"],
    },
    "UploadRequestV1": {
        "type": "object",
        "properties": {
            "file": FILE,
            INCLUDE: listed(choice(INCLUDES)),
            "goal_dimensions[]": {**listed(TEXT), "description": "Taken, and not used yet."},
            "conversation_context": {**TEXT, "description": "Taken, and not used yet."},
        },
        "required": ["file"],
    },
    "JobRequest": {
        "type": "object",
        "properties": {
            "file": FILE,
            "model": choice(MODELS),
            "wait_seconds": {
                "type": "integer",
                "minimum": 0,
                "maximum": LONGEST_WAIT,
                "description": "Seconds for which the answer may be held back until the job is done.",
            },
            INCLUDE: listed(choice(JOB_INCLUDES)),
        },
        "required": ["file", "model"],
    },
    "Signal": closed(_PLAIN),
    "ReasonedSignal": closed(_REASONED),
    "ReasonedSignalV1": closed({**_REASONED, "modality": listed(choice(Modality))}),
    "EngagementSpan": closed({**TIMES, "state": choice(EngagementState)}),
    "Indices": closed(dict.fromkeys(INDICES, INDEX)),
    "QualityEntry": closed({**TIMES, "values": reference("Indices")}),
    "ConversationQuality": closed(
        {"overall": reference("Indices"), "timeline": listed(reference("QualityEntry"))}, {"overall", "timeline"}
    ),
    "ConversationQualityV1": closed(
        {"overall": reference("Indices"), "timeline": listed(reference("QualityEntry"))}, {"timeline"}
    ),
    "Perception": closed(PERCEPTION_FIELDS),
    "UploadResultV0": closed({"signals": listed(reference("Signal"))}),
    "UploadResultV1": closed(
        {
            "signals": listed(reference("ReasonedSignalV1")),
            "engagement_state": _ENGAGEMENT,
            "conversation_quality": reference("ConversationQualityV1"),
            "perception": _PERCEPTION,
        },
        OPTIONAL,
    ),
    "JobWindow": closed(
        {
            "index": {"type": "integer", "minimum": 0},
            "start_seconds": SECONDS,
            "end_seconds": SECONDS,
            "engagement_status": choice(EngagementState),
            "signals": listed(reference("ReasonedSignal")),
        }
    ),
    "JobResult": closed(
        {
            "duration_seconds": SECONDS,
            "window_seconds": SECONDS,
            "windows": listed(reference("JobWindow")),
            "signals": listed(reference("ReasonedSignal")),
            "conversation_quality": _QUALITY,
        },
        {"signals", "conversation_quality"},
    ),
    "Job": closed(
        {
            "job_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "status": choice(get_args(Status)),
            "model": choice(MODELS),
            "created_at": {"type": "string", "format": "date-time"},
            "expires_at": {"type": "string", "format": "date-time"},
            "status_url": TEXT,
            "result": reference("JobResult"),
            "error": reference("Error"),
        },
        {"result", "error"},
    ),
    "Processing": _message("processing", extended=False, bytes=_BYTES),
    "Result": _message("result", extended=False, signals=listed(reference("Signal"))),
    "Completed": _message("completed", extended=False),
    "SegmentError": _message("error", extended=False, error=TEXT),
    "ExtendedProcessing": _message("processing", extended=True, bytes=_BYTES),
    "ExtendedResult": _message(
        "result",
        extended=True,
        signals=listed(reference("ReasonedSignal")),
        engagement_state=_ENGAGEMENT,
        conversation_quality=_QUALITY,
        perception=_PERCEPTION,
    ),
    "ExtendedCompleted": _message("completed", extended=True),
    "ExtendedSegmentError": _message("error", extended=True, **_ABOUT_ERROR),
}


def used(part: Any) -> Schema:
    """The schemas that a part of a document refers to, and those they refer to in turn."""
    found: Schema = {}
    waiting = [part]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            name = str(value.get("$ref", "")).rpartition("/")[2]
            if name in SCHEMAS and name not in found:
                found[name] = SCHEMAS[name]
                waiting.append(SCHEMAS[name])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return {name: SCHEMAS[name] for name in SCHEMAS if name in found}
