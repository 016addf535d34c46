"""What a confined process can do is what analysing takes, and what a system lacks of it is said."""

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

from interhuman_stream.engine.local import calls, jail, landlock, privileges, seccomp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from interhuman_stream.engine.local.calls import Only

on_linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in seccomp.MACHINES, reason="asks the Linux kernel"
)
ATTEMPTS = """
import json, os, socket, subprocess, sys, threading
from pathlib import Path
from interhuman_stream.engine.local.jail import enclose, seal
readable, secret, parent = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
pipe = os.pipe()
inherited = os.open(secret, os.O_RDONLY)

def tried(attempt):
    try:
        attempt()
    except (OSError, MemoryError, ImportError) as error:
        return type(error).__name__
    return "done"

def in_thread(attempt):
    said = []
    thread = threading.Thread(target=lambda: said.append(tried(attempt)))
    thread.start()
    thread.join()
    return said[0]

connect = lambda: socket.create_connection(("127.0.0.1", 9), 1)

def attempts(module):
    return {
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
        "read what was open": tried(lambda: os.read(inherited, 1)),
        "list": tried(lambda: os.listdir(secret.parent)),
        "read /etc": tried(lambda: open("/etc/passwd").read()),
        "another program": tried(lambda: subprocess.run(["/bin/true"], check=True)),
        "fork": tried(lambda: os.fork() or os._exit(0)),
        "kill": tried(lambda: os.kill(parent, 0)),
        "memory": tried(lambda: bytearray(5 * 1024**3)),
        "read": tried(lambda: readable.read_text()),
        "ask": tried(lambda: readable.stat()),
        "import": tried(lambda: __import__(module)),
        "pipe": tried(lambda: os.write(pipe[1], b"x")),
        "thread": in_thread(lambda: None),
    }

missing = enclose(4 * 1024**3, [readable], {*pipe})
loading = attempts("colorsys")
missing += seal(os.getppid())
print(json.dumps({"missing": missing, "loading": loading, "working": attempts("chunk")}))
"""


@on_linux
def test_what_a_confined_process_can_do(tmp_path: Path) -> None:
    readable, secret = tmp_path / "readable" / "model", tmp_path / "data" / "signing.key"
    for path in (readable, secret):
        path.parent.mkdir()
        path.write_text("content")
    arguments = [str(readable), str(secret), str(os.getpid())]
    run = subprocess.run([sys.executable, "-c", ATTEMPTS, *arguments], check=True, capture_output=True, text=True)
    said = json.loads(run.stdout)
    assert said["missing"] == []
    for when, possible in (("loading", {"read", "ask", "import", "pipe", "thread"}), ("working", {"pipe", "thread"})):
        assert {name for name, outcome in said[when].items() if outcome == "done"} == possible
        assert said[when]["memory"] == "MemoryError"
    assert readable.read_text() == "content"


class Kernel:
    """Stands in for the C library: takes the filter, and decides by it as the kernel does (seccomp_filter.rst)."""

    def __init__(self, landlock_version: int = 0) -> None:
        self.landlock_version = landlock_version
        self.program = list[tuple[int, int, int, int]]()

    def prctl(self, *_arguments: int) -> int:
        """Take the process's promise to gain no rights."""
        return 0

    def capget(self, *_arguments: object) -> int:
        """There are no capabilities."""
        return 0

    def capset(self, *_arguments: object) -> int:
        """Nor will there be."""
        return 0

    def syscall(self, number: int, *arguments: object) -> int:
        """Take a filter; Landlock is of the version that was said."""
        wanted = getattr(arguments[-1], "_obj", None)
        if isinstance(wanted, seccomp.Filter):
            length, at = struct.unpack("@HxxxxxxP", bytes(wanted))
            self.program = list(struct.iter_unpack("=HBBI", ctypes.string_at(at, 8 * length)))
            return 0
        if number == landlock.CREATE_RULESET:
            made = os.dup(0) if arguments[0] else self.landlock_version
            return made if self.landlock_version else -1
        return 0

    def answers(self, architecture: int, call: int, *arguments: int) -> int:
        """What becomes of a system call."""
        words = [call, architecture, 0, 0]
        for each in (*arguments, *([0] * 6))[:6]:
            words += [each & calls.WORD, each >> 32 & calls.WORD]
        at, word = 0, 0
        while True:
            code, then, otherwise, value = self.program[at]
            at += 1
            if code == seccomp.RETURN:
                return value
            if code == seccomp.LOAD_WORD:
                word = words[value // 4]
            elif code == seccomp.AND:
                word &= value
            else:
                at += then if (word == value if code == seccomp.JUMP_EQUAL else word >= value) else otherwise


def enclosed(monkeypatch: pytest.MonkeyPatch, kernel: Kernel, system: str, machine: str) -> list[str]:
    """What is missing after enclosing a process on such a system; nothing is done to this one."""
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_options: kernel)
    monkeypatch.setattr(jail, "_limit", lambda memory: memory > 0)
    monkeypatch.setattr(jail, "close_descriptors", lambda _kept: None)
    return jail.enclose(1, [])


