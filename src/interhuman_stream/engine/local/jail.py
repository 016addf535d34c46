"""Takes from a process what analysing video does not need: the network, files, other processes, its rank, its rights.

Video comes from strangers and FFmpeg is large; whoever takes over a worker through a crafted file is to find nothing
there but the video of those who share it. It is shut in two steps:

- ``enclose``, before anything is loaded. Resource limits (setrlimit(2)): address space, and no core dumps, which would
  put people's video on the disk. No descriptors but those named. No capabilities (privileges.py). Landlock: no file may
  be opened but for reading, and none outside the folders named (landlock.py). seccomp: what loading takes (calls.py).
- ``seal``, before the first byte of video. Root is nobody from here on, nothing of /proc is anybody's to look into, and
  seccomp leaves what computing takes: memory, threads, clocks, and the descriptors that are open. No path can be named
  any more, neither to open it nor to ask about it.

Each measure is taken where the system has it, and what it lacks is said.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Final

from interhuman_stream.engine.local import calls, landlock, privileges, seccomp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

PR_SET_NO_NEW_PRIVS: Final = 38
PR_SET_PDEATHSIG: Final = 1
SIGKILL: Final = 9
STANDARD: Final = frozenset({0, 1, 2})
MOST_DESCRIPTORS: Final = 256
"""While loading: a library opens one or two files at a time."""
DESCRIPTORS: Final = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"


def enclose(memory: int, readable: Iterable[Path], kept: Collection[int] = ()) -> list[str]:
    """Take from this process, and the threads it will start, for good what loading does not need.

    Call it before any thread is started: Landlock and capabilities hold for the thread that asks and those it starts.

    Args:
        memory: Bytes of address space.
        readable: Folders and files that may be read, beside Python's and the system's own.
        kept: Descriptors to keep open, beside the standard three.

    Returns:
        What could not be had, in words; empty where all of it holds.
    """
    close_descriptors(kept)
    missing = [] if _limit(memory) else ["a limit of memory (setrlimit)"]
    if sys.platform != "linux":
        return [*missing, "no network, no writing (there is no Landlock and no seccomp on this system)"]
    libc = ctypes.CDLL(None, use_errno=True)
    missing += privileges.shed(libc)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return [*missing, "no network, no writing (prctl refuses PR_SET_NO_NEW_PRIVS)"]
    missing += landlock.restrict(libc, [*_own_folders(), *readable])
    if not seccomp.install(libc, calls.loading(os.getpid())):
        missing.append(f"no network, no other programs, no signals (seccomp; on {', '.join(seccomp.MACHINES)} alone)")
    return missing


def seal(parent: int) -> list[str]:
    """Take from an enclosed process and all its threads what computing does not need.

    Args:
        parent: Whom it is to end with; see ``die_with``.

    Returns:
        What could not be had, in words, beyond what ``enclose`` said; empty where all of it holds.
    """
    if sys.platform != "linux":
        return []
    libc = ctypes.CDLL(None, use_errno=True)
    missing = privileges.become_nobody(libc)
    die_with(parent)  # who changes user is released from it (prctl(2))
    sealed = seccomp.install(libc, calls.working(os.getpid()))
    return missing if sealed else [*missing, "no files, not even to ask about (seccomp)"]


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, so that none is left behind (Linux, prctl(2))."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os._exit(1)


def close_descriptors(kept: Collection[int]) -> None:
    """Close all but these and the standard three, whoever opened them."""
    if not os.path.isdir(DESCRIPTORS):  # noqa: PTH112 - a Path's own would keep it open meanwhile
        return
    for number in {int(name) for name in os.listdir(DESCRIPTORS)} - STANDARD - {*kept}:  # noqa: PTH208 - as above
        try:
            os.close(number)
        except OSError:  # the list's own, which is closed already
            continue


def _limit(memory: int) -> bool:
    try:
        import resource  # noqa: PLC0415 - not everywhere

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_DESCRIPTORS, MOST_DESCRIPTORS))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):  # Windows; macOS, which knows the limit and refuses it
        return False
    return True


def _own_folders() -> list[Path]:
    """What Python and its libraries may still load: code and data, the system's libraries, the processor's facts."""
    python = {Path(path) for name, path in sysconfig.get_paths().items() if name.endswith(("lib", "stdlib"))}
    python |= {Path(sys.base_prefix) / "lib", Path(__file__).parents[2]}
    system = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache")
    kernel = ("/proc/cpuinfo", "/proc/meminfo", "/proc/self/statm", "/sys/devices/system/cpu", "/dev/urandom")
    return [*python, *map(Path, (*system, *kernel, "/dev/null"))]
