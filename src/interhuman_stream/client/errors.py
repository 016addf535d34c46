"""What can go wrong on the client's side, as one tree.

ClientError
 ├── InvalidAddress           the server's address cannot be used
 │    └── InvalidProxy        what should name the proxy in front of it names none
 ├── MissingCredentials       nothing to authenticate with was given
 ├── ConnectionFailed         the server cannot be reached
 │    ├── ProxyFailed         the proxy in front of it cannot be reached, or refuses
 │    └── ConnectionLost      an open stream ended before it was finished
 ├── ApiError                 the server answered with an HTTP error
 │    ├── Unauthorized        401: the credential is missing, wrong or expired
 │    ├── Forbidden           403: the credential lacks the scope
 │    ├── NotOpened           2xx: an answer where a stream should have been opened
 │    └── Redirected          3xx: it sends us to another address
 ├── UnusableAnswer           an answer is larger than is taken, or compressed unasked
 ├── JobPending               a job was not over in time; it goes on
 ├── NotJson                  a message or body that was asked for as a JSON object is none
 ├── NotWritten               what came cannot be written where it should go
 └── SourceError              the source holds no media, or cannot be read
      ├── SourceBroken        the source broke off; what came before has been given
      └── MediaSupportMissing PyAV is not installed
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from interhuman_stream.bounds import read_json
from interhuman_stream.faults import Fault
from interhuman_stream.plain import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interhuman_stream.client.answer import Answer

SHOWN_BODY: Final = 300
"""Characters of a body that is no API error body which a message repeats."""
SHOWN_WORDS: Final = 1000
"""Characters of the server's own words which a message repeats."""


class ClientError(Fault):
    """Base of everything the client raises on purpose.

    The message may repeat what a server said, and may be printed by anybody: it is on one line, and what steers a
    terminal stands in it as an escape. The attributes hold the server's words as they came.
    """

    def __init__(self, message: str) -> None:
        super().__init__(sentence(message))


class InvalidAddress(ClientError):  # noqa: N818 - the tree's names say what is the case, as the wire's own do
    """The server's address cannot be used; the message gives one that could."""


class InvalidProxy(InvalidAddress):
    """What should name the proxy in front of the server names none; the message says which variable does."""


class MissingCredentials(ClientError):  # noqa: N818 - as above
    """Nothing to authenticate with was given; the message names what can be."""


class ConnectionFailed(ClientError):  # noqa: N818 - as above
    """The server cannot be reached, or did not answer in time."""


class ProxyFailed(ConnectionFailed):
    """The proxy in front of the server cannot be reached, or refuses; the message says which variable names it."""


class ConnectionLost(ConnectionFailed):
    """An open stream ended before it was finished.

    Attributes:
        code: The close code of RFC 6455; 1006 where the connection broke without one.
        reason: What the server gave as the reason; often empty. Where it was left, why.
        left: Whether it was us who ended the stream, for what the server sent.
    """

    def __init__(self, code: int, reason: str, *, left: bool = False) -> None:
        said = f": {reason}" if reason else ""
        if left:
            message = f"the server sent what is not taken, and was left (close code {code}{said}); ask who runs it"
        else:
            message = f"the server ended the stream (close code {code}{said}); open a new stream to go on"
        super().__init__(message)
        self.left = left
        self.code = code
        self.reason = reason


class ApiError(ClientError):
    """The server answered with an HTTP error.

    Attributes:
        status: The HTTP status.
        error_id: The `ihNNNN` of the body, or None.
        correlation_id: What to name to the server's operator, or None.
        body: The body, byte for byte; of more than a mebibyte the beginning, and nothing of one that is compressed.
    """

    advice = ""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        fields = _fields(body)
        self.status = status
        self.body = body
        self.error_id = fields.get("error_id")
        self.correlation_id = fields.get("correlation_id") or headers.get("X-Correlation-ID")
        words = (fields.get("message") or fields.get("detail") or "")[:SHOWN_WORDS]
        message = words or body[: 4 * SHOWN_BODY].decode(errors="replace").strip()[:SHOWN_BODY]
        identity = f" {self.error_id[:SHOWN_BODY]}" if self.error_id else ""
        trace = f" (correlation id {self.correlation_id[:SHOWN_BODY]})" if self.correlation_id else ""
        parts = [f"the server answered {status}{identity}", message, self.advice]
        super().__init__(": ".join(part.rstrip(".") for part in parts if part) + trace)


