"""A confined process can do what analysing takes, and nothing else that was tried."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"}, reason="asks the Linux kernel"
)

ATTEMPTS = """
import json, os, signal, socket, subprocess, sys, threading
from pathlib import Path
from interhuman_stream.engine.local.jail import confine
readable, secret, parent = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
pipe = os.pipe()
missing = confine(4 * 1024**3, [readable])

def tried(attempt):
    try:
        attempt()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"

def in_thread(attempt):
    said = []
    thread = threading.Thread(target=lambda: said.append(tried(attempt)))
    thread.start()
    thread.join()
    return said[0]

connect = lambda: socket.create_connection(("127.0.0.1", 9), 1)
print(json.dumps({
    "missing": missing,
    "socket": tried(lambda: socket.socket()),
    "unix socket": tried(lambda: socket.socket(socket.AF_UNIX)),
    "connect": tried(connect),
    "connect in a thread": in_thread(connect),
    "write beside": tried(lambda: (readable.parent / "new").write_text("x")),
    "write there": tried(lambda: readable.write_text("x")),
    "write /tmp": tried(lambda: Path("/tmp/new").write_text("x")),
    "write in a thread": in_thread(lambda: (readable.parent / "new").write_text("x")),
    "delete": tried(lambda: readable.unlink()),
    "make a folder": tried(lambda: (readable.parent / "folder").mkdir()),
    "read another's": tried(lambda: secret.read_text()),
    "list": tried(lambda: os.listdir(secret.parent)),
    "read /etc": tried(lambda: open("/etc/passwd").read()),
    "another program": tried(lambda: subprocess.run(["/bin/true"], check=True)),
    "kill": tried(lambda: os.kill(parent, 0)),
    "memory": tried(lambda: bytearray(5 * 1024**3)),
    "read": tried(lambda: readable.read_text()),
    "import": tried(lambda: __import__("colorsys")),
    "pipe": tried(lambda: os.write(pipe[1], b"x")),
    "thread": in_thread(lambda: None),
}))
"""
ALLOWED = {"read", "import", "pipe", "thread"}


def test_what_a_confined_process_can_do(tmp_path: Path) -> None:
    readable, secret = tmp_path / "readable" / "model", tmp_path / "data" / "signing.key"
    for path in (readable, secret):
        path.parent.mkdir()
        path.write_text("content")
    arguments = [str(readable), str(secret), str(os.getpid())]
    run = subprocess.run([sys.executable, "-c", ATTEMPTS, *arguments], check=True, capture_output=True, text=True)
    tried = json.loads(run.stdout)
    assert tried.pop("missing") == []
    assert {name for name, outcome in tried.items() if outcome == "done"} == ALLOWED
    assert tried["memory"] == "MemoryError"
    assert readable.read_text() == "content"
