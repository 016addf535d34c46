"""Takes from a process what analysing video does not need: the network, writing, reading what is others', programs.

Video comes from strangers and FFmpeg is large; whoever takes over a worker through a crafted file is to find nothing
there but the video of those who share it. Each measure is taken where the system has it:

- resource limits (setrlimit(2)): address space, and no core dumps, which would put people's video on the disk;
- Landlock (landlock(7), Linux 5.13): no file may be opened but for reading, and none at all outside the folders named;
- seccomp (seccomp(2)): no sockets, no other programs, no signals to other processes, no debugging of them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PR_SET_NO_NEW_PRIVS: Final = 38
PR_SET_PDEATHSIG: Final = 1
SIGKILL: Final = 9

# System call numbers: landlock's and io_uring's are the same everywhere (since Linux 5.0 new ones are).
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH: Final = 1
CREATE_RULESET_VERSION: Final = 1
# linux/landlock.h: LANDLOCK_ACCESS_FS_*, all rights a version of the interface knows.
READ_FILE, READ_DIR = 1 << 2, 1 << 3
FS_RIGHTS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
NET_RIGHTS: Final = 0b11  # binding and connecting TCP, since version 4
SCOPES: Final = 0b11  # abstract sockets and signals of processes outside, since version 6
NET_SINCE, SCOPES_SINCE = 4, 6

# linux/audit.h, and the numbers of what is refused (arch/x86/entry/syscalls/syscall_64.tbl, asm-generic/unistd.h).
REFUSED: Final = {
    "x86_64": (
        0xC000003E,
        317,
        {
            "socket": 41,
            "connect": 42,
            "accept": 43,
            "bind": 49,
            "listen": 50,
            "execve": 59,
            "kill": 62,
            "ptrace": 101,
            "mount": 165,
            "unshare": 272,
            "accept4": 288,
            "perf_event_open": 298,
            "setns": 308,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "bpf": 321,
            "execveat": 322,
            "userfaultfd": 323,
            "pidfd_send_signal": 424,
            "io_uring_setup": 425,
        },
    ),
    "aarch64": (
        0xC00000B7,
        277,
        {
            "mount": 40,
            "unshare": 97,
            "ptrace": 117,
            "kill": 129,
            "socket": 198,
            "bind": 200,
            "listen": 201,
            "accept": 202,
            "connect": 203,
            "execve": 221,
            "perf_event_open": 241,
            "accept4": 242,
            "setns": 268,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "bpf": 280,
            "execveat": 281,
            "userfaultfd": 282,
            "pidfd_send_signal": 424,
            "io_uring_setup": 425,
        },
    ),
}
SECCOMP_SET_MODE_FILTER: Final = 1
SECCOMP_FILTER_FLAG_TSYNC: Final = 1
RET_ALLOW: Final = 0x7FFF0000
RET_REFUSE: Final = 0x00050000 | errno.EPERM
LOAD_WORD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # linux/bpf_common.h
NUMBER_AT, ARCHITECTURE_AT = 0, 4  # struct seccomp_data
X32: Final = 0x40000000  # x86-64's other interface, with numbers of its own


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def confine(memory: int, readable: Iterable[Path]) -> list[str]:
    """Confine this process, and the threads it will start, for good.

    Call it before any thread is started: Landlock holds for the thread that asks and those it starts.

    Args:
        memory: Bytes of address space.
        readable: Folders and files that may be read, beside Python's and the system's own.

    Returns:
        What could not be had, in words; empty where all of it holds.
    """
    missing = [] if _limit(memory) else ["a limit of memory (setrlimit)"]
    if sys.platform != "linux":
        return [*missing, "no network, no writing (there is no Landlock and no seccomp on this system)"]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return [*missing, "no network, no writing (prctl refuses PR_SET_NO_NEW_PRIVS)"]
    if not _landlock(libc, [*_own_folders(), *readable]):
        missing.append("no writing, and reading but what is needed (Landlock: Linux 5.13)")
    if not _seccomp(libc):
        missing.append("no network and no other programs (seccomp)")
    return missing


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, so that none is left behind (Linux, prctl(2))."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os._exit(1)


def _limit(memory: int) -> bool:
    try:
        import resource  # noqa: PLC0415 - not everywhere

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):  # Windows; macOS, which knows the limit and refuses it
        return False
    return True


def _own_folders() -> list[Path]:
    """What Python and its libraries may still load: code and data, the system's libraries, the processor's facts."""
    python = {Path(path) for name, path in sysconfig.get_paths().items() if name.endswith(("lib", "stdlib"))}
    python |= {Path(sys.base_prefix) / "lib", Path(__file__).parents[2]}
    system = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache")
    kernel = ("/proc/cpuinfo", "/proc/meminfo", "/proc/self", "/sys/devices/system/cpu", "/dev/urandom", "/dev/null")
    return [*python, *map(Path, (*system, *kernel))]


def _landlock(libc: ctypes.CDLL, readable: Sequence[Path]) -> bool:
    version = libc.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)
    if version < 1:
        return False
    ruleset = _Ruleset(
        FS_RIGHTS[min(version, max(FS_RIGHTS))],
        NET_RIGHTS if version >= NET_SINCE else 0,
        SCOPES if version >= SCOPES_SINCE else 0,
    )
    rules = libc.syscall(CREATE_RULESET, ctypes.byref(ruleset), ctypes.sizeof(ruleset), 0)
    if rules < 0:
        return False
    try:
        for path in readable:
            if path.exists():
                _allow(libc, rules, path)
        return bool(libc.syscall(RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = READ_FILE | READ_DIR if path.is_dir() else READ_FILE
        beneath = _PathBeneath(rights, folder)
        if libc.syscall(ADD_RULE, rules, RULE_PATH_BENEATH, ctypes.byref(beneath), 0):
            raise OSError(ctypes.get_errno(), "Landlock refuses a rule", str(path))
    finally:
        os.close(folder)


def _seccomp(libc: ctypes.CDLL) -> bool:
    known = REFUSED.get(platform.machine())
    if known is None:
        return False
    architecture, seccomp, calls = known
    numbers = sorted(calls.values())
    # Foreign numbering is refused whole; then each number that matches jumps to the refusal, the last instruction.
    count = len(numbers)
    program = [
        (LOAD_WORD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 0, count + 3, architecture),
        (LOAD_WORD, 0, 0, NUMBER_AT),
        (JUMP_AT_LEAST, count + 1, 0, X32),
        *((JUMP_EQUAL, count - at, 0, number) for at, number in enumerate(numbers)),
        (RETURN, 0, 0, RET_ALLOW),
        (RETURN, 0, 0, RET_REFUSE),
    ]
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    wanted = _Filter(len(program), code)
    return bool(libc.syscall(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(wanted)) == 0)
