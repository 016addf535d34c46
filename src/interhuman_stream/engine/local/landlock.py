"""Landlock (landlock(7), Linux 5.13): no file may be opened but for reading, and none at all outside what is named.

It knows nothing of a file's mode, times or attributes, nor of asking whether it is there: those calls are for seccomp
to refuse (calls.py).
"""

from __future__ import annotations

import ctypes
import os
import stat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# System call numbers: the same everywhere (since Linux 5.0 new ones are).
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH: Final = 1
CREATE_RULESET_VERSION: Final = 1
# linux/landlock.h: LANDLOCK_ACCESS_FS_*, all rights a version of the interface knows.
READ_FILE, READ_DIR = 1 << 2, 1 << 3
FS_RIGHTS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
NET_RIGHTS: Final = 0b11  # binding and connecting TCP
SCOPES: Final = 0b11  # abstract sockets and signals of processes outside
NET_SINCE, SCOPES_SINCE = 4, 6
NEWEST: Final = 6
"""The version up to which all rights are asked for here."""
SINCE: Final = (
    (1, "5.13", "reading but what is needed, and no writing"),
    (2, "5.19", "moving files between folders"),
    (3, "6.2", "cutting files off"),
    (NET_SINCE, "6.7", "TCP"),
    (5, "6.10", "commands to devices"),
    (SCOPES_SINCE, "6.12", "signals to processes outside and abstract sockets"),
)
"""From which version on, and since which Linux, it refuses what."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def restrict(libc: ctypes.CDLL, readable: Sequence[Path]) -> list[str]:
    """Restrict this thread, and those it will start, for good; what this kernel does not refuse, in words.

    Raises:
        OSError: The kernel refuses a rule.
    """
    version = min(NEWEST, libc.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION))
    if version < 1 or not _restricted(libc, version, readable):
        version = 0
    return [f"{what} (Landlock {since}: Linux {linux})" for since, linux, what in SINCE if since > version]


def _restricted(libc: ctypes.CDLL, version: int, readable: Sequence[Path]) -> bool:
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
            _allow(libc, rules, path)
        return bool(libc.syscall(RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # what is not there, or may not be read as it is, need not be allowed
        return
    try:
        rights = READ_FILE | READ_DIR if stat.S_ISDIR(os.fstat(folder).st_mode) else READ_FILE
        beneath = _PathBeneath(rights, folder)
        if libc.syscall(ADD_RULE, rules, RULE_PATH_BENEATH, ctypes.byref(beneath), 0):
            raise OSError(ctypes.get_errno(), "Landlock refuses a rule", str(path))
    finally:
        os.close(folder)
