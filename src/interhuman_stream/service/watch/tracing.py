"""Traces for OpenTelemetry: a span a request or stream, in it one a segment, in that one a stage.

Off unless an address to send them to is configured; nothing of OpenTelemetry is imported before. A span holds sizes,
numbers and times, and nothing that was seen, heard, said or found.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import structlog
from starlette.datastructures import Headers

from interhuman_stream import __version__
from interhuman_stream.protocol.paths import shown
from interhuman_stream.service.client_text import noted
from interhuman_stream.service.middleware import CLIENT_REQUEST_HEADER, QUIET
from interhuman_stream.service.settings import SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.trace import Span, Tracer
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from interhuman_stream.findings import Spent, Stage
    from interhuman_stream.service.settings import Settings

log = structlog.get_logger()
ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""OpenTelemetry's own variables; its others count as well, such as OTEL_SERVICE_NAME and OTEL_TRACES_SAMPLER."""
NOT_INSTALLED: Final = "is given, but OpenTelemetry is not installed; run: pip install 'interhuman-stream[telemetry]'"
PREFIX: Final = "interhuman"
LAST_WORDS: Final = 2.0
"""Seconds."""
NANO: Final = 1_000_000_000
SILENT: Final[dict[str, Any]] = {"record_exception": False, "set_status_on_exception": False}
"""What an exception says may be about somebody's media; the log has the trace."""
UNMATCHED: Final = {0, 404, 405}

_tracer: ContextVar[Tracer | None] = ContextVar("tracer", default=None)


class Tracing:
    """Makes spans and sends them; does nothing where no address is configured.

    Raises:
        SettingError: An address is set, but the packages are not installed.
    """

    def __init__(self, settings: Settings) -> None:
        self._provider: Any = None
        self.tracer: Tracer | None = None
        if not (settings.otlp_endpoint or any(os.environ.get(name) for name in ENDPOINTS)):
            return
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - see top
            from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource  # noqa: PLC0415
            from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
            from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        except ImportError as error:
            if settings.otlp_endpoint:
                raise SettingError("otlp_endpoint", NOT_INSTALLED) from error
            log.warning("no traces", reason=f"an address for them {NOT_INSTALLED}")
            return
        named = {SERVICE_VERSION: __version__}
        if not os.environ.get("OTEL_SERVICE_NAME"):
            named[SERVICE_NAME] = "interhuman-stream"
        address = f"{settings.otlp_endpoint.rstrip('/')}/v1/traces" if settings.otlp_endpoint else None
        self._provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address)))
        self.tracer = self._provider.get_tracer(__name__, __version__)

    def stop(self) -> None:
        """Send what is left. Blocks for ``LAST_WORDS`` at the longest: a collector that is gone keeps nobody here."""
        if self._provider is not None:
            sending = threading.Thread(target=self._provider.shutdown, daemon=True)
            sending.start()
            sending.join(LAST_WORDS)


class Traced:
    """Puts a span around every request and stream, below the caller's own where it names one (`traceparent`)."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        tracer = self._tracing.tracer
        if tracer is None or scope["type"] not in {"http", "websocket"} or scope["path"].startswith(QUIET):
            await self._app(scope, receive, send)
            return
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                status = message["status"]
            elif message["type"] == "websocket.accept":
                status = 101
            await send(message)

        with _request(tracer, scope) as span:
            try:
                await self._app(scope, receive, watched)
            finally:
                # Only paths that exist: others would be as many names as anyone can think of.
                where = shown(scope["path"]) if status not in UNMATCHED else "unknown"
                span.update_name(f"{scope.get('method', 'WEBSOCKET')} {where}")
                span.set_attribute("http.response.status_code", status)


@contextlib.contextmanager
def _request(tracer: Tracer, scope: Scope) -> Iterator[Span]:
    from opentelemetry.trace import SpanKind, format_trace_id  # noqa: PLC0415 - see top
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    headers = Headers(scope=scope)
    caller = TraceContextTextMapPropagator().extract(dict(headers))
    attributes = {
        "http.request.method": scope.get("method", "GET"),
        f"{PREFIX}.correlation_id": scope["state"]["correlation_id"],
    }
    if given := headers.get(CLIENT_REQUEST_HEADER):
        attributes[f"{PREFIX}.client_request_id"] = noted(given)
    kept = _tracer.set(tracer)
    try:
        with tracer.start_as_current_span("request", caller, SpanKind.SERVER, attributes, **SILENT) as span:
            # For the rest of the request, the line about it included; its task ends with it.
            structlog.contextvars.bind_contextvars(trace_id=format_trace_id(span.get_span_context().trace_id))
            yield span
    finally:
        _tracer.reset(kept)


@contextlib.contextmanager
def segment(number: int, size: int, taken: float) -> Iterator[None]:
    """Put a span around the analysis of a segment that was ``taken`` in at that `perf_counter`."""
    tracer = _tracer.get()
    if tracer is None:
        yield
        return
    attributes = {f"{PREFIX}.segment": number, f"{PREFIX}.bytes": size}
    waited = time.perf_counter() - taken
    start = time.time_ns() - int(waited * NANO)
    with tracer.start_as_current_span("segment", attributes=attributes, start_time=start, **SILENT):
        tracer.start_span("wait", start_time=start).end(start + int(waited * NANO))
        yield


def analysed(stages: Mapping[str, Stage], spent: Spent) -> None:
    """Add the stages of an analysis that has just ended, and that took ``spent``, to the span it is in."""
    tracer = _tracer.get()
    if tracer is None:
        return
    began = time.time_ns() - int(spent.wall * NANO)
    for name, stage in stages.items():
        start = began + int(stage.began * NANO)
        tracer.start_span(name, start_time=start).end(start + int(stage.wall * NANO))


def failed(outcome: str) -> None:
    """Mark the segment or request at hand as failed."""
    if _tracer.get() is None:
        return
    from opentelemetry.trace import StatusCode, get_current_span  # noqa: PLC0415 - see top

    get_current_span().set_status(StatusCode.ERROR, outcome)
