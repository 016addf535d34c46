"""HTTP answers: JSON, errors in the contract's shape, a correlation id on every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.websockets import WebSocket

from interhuman_stream.protocol.errors import Error, body, body_v0
from interhuman_stream.protocol.paths import NEWER

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

CORRELATION_HEADER = "X-Correlation-ID"
WHY = "why_refused"
"""In a request's state: what the log says of a refusal."""


def correlation_id(connection: HTTPConnection) -> str:
    """The id of this request, the same wherever it is asked for."""
    return str(connection.scope["state"]["correlation_id"])


def refusal(
    connection: HTTPConnection,
    error: Error,
    message: str | None = None,
    retry_after: int | None = None,
    why: str | None = None,
) -> JSONResponse:
    """An error as the version in the path says it.

    Args:
        connection: Whose request is refused.
        error: What to say.
        message: The same with what is known of this case.
        retry_after: Seconds, where asking again makes sense.
        why: For the log alone, beside the error's id.
    """
    # Not `connection.url`, which is made of the header Host and raises where that is none.
    path: str = connection.scope["path"]
    content: dict[str, Any] = (body if path.startswith(NEWER) else body_v0)(error, correlation_id(connection), message)
    refused(connection, error, why)
    answer = JSONResponse(content, status_code=error.status)
    if error.status == 401:  # noqa: PLR2004 - HTTP's own number
        answer.headers["WWW-Authenticate"] = "Bearer"
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def refused(connection: HTTPConnection, error: Error, why: str | None = None) -> None:
    """Have the log say of a request what it is refused for."""
    connection.scope["state"][WHY] = {"error_id": error.id} | ({"reason": why} if why else {})


async def answer(scope: Scope, receive: Receive, send: Send, response: Response) -> None:
    """Answer a request, or a handshake that comes to nothing."""
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(response)
    else:
        await response(scope, receive, send)
