"""Which system calls a worker may make: while it loads its models, and from the first byte of a stranger's video on.

The second list is the whole of what analysing takes, as ``make jail-calls`` shows. Whatever opens, names or asks about
files, processes, users or the network is on neither. What a run on one machine does not show says here why it is
allowed: another C library, kernel or moment needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WORD: Final = 0xFFFFFFFF

# arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h: x86-64's number and AArch64's.
NUMBERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "access": (21, None),
    "arch_prctl": (158, None),
    "brk": (12, 214),
    "capget": (125, 90),
    "capset": (126, 91),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "clone": (56, 220),
    "clone3": (435, 435),
    "close": (3, 57),
    "close_range": (436, 436),
    "dup2": (33, None),
    "dup3": (292, 24),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "fcntl": (72, 25),
    "fstat": (5, 80),
    "futex": (202, 98),
    "getcwd": (79, 17),
    "getdents64": (217, 61),
    "geteuid": (107, 175),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "getrandom": (318, 278),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "ioctl": (16, 29),
    "lseek": (8, 62),
    "lstat": (6, None),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "nanosleep": (35, 101),
    "newfstatat": (262, 79),
    "open": (2, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "pipe2": (293, 59),
    "prctl": (157, 167),
    "pread64": (17, 67),
    "prlimit64": (302, 261),
    "read": (0, 63),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_getaffinity": (204, 123),
    "sched_setaffinity": (203, 122),
    "sched_yield": (24, 124),
    "seccomp": (317, 277),
    "set_robust_list": (273, 99),
    "setgroups": (116, 159),
    "setresgid": (119, 149),
    "setresuid": (117, 147),
    "sigaltstack": (131, 132),
    "stat": (4, None),
    "statx": (332, 291),
    "sysinfo": (99, 179),
    "tgkill": (234, 131),
    "time": (201, None),
    "uname": (63, 160),
    "write": (1, 64),
}


@dataclass(frozen=True, slots=True)
class Only:
    """A condition of a call: its argument, of which ``mask`` is looked at, is one of these; ``wide``: all 64 bits."""

    argument: int
    among: tuple[int, ...]
    mask: int = WORD
    wide: bool = False


# What the C library asks for a thread with (nptl/createthread.c; musl adds CLONE_DETACHED, which does nothing since
# Linux 2.6.2): memory, files and signals are shared, no namespace is new. Anything else would be a process.
THREAD: Final = 0x3D0F00
CLONE_DETACHED: Final = 0x400000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NAME = 1, 4, 15
F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC = 1, 2, 3, 4, 1030
TCGETS: Final = 0x5401
OPEN_OTHERWISE: Final = 0o3 | 0o100 | 0o200 | 0o1000 | 0o2000 | 0o20000
"""O_ACCMODE, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_ASYNC: everything but reading (asm-generic/fcntl.h)."""
MOST_CLOCK: Final = 12
"""The numbers of clocks behind these are other processes' (clock_getcpuclockid(3))."""


def loading(pid: int) -> dict[str, tuple[Only, ...]]:
    """What this process, of this number, may call while it loads: each by its name, with its conditions."""
    read_only = (Only(2, (0,), OPEN_OTHERWISE),)
    return {
        **_common(pid),
        "openat": read_only,
        "open": (Only(1, (0,), OPEN_OTHERWISE),),
        **dict.fromkeys(("stat", "fstat", "newfstatat", "getdents64", "lseek"), ()),
        **dict.fromkeys(("dup2", "pipe2", "arch_prctl", "geteuid", "getppid", "sched_setaffinity"), ()),
        **dict.fromkeys(UNSEEN_LOADING, ()),
        "ioctl": (Only(1, (TCGETS,)),),
        "fcntl": (Only(1, (F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC)),),
        "seccomp": (),  # what the jail is closed with
        "prctl": (Only(0, (PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NAME)),),
        "prlimit64": (Only(0, (0, pid), wide=True),),
    }


