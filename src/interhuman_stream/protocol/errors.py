"""The catalogue of errors: what each `ihNNNN` means, its HTTP status and its WebSocket close code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from interhuman_stream.protocol.paths import AUTH_V0, AUTH_V1

PAGE: Final = "https://docs.interhuman.ai/api-reference/error-handling"
TITLES: Final = {
    "ih1001": "internal-server-error",
    "ih1002": "too-many-jobs",
    "ih1003": "service-unavailable",
    "ih1004": "job-interrupted",
    "ih2001": "missing-credentials",
    "ih2002": "invalid-credentials",
    "ih2003": "insufficient-scope",
    "ih2005": "missing-key-secret",
    "ih2010": "client-token-expired",
    "ih2011": "client-token-invalid",
    "ih2014": "client-token-revoked",
    "ih3002": "concurrency-limit-exceeded",
    "ih3003": "usage-quota-exceeded",
    "ih3006": "client-token-budget-exceeded",
    "ih4001": "missing-file",
    "ih4002": "unsupported-format",
    "ih4003": "file-too-large",
    "ih4004": "video-too-long",
    "ih4005": "invalid-parameter",
    "ih4007": "video-too-short",
    "ih4021": "job-not-found",
    "ih5001": "no-video-stream",
    "ih5002": "corrupted-video",
    "ih5004": "malformed-segment",
    "ih5008": "no-audio-stream",
    "ih6001": "invalid-session-config",
    "ih6002": "message-too-large",
    "ih6003": "idle-timeout",
    "ih6004": "session-duration-exceeded",
}
"""Titles on the published page, as its anchors have them. Those of ih1001, ih2005, ih5002 and ih6002 have been seen
there; the others say what the id means, and at worst lead to the top of the page."""


@dataclass(frozen=True, slots=True)
class Error:
    """One entry: ``status`` for HTTP, ``close_code`` for a WebSocket where the error ends it, else None."""

    id: str
    status: int
    message: str
    close_code: int | None = None

    @property
    def link(self) -> str:
        """Where the error is explained: the page's own part for it, where the page has one."""
        return f"{PAGE}#{self.id}-{TITLES[self.id]}" if self.id in TITLES else PAGE


