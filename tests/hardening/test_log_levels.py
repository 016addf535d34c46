"""Whatever level the log has, nobody's secret, address, words or media are in it: not by us, nor by any library."""

# ruff: noqa: ASYNC220, ASYNC221, ASYNC251 - nothing else runs in this loop while the test waits

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import time
from typing import TYPE_CHECKING, Any, Literal

import httpx
import pytest
from websockets.asyncio.client import connect

from interhuman_stream.analysis.model_files import models_dir
from interhuman_stream.protocol.limits import SCOPES, STREAM_SCOPE
from interhuman_stream.service.watch.log import log_to_stderr
from tests.hardening.test_privacy import COMMAND, WORDS, _models, found_in
from tests.service.serving import IdleEngine, serving
from tests.service.watch.test_log import logs

if TYPE_CHECKING:
    from pathlib import Path

    from interhuman_stream.service.watch.log import Level

__all__ = ["_models", "logs"]
pytestmark = pytest.mark.usefixtures("logs")
LEVELS = ("debug", "info", "warning", "error")
OTHERS = (
    "", "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "websockets", "websockets.server", "httpx",
    "httpcore.connection", "httpcore.http11", "asyncio", "sqlalchemy", "sqlalchemy.engine.Engine", "sqlalchemy.pool",
    "alembic", "multipart", "python_multipart", "python_multipart.multipart", "PIL", "PIL.Image", "psycopg",
    "opentelemetry.sdk", "urllib3.connectionpool", "libav", "h11", "faster_whisper", "concurrent.futures", "of.anybody",
)  # fmt: skip
QUERY, TEXT, FILE, FIELD = "CANARYquery", "CANARYtext", "CANARYfile", "CANARYfield"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("form", ["console", "json"])
def test_libraries_never_say_what_they_say_in_passing(
    capsys: pytest.CaptureFixture[str], level: Level, form: Literal["console", "json"]
) -> None:
    log_to_stderr(level, form)
    loggers = [logging.getLogger(name) for name in OTHERS]
    before = [each.level for each in loggers]
    try:
        for own in (logging.NOTSET, logging.DEBUG, 1):
            for logger in loggers[1:]:
                logger.setLevel(own)
            for logger in loggers:
                for least in (1, 5, logging.DEBUG, logging.INFO):
                    logger.log(least, "CANARY %s", "bearer")
        assert "CANARY" not in capsys.readouterr().err
        logging.getLogger("uvicorn.error").error("of its own")
        assert "of its own" in capsys.readouterr().err
    finally:
        for logger, own in zip(loggers, before, strict=True):
            logger.setLevel(own)


@pytest.mark.parametrize("level", ["info", "warning", "error"])
async def test_no_canary_is_in_the_log_of_a_service(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, level: Level
) -> None:
    log_to_stderr(level, "json")
    with serving(tmp_path, IdleEngine(), max_sessions=9) as running:
        key = running.service.store.create(SCOPES)
        kept = await _visit(
            running.url, {"key_id": key.key_id, "key_secret": key.key_secret, "api_key": key.api_key}, b""
        )
    said = capfd.readouterr()
    _none_of(re.sub(r'"page": "[^"]+"', "", said.err + said.out), kept)


async def test_no_canary_is_in_the_log_of_server_and_workers_at_its_lowest_level(
    tmp_path: Path, sample_segments: list[bytes]
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_")}
    here = ["--data-dir", str(tmp_path / "data")]
    scopes = [part for scope in SCOPES for part in ("--scope", scope)]
    made = subprocess.check_output([*COMMAND, "keys", "create", *scopes, "--json", *here], env=environment)
    log = tmp_path / "log"
    options = ("--port", "0", "--workers", "1", "--log-level", "debug", "--models-dir", str(models_dir()))
    with log.open("wb") as stderr:
        process = subprocess.Popen([*COMMAND, "serve", *here, *options], env=environment, stderr=stderr, stdout=stderr)
    try:
        while not re.search(r"\bready\b", log.read_text()):
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        address = re.search(r"http://[\w.:]+", log.read_text())
        assert address
        kept = await _visit(address[0], json.loads(made), sample_segments[0])
    finally:
        process.terminate()
        assert process.wait(60) == 0
    said = log.read_text()
    _none_of(re.sub(r"page\S*=\S+|will be at \S+", "", said), kept)
    assert not found_in(log.read_bytes(), [sample_segments[0]])
    assert not [word for word in WORDS if word in said.lower()]
    assert "request" in said


async def _visit(url: str, key: dict[str, Any], segment: bytes) -> list[str]:
    """Do all that a client may, rightly and wrongly; what must not be in the log."""
    socket_url = url.replace("http", "ws", 1)
    async with httpx.AsyncClient(timeout=60) as client:
        pair = {name: key[name] for name in ("key_id", "key_secret")} | {"scopes": [*SCOPES]}
        token = (await client.post(f"{url}/v0/auth?{QUERY}", json=pair)).json()["access_token"]
        made = await client.post(f"{url}/v1/client_tokens", json={"api_key": key["api_key"], "scopes": [STREAM_SCOPE]})
        lent = made.json()["access_token"]
        wrong = {"key_id": "CANARYid", "key_secret": "CANARYsecret", "scopes": [STREAM_SCOPE]}
        await client.post(f"{url}/v0/auth", json=wrong)
        await client.post(f"{url}/v0/auth", json=wrong | {"scopes": ["CANARYscope"]})
        for credential in (token, "CANARYbearer", "ih_live_CANARY"):
            await client.post(
                f"{url}/v0/upload/analyze?{QUERY}",
                headers={"Authorization": f"Bearer {credential}", "Cookie": "CANARYcookie=1"},
                files={"file": (f"{FILE}.webm", segment or bytes(100))},
                data={FIELD: "CANARYvalue", "include[]": "CANARYinclude"},
            )
        await client.get(f"{url}/v2/upload/jobs/CANARYjob?{QUERY}", headers={"Authorization": f"Bearer {token}"})
    header = {"Authorization": f"Bearer {token}"}
    async with connect(f"{socket_url}/v0/stream/analyze?{QUERY}&include[]=x", additional_headers=header) as socket:
        await socket.send(segment[:1000] or bytes(1000))
        await socket.recv()
        await socket.send(TEXT)
        await socket.recv()
        if segment:
            await socket.send(segment)
            while json.loads(await socket.recv())["status"] != "completed":
                pass
    for path, credential in (("/v1/stream/analyze", lent), ("/v2/stream/analyze", key["api_key"])):
        async with connect(f"{socket_url}{path}?{QUERY}", subprotocols=["access_token", credential]) as socket:  # type: ignore[list-item]
            await socket.send(json.dumps({"include": [TEXT]}))
            await socket.recv()
    return [token, lent, key["api_key"], key["key_secret"], "CANARY", "127.0.0.1", "access_token"]


def _none_of(said: str, kept: list[str]) -> None:
    told = [each for each in kept if each in said]
    assert not told, [line for line in said.splitlines() if any(each in line for each in told)][:5]
