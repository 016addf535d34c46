"""The commands as a person runs them: what goes to stdout, what to stderr, and how they end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from tests import warm

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "interhuman_stream"]


def run(*arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = warm.run([*map(str, arguments)], os.environ, timeout=110)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    return subprocess.CompletedProcess(done.args, code, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_help_cuts_no_name_at_any_width(columns: int) -> None:
    for command, names in (
        (("keys", "create"), ["--max-video-seconds-per-hour"]),
        (("serve",), ["--key-video-seconds-per-hour", "INTERHUMAN_SEGMENT_LIMIT_SECONDS", "INTERHUMAN_HELD_JOB_BYTES"]),
    ):
        done = warm.run([*command, "--help"], os.environ | {"COLUMNS": str(columns)}, timeout=60)
        shown = re.sub(r"[\s│]", "", done.stdout.decode())
        assert [name for name in names if name not in shown] == []
        assert "…" not in shown.replace("rtsp://…", "")


def test_no_keys_and_no_video_are_said(tmp_path: Path) -> None:
    assert "no keys yet" in run("keys", "list", "--data-dir", tmp_path).stderr
    (tmp_path / "notes.txt").write_text("nothing to see")
    assert "begins like no video file" in run("analyze", tmp_path / "notes.txt", code=1).stderr


def test_keys_are_made_listed_and_revoked(tmp_path: Path) -> None:
    scopes = ["--scope", "interhumanai.stream", "--scope", "interhumanai.upload"]
    made = json.loads(run("keys", "create", "--data-dir", tmp_path, *scopes, "--json").stdout)
    assert [*made] == ["key_id", "key_secret", "api_key"]
    assert made["api_key"].startswith("ih_live_")
    assert "key_secret" in run("keys", "create", "--data-dir", tmp_path, *scopes).stdout
    listed = json.loads(run("keys", "list", "--data-dir", tmp_path, "--json").stdout)
    assert listed[0]["key_id"] == made["key_id"]
    assert listed[0]["revoked_at"] is None
    assert made["key_secret"] not in json.dumps(listed)
    assert "revoked" in run("keys", "revoke", made["key_id"], "--data-dir", tmp_path).stderr
    assert json.loads(run("keys", "list", "--data-dir", tmp_path, "--json").stdout)[0]["revoked_at"]
    assert made["key_id"][:8] in run("keys", "list", "--data-dir", tmp_path).stdout
    assert "no key ihk_nobody" in run("keys", "revoke", "ihk_nobody", "--data-dir", tmp_path, code=1).stderr
    assert "is not known" in run("keys", "create", "--data-dir", tmp_path, "--scope", "all", code=2).stderr


def test_serve_says_where_it_is_and_stops_in_good_order(tmp_path: Path) -> None:
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--workers", "1", "--data-dir", str(tmp_path)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    said = ""
    for line in server.stderr:
        said += line
        if "ready" in line:
            break
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found
    assert httpx.get(f"{found[0]}/healthz").status_code == 200
    assert "key_secret" in said
    page = httpx.get(found[0])
    assert page.headers["content-type"].startswith("text/html")
    server.send_signal(signal.SIGTERM)
    out, rest = server.communicate(timeout=30)
    assert server.returncode == 0
    assert out == ""
    assert "Traceback" not in rest


def test_serve_without_models_is_one_sentence(tmp_path: Path) -> None:
    done = run("serve", "--data-dir", tmp_path, "--models-dir", tmp_path / "nothing", code=1)
    assert done.stderr.count("\n") == 1
    assert "interhuman-stream models pull" in done.stderr


def test_serve_on_a_taken_port_says_so(tmp_path: Path) -> None:
    import socket  # noqa: PLC0415 - this test alone

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, "--data-dir", tmp_path, code=1)
    assert "--port" in done.stderr


def test_a_setting_that_is_none_of_its_choices_is_a_usage_error(tmp_path: Path) -> None:
    assert "console" in run("serve", "--log-format", "xml", "--data-dir", tmp_path, code=2).stderr


def test_the_demo_completes_every_segment(short: Path) -> None:
    done = run("demo", short, "--fast")
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    completed = [message for message in messages if message["status"] == "completed"]
    assert len(completed) == 2
    assert not [message for message in messages if message["status"] == "error"]
    types = {signal["type"] for message in messages for signal in message.get("signals", [])}
    assert types >= {"agreement", "disagreement"}
    assert "2 of 2 segments completed" in done.stderr


def test_a_demo_of_no_file_says_so(tmp_path: Path) -> None:
    assert "Name a video file" in run("demo", tmp_path / "none.webm", code=1).stderr


@pytest.mark.slow
def test_analyze_prints_signals_with_their_reasons(short: Path, tmp_path: Path) -> None:
    drawing = tmp_path / "talk.svg"
    done = run("analyze", short, "--json", "--plot", drawing)
    document = json.loads(done.stdout)
    agreement = next(each for each in document["signals"] if each["type"] == "agreement")
    assert any("nodded" in seen["phrase"] for seen in agreement["evidence"])
    assert document["words"]
    assert document["stages"]["face"]["wall"] > 0
    assert drawing.read_text().startswith("<svg")
    assert "agreement" in run("analyze", short).stdout


def test_analyze_of_no_video_is_one_sentence(tmp_path: Path) -> None:
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(b"nothing" * 3000)
    assert run("analyze", junk, code=1).stderr.count("\n") <= 3
    assert "cannot be read" in run("analyze", tmp_path / "none.mp4", code=1).stderr
    (tmp_path / "empty.mp4").touch()
    assert "empty.mp4 is empty" in run("analyze", tmp_path / "empty.mp4", code=1).stderr


@pytest.mark.slow
def test_bench_segment_prints_every_stage(short: Path) -> None:
    printed = run("bench", "segment", short, "--repeat", "1").stdout
    for stage in ("decode", "face", "voice", "words", "judge", "segment to result"):
        assert stage in printed


@pytest.mark.parametrize(
    "command", ["demo", "serve", "stream", "token", "upload", "analyze", "keys", "models", "bench"]
)
def test_every_command_explains_itself(command: str) -> None:
    assert "Usage" in run(command, "--help").stdout
