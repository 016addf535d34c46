"""What signals do: none ends the service but in good order."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
PROGRAM = """
import sys
from pathlib import Path
from interhuman_stream.service.run import Server
from interhuman_stream.service.settings import Settings
from interhuman_stream.service.watch.log import log_to_stderr
from tests.service.serving import NoEngine
log_to_stderr("info", "json")
Server(Settings(Path(sys.argv[1]), port=0), NoEngine()).serve_until_stopped()
"""


def started(folder: Path, stderr: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], stderr=stderr)


def address(said: str) -> str | None:
    found = re.search(r'"page": "(http://[\d.:]+)"', said)
    return found[1] if found else None


def test_what_asks_for_nothing_ends_nothing(tmp_path: Path) -> None:
    """A hang-up is one of these where there is no terminal."""
    log = tmp_path / "log"
    with log.open("wb") as stderr:
        process = started(tmp_path, stderr.fileno())
    try:
        while (url := address(log.read_text())) is None:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        for number, sent in enumerate([signal.SIGHUP, signal.SIGUSR1, signal.SIGHUP, signal.SIGUSR2]):
            process.send_signal(sent)
            while log.read_text().count("nothing to read again") <= number:
                assert process.poll() is None, log.read_text()
                time.sleep(0.05)
            assert httpx.get(f"{url}/readyz").is_success
    finally:
        process.terminate()
    assert process.wait(60) == 0


@pytest.mark.parametrize("sent", [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM])
def test_in_a_terminal_each_ends_it_in_good_order(tmp_path: Path, sent: signal.Signals) -> None:
    ours, theirs = pty.openpty()
    process = started(tmp_path, theirs)
    os.close(theirs)
    said = ""
    while address(said) is None:
        said += os.read(ours, 4096).decode()
    process.send_signal(sent)
    assert process.wait(60) == 0
    os.close(ours)
