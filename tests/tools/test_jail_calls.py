"""What a trace of workers is read as."""

from __future__ import annotations

import pytest

from tools.jail_calls import read
from tools.jail_cost import interval

TRACE = """\
10 openat(AT_FDCWD, "/etc/secret", O_RDONLY) = 3
10 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD <unfinished ...>
11 seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, {len=1, filter=0x1} <unfinished ...>
10 <... clone resumed>, child_tidptr=0x1) = 11
11 <... seccomp resumed>) = 0
11 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = -1 ENOSYS (Function not implemented)
11 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD <unfinished ...>
12 read(3, "x = -1 EPERM", 5) = 5
11 <... clone resumed>, tls=0x1) = 12
12 openat(AT_FDCWD, "/model", O_RDONLY) = 4
11 seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, {len=1, filter=0x1}) = 0
12 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = -1 EPERM (Operation not permitted)
12 futex(0x1, FUTEX_WAIT, 1, NULL <unfinished ...>
10 wait4(-1, NULL, 0, NULL) = 11
12 <... futex resumed>) = -1 EAGAIN (Resource temporarily unavailable)
11 +++ exited with 0 +++
"""


def test_calls_are_their_workers_and_their_times() -> None:
    workers, made = read(TRACE.splitlines())
    assert workers == 1
    assert dict(made["loading"].calls) == {"clone3": 1, "clone": 1, "openat": 1, "seccomp": 1}
    assert made["loading"].refused == {"clone3": {"ENOSYS": 1}}
    assert dict(made["working"].calls) == {"openat": 1, "futex": 1}
    assert dict(made["working"].files) == {"/etc/passwd": 1}


def test_half_of_the_values_lie_either_side_of_the_median() -> None:
    assert interval(range(100)) == (40, 59)
    low, high = interval([1.0, 1.1, 1.2])
    assert low == pytest.approx(1.0)
    assert high == pytest.approx(1.2)