INTERNAL: Final = Error("ih1001", 500, "Something went wrong on the server. Try again; if it stays, report it.", 1011)
JOBS_FULL: Final = Error("ih1002", 503, "The service holds as many jobs as it may. Submit the file again later.")
INTERRUPTED: Final = Error(
    "ih1004", 503, "The job was interrupted: the service was stopped before it was done. Submit the file again."
)
FULL: Final = Error("ih1003", 503, "The service cannot take more work now. Try again later.", 1013)
CREDENTIAL_MISSING: Final = Error(
    "ih2001", 401, "A credential is missing. Send the header 'Authorization: Bearer <token>'."
)
CREDENTIAL_INVALID: Final = Error(
    "ih2002", 401, f"The credential is not valid or has expired. Get a new token from POST {AUTH_V0} or {AUTH_V1}."
)
SCOPE_MISSING: Final = Error("ih2003", 403, "The credential does not have the scope this needs.", 4003)
SECRET_MISSING: Final = Error("ih2005", 400, "key_secret is missing. Send key_id, key_secret and scopes as JSON.")
CLIENT_TOKEN_EXPIRED: Final = Error("ih2010", 401, "The client token has expired. Make a new one.")
CLIENT_TOKEN_INVALID: Final = Error("ih2011", 401, "The client token is not valid. Make a new one.")
CLIENT_TOKEN_REVOKED: Final = Error("ih2014", 401, "The client token was revoked. Make a new one.", 1008)
KEY_SESSIONS: Final = Error(
    "ih3002", 429, "This key has as many streams and uploads open as it may. End one, or try again later.", 1013
)
KEY_USE: Final = Error("ih3003", 429, "This key has used up what it may send in an hour. Try again later.", 1013)
CLIENT_TOKEN_SESSIONS: Final = Error(
    "ih3002", 429, "This client token has as many sessions open as it may. End one, or try again later.", 1013
)
CLIENT_TOKEN_BYTES: Final = Error("ih3006", 429, "This client token has sent as many bytes as it may.", 1008)
CLIENT_TOKEN_VIDEO: Final = Error("ih3006", 429, "This client token has used up its seconds of video.", 1008)
TOO_MANY_TOKENS: Final = Error("ih3003", 429, "This key has made too many client tokens. Try again later.")
TOO_MANY_FAILURES: Final = Error("ih3003", 429, "Too many wrong credentials came from this address. Try again later.")
KEY_REVOKED: Final = Error("ih2014", 401, "The key was revoked while the stream was open.", 1008)
MODEL_UNUSABLE: Final = Error("ih4005", 400, "The model is not one of this service's.", 1008)
FILE_MISSING: Final = Error("ih4001", 400, "No file was sent. Send it as multipart/form-data in the field 'file'.")
CONTAINER_UNSUPPORTED: Final = Error(
    "ih4002", 400, "The container is not supported. Send MP4, AVI, MOV, MKV, MPEG-TS or WebM."
)
FILE_TOO_LARGE: Final = Error("ih4003", 413, "The file is larger than 33554432 bytes (32 MB). Send a shorter part.")
FILE_TOO_LONG: Final = Error("ih4004", 400, "The file is longer than 1800 seconds (30 minutes). Send it in parts.")
WAIT_INVALID: Final = Error("ih4005", 400, "wait_seconds must be whole seconds from 0 to 120.")
FILE_TOO_SHORT: Final = Error("ih4007", 400, "The file holds less than 3 seconds of media. Send at least 3 seconds.")
JOB_UNKNOWN: Final = Error("ih4021", 404, "There is no such job: its id is another's, or unknown, or it has expired.")
NO_VIDEO: Final = Error("ih5001", 422, "There is no video in what was sent.")
UNREADABLE: Final = Error("ih5002", 422, "The file cannot be read as video. Check that it plays, and send it again.")
NO_AUDIO: Final = Error("ih5008", 422, "The file has no track of sound, or nothing in it can be heard.")
SEGMENT_MALFORMED: Final = Error("ih5004", 422, "The segment cannot be decoded.")
SESSION_CONFIG: Final = Error("ih6001", 400, "The session cannot be configured so.")
SEGMENT_TOO_LARGE: Final = Error("ih6002", 413, "The message is too large.")
IDLE: Final = Error("ih6003", 408, "No frame came for too long.", 1001)
TOO_LONG: Final = Error("ih6004", 408, "The session has lasted as long as one may.", 1001)

# Not in the published list, which has no id for them: what HTTP itself says.
INCLUDE_UNKNOWN: Final = Error("ih4000", 400, "A value of include[] is not known.")
BAD_REQUEST: Final = Error("ih4000", 400, "A parameter is not valid.")
BODY_MALFORMED: Final = Error("ih4000", 422, "The body is malformed.")
FILE_TOO_SMALL: Final = Error("ih4000", 400, "The file is smaller than 10000 bytes. Send at least a few seconds.")
ORIGIN_REFUSED: Final = Error("ih4000", 403, "Pages of this origin may not use the service.")
NOT_FOUND: Final = Error("ih4000", 404, "There is nothing at this address.")
METHOD_NOT_ALLOWED: Final = Error("ih4000", 405, "This address does not take this method.")


def body(error: Error, correlation_id: str, message: str | None = None) -> dict[str, Any]:
    """The JSON body of an HTTP error; ``message`` replaces the catalogue's where more is known."""
    return {
        "error_id": error.id,
        "correlation_id": correlation_id,
        "link": error.link,
        "message": message or error.message,
    }


def body_v0(error: Error, correlation_id: str, message: str | None = None) -> dict[str, Any]:
    """The body of v0: the same, and the shape it had before March 2026 beside it."""
    new = body(error, correlation_id, message)
    return new | {"detail": new["message"], "status_code": error.status, "extra": {"error_id": error.id}}
