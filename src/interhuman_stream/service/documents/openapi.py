"""The OpenAPI 3.1 document of the HTTP part: `/openapi.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from interhuman_stream import __version__
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import (
    CONTAINERS,
    LARGEST_UPLOAD,
    LONGEST_JOB,
    SHORTEST_UPLOAD,
    SMALLEST_UPLOAD,
    STREAM_SCOPE,
    UPLOAD_SCOPE,
)
from interhuman_stream.protocol.paths import (
    ASYNCAPI,
    AUTH_V0,
    AUTH_V1,
    CLIENT_TOKENS,
    HEALTH,
    JOB,
    METRICS,
    OPENAPI,
    READY,
    REVOKE_CLIENT_TOKEN,
    UPLOAD_V0,
    UPLOAD_V1,
    UPLOAD_V2,
)
from interhuman_stream.protocol.schemas import SCHEMAS, TEXT, choice, closed, reference, used
from interhuman_stream.service.answers import CORRELATION_HEADER
from interhuman_stream.service.live.sessions import State
from interhuman_stream.service.middleware import CLIENT_REQUEST_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from interhuman_stream.protocol.errors import Error

Part = dict[str, Any]

INFO: Final[Part] = {
    "title": "Interhuman stream",
    "version": __version__,
    "summary": "Live talking-face video in, social signals out.",
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
ALWAYS: Final = (errors.INTERNAL,)
LET_IN: Final = (errors.KEY_SESSIONS, errors.KEY_USE, errors.FULL)
CLIENT_TOKEN: Final = (
    errors.CLIENT_TOKEN_EXPIRED,
    errors.CLIENT_TOKEN_INVALID,
    errors.CLIENT_TOKEN_REVOKED,
    errors.CLIENT_TOKEN_SESSIONS,
    errors.CLIENT_TOKEN_BYTES,
    errors.CLIENT_TOKEN_VIDEO,
    errors.ORIGIN_REFUSED,
)
"""What a client token may meet where it is used."""
AUTH_ERRORS: Final = (
    errors.SECRET_MISSING,
    errors.BAD_REQUEST,
    errors.CREDENTIAL_INVALID,
    errors.SCOPE_MISSING,
    errors.BODY_MALFORMED,
    errors.TOO_MANY_FAILURES,
    errors.FULL,
)
REVOCATION_ERRORS: Final = (
    errors.CREDENTIAL_INVALID,
    errors.CLIENT_TOKEN_INVALID,
    errors.BODY_MALFORMED,
    errors.TOO_MANY_FAILURES,
    errors.FULL,
)
CLIENT_TOKEN_ERRORS: Final = (
    errors.BAD_REQUEST,
    errors.CREDENTIAL_INVALID,
    errors.SCOPE_MISSING,
    errors.BODY_MALFORMED,
    errors.TOO_MANY_FAILURES,
    errors.TOO_MANY_TOKENS,
    errors.FULL,
)
CREDENTIALS: Final = (
    errors.CREDENTIAL_MISSING,
    errors.CREDENTIAL_INVALID,
    errors.SCOPE_MISSING,
    errors.TOO_MANY_FAILURES,
)
UPLOAD_ERRORS: Final = (
    errors.FILE_MISSING,
    errors.CONTAINER_UNSUPPORTED,
    *CREDENTIALS,
    errors.FILE_TOO_LARGE,
    errors.BODY_MALFORMED,
    errors.UNREADABLE,
    errors.KEY_REVOKED,
    *LET_IN,
    *CLIENT_TOKEN,
)
UPLOAD_ERRORS_V0: Final = (*UPLOAD_ERRORS, errors.FILE_TOO_SMALL)
UPLOAD_ERRORS_V1: Final = (*UPLOAD_ERRORS, errors.FILE_TOO_SHORT, errors.NO_VIDEO)
JOB_ERRORS: Final = (
    errors.FILE_MISSING,
    errors.CONTAINER_UNSUPPORTED,
    errors.FILE_TOO_LONG,
    errors.MODEL_UNUSABLE,
    errors.WAIT_INVALID,
    errors.FILE_TOO_SHORT,
    errors.INCLUDE_UNKNOWN,
    *CREDENTIALS,
    errors.FILE_TOO_LARGE,
    errors.BODY_MALFORMED,
    errors.NO_VIDEO,
    errors.UNREADABLE,
    errors.NO_AUDIO,
    errors.KEY_REVOKED,
    *LET_IN,
    *CLIENT_TOKEN,
    errors.JOBS_FULL,
)
READ_ERRORS: Final = (*CREDENTIALS, errors.NOT_FOUND, errors.JOB_UNKNOWN, *CLIENT_TOKEN, errors.FULL)
WITH_RETRY: Final = {429, 503}
WITH_CHALLENGE: Final = 401


def document() -> Part:
    """Make the document."""
    paths = {
        AUTH_V0: {"post": _auth("auth", "ErrorV0")},
        AUTH_V1: {"post": _auth("auth_v1", "Error")},
        CLIENT_TOKENS: {"post": _client_token()},
        REVOKE_CLIENT_TOKEN: {"post": _revocation()},
        UPLOAD_V0: {"post": _upload_v0()},
        UPLOAD_V1: {"post": _upload_v1()},
        UPLOAD_V2: {"post": _submit()},
        JOB: {"get": _job()},
        HEALTH: {"get": _plain("alive", "It is alive.", closed({"status": {"const": "ok"}}))},
        READY: {"get": _ready()},
        METRICS: {"get": _metrics()},
        OPENAPI: {"get": _plain("openapi", "This document.", {"type": "object"})},
        ASYNCAPI: {"get": _plain("asyncapi", "The AsyncAPI document.", {"type": "object"})},
    }
    return {
        "openapi": "3.1.0",
        "info": {**INFO, "description": "The sockets are described in /asyncapi.json."},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": used(paths),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": (
                        f"A token of POST {AUTH_V0} or {AUTH_V1}, a client token of POST {CLIENT_TOKENS}, or an API "
                        f"key. Scopes: {STREAM_SCOPE}, {UPLOAD_SCOPE}."
                    ),
                },
                "metrics": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The setting metrics_token, where there is one.",
                },
            },
            "headers": {
                "Correlation": {"description": "The id of this request in the log.", "schema": TEXT, "required": True},
                "Retry": {"description": "Seconds to wait, where waiting helps.", "schema": {"type": "integer"}},
                "Challenge": {"description": "How to authenticate.", "schema": TEXT, "required": True},
            },
            "parameters": {
                "ClientRequest": {
                    "name": CLIENT_REQUEST_HEADER,
                    "in": "header",
                    "description": "The client's own id of the request; it goes into the log.",
                    "schema": TEXT,
                }
            },
        },
    }


def _auth(identity: str, error: str) -> Part:
    return {
        "operationId": identity,
        "summary": "A key's id and secret for a token.",
        "parameters": [{"$ref": "#/components/parameters/ClientRequest"}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": reference("TokenRequest")}}},
        "responses": {"200": _answer("A token.", reference("Token")), **_errors(AUTH_ERRORS, error)},
    }


def _client_token() -> Part:
    return {
        "operationId": "client_token",
        "summary": "An API key for a client token: short-lived and capped, for who is not trusted with the key.",
        "parameters": [{"$ref": "#/components/parameters/ClientRequest"}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": reference("ClientTokenRequest")}}},
        "responses": {
            "200": _answer("A client token, and its caps.", reference("ClientToken")),
            **_errors(CLIENT_TOKEN_ERRORS, "Error"),
        },
    }


def _revocation() -> Part:
    done = {name: value for name, value in _answer("It is good for nothing now.", TEXT).items() if name != "content"}
    return {
        "operationId": "revoke_client_token",
        "summary": "End a client token, and the sessions that are open with it. One that has expired is no error.",
        "parameters": [{"$ref": "#/components/parameters/ClientRequest"}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": reference("RevocationRequest")}}},
        "responses": {"204": done, **_errors(REVOCATION_ERRORS, "Error")},
    }


def _upload_v0() -> Part:
    size = f"From {SMALLEST_UPLOAD} to {LARGEST_UPLOAD} bytes"
    part = _takes_file("upload_v0", "Analyse a video file.", size, "UploadRequest")
    part["responses"] = {
        "200": _answer("What was found.", reference("UploadResultV0")),
        **_errors(UPLOAD_ERRORS_V0, "ErrorV0"),
    }
    return part


def _upload_v1() -> Part:
    size = f"{SHORTEST_UPLOAD:g} seconds at least, {LARGEST_UPLOAD} bytes at most"
    part = _takes_file("upload_v1", "Analyse a video file.", size, "UploadRequestV1")
    part["responses"] = {
        "200": _answer("What was found.", reference("UploadResultV1")),
        **_errors(UPLOAD_ERRORS_V1, "Error"),
    }
    return part


def _submit() -> Part:
    size = f"From {SHORTEST_UPLOAD:g} to {LONGEST_JOB:g} seconds, {LARGEST_UPLOAD} bytes at most"
    part = _takes_file("submit_job", "Take a file as a job, to be analysed when there is time.", size, "JobRequest")
    part["description"] += " inter-2-audio listens alone, and takes wav, flac, mp3, m4a and ogg as well."
    part["responses"] = {
        "200": _answer("The job, which is done, or has failed.", reference("Job")),
        "202": _answer("The job, which is not done yet.", reference("Job")),
        **_errors(JOB_ERRORS, "Error"),
    }
    return part


def _job() -> Part:
    identity = {"name": "job_id", "in": "path", "required": True, "schema": TEXT}
    return {
        "operationId": "read_job",
        "summary": "A job as it stands.",
        "description": f"For an hour from its submit, to the key that submitted it. Needs the scope {UPLOAD_SCOPE}.",
        "security": [{"bearer": []}],
        "parameters": [identity, {"$ref": "#/components/parameters/ClientRequest"}],
        "responses": {"200": _answer("The job.", reference("Job")), **_errors(READ_ERRORS, "Error")},
    }


def _takes_file(identity: str, says: str, size: str, form: str) -> Part:
    """An operation that takes a form with a file, without what it answers."""
    lists = [name for name in SCHEMAS[form]["properties"] if name.endswith("[]")]
    content = {"schema": reference(form), "encoding": {name: {"style": "form", "explode": True} for name in lists}}
    return {
        "operationId": identity,
        "summary": says,
        "description": f"{size}; {', '.join(CONTAINERS)}. Needs the scope {UPLOAD_SCOPE}.",
        "security": [{"bearer": []}],
        "parameters": [{"$ref": "#/components/parameters/ClientRequest"}],
        "requestBody": {"required": True, "content": {"multipart/form-data": content}},
    }


def _ready() -> Part:
    body = closed(
        {
            "status": choice(("starting", "no database", *get_args(State))),
            "sessions": {"type": "integer", "minimum": 0},
            "capacity": {"type": "integer", "minimum": 0},
        }
    )
    part = _plain("ready", "A new stream would be let in.", body)
    part["responses"]["503"] = _answer("A new stream would be refused.", body)
    return part


def _metrics() -> Part:
    return {
        "operationId": "metrics",
        "summary": "What is counted and measured, in Prometheus' text format.",
        "security": [{}, {"metrics": []}],
        "responses": {
            "200": _answer("The metrics.", TEXT, "text/plain"),
            **_errors((errors.CREDENTIAL_INVALID,), "ErrorV0"),
        },
    }


def _plain(identity: str, says: str, schema: Part) -> Part:
    return {"operationId": identity, "summary": says, "responses": {"200": _answer(says, schema)}}


def _answer(says: str, schema: Part, kind: str = "application/json") -> Part:
    return {
        "description": says,
        "headers": {CORRELATION_HEADER: {"$ref": "#/components/headers/Correlation"}},
        "content": {kind: {"schema": schema}},
    }


def _errors(known: Iterable[Error], shape: str) -> Part:
    """The errors by status, each with the ids it may have."""
    by_status: dict[int, list[Error]] = {}
    for error in (*known, *ALWAYS):
        by_status.setdefault(error.status, []).append(error)
    return {str(status): _error(status, of, shape) for status, of in sorted(by_status.items())}


def _error(status: int, known: list[Error], shape: str) -> Part:
    identities = choice(dict.fromkeys(error.id for error in known))
    schema = {"allOf": [reference(shape), {"properties": {"error_id": identities}}]}
    part = _answer(" ".join(error.message for error in known), schema)
    if status in WITH_RETRY:
        part["headers"]["Retry-After"] = {"$ref": "#/components/headers/Retry"}
    if status == WITH_CHALLENGE:
        part["headers"]["WWW-Authenticate"] = {"$ref": "#/components/headers/Challenge"}
    return part
