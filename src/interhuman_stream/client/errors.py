"""What can go wrong on the client's side, as one tree.

ClientError
 ├── InvalidAddress           the server's address cannot be used
 ├── MissingCredentials       nothing to authenticate with was given
 ├── ConnectionFailed         the server cannot be reached
 │    └── ConnectionLost      an open stream ended before it was finished
 ├── ApiError                 the server answered with an HTTP error
 │    ├── Unauthorized        401: the credential is missing, wrong or expired
 │    └── Forbidden           403: the credential lacks the scope
 ├── NotJson                  a message or body that was asked for as a JSON object is none
 └── SourceError              the source holds no media, or cannot be read
      ├── SourceBroken        the source broke off; what came before has been given
      └── MediaSupportMissing PyAV is not installed
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from interhuman_stream.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN_BODY: Final = 300
"""Characters of a body that is no API error body which a message repeats."""


class ClientError(Fault):
    """Base of everything the client raises on purpose."""


class InvalidAddress(ClientError):  # noqa: N818 - the tree's names say what is the case, as the wire's own do
    """The server's address cannot be used; the message gives one that could."""


class MissingCredentials(ClientError):  # noqa: N818 - as above
    """Nothing to authenticate with was given; the message names what can be."""


class ConnectionFailed(ClientError):  # noqa: N818 - as above
    """The server cannot be reached, or did not answer in time."""


class ConnectionLost(ConnectionFailed):
    """An open stream ended before it was finished.

    Attributes:
        code: The close code of RFC 6455; 1006 where the connection broke without one.
        reason: What the server gave as the reason; often empty.
    """

    def __init__(self, code: int, reason: str) -> None:
        said = f": {reason}" if reason else ""
        super().__init__(f"the server ended the stream (close code {code}{said}); open a new stream to go on")
        self.code = code
        self.reason = reason


class ApiError(ClientError):
    """The server answered with an HTTP error.

    Attributes:
        status: The HTTP status.
        error_id: The `ihNNNN` of the body, or None.
        correlation_id: What to name to the server's operator, or None.
        body: The body, byte for byte.
    """

    advice = ""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        fields = _fields(body)
        self.status = status
        self.body = body
        self.error_id = fields.get("error_id")
        self.correlation_id = fields.get("correlation_id") or headers.get("X-Correlation-ID")
        message = fields.get("message") or fields.get("detail") or body.decode(errors="replace").strip()[:SHOWN_BODY]
        identity = f" {self.error_id}" if self.error_id else ""
        trace = f" (correlation id {self.correlation_id})" if self.correlation_id else ""
        parts = [f"the server answered {status}{identity}", message, self.advice]
        super().__init__(": ".join(part.rstrip(".") for part in parts if part) + trace)


class Unauthorized(ApiError):  # noqa: N818 - as above
    """401: the credential is missing, wrong or expired."""

    advice = "check the key id and secret, the API key or the token"


class Forbidden(ApiError):  # noqa: N818 - as above
    """403: the credential lacks the scope."""

    advice = "ask for a credential with the scope this needs (interhumanai.stream or interhumanai.upload)"


class NotJson(ClientError):  # noqa: N818 - as above
    """A message or body that was asked for as a JSON object is none; its bytes are still there as received."""


class SourceError(ClientError):
    """The source holds no media, or cannot be read."""


class SourceBroken(SourceError):  # noqa: N818 - as above
    """The source broke off on the way; what came before has been given."""


class MediaSupportMissing(SourceError):  # noqa: N818 - as above
    """PyAV is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "cutting media into segments needs PyAV, which is not installed: pip install 'interhuman-stream[media]'"
        )


def api_error(status: int, headers: Mapping[str, str], body: bytes) -> ApiError:
    """Give the error that fits an HTTP status of 400 or more."""
    kinds: dict[int, type[ApiError]] = {401: Unauthorized, 403: Forbidden}
    return kinds.get(status, ApiError)(status, headers, body)


def _fields(body: bytes) -> dict[str, str]:
    """Give the text fields of an API error body; nothing where it is none."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(parsed, dict):
        return {}
    return {name: value for name, value in parsed.items() if isinstance(value, str)}
