"""The application: routes, what they share, and how errors look."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import secrets
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from interhuman_stream.protocol import errors, paths
from interhuman_stream.service.access.audit import Audit
from interhuman_stream.service.access.auth import Guard, Refused
from interhuman_stream.service.access.endpoints import auth, client_token, page_token, revoke_client_token
from interhuman_stream.service.access.executors import Database
from interhuman_stream.service.access.origins import Origins
from interhuman_stream.service.access.page import PageAccess
from interhuman_stream.service.access.quota import Quota
from interhuman_stream.service.access.store import Store
from interhuman_stream.service.access.throttle import Throttle
from interhuman_stream.service.answers import refusal
from interhuman_stream.service.client_text import Border
from interhuman_stream.service.context import Service, service_of
from interhuman_stream.service.documents import asyncapi, openapi
from interhuman_stream.service.forwarded import Forwarded
from interhuman_stream.service.jobs.queue import JobQueue
from interhuman_stream.service.jobs.routes import job, submit
from interhuman_stream.service.live.capacity import StreamCapacity
from interhuman_stream.service.live.sessions import RETRY_AFTER, Sessions
from interhuman_stream.service.live.stream import stream_v0, stream_v1, stream_v2
from interhuman_stream.service.live.upload import upload_v0, upload_v1
from interhuman_stream.service.live.waits import Waits
from interhuman_stream.service.middleware import Correlation, Faults, Safety
from interhuman_stream.service.watch.metrics import Metrics
from interhuman_stream.service.watch.tracing import Traced, Tracing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from interhuman_stream.engine.pool import Engine
    from interhuman_stream.service.settings import Settings

log = structlog.get_logger()
WEB = Path(str(files("interhuman_stream.service") / "web"))


def create_app(settings: Settings, engine: Engine) -> Starlette:
    """Make the ASGI application. The engine starts before the first request is taken and stops after the last."""
    capacity, waits, quota = StreamCapacity(engine.capacity), Waits(), Quota()
    sessions = Sessions(settings.max_sessions, capacity, quota, waits)
    store = Store(settings.data_dir, settings.database_url)
    database = Database(store.look)
    guard = Guard(store, Throttle(settings.wrong_credentials), Audit(store, settings.audit_days))
    page = PageAccess(guard, settings.host, offered=settings.page_tokens)
    metrics = Metrics(sessions, capacity)
    holder = secrets.token_hex(8)
    jobs = JobQueue(
        engine,
        store.jobs(holder),
        database.door,
        sessions,
        settings.held_jobs,
        settings.held_job_bytes,
        metrics.finished,
    )
    metrics.held_jobs.set_function(lambda: jobs.held)
    engine.lost, engine.replaced = metrics.lost, metrics.replaced
    service = Service(settings, engine, store, capacity, waits, quota, sessions, jobs, metrics, guard, page, database)
    tracing = Tracing(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await engine.start()
        capacity.expect()
        if engine.unconfined:
            log.warning("workers are confined less than they could be", lacking=engine.unconfined)
        jobs.start()
        try:
            yield
        finally:
            await jobs.stop()
            await engine.stop()
            database.close()
            await asyncio.to_thread(guard.audit.close)
            store.close()
            await asyncio.to_thread(tracing.stop)

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        middleware=_middleware(service, tracing),
        exception_handlers={Refused: _refused, HTTPException: _http_error},
    )
    # Starlette's own answer to a socket for which there is no route is 403, which clients take for a bad credential.
    app.router.default = _nowhere
    app.state.service = service
    return app


def _routes() -> list[BaseRoute]:
    return [
        Route("/", _page, methods=["GET"]),
        Route(paths.PAGE_TOKEN, page_token, methods=["POST"]),
        WebSocketRoute(f"{paths.WEB}/{{path:path}}", _no_socket),
        Mount(paths.WEB, StaticFiles(directory=WEB)),
        Route(paths.HEALTH, _health, methods=["GET"]),
        Route(paths.READY, _ready, methods=["GET"]),
        Route(paths.METRICS, _metrics, methods=["GET"]),
        Route(paths.OPENAPI, _openapi, methods=["GET"]),
        Route(paths.ASYNCAPI, _asyncapi, methods=["GET"]),
        Route(paths.AUTH_V0, auth, methods=["POST"]),
        Route(paths.AUTH_V1, auth, methods=["POST"]),
        Route(paths.CLIENT_TOKENS, client_token, methods=["POST"]),
        Route(paths.REVOKE_CLIENT_TOKEN, revoke_client_token, methods=["POST"]),
        Route(paths.UPLOAD_V0, upload_v0, methods=["POST"]),
        Route(paths.UPLOAD_V1, upload_v1, methods=["POST"]),
        Route(paths.UPLOAD_V2, submit, methods=["POST"]),
        Route(paths.JOB, job, methods=["GET"]),
        WebSocketRoute(paths.STREAM_V0, stream_v0),
        WebSocketRoute(paths.STREAM_V1, stream_v1),
        WebSocketRoute(paths.STREAM_V2, stream_v2),
    ]


def _middleware(service: Service, tracing: Tracing) -> list[Middleware]:
    """What is around every request and socket, from the outside in."""
    settings, database, store = service.settings, service.database, service.store
    return [
        Middleware(Correlation),
        Middleware(Forwarded, settings.forwarded_allow_ips),
        Middleware(Safety, settings.hsts_seconds),
        Middleware(Faults),
        Middleware(Border),
        Middleware(Traced, tracing),
        Middleware(Origins, settings.allow_origins, lambda origin: database.door(store.client_tokens.named, origin)),
        Middleware(Faults),
    ]


async def _page(_request: Request) -> Response:
    return FileResponse(WEB / "index.html")


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> Response:
    """Whether a new stream would be let in and analysed: engine and database are there, and there is room."""
    service = service_of(request)
    sessions = service.sessions
    state: str = sessions.state if service.engine.ready else "starting"
    if state != "draining" and not await service.database.there():
        state = "no database"
    status = 200 if state == "ready" else 503
    body = {"status": state, "sessions": sessions.open, "capacity": sessions.most}
    headers = {} if state == "ready" else {"Retry-After": str(RETRY_AFTER)}
    return JSONResponse(body, status_code=status, headers=headers)


async def _metrics(request: Request) -> Response:
    token = service_of(request).settings.metrics_token
    given = request.headers.get("authorization", "")
    if token is not None and not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise Refused(errors.CREDENTIAL_INVALID, "The metrics need the header 'Authorization: Bearer <metrics token>'.")
    return Response(service_of(request).metrics.text(), media_type=CONTENT_TYPE_LATEST)


async def _openapi(_request: Request) -> Response:
    return JSONResponse(openapi.document())


async def _asyncapi(request: Request) -> Response:
    return JSONResponse(asyncapi.document(request.url.netloc, encrypted=request.url.scheme == "https"))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for this class alone
    return refusal(request, error.error, error.message, error.retry_after, error.why)


async def _no_socket(socket: WebSocket) -> None:
    await socket.send_denial_response(refusal(socket, errors.NOT_FOUND))


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _no_socket(WebSocket(scope, receive, send))
        return
    raise HTTPException(errors.NOT_FOUND.status)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    known = {404: errors.NOT_FOUND, 405: errors.METHOD_NOT_ALLOWED}.get(error.status_code, errors.BAD_REQUEST)
    answer = refusal(request, known)
    answer.headers.update(error.headers or {})
    return answer
