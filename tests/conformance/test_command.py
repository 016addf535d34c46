"""The command `conformance` as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests import warm
from tests.conformance.far_end import KEY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.far_end import FarEnd

KEYS = {"INTERHUMAN_API_KEY_ID": KEY[0], "INTERHUMAN_API_KEY_SECRET": KEY[1]}
QUICK = ("--only", "auth-grant", "--only", "handshake-subprotocol-echo", "--only", "order-segment")


def run(*arguments: str | Path, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_")}
    done = warm.run(["conformance", *map(str, arguments)], clean | KEYS | environment, timeout=60)
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == code, out + err
    assert "Traceback" not in err
    assert KEY[1] not in out + err
    return subprocess.CompletedProcess(done.args, code, out, err)


def test_a_server_that_keeps_the_contract(far_end: FarEnd) -> None:
    done = run(far_end.url, *QUICK)
    assert done.stdout.splitlines() == [
        "pass  auth-grant",
        "pass  handshake-subprotocol-echo",
        "pass  order-segment",
        "3 passed, 0 failed, 0 skipped",
    ]
    assert done.stderr == ""


def test_a_server_that_does_not(far_end: FarEnd) -> None:
    far_end.fault = "the token is selected"
    done = run("--json", *QUICK, code=1, INTERHUMAN_API_URL=far_end.url)
    document = json.loads(done.stdout)
    assert [document[name] for name in ("passed", "failed", "skipped")] == [2, 1, 0]
    echo = document["checks"][1]
    assert echo["result"] == "fail"
    assert echo["section"] == "handshake"
    assert echo["expected"] == "the subprotocol access_token selected"
    assert echo["got"] == "the token itself"
    plain = run(far_end.url, *QUICK, code=1).stdout.splitlines()
    assert plain[1] == (
        "fail  handshake-subprotocol-echo  expected the subprotocol access_token selected; got the token itself"
    )


def test_a_program_gives_the_token(far_end: FarEnd) -> None:
    done = run(far_end.url, "--token-command", "echo token-stream-upload", *QUICK)
    assert done.stdout.splitlines()[-1] == "2 passed, 0 failed, 1 skipped"
    assert "token-stream-upload" not in done.stdout + done.stderr


def test_the_checks_are_listed_without_a_server() -> None:
    rows = json.loads(run("--list", "--json").stdout)
    assert [*rows[0]] == ["name", "section", "contract"]
    sections = list(dict.fromkeys(row["section"] for row in rows))
    assert sections == [
        "auth",
        "handshake",
        "order",
        "include",
        "limits",
        "continuation",
        "errors",
        "upload",
        "sessions",
        "jobs",
    ]
    lines = run("--list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [row["name"] for row in rows]


def test_the_checks_load_no_media_and_no_engine() -> None:
    code = "import sys, interhuman_stream.conformance.run; print({'av', 'numpy', 'starlette'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_clip_of_ones_own(far_end: FarEnd, sample_segments: list[bytes], tmp_path: Path) -> None:
    clip = tmp_path / "talk.webm"
    clip.write_bytes(sample_segments[0])
    document = json.loads(run(far_end.url, "--clip", clip, "--json", "--only", "order-bytes").stdout)
    assert document["clip"]["bytes"] == len(sample_segments[0])
    assert 4.5 < document["clip"]["seconds"] < 5.5


def test_usage_is_2(far_end: FarEnd, tmp_path: Path) -> None:
    assert "INTERHUMAN_API_URL" in run(code=2).stderr
    assert "--list" in run(far_end.url, "--only", "everything", code=2).stderr
    assert "not the address" in run("example.com", code=2).stderr
    assert "leave them out" in run("http://me:secret@localhost", code=2).stderr
    assert "cannot be read" in run(far_end.url, "--clip", tmp_path / "none.webm", code=2).stderr
    small = tmp_path / "small.webm"
    small.write_bytes(b"small")
    assert "10000 to 20971520" in run(far_end.url, "--clip", small, code=2).stderr


def test_credentials_are_3(far_end: FarEnd) -> None:
    nobody = dict.fromkeys(KEYS, "")
    assert "no credentials" in run(far_end.url, code=3, **nobody).stderr
    assert "401" in run(far_end.url, code=3, INTERHUMAN_API_KEY_SECRET="wrong").stderr
    assert "401" in run(far_end.url, "--token", "nonsense", code=3).stderr
    assert run(far_end.url, "--token-command", "false", code=3).stderr
    assert "line breaks" in run(far_end.url, "--token", "two\nlines", code=3).stderr
    far_end.scopes = ()
    assert "lacks the scope" in run(far_end.url, code=3).stderr


def test_no_connection_is_4() -> None:
    assert "cannot be reached" in run("http://127.0.0.1:9", code=4).stderr
    assert "cannot be reached" in run("http://127.0.0.1:9", "--token", "a-token", code=4).stderr
