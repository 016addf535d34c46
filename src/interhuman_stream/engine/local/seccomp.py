"""Filters of system calls by allowlist (seccomp(2)): a list of calls and conditions made into the kernel's program.

Whatever is not allowed fails with EPERM, and the process goes on. It is not killed for it: a refused call has done
nothing, while a C library or driver that tries something new would take every worker down; who is taken over gains as
little either way. Programs of another processor's numbering (32-bit calls, x32) have none of these numbers: those never
come from our code, and are refused before any number is looked at.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from typing import TYPE_CHECKING, Final, TypeAlias

from interhuman_stream.engine.local.calls import FIRST_UNKNOWN, NUMBERS, PROBED, WORD, Only

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Instruction: TypeAlias = tuple[int, int, int, int]
"""Operation, how many to leap over where a comparison holds and where it does not, operand (linux/filter.h)."""

# linux/audit.h; which column of calls.NUMBERS; the number of seccomp itself.
MACHINES: Final = {"x86_64": (0xC000003E, 0, 317), "aarch64": (0xC00000B7, 1, 277)}
SECCOMP_SET_MODE_FILTER: Final = 1
SECCOMP_FILTER_FLAG_TSYNC: Final = 1
RET_ALLOW: Final = 0x7FFF0000
RET_REFUSE: Final = 0x00050000 | errno.EPERM
RET_UNKNOWN: Final = 0x00050000 | errno.ENOSYS
LOAD_WORD, AND, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # linux/bpf_common.h
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16  # struct seccomp_data
X32: Final = 0x40000000  # x86-64's other interface, with numbers of its own


class Filter(ctypes.Structure):
    """A program of the kernel's (struct sock_fprog)."""

    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


def install(libc: ctypes.CDLL, allowed: Mapping[str, Sequence[Only]]) -> bool:
    """Allow these calls alone, to all threads of this process and for good; whether the kernel does."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        return False
    architecture, column, seccomp = machine
    code = b"".join(struct.pack("=HBBI", *each) for each in program(allowed, architecture, column))
    wanted = Filter(len(code) // 8, code)
    return bool(libc.syscall(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(wanted)) == 0)


def program(allowed: Mapping[str, Sequence[Only]], architecture: int, column: int) -> list[Instruction]:
    """The filter as the kernel wants it. Foreign numbering first; then each call in the order given."""
    refuse, allow, unknown = ((RETURN, 0, 0, value) for value in (RET_REFUSE, RET_ALLOW, RET_UNKNOWN))
    body: list[Instruction] = [
        (LOAD_WORD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, architecture),
        refuse,
        (LOAD_WORD, 0, 0, NUMBER_AT),
        (JUMP_AT_LEAST, 0, 1, X32),
        refuse,
    ]
    for name, conditions in allowed.items():
        number = NUMBERS[name][column]
        if number is not None:
            block = [each for condition in conditions for each in _condition(condition)]
            body += [(JUMP_EQUAL, 0, len(block) + 1, number), *block, allow]
    for name in PROBED:
        number = NUMBERS[name][column]
        if number is not None:
            body += [(JUMP_EQUAL, 0, 1, number), unknown]
    return [*body, (JUMP_AT_LEAST, 0, 1, FIRST_UNKNOWN), unknown, refuse]


def _condition(only: Only) -> list[Instruction]:
    """Go on behind these where it holds, else refuse; both processors are little-endian."""
    at = ARGUMENTS_AT + 8 * only.argument
    refuse = (RETURN, 0, 0, RET_REFUSE)
    high = [(LOAD_WORD, 0, 0, at + 4), (JUMP_EQUAL, 1, 0, 0), refuse] if only.wide else []
    masked = [(AND, 0, 0, only.mask)] if only.mask != WORD else []
    count = len(only.among)
    tests = [(JUMP_EQUAL, count - place, 0, value) for place, value in enumerate(only.among)]
    return [*high, (LOAD_WORD, 0, 0, at), *masked, *tests, refuse]
