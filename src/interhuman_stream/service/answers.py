"""HTTP answers: JSON, errors in the contract's shape, a correlation id on every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from interhuman_stream.protocol.errors import Error, body, body_v0
from interhuman_stream.protocol.paths import NEWER

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

CORRELATION_HEADER = "X-Correlation-ID"


def correlation_id(connection: HTTPConnection) -> str:
    """The id of this request, the same wherever it is asked for."""
    return str(connection.scope["state"]["correlation_id"])


def refusal(
    connection: HTTPConnection, error: Error, message: str | None = None, retry_after: int | None = None
) -> JSONResponse:
    """An error as the version in the path says it; ``retry_after`` in seconds, where asking again makes sense."""
    shape = body if connection.url.path.startswith(NEWER) else body_v0
    content: dict[str, Any] = shape(error, correlation_id(connection), message)
    answer = JSONResponse(content, status_code=error.status)
    if error.status == 401:  # noqa: PLR2004 - HTTP's own number
        answer.headers["WWW-Authenticate"] = "Bearer"
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer
