"""What clients do in masses is in the log as a few lines and a number: it fills no disk."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import httpx

from interhuman_stream.service.watch import refusals
from tests.hardening.test_sockets import opened, said
from tests.service.serving import IdleEngine, serving

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MANY: Final = 120


def test_refusals_in_masses_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(tmp_path, IdleEngine()) as running, httpx.Client(base_url=running.url) as client:
        for number in range(MANY):
            assert client.get("/nowhere" if number % 2 else "/v2/upload/jobs/x").status_code in {404, 401}
    shown = "".join(capsys.readouterr())
    lines = sum("error_id" in line for line in shown.splitlines())
    assert refusals.BURST <= lines < MANY
    assert "more requests refused" in shown


def test_what_is_no_request_has_a_line_a_minute(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path, IdleEngine()) as running, caplog.at_level(logging.WARNING, "uvicorn.error"):
        for least in (0.0, 1e6):
            monkeypatch.setattr("interhuman_stream.service.run.SAID_SECONDS", least)
            for _ in range(3):
                with opened(running) as connection:
                    connection.sendall(b"\x16\x03\x01\x02\x00\r\n\r\n")
                    assert said(connection).startswith(b"HTTP/1.1 400")
            assert caplog.messages.count("Invalid HTTP request received.") == 3
