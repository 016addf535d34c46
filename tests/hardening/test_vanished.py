"""Clients that vanish without a word: no FIN, no RST, only silence on the wire."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.sync.client import connect

from interhuman_stream.service import run
from tests.service.serving import IdleEngine, emptied, serving

ALONE = ("unshare", "--net", "--map-root-user")
GIVEN_UP_MILLISECONDS = 1000


def test_a_peer_that_is_gone_without_a_word_is_given_up(tmp_path: Path) -> None:
    """In a network of its own, whose only link is taken down while a stream is open."""
    if not shutil.which("unshare") or subprocess.run([*ALONE, "true"], check=False, capture_output=True).returncode:
        pytest.skip("a network namespace of one's own is not to be had here")
    if not shutil.which("ip"):
        pytest.skip("ip (Debian's iproute2) is not here to switch the loopback on and off")
    script = 'ip link set lo up && exec "$@"'
    command = [*ALONE, "sh", "-c", script, "sh", sys.executable, "-m", "tests.hardening.test_vanished", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "given up" in done.stdout


def _lose_the_link(folder: Path) -> None:
    run.UNREAD_MILLISECONDS = GIVEN_UP_MILLISECONDS
    with serving(folder, IdleEngine()) as running:
        headers = {"Authorization": f"Bearer {running.token()}"}
        with connect(running.socket_url, additional_headers=headers, ping_interval=None) as stream:
            stream.send("is answered")
            stream.recv()
            # What is not acknowledged is noticed: this answer, or the service's next ping (20 s).
            subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
            emptied(running, within=40)
            print("given up")  # noqa: T201 - what the test waits for
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


if __name__ == "__main__":
    _lose_the_link(Path(sys.argv[1]))