LISTS = {"loading": calls.loading, "working": calls.working}
OWN, OTHER = 4711, 4712


def filtered(machine: str, allowed: Mapping[str, Sequence[Only]]) -> Kernel:
    """A kernel with such a filter on."""
    kernel = Kernel()
    architecture, column, _ = seccomp.MACHINES[machine]
    kernel.program = seccomp.program(allowed, architecture, column)
    return kernel


@pytest.mark.parametrize("when", LISTS)
@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_a_filter_allows_what_its_list_names_and_nothing_else(machine: str, when: str) -> None:
    allowed = LISTS[when](OWN)
    kernel = filtered(machine, allowed)
    architecture, column, _ = seccomp.MACHINES[machine]
    # Arguments that hold for each: of a thread, a clock, this process, a limit that is read, a file that is.
    fitting = {"clone": (calls.THREAD,), "tgkill": (OWN,), "prctl": (calls.PR_SET_NAME,), "ioctl": (0, calls.TCGETS)}
    fitting |= {"fcntl": (0, calls.F_GETFD)}
    names = {numbers[column]: name for name, numbers in calls.NUMBERS.items() if numbers[column] is not None}
    passing = {
        number
        for number in range(700)
        if kernel.answers(architecture, number, *fitting.get(names.get(number, ""), (0, 0, 0, 0))) == seccomp.RET_ALLOW
    }
    assert passing == {number for number, name in names.items() if name in allowed}
    for foreign in (0x40000003, 0xC000003E ^ 0xC00000B7 ^ architecture):  # of 32-bit programs, of the other processor
        assert {kernel.answers(foreign, number) for number in range(700)} == {seccomp.RET_REFUSE}
    assert {kernel.answers(architecture, seccomp.X32 + number) for number in range(700)} == {seccomp.RET_REFUSE}


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_what_is_allowed_of_a_call_is_what_is_harmless(machine: str) -> None:
    architecture, column, _ = seccomp.MACHINES[machine]

    def passes(when: str, name: str, *arguments: int) -> bool:
        number = calls.NUMBERS[name][column]
        assert number is not None
        return filtered(machine, LISTS[when](OWN)).answers(architecture, number, *arguments) == seccomp.RET_ALLOW

    for when in LISTS:
        assert passes(when, "clone", calls.THREAD)
        assert passes(when, "clone", calls.THREAD | calls.CLONE_DETACHED)
        for flags in (17, 0, 0x10000000 | 17, calls.THREAD | 0x10000000, calls.THREAD ^ 0x10000, calls.THREAD | 17):
            assert not passes(when, "clone", flags)
        assert passes(when, "tgkill", OWN, OTHER, 6)
        assert not passes(when, "tgkill", OTHER, OTHER, 6)
        for clock in (-1, ~OTHER << 3 | 2, 12):  # other processes' are negative numbers
            assert not passes(when, "clock_gettime", clock & calls.WORD)
        for process in (OTHER, OWN | 1 << 32, 1 << 32):
            assert not passes(when, "prlimit64", process, 7, 0, 1)
        assert passes(when, "prlimit64", 0, 9, 0, 1)
        assert passes(when, "prlimit64", OWN, 9, 0, 1)
    for new in (1, 1 << 32):
        assert not passes("working", "prlimit64", 0, 9, new, 0)
    for option in (1, 4, 8, 22, 38):  # the parent's death, dumping, capabilities, filters
        assert not passes("working", "prctl", option)
    for mode in (1, 2, 0o100, 0o1000, 0o2000, 0o20000):
        assert not passes("loading", "openat", 0, 0, mode)
    for command in (8, 10, 1024, 1033):  # who is signalled, with what; leases, seals
        assert not passes("loading", "fcntl", 0, command)


