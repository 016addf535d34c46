"""A confined process can do what analysing takes, and nothing else that was tried."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.engine.local import jail

if TYPE_CHECKING:
    from pathlib import Path

on_linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in jail.REFUSED, reason="asks the Linux kernel"
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


@on_linux
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


class Kernel:
    """Stands in for the C library: takes the filter, and decides by it as the kernel does (seccomp_filter.rst)."""

    def __init__(self) -> None:
        self.program = list[tuple[int, int, int, int]]()

    def prctl(self, *_arguments: int) -> int:
        """Take the process's promise to gain no rights."""
        return 0

    def syscall(self, _number: int, *arguments: object) -> int:
        """Take a filter; there is no Landlock."""
        wanted = getattr(arguments[-1], "_obj", None)
        if not isinstance(wanted, jail._Filter):
            return -1
        length, at = struct.unpack("@HxxxxxxP", bytes(wanted))
        self.program = list(struct.iter_unpack("=HBBI", ctypes.string_at(at, 8 * length)))
        return 0

    def allows(self, architecture: int, call: int) -> bool:
        """Whether a system call passes."""
        at, word = 0, 0
        while True:
            code, then, otherwise, value = self.program[at]
            if code == jail.RETURN:
                return value == jail.RET_ALLOW
            if code == jail.LOAD_WORD:
                word = call if value == jail.NUMBER_AT else architecture
                at += 1
            else:
                holds = word == value if code == jail.JUMP_EQUAL else word >= value
                at += 1 + (then if holds else otherwise)


def confined(monkeypatch: pytest.MonkeyPatch, kernel: Kernel, system: str, machine: str) -> list[str]:
    """What is missing after confining a process on such a system; nothing is done to this one."""
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_options: kernel)
    monkeypatch.setattr(jail, "_limit", lambda memory: memory > 0)
    return jail.confine(1, [])


@pytest.mark.parametrize("machine", jail.REFUSED)
def test_the_filter_of_either_processor_refuses_what_it_names(monkeypatch: pytest.MonkeyPatch, machine: str) -> None:
    kernel = Kernel()
    assert len(confined(monkeypatch, kernel, "linux", machine)) == 1  # Landlock
    architecture, _, calls = jail.REFUSED[machine]
    refused = {call for call in range(600) if not kernel.allows(architecture, call)}
    assert refused == set(calls.values())
    assert not kernel.allows(architecture, jail.X32 + 1)  # the same calls under other numbers
    assert not kernel.allows(0x40000003, 1)  # those of 32-bit programs (AUDIT_ARCH_I386)


@pytest.mark.parametrize(("system", "machine", "missing"), [("linux", "riscv64", 2), ("darwin", "arm64", 1)])
def test_what_a_system_lacks_is_said(monkeypatch: pytest.MonkeyPatch, system: str, machine: str, missing: int) -> None:
    assert len(confined(monkeypatch, Kernel(), system, machine)) == missing
