"""Takes from a process what it may do by who it is: root's capabilities at once, its name once nothing is to be read.

A worker that root starts reads its models and Python's files as root, within what Landlock and seccomp leave of that,
and is nobody from the first byte of a stranger's video on.
"""

from __future__ import annotations

import ctypes
import os
from typing import Final

NOBODY: Final = 65534
"""The user and group of nobody (the kernel's overflow id, /proc/sys/kernel/overflowuid), who owns nothing."""
# linux/capability.h
CAP_DAC_READ_SEARCH, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP = 2, 5, 6, 7, 8
CAPABILITY_VERSION_3: Final = 0x20080522
TO_CHANGE: Final = frozenset({CAP_SETGID, CAP_SETUID})
TO_LOAD: Final = TO_CHANGE | {CAP_DAC_READ_SEARCH}
# linux/prctl.h, linux/securebits.h
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 4, 24, 28, 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4
MOST_CAPABILITIES: Final = 64
SECUREBITS: Final = 0b1110_1011
"""Root gains nothing by running a program, capabilities end with root's name, none is handed on; each with its lock."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def shed(libc: ctypes.CDLL) -> list[str]:
    """Give up all capabilities, but those to become nobody where that can be; what could not be given up, in words.

    Call it before any thread is started: they belong to threads.
    """
    held = _held(libc)
    if CAP_SETPCAP in held:
        for each in range(MOST_CAPABILITIES):
            libc.prctl(PR_CAPBSET_DROP, each, 0, 0, 0)
        libc.prctl(PR_SET_SECUREBITS, SECUREBITS, 0, 0, 0)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    # The server, which has the same, must still be able to end a process of another user's.
    changes = os.geteuid() == 0 and held >= TO_CHANGE | {CAP_KILL}
    kept = held & TO_LOAD if changes else frozenset[int]()
    return [] if _keep(libc, kept) else ["no capabilities (capset refuses)"]


def become_nobody(libc: ctypes.CDLL) -> list[str]:
    """Be root no longer, in all threads (nptl/setxid.c), and no one's to debug; what could not be had, in words.

    Nothing that only root may read can be opened from here on.
    """
    missing = []
    if os.geteuid() == 0:
        if _held(libc) >= TO_CHANGE:
            try:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            except OSError as error:  # a container that has no such user
                missing.append(f"a user of its own (setresuid: {error.strerror})")
        else:
            missing.append("a user of its own (root without CAP_SETUID, CAP_SETGID or CAP_KILL)")
        if not _keep(libc, frozenset()):
            missing.append("no capabilities (capset refuses)")
    # Whatever is set, a system may hand a core to a program that keeps it (core(5)); not of what is not dumpable. That
    # belongs to root under /proc besides, and none but root may look into it (proc(5), ptrace(2)).
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    return missing


def _held(libc: ctypes.CDLL) -> frozenset[int]:
    """The capabilities in effect."""
    header, sets = _Header(CAPABILITY_VERSION_3, 0), (_Set * 2)()
    if libc.capget(ctypes.byref(header), ctypes.byref(sets)):
        return frozenset()
    low, high = (each.effective for each in sets)
    return frozenset(each for each in range(MOST_CAPABILITIES) if (low | high << 32) >> each & 1)


def _keep(libc: ctypes.CDLL, kept: frozenset[int]) -> bool:
    """Hold these alone, and hand none on."""
    header, sets = _Header(CAPABILITY_VERSION_3, 0), (_Set * 2)()
    bits = sum(1 << each for each in kept)
    for place, each in enumerate(sets):
        each.effective = each.permitted = bits >> 32 * place & 0xFFFFFFFF
    return bool(libc.capset(ctypes.byref(header), ctypes.byref(sets)) == 0)
