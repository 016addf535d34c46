"""What is around every request and socket: correlation id and log line, the headers of safety, and the last catch."""

from __future__ import annotations

import time
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.websockets import WebSocketDisconnect
from uvicorn.protocols.utils import ClientDisconnected

from interhuman_stream.protocol import errors, paths
from interhuman_stream.service.access.executors import DatabaseAway
from interhuman_stream.service.answers import CORRELATION_HEADER, WHY, answer, correlation_id, refusal
from interhuman_stream.service.client_text import noted
from interhuman_stream.service.live.sessions import RETRY_AFTER
from interhuman_stream.service.watch.refusals import Refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()
CLIENT_REQUEST_HEADER: Final = "X-Client-Request-Id"
ANSWERS: Final = {"http.response.start", "websocket.http.response.start"}
QUIET: Final = (paths.HEALTH, paths.READY, paths.METRICS, f"{paths.WEB}/")
DATABASE_AWAY: Final = "The service cannot look credentials up now. Try again later."

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAFETY: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every answer, as the page and what is no page need the same."""


class Correlation:
    """Gives every request and socket an id, which stands on its HTTP answer and on every line of the log about it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._refusals = Refusals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        identity = uuid.uuid4().hex
        scope.setdefault("state", {})["correlation_id"] = identity
        status = 0

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] in {*ANSWERS, "websocket.accept"}:
                MutableHeaders(scope=message)[CORRELATION_HEADER] = identity
                status = message.get("status", 101)
            await send(message)

        named = {"correlation_id": identity}
        if given := Headers(scope=scope).get(CLIENT_REQUEST_HEADER):
            named["client_request_id"] = noted(given)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(**named):
            try:
                await self._app(scope, receive, marked)
            finally:
                self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """One line a request, and one a session that was refused; those that open have lines of their own.

        Where there are many refusals, their number stands for the rest.
        """
        why = scope["state"].get(WHY)
        if scope["type"] == "websocket" and status == HTTPStatus.SWITCHING_PROTOCOLS and why is None:
            return
        refused = why is not None or status >= HTTPStatus.BAD_REQUEST
        if not refused or status == HTTPStatus.INTERNAL_SERVER_ERROR or self._refusals.wanted(status):
            _say(scope, status, seconds, why or {})


def _say(scope: Scope, status: int, seconds: float, why: Mapping[str, str]) -> None:
    # As it came over the wire, not decoded: a path cannot break the line. The query is nobody's business.
    path = noted(paths.shown(scope.get("raw_path", b"").split(b"?")[0].decode("latin-1")))
    level = log.debug if path.startswith(QUIET) else log.info
    method = scope.get("method", "WEBSOCKET")
    level("request", method=method, path=path, status=status, seconds=round(seconds, 3), **why)


class Safety:
    """Puts the headers of safety on every HTTP answer."""

    def __init__(self, app: ASGIApp, hsts_seconds: int) -> None:
        self._app = app
        self._hsts = f"max-age={hsts_seconds}" if hsts_seconds else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        encrypted = scope.get("scheme") in {"https", "wss"}

        async def safe(message: Message) -> None:
            if message["type"] in ANSWERS:
                headers = MutableHeaders(scope=message)
                for name, value in SAFETY.items():
                    headers.setdefault(name, value)
                # Files of the page are asked for again with their tag; of all else nothing is kept.
                headers.setdefault("Cache-Control", "no-cache" if "etag" in headers else "no-store")
                if self._hsts and encrypted:
                    headers.setdefault("Strict-Transport-Security", self._hsts)
            await send(message)

        await self._app(scope, receive, safe)


class Faults:
    """Answers what nobody foresaw with 500 in the contract's shape, and 503 while the database is away.

    There are two: one around all that may fail, and one within, whose answers pages of other origins can read.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        answered = False

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except (ClientDisconnect, WebSocketDisconnect, ClientDisconnected):  # before it was told something, or over it
            log.info("client gone")
        except Exception as error:  # noqa: BLE001 - whatever it is, the client is told and the log has it
            response = _told(HTTPConnection(scope), error)
            if answered:
                raise Unfinished from None  # too late to say anything; the server cuts the connection
            await answer(scope, receive, send, response)


class Unfinished(Exception):  # noqa: N818 - reads as what happened
    """An answer or a stream had begun when something failed, of which the log has the trace."""


def _told(connection: HTTPConnection, error: Exception) -> Response:
    if isinstance(error, Unfinished):
        return refusal(connection, errors.INTERNAL)
    if isinstance(error, DataError):
        # What a client wrote, and no column takes. The border lets none through that is known.
        log.warning("the database does not take what was sent")
        return refusal(connection, errors.BAD_REQUEST, why="data")
    if isinstance(error, SQLAlchemyError):
        # Its class alone: what it says may hold what was asked for.
        if not isinstance(error, DatabaseAway):  # of which there is a line already
            log.error("the database fails", error=type(error).__name__)
        return refusal(connection, errors.FULL, DATABASE_AWAY, RETRY_AFTER, "database")
    log.error("request failed", correlation_id=correlation_id(connection), exc_info=error)
    return refusal(connection, errors.INTERNAL)