def test_what_no_list_knows_is_told_as_of_an_old_kernel() -> None:
    kernel = filtered("x86_64", calls.working(OWN))
    architecture = seccomp.MACHINES["x86_64"][0]
    for name in ("clone3", "statx"):
        number = calls.NUMBERS[name][0]
        assert number is not None
        assert kernel.answers(architecture, number) == seccomp.RET_UNKNOWN
    assert kernel.answers(architecture, calls.FIRST_UNKNOWN + 100) == seccomp.RET_UNKNOWN


def test_no_call_is_named_without_need() -> None:
    named = {*calls.loading(OWN), *calls.working(OWN), *calls.PROBED}
    assert named == {*calls.NUMBERS}
    assert {*calls.UNSEEN} <= {*calls.working(OWN)}


@pytest.mark.parametrize(
    ("system", "machine", "version", "missing"),
    [
        ("linux", "x86_64", 7, []),
        ("linux", "x86_64", 6, []),
        ("linux", "aarch64", 5, ["6.12"]),
        ("linux", "x86_64", 3, ["6.7", "6.10", "6.12"]),
        ("linux", "x86_64", 0, ["5.13", "5.19", "6.2", "6.7", "6.10", "6.12"]),
        ("linux", "riscv64", 7, ["seccomp"]),
        ("darwin", "arm64", 0, ["no Landlock and no seccomp"]),
    ],
)
def test_what_a_system_lacks_is_said(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, version: int, missing: list[str]
) -> None:
    said = enclosed(monkeypatch, Kernel(version), system, machine)
    assert len(said) == len(missing)
    assert all(word in line for word, line in zip(missing, said, strict=True))


class Root(Kernel):
    """Stands in for the kernel where root is, with some capabilities; keeps what was asked of it."""

    def __init__(self, *held: int) -> None:
        super().__init__(landlock.NEWEST)
        self.held = sum(1 << each for each in held)
        self.asked = list[tuple[object, ...]]()

    def prctl(self, *arguments: int) -> int:
        """Take whatever is asked."""
        self.asked.append(("prctl", *arguments[:2]))
        return 0

    def capget(self, *arguments: object) -> int:
        """Say what is held."""
        sets = arguments[1]._obj  # type: ignore[attr-defined] # what ctypes.byref keeps
        sets[0].effective = self.held
        return 0

    def capset(self, *arguments: object) -> int:
        """Hold what is said."""
        sets = arguments[1]._obj  # type: ignore[attr-defined] # likewise
        self.held = sets[0].effective
        return 0


@pytest.mark.parametrize("held", [range(40), (privileges.CAP_SETUID, privileges.CAP_SETGID), ()], ids=str)
def test_root_is_nobody_where_it_can_be(monkeypatch: pytest.MonkeyPatch, held: Sequence[int]) -> None:
    kernel = Root(*held)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("setgroups", "setresgid", "setresuid"):
        monkeypatch.setattr(os, name, lambda *ids, name=name: kernel.asked.append((name, *ids)))
    assert enclosed(monkeypatch, kernel, "linux", "x86_64") == []
    missing = jail.seal(os.getppid())
    nobody = privileges.NOBODY
    became = ("setresuid", nobody, nobody, nobody) in kernel.asked
    assert became == (privileges.CAP_KILL in held)
    assert bool(missing) == (not became)
    assert kernel.held == 0
    assert (("prctl", privileges.PR_CAPBSET_DROP, 39) in kernel.asked) == (privileges.CAP_SETPCAP in held)
    dies = kernel.asked.index(("prctl", jail.PR_SET_PDEATHSIG, jail.SIGKILL))
    assert not became or dies > kernel.asked.index(("setresuid", nobody, nobody, nobody))


def test_a_container_without_nobody_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_ids: object) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "setgroups", refused)
    (missing,) = privileges.become_nobody(Root(*range(40)))  # type: ignore[arg-type] # stands in for the C library
    assert "Invalid argument" in missing


def test_descriptors_are_closed_but_those_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    read, write = os.pipe()
    with monkeypatch.context() as patch:
        patch.setattr(os, "close", closed.append)
        jail.close_descriptors({read})
    assert write in closed
    assert not {0, 1, 2, read} & {*closed}
    os.close(read)
    os.close(write)
