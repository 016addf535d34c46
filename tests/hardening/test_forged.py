"""Workers that somebody has taken over say what none says: they are ended and replaced, and nothing else changes."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from websockets.sync.client import connect

from interhuman_stream.engine.local import process
from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.engine.local.limits import Limits
from interhuman_stream.protocol.limits import SMALLEST_SEGMENT
from tests.hardening import forger
from tests.service.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.sync.client import ClientConnection

    from tests.conftest import Running

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its workers are forked")
AFTERWARDS = "twice"
"""What is said behind an honest answer."""
LIES = [*forger.FINDINGS, *(word for word in forger.REPLIES if word != "prints"), "unannounced"]


def test_who_forges_is_ended_and_nothing_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(process, "_live", forger.live)
    engine = LocalEngine(1, limits=Limits(step_seconds=2.0, segment_seconds=0.2))
    lost: list[str] = []
    with serving(tmp_path, engine) as running:
        headers = {"Authorization": f"Bearer {running.token()}"}
        engine.lost = lost.append
        (before,) = _use(running)
        for at, lie in enumerate(LIES, start=1):
            with connect(running.socket_url, additional_headers=headers, max_size=None) as stream:
                assert _sent(stream, lie) == ("completed" if lie == AFTERWARDS else "error"), lie
                while len(lost) < at:  # what tells the client may be heard before
                    time.sleep(0.01)
                assert _sent(stream, "honest") == "completed", lie
            assert lost[-1] in {"forged", "time"}, lie
            ready = httpx.get(f"{running.url}/readyz")
            assert ready.status_code in {200, 503}, lie
            assert 1 <= ready.json()["capacity"] <= 1000, lie
            (used,) = _use(running)
            assert 0 < used - before <= 30, lie  # never refunded, and no more than the honest piece and some
            before = used
        with connect(running.socket_url, additional_headers=headers) as stream:
            assert _sent(stream, "prints") == "completed"
        assert len(lost) == len(LIES)
    printed = [each for each in caplog.messages if "printed" in each]
    assert all(each.startswith("worker ") and each.isprintable() for each in caplog.messages)
    assert printed


def _use(running: Running) -> list[float]:
    """Seconds of video each key has used."""
    return [sum(slot.seconds for slot in use.slots) for use in running.service.quota._use.values()] or [0.0]


def _sent(stream: ClientConnection, word: str) -> str:
    """What at last is said of a segment that asks for a lie."""
    stream.send(word.encode().ljust(SMALLEST_SEGMENT))
    while True:
        said: dict[str, Any] = json.loads(stream.recv(60))
        if said.get("status") in {"error", "completed"}:
            return str(said["status"])
