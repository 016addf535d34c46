"""The examples, run as their page says, against the real service. Node's is in tests/conformance."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from interhuman_stream.protocol.limits import STREAM_SCOPE
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.conftest import Running

EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def environment(running: Running, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the examples' page says to set, and the command line on the PATH."""
    key = running.service.store.create([STREAM_SCOPE])
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "interhuman-stream"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m interhuman_stream "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_")}
    return {
        **clean,
        "PATH": f"{folder}{os.pathsep}{clean['PATH']}",
        "INTERHUMAN_API_URL": running.url,
        "INTERHUMAN_API_KEY_ID": key.key_id,
        "INTERHUMAN_API_KEY_SECRET": key.key_secret,
    }


def completed(out: bytes, segments: int) -> None:
    said = [json.loads(line) for line in out.splitlines()]
    assert [each["segment"] for each in said if each["status"] == "completed"] == list(range(1, segments + 1))
    assert not [each for each in said if each["status"] == "error"]


@pytest.mark.parametrize("name", ["stream_async.py", "stream_sync.py"])
def test_python(environment: dict[str, str], short: Path, name: str) -> None:
    command = [sys.executable, str(EXAMPLES / "python" / name), str(short)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr.decode()
    completed(done.stdout, 2)


@pytest.mark.slow
def test_python_v2(environment: dict[str, str], sample: Path) -> None:
    command = [sys.executable, str(EXAMPLES / "python" / "stream_v2.py"), str(sample)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr.decode()
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert (said[0]["type"], said[-1]["type"]) == ("session.ready", "session.ended")
    assert b"disagreement since" in done.stderr
    assert b"disagreement until" in done.stderr


@pytest.mark.slow
def test_ffmpeg_into_the_command_line(environment: dict[str, str], sample: Path, tmp_path: Path) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed (Debian: apt-get install ffmpeg)")
    short = tmp_path / "talk.avi"
    cut = ["ffmpeg", "-loglevel", "error", "-t", "7", "-i", str(sample), "-c:v", "mpeg4", "-c:a", "mp3", str(short)]
    subprocess.run(cut, check=True)
    command = ["sh", str(EXAMPLES / "ffmpeg" / "stream.sh"), str(short)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr.decode()
    completed(done.stdout, 2)


@pytest.fixture(scope="module")
def page_address() -> Iterator[str]:
    """The browser example, served from an origin of its own, as its page says."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=EXAMPLES / "browser")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_the_browser_page(running: Running, browser: Browser, page_address: str, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(page_address)
    page.fill("#url", running.url)
    page.fill("#token", running.token(STREAM_SCOPE))
    page.click("#start")
    page.wait_for_function("document.querySelectorAll('#messages li').length >= 6", timeout=60_000)
    page.click("#stop")
    page.wait_for_function("document.getElementById('state').textContent === 'Ended'", timeout=60_000)
    page.screenshot(path=os.environ.get("EXAMPLE_SCREENSHOT", tmp_path / "page.png"))
    said = "\n".join(reversed(page.locator("#messages li").all_text_contents()))
    page.close()
    completed(said.encode(), said.count('"completed"'))
    assert said.count('"processing"') == said.count('"completed"') >= 2


def test_the_browser_page_says_that_a_token_is_wrong(running: Running, browser: Browser, page_address: str) -> None:
    page = browser.new_page()
    page.goto(page_address)
    page.fill("#url", running.url)
    page.fill("#token", "nonsense")
    page.click("#start")
    page.wait_for_function("document.getElementById('state').textContent.includes('token right')", timeout=60_000)
    assert page.is_enabled("#start")
    page.close()


def test_each_example_is_named_on_their_page() -> None:
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for path in EXAMPLES.glob("*/*"):
        if path.suffix in {".py", ".mjs", ".sh", ".html"}:
            assert f"]({path.relative_to(EXAMPLES)})" in page
