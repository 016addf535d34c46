"""Ctrl-C: every command ends with 130, at once, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from tests.client.test_cli import command, environment

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = (130, -signal.SIGINT)
"""What a shell calls 130: the exit code, or an end by the signal, in which Python ends where ``exec`` met it."""
PATIENCE = 20.0
"""Seconds, on a busy machine; the demo's clip would go on for longer, and so would the wait for a drain."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups of this kind")


def start(arguments: Sequence[object], **env: str) -> subprocess.Popen[bytes]:
    """Start a command as a shell does: in a process group of its own, which Ctrl-C reaches as a whole."""
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=environment(**env),
    )


def interrupt(process: subprocess.Popen[bytes]) -> bytes:
    """Interrupt it, and give the rest of stderr, which ends when the last of its processes does."""
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in INTERRUPTED, err
    assert b"Traceback" not in err, err
    assert b"error" not in err, err
    return err


def until(pipe: IO[bytes] | None, said: bytes) -> None:
    assert pipe is not None
    for line in pipe:
        if said in line:
            return
    raise AssertionError(f"{said!r} was not said")


@pytest.mark.slow
@pytest.mark.usefixtures("running")  # skips where the models are missing
@pytest.mark.parametrize("moment", ["while the models load", "while it streams"])
def test_the_demo_ends_at_once_and_leaves_nothing(moment: str) -> None:
    # A short path: what forks the workers is asked over a socket in there.
    with tempfile.TemporaryDirectory(prefix="d") as folder:
        process = start(["demo"], TMPDIR=folder)
        if moment == "while it streams":
            until(process.stdout, b'"processing"')
        else:
            until(process.stderr, b"Loading models")
        interrupt(process)
        assert not list(Path(folder).glob("interhuman-demo-*"))


def test_an_upload_that_waits_for_its_answer_is_interrupted(tmp_path: Path) -> None:
    """By a server that takes it and says nothing: the program is known to wait once it has sent something."""
    video = tmp_path / "video.webm"
    video.write_bytes(bytes(20_000))
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        process = start(["upload", video, "--token", "t", "--url", address])
        connection, _ = server.accept()
        with connection:
            assert connection.recv(1)
            interrupt(process)
