"""Traces, as a collector on this machine gets them."""

from __future__ import annotations

import asyncio
import http.server
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from interhuman_stream.analysis.model_files import WHISPER, locate
from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.faults import ModelMissing
from tests.conftest import ROOT
from tests.service.live.test_stream import answers, opened
from tests.service.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CALLER = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@contextmanager
def collecting() -> Iterator[tuple[str, list[Any]]]:
    """A collector: its address, and the spans it was sent."""
    service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    pytest.importorskip("opentelemetry.sdk")
    spans: list[Any] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                import gzip  # noqa: PLC0415 - an exporter's choice

                body = gzip.decompress(body)
            asked = service.ExportTraceServiceRequest.FromString(body)
            assert self.path == "/v1/traces"
            spans.extend(span for one in asked.resource_spans for scope in one.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", spans
    server.shutdown()
    server.server_close()


def attributes(span: Any) -> dict[str, Any]:
    """Give a span's attributes."""
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


@pytest.mark.slow
def test_a_stream_is_a_span_with_its_segments_and_their_stages(tmp_path: Path, sample_segments: list[bytes]) -> None:
    try:
        locate(WHISPER)
    except ModelMissing as error:
        pytest.skip(str(error))
    with collecting() as (address, spans), serving(tmp_path, LocalEngine(workers=1), otlp_endpoint=address) as running:
        token = running.token()

        async def stream() -> tuple[str, str]:
            async with opened(running) as socket:
                for frame in (sample_segments[0], bytes(20_000)):
                    await socket.send(frame)
                said = await answers(socket, 2)
                assert socket.response is not None
                return socket.response.headers["X-Correlation-ID"], json.dumps(said)

        identity, said = asyncio.run(stream())
        headers = {
            "Authorization": f"Bearer {token}",
            "traceparent": f"00-{CALLER}-{PARENT}-01",
            "X-Client-Request-Id": "mine",
        }
        httpx.post(f"{running.url}/v0/upload/analyze", headers=headers, files={"file": sample_segments[0]}, timeout=60)
        httpx.get(f"{running.url}/what-anyone-can-think-of")
        httpx.get(f"{running.url}/healthz")
    names = {span.span_id: span.name for span in spans}
    stream_span = next(span for span in spans if span.name == "WEBSOCKET /v0/stream/analyze")
    assert attributes(stream_span)["interhuman.correlation_id"] == identity
    first, second = sorted(
        (span for span in spans if span.parent_span_id == stream_span.span_id),
        key=lambda span: attributes(span)["interhuman.segment"],
    )
    assert attributes(first) == {"interhuman.segment": 1, "interhuman.bytes": len(sample_segments[0])}
    inside = {span.name for span in spans if span.parent_span_id == first.span_id}
    assert {"wait", "face", "voice", "words", "judge"} <= inside
    assert (second.status.code, second.status.message) == (2, "malformed")
    upload = next(span for span in spans if span.name == "POST /v0/upload/analyze")
    assert (upload.trace_id.hex(), upload.parent_span_id.hex()) == (CALLER, PARENT)
    assert attributes(upload)["interhuman.client_request_id"] == "mine"
    assert "GET unknown" in names.values()
    assert not [name for name in names.values() if "healthz" in name or "think" in name]
    # Nothing of what was seen, heard or found; and no secret.
    everything = "".join(str(span) for span in spans)
    assert token not in everything
    for signal in json.loads(said)[1].get("signals", []):
        assert signal["type"] not in everything
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in spans)


def test_nothing_of_it_is_loaded_where_no_traces_are_wanted(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from interhuman_stream.service.app import create_app\n"
        "from tests.service.serving import NoEngine\n"
        "from interhuman_stream.service.settings import Settings\n"
        f"create_app(Settings(pathlib.Path({str(tmp_path)!r})), NoEngine())\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])\n"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "INTERHUMAN_"))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean, cwd=ROOT)
    assert done.stdout.strip() == "[]"
