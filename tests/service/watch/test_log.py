"""The log tells what happened and nothing of anyone's video or secrets."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import structlog
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from interhuman_stream.protocol.limits import STREAM_SCOPE
from interhuman_stream.service.watch.log import log_to_stderr
from tests.service.live.test_stream import answers, opened
from tests.service.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Running

pytestmark = pytest.mark.usefixtures("logs")


@pytest.fixture
def logs() -> Iterator[None]:
    kept, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**kept)
    root.handlers[:] = handlers
    root.setLevel(level)


def read(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Every line of what was logged, each a JSON object."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_trace_shows_no_variables(capsys: pytest.CaptureFixture[str], form: Any) -> None:
    def analyse(data: bytes, key_secret: str) -> None:
        raise RuntimeError(f"broke after {len(data) + len(key_secret)} characters")

    media, secret = b"pixels" * 3, "hush"
    log_to_stderr("info", form)
    for log in (structlog.get_logger(), logging.getLogger("uvicorn.error")):
        try:
            analyse(media, secret)
        except RuntimeError:
            log.exception("analysis failed")
        said = capsys.readouterr().err
        assert "analysis failed" in said
        assert "RuntimeError: broke after 22 characters" in said
        assert "pixels" not in said
        assert "hush" not in said
        assert form == "console" or json.loads(said)["level"] == "error"


def test_every_line_about_a_request_has_its_id(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log_to_stderr("info", "json")
    with serving(tmp_path) as running:
        asked = {"Authorization": f"Bearer {running.token()}", "X-Client-Request-Id": "mine \x1b[2J" + "x" * 500}
        failed = httpx.post(f"{running.url}/v0/upload/analyze", headers=asked, files={"file": bytes(20_000)})
        lost = httpx.get(f"{running.url}/nothing%0Alevel=error?token=hush")
        httpx.get(f"{running.url}/healthz")
        with pytest.raises(InvalidStatus) as refused:
            connect(running.socket_url)
        httpx.post(f"{running.url}/v0/auth", json={"key_id": "x", "key_secret": "hush", "scopes": [STREAM_SCOPE]})
        key = running.service.store.create([STREAM_SCOPE])
        pair = {"key_id": key.key_id, "key_secret": key.key_secret, "scopes": [STREAM_SCOPE]}
        assert httpx.post(f"{running.url}/v0/auth", json=pair).is_success
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    lines = read(capsys)
    identity = failed.headers["X-Correlation-ID"]
    assert [(line["message"], line["level"]) for line in lines if line.get("correlation_id") == identity] == [
        ("request failed", "error"),
        ("request", "info"),
    ]
    request = next(line for line in lines if line.get("correlation_id") == identity and line["message"] == "request")
    assert (request["method"], request["path"], request["status"]) == ("POST", "/v0/upload/analyze", 500)
    assert request["client_request_id"].startswith("mine ?[2Jxxx")
    assert len(request["client_request_id"]) == 128
    unknown = next(line for line in lines if line.get("correlation_id") == lost.headers["X-Correlation-ID"])
    assert unknown["path"] == "/nothing%0Alevel=error"
    assert not [line for line in lines if line.get("path") == "/healthz"]
    upgrade = next(line for line in lines if line.get("method") == "WEBSOCKET")
    assert upgrade["correlation_id"] == refused.value.response.headers["X-Correlation-ID"]
    assert upgrade["status"] == 401
    assert [line["logger"] for line in lines if line["message"].startswith("Invalid HTTP")] == ["uvicorn.error"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["timestamp"]) for line in lines)
    assert "hush" not in json.dumps(lines)
    assert {"credential refused", "token issued"} <= {line["message"] for line in lines}
    assert "127.0.0.1" not in json.dumps([line for line in lines if "page" not in line])


async def test_every_line_about_a_stream_has_its_id(
    capsys: pytest.CaptureFixture[str], running: Running, sample_segments: list[bytes]
) -> None:
    log_to_stderr("info", "json")
    async with opened(running) as socket:
        await socket.send(sample_segments[0])
        await answers(socket, 1)
        assert socket.response
        identity = socket.response.headers["X-Correlation-ID"]
    said: list[str] = []
    while "session ended" not in said:
        await asyncio.sleep(0.02)
        said += [line["message"] for line in read(capsys) if line.get("correlation_id") == identity]
    assert said == ["session opened", "segment analysed", "session ended"]


async def test_what_was_put_right_in_a_stream_is_said_once_of_each_kind(
    capsys: pytest.CaptureFixture[str], running: Running, shared_data: Path
) -> None:
    log_to_stderr("info", "json")
    one, two, *rest = [path.read_bytes() for path in sorted((shared_data / "browser/vp8_opus_webm").glob("*.bin"))]
    async with opened(running) as socket:
        for blob in (one, two, two, *rest):
            await socket.send(blob)
        said = await answers(socket, 5)
        correlation_id = socket.response.headers["X-Correlation-ID"] if socket.response else ""
    assert [each["segment"] for each in said if each["status"] == "completed"] == [1, 2, 4, 5]
    (error,) = [each["error"] for each in said if each["status"] == "error"]
    assert error == "the segment repeats what came before, or came out of order; it was left out"
    lines = [line for line in read(capsys) if line.get("correlation_id") == correlation_id]
    (refused,) = [line for line in lines if line["message"] == "segment refused"]
    assert (refused["segment"], refused["reason"]) == (3, error)
    put_right = {
        line["kind"]: (line["segment"], line["what"]) for line in lines if line["message"] == "media put right"
    }
    assert len(put_right) == sum(line["message"] == "media put right" for line in lines)
    # With the first answer there is.
    assert put_right["again"] == (4, "1 segment whose very bytes had come before, left out")