def working(pid: int) -> dict[str, tuple[Only, ...]]:
    """What it may call from the first byte of a stranger's video on."""
    return {
        **_common(pid),
        # Reading a limit: a new one (the third argument) is none.
        "prlimit64": (Only(0, (0, pid), wide=True), Only(2, (0,), wide=True)),
        "prctl": (Only(0, (PR_SET_NAME,)),),
    }


def _common(pid: int) -> dict[str, tuple[Only, ...]]:
    """What both lists have, the most frequent first: older kernels try them one by one."""
    clock = (Only(0, tuple(range(MOST_CLOCK))),)
    free = ("futex", "sched_yield", "read", "write", "mprotect", "madvise", "mmap", "munmap", "brk", "mremap")
    threads = ("rt_sigprocmask", "gettid", "set_robust_list", "rseq", "exit")
    return {
        **dict.fromkeys((*free, *threads), ()),
        "clone": (Only(0, (THREAD,), WORD ^ CLONE_DETACHED),),
        **dict.fromkeys(UNSEEN, ()),
        "clock_gettime": clock,
        "clock_nanosleep": clock,
        "clock_getres": clock,
        "sched_getaffinity": (),
        "tgkill": (Only(0, (pid,)),),
    }


UNSEEN: Final[dict[str, str]] = {
    "close": "the pipe's, where the server has closed its end",
    "clock_gettime": "of the kernel only where the clock cannot be read without it (vDSO), or it is a CPU time's",
    "clock_nanosleep": "sleep() of the C library; only where a thread waits for a time",
    "clock_getres": "asked once by time.get_clock_info and by libraries that measure",
    "exit_group": "the end of a worker: the server ends most of them by a signal",
    "getpid": "asked by random, logging and os; musl keeps no copy of it",
    "getrandom": "seeds of hashes and generators; before it there was only a file",
    "gettimeofday": "of the kernel where the clock cannot be read without it (no vDSO: some virtual machines)",
    "mremap": "realloc() of what is large",
    "nanosleep": "sleep() of older C libraries, where newer ones use clock_nanosleep",
    "prctl": "the names of threads, which libraries built for other systems set",
    "prlimit64": "the limit of the stack, of which pthread_getattr_np() asks",
    "restart_syscall": "made by the kernel itself where a sleep was interrupted by a stop",
    "rt_sigaction": "abort(): what a signal does here is nobody else's",
    "rt_sigreturn": "the end of a signal's handler",
    "sigaltstack": "made with a thread's start where faulthandler or a sanitizer is loaded",
    "tgkill": "abort() of an assertion that fails, to this process alone; setresuid() to its threads",
    "time": "as gettimeofday",
}
"""What is allowed though a run may not show it, and why."""
UNSEEN_LOADING: Final[dict[str, str]] = {
    "access": "the dynamic loader's, and of Python's os.access",
    "capget": "what there is to give up: where root is",
    "capset": "likewise",
    "dup3": "dup2 of processors that have none",
    "faccessat": "access of processors that have none",
    "getcwd": "os.path.abspath and importlib of newer Pythons",
    "lstat": "os.path.realpath",
    "pread64": "the dynamic loader's, of libraries whose headers are long",
    "readlink": "os.path.realpath",
    "readlinkat": "readlink of processors that have none",
    "setgroups": "where root is",
    "setresgid": "where root is",
    "setresuid": "where root is",
    "sysinfo": "sysconf() of the memory there is",
    "uname": "platform.machine()",
}
"""Likewise, while it loads."""
PROBED: Final = ("clone3", "close_range", "faccessat2", "openat2", "statx")
"""What libraries try first and do without where the kernel has none of it: they are told that it has none (ENOSYS). Of
clone3, whose flags are behind a pointer that no filter can follow, glibc falls back to clone (clone-internal.c)."""
FIRST_UNKNOWN: Final = 450
"""Numbers from here on are newer than these lists. They are answered likewise."""
DONE_WITHOUT: Final[dict[str, str]] = {
    "/proc/sys/vm/overcommit_memory": "glibc, whether memory is promised strictly: no, where it cannot tell",
    "/gconv/": "FFmpeg, for the names of broadcast channels (MPEG-TS): they stay as they are",
}
"""Files that libraries ask for while video is analysed, and do without where they are refused."""