class Unauthorized(ApiError):  # noqa: N818 - as above
    """401: the credential is missing, wrong or expired."""

    advice = "check the key id and secret, the API key or the token"


class Forbidden(ApiError):  # noqa: N818 - as above
    """403: the credential lacks the scope."""

    advice = "ask for a credential with the scope this needs (interhumanai.stream or interhumanai.upload)"


class Redirected(ApiError):  # noqa: N818 - as above
    """3xx: the server sends us to another address, which is not followed: a credential is for the one that was given.

    Attributes:
        location: The address, as it would have to be asked; empty where the server names none.
    """

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes, address: str) -> None:
        location = headers.get("Location") or ""
        try:
            self.location = urljoin(address, location) if location else ""
            self.advice = _other_address(address, self.location)
        except ValueError:  # it sends us to what is no address
            self.location, self.advice = location, _other_address(address, "")
        super().__init__(status, headers, b"")  # the body is for people with a browser
        self.body = body


class NotOpened(ApiError):  # noqa: N818 - as above
    """An answer that is no refusal, and opens no stream either."""

    advice = "that opens no stream; check that the address is the API's"


class UnusableAnswer(ClientError):  # noqa: N818 - as above
    """An answer is larger than is taken, or compressed though nobody asked for it; the message says which."""


class JobPending(ClientError):  # noqa: N818 - as above
    """A job was not over in time. It goes on, and can be read until it expires.

    Attributes:
        job: The last answer.
        job_id: The job.
    """

    def __init__(self, job: Answer, job_id: str, status: str, timeout: float) -> None:
        super().__init__(
            f"job {job_id} is still {status} after {timeout:g} s; it goes on, so read it later, or wait longer"
        )
        self.job = job
        self.job_id = job_id


class NotJson(ClientError):  # noqa: N818 - as above
    """A message or body that was asked for as a JSON object is none; its bytes are still there as received."""


class NotWritten(ClientError):  # noqa: N818 - as above
    """What came cannot be written where it should go: a full disk, a closed file."""


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


def api_error(status: int, headers: Mapping[str, str], body: bytes, address: str) -> ApiError:
    """Give the error that fits an HTTP status which is no success.

    Args:
        status: The HTTP status.
        headers: The answer's headers.
        body: Its body.
        address: What was asked, against which a redirect is read.
    """
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP's own classes of answers
        return Redirected(status, headers, body, address)
    if status < 300:  # noqa: PLR2004 - as above
        return NotOpened(status, headers, body)
    kinds: dict[int, type[ApiError]] = {401: Unauthorized, 403: Forbidden}
    return kinds.get(status, ApiError)(status, headers, body)


def _other_address(asked: str, location: str) -> str:
    """Say where a redirect leads, and what to set so that it is asked there."""
    if not location:
        return f"it sends us elsewhere and does not say where; check that {asked} is the API's"
    there, path = urlsplit(location), re.search(r"/v\d+/.*", urlsplit(asked).path)
    base = "the base address of the API"
    if path and there.path.endswith(path[0]):
        scheme = there.scheme.replace("ws", "http", 1)
        base = urlunsplit((scheme, there.netloc, there.path.removesuffix(path[0]), "", ""))
    return (
        f"it sends us to {location}, which is not followed, for a credential is only for the address that was given; "
        f"if that is the API, set INTERHUMAN_API_URL (or --url) to {base}"
    )


def _fields(body: bytes) -> dict[str, str]:
    """Give the text fields of an API error body; nothing where it is none."""
    try:
        parsed = read_json(body)
    except ValueError:
        return {}
    if not isinstance(parsed, dict):
        return {}
    return {name: value for name, value in parsed.items() if isinstance(value, str)}
