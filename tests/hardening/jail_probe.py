"""Confines itself as a worker does, beside a stand-in for the server and another worker, and tries what it should not.

Run as a program, with a folder of secrets; prints what came of each attempt, and what became of the others, as JSON.
``--user`` makes it another's first, ``--landlock`` emulates a kernel with an older version of it, or without.
"""

from __future__ import annotations

import argparse
import codecs
import ctypes
import errno
import fcntl
import json
import mmap
import os
import resource
import signal
import socket
import sys
import sysconfig
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.engine.local import landlock
from interhuman_stream.engine.local.jail import enclose, seal

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY: Final = 4 << 30
SECONDS: Final = 60
X32: Final = 0x40000000
AT_FDCWD, AT_EMPTY_PATH = -100, 0x1000
NEWUSER, NEWNS, NEWPID, NEWNET = 0x10000000, 0x20000, 0x20000000, 0x40000000
MACHINE: Final = os.uname().machine
libc: Final = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
# arch/x86/entry/syscalls/syscall_64.tbl
NUMBERS: Final = """
fork=57 vfork=58 kill=62 tkill=200 tgkill=234 rt_sigqueueinfo=129 rt_tgsigqueueinfo=297 pidfd_open=434
pidfd_send_signal=424 pidfd_getfd=438 process_madvise=440 process_mrelease=448 ptrace=101 process_vm_readv=310
process_vm_writev=311 kcmp=312 get_robust_list=274 setpriority=141 getpriority=140 sched_setaffinity=203
sched_setscheduler=144 sched_setattr=314 ioprio_set=251 ioprio_get=252 migrate_pages=256 move_pages=279
setpgid=109 getpgid=121 unshare=272 setns=308 fsopen=430 open_tree=428 mount=165 mount_setattr=442 umount2=166
chroot=161 pivot_root=155 move_mount=429 fspick=433 add_key=248 keyctl=250 request_key=249 memfd_create=319
memfd_secret=447 shmget=29 shmat=30 msgget=68 semget=64 mq_open=240 socketpair=53 socket=41 sendto=44
sendmsg=46 recvmsg=47 shutdown=48 setsockopt=54 getpeername=52 sendfile=40 inotify_init1=294
inotify_add_watch=254 fanotify_init=300 fanotify_mark=301 eventfd2=290 timer_create=222 timerfd_create=283
setitimer=38 alarm=37 signalfd4=289 epoll_create1=291 syslog=103 sethostname=170 settimeofday=164
clock_settime=227 adjtimex=159 reboot=169 init_module=175 finit_module=313 kexec_load=246
open_by_handle_at=304 name_to_handle_at=303 quotactl=179 swapon=167 acct=163 iopl=172 ioperm=173
personality=135 vhangup=153 io_setup=206 perf_event_open=298 bpf=321 userfaultfd=323 io_uring_setup=425
io_uring_enter=426 landlock_create_ruleset=444 seccomp=317 clone3=435 execve=59 execveat=322 modify_ldt=154
setsid=112 setuid=105 setgroups=116 capset=126 dup=32 pipe2=293 splice=275 tee=276 statx=332 newfstatat=262
stat=4 lstat=6 fstat=5 access=21 faccessat2=439 statfs=137 openat2=437 creat=85 truncate=76 fchmodat=268
fchmodat2=452 chmod=90 chown=92 link=86 utimensat=280 utime=132 setxattr=188 getxattr=191 listxattr=194
removexattr=197 rename=82 readlink=89 getdents64=217 getcwd=79 chdir=80 umask=95 sync=162 fsync=74 flock=73
sysinfo=99 uname=63 times=100 getrusage=98 getppid=110 getuid=102 membarrier=324 mlockall=151
set_mempolicy=238 mbind=237 pkey_alloc=330 arch_prctl=158 futex_waitv=449
"""
RAW: Final = {name: int(number) for name, number in (each.split("=") for each in NUMBERS.split())}


def raw(name: str, *arguments: object) -> object:
    """Make a system call without the C library's help."""
    ctypes.set_errno(0)
    given = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    answer = libc.syscall(ctypes.c_long(RAW.get(name, 0) if isinstance(name, str) else name), *given)
    if answer < 0:
        raise OSError(ctypes.get_errno(), name)
    return answer


def tried(attempt: Callable[[], object]) -> str:
    """What comes of it: "refused", or something else."""
    try:
        answer = attempt()
    except OSError as error:
        refused = error.errno in {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EBADF}
        return "refused" if refused else f"{errno.errorcode.get(error.errno or 0)}"
    except (ValueError, ImportError):  # how Python says that a limit may not be raised, a module not be found
        return "refused"
    return f"done: {str(answer)[:60]}"


def _confine() -> list[str]:
    """Do to this process what is done to a worker; what could not be had, in words."""
    return [*enclose(MEMORY, []), *seal(os.getppid())]


def attempts(server: int, sibling: int, secret: Path, inherited: int) -> dict[str, Callable[[], object]]:
    """What a worker must not be able to do, each under a name."""
    path, folder, buffer = os.fsencode(secret), os.fsencode(secret.parent), ctypes.create_string_buffer(4096)
    own = os.getpid()
    found: dict[str, Callable[[], object]] = {
        "read the secret": secret.read_bytes,
        "list the folder": lambda: os.scandir(secret.parent),
        "stat the secret": secret.stat,
        "stat what is readable by all": Path("/etc/passwd").stat,
        "look whether it is there": lambda: os.access(secret, os.F_OK) or raw("access", path, 0),
        "its own environment": Path("/proc/self/environ").read_bytes,
        "its own descriptors": lambda: os.scandir("/proc/self/fd"),
        "its own memory": lambda: os.open("/proc/self/mem", os.O_RDWR),
        "what was open": lambda: os.read(inherited, 1),
        "the server's memory": lambda: os.open(f"/proc/{server}/mem", os.O_RDWR),
        "the server's program": Path(f"/proc/{server}/exe").readlink,
        "import": lambda: __import__("this"),
        "write /tmp": lambda: os.open("/tmp/evil", os.O_CREAT | os.O_WRONLY),  # noqa: S108 - it must not be
        "write /dev/shm": lambda: os.open("/dev/shm/evil", os.O_CREAT | os.O_WRONLY),  # noqa: S108 - likewise
        "write /dev/null": lambda: os.open("/dev/null", os.O_WRONLY),
        "chmod": lambda: secret.chmod(0o666),
        "chmod the folder": lambda: secret.parent.chmod(0o777),
        "chown": lambda: os.chown(secret, own, own),
        "utime": lambda: os.utime(secret, (0, 0)),
        "setxattr": lambda: os.setxattr(secret, "user.evil", b"1"),
        "delete": secret.unlink,
        "kill the server": lambda: os.kill(server, signal.SIGKILL),
        "kill everybody": lambda: os.kill(-1, 0),
        "kill itself by number": lambda: os.kill(own, 0),
        "the server's limits": lambda: resource.prlimit(server, resource.RLIMIT_NOFILE),
        "the server's descriptors": lambda: resource.prlimit(server, resource.RLIMIT_NOFILE, (3, 3)),
        "the server's CPU time": lambda: resource.prlimit(server, resource.RLIMIT_CPU, (0, 0)),
        "a sibling's memory": lambda: resource.prlimit(sibling, resource.RLIMIT_AS, (1, 1)),
        "raise its own memory": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
        "raise its own CPU time": lambda: resource.setrlimit(resource.RLIMIT_CPU, (-1, -1)),
        "raise its own processes": lambda: resource.setrlimit(resource.RLIMIT_NPROC, (-1, -1)),
        "affinity of the server": lambda: os.sched_setaffinity(server, {0}),
        "affinity of its own": lambda: os.sched_setaffinity(0, {0}),
        "policy of the server": lambda: os.sched_setscheduler(server, os.SCHED_IDLE, os.sched_param(0)),
        "the server's CPU clock": lambda: time.clock_gettime(~server << 3 | 2),
        "fork": _children,
        "a child by a thread": lambda: _in_thread(_children),
        "a socket": socket.socket,
        "a thread that is no thread": lambda: _clone(0x100 | signal.SIGCHLD),
        "undo its death with the server": lambda: _answer(libc.prctl(1, 0, 0, 0, 0)),
        "be dumped": lambda: _answer(libc.prctl(4, 1, 0, 0, 0)),
        "no filter any more": lambda: _answer(libc.prctl(22, 0, 0, 0, 0)),
        "another's ptracing": lambda: _answer(libc.prctl(0x59616D61, -1, 0, 0, 0)),
        "signals by its pipe": lambda: _signals_by_pipe(server),
        "device commands": lambda: _answer(libc.ioctl(0, 0x5412, buffer)),  # TIOCSTI: types for the terminal
    }
    for flags in (NEWUSER, NEWUSER | NEWNS | NEWNET, NEWPID):
        found[f"clone with {flags:#x}"] = lambda flags=flags: _clone(flags | signal.SIGCHLD)  # type: ignore[misc]
    # On other processors the numbers are others: there the lists of the filter are tested alone (test_jail.py).
    if MACHINE == "x86_64":
        for name in RAW:
            first: tuple[object, ...] = (0, 0, 0, 0, 0, 0)
            if name in {"kill", "tkill", "ptrace", "rt_sigqueueinfo"}:
                first = (16, server, 0, 0) if name == "ptrace" else (server, 0, buffer)
            elif name in {"tgkill", "rt_tgsigqueueinfo"}:
                first = (server, server, 0, buffer)
            elif name in {"stat", "lstat", "access", "statfs", "readlink", "getxattr", "chdir", "chmod", "truncate"}:
                first = (path, buffer, buffer, 64)
            elif name in {"newfstatat", "statx", "faccessat2", "openat2", "name_to_handle_at"}:
                first = (AT_FDCWD, path, buffer, 0, buffer)
            elif name == "arch_prctl":
                first = (0x1003, buffer)
            found[f"raw {name}"] = lambda name=name, first=first: raw(name, *first)  # type: ignore[misc]
        found["raw tgkill of a sibling"] = lambda: raw("tgkill", sibling, sibling, 0)
        found["raw tkill of a sibling"] = lambda: raw("tkill", sibling, 9)
        found["fstat by an empty path"] = lambda: raw("newfstatat", 0, b"", buffer, AT_EMPTY_PATH)
        found["an absolute path as if it were empty"] = lambda: raw("newfstatat", 0, folder, buffer, AT_EMPTY_PATH)
        found["x32"] = lambda: _answer(libc.syscall(ctypes.c_long(X32 | 39)))
        found["x32 open"] = lambda: _answer(libc.syscall(ctypes.c_long(X32 | 2), path, 0))
        found["32-bit getpid"] = _old_call
    return found


def _answer(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return answer


def _clone(flags: int) -> int:
    ctypes.set_errno(0)
    answer = libc.syscall(ctypes.c_long(56 if MACHINE == "x86_64" else 220), ctypes.c_long(flags), 0, 0, 0, 0)
    if answer == 0:
        os._exit(0)
    return _answer(answer)


def _children() -> int:
    for _ in range(200):
        if os.fork() == 0:
            time.sleep(SECONDS)
            os._exit(0)
    return 200


def _in_thread(attempt: Callable[[], object]) -> object:
    said: list[object] = []

    def trial() -> None:
        try:
            said.append(attempt())
        except OSError as error:
            said.append(error)

    thread = threading.Thread(target=trial)
    thread.start()
    thread.join()
    if isinstance(said[0], OSError):
        raise said[0]
    return said[0]


def _signals_by_pipe(server: int) -> object:
    """Have the kernel signal the server once something can be read (fcntl(2), F_SETOWN and F_SETSIG)."""
    return fcntl.fcntl(1, fcntl.F_SETOWN, server)


def _old_call() -> object:
    """Call getpid by the interface of 32-bit programs: mov eax, 20; int 0x80; movsxd rax, eax; ret."""
    code = mmap.mmap(-1, mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | 4)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\x48\x63\xc0\xc3")
    at = ctypes.addressof(ctypes.c_char.from_buffer(code))
    answer = int(ctypes.CFUNCTYPE(ctypes.c_long)(at)())
    if answer < 0:
        raise OSError(-answer, "int 0x80")
    return answer


def _sleeper(before: Callable[[], object] = lambda: None) -> int:
    pid = os.fork()
    if pid == 0:
        signal.alarm(SECONDS)
        before()
        while True:
            time.sleep(1)
    return pid


def _state(pid: int) -> dict[str, Any]:
    """What others may have changed of a process."""
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        return {"ended": status}
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    group = [os.getpgid(pid), os.getpriority(os.PRIO_PROCESS, pid), os.sched_getscheduler(pid)]
    return {"limits": limits, "rank": group, "cores": sorted(os.sched_getaffinity(pid))}


def main() -> None:
    """Try all of it, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--user", type=int)
    parser.add_argument("--landlock", type=int, default=landlock.NEWEST)
    options = parser.parse_args()
    secret = options.folder / "interhuman.sqlite3"
    # Who is another cannot load these any more, where Python's files are its owner's alone.
    sysconfig.get_paths()
    codecs.lookup("ascii")
    if options.user:
        os.setgroups([])
        os.setresgid(options.user, options.user, options.user)
        os.setresuid(options.user, options.user, options.user)
    landlock.NEWEST = options.landlock  # type: ignore[misc] # the kernel emulated
    server = _sleeper()
    sibling = _sleeper(_confine)
    inherited = os.open(secret, os.O_RDONLY)
    read, write = os.pipe()
    before = {
        "server": _state(server),
        "folder": [options.folder.stat().st_mode, secret.stat().st_mode, secret.stat().st_mtime],
    }
    worker = os.fork()
    if worker == 0:
        os.dup2(write, 1)
        missing = _confine()
        said = {name: tried(attempt) for name, attempt in attempts(server, sibling, secret, inherited).items()}
        os.write(1, json.dumps({"missing": missing, "tried": said}).encode())
        os._exit(0)
    os.close(write)
    with open(read, "rb") as answer:  # noqa: PTH123 - a descriptor
        said = json.loads(answer.read() or b"{}")
    _, status = os.waitpid(worker, 0)
    left = {
        "server": _state(server),
        "folder": [options.folder.stat().st_mode, secret.stat().st_mode, secret.stat().st_mtime],
    }
    said |= {"status": status, "unharmed": before == left, "sibling": "ended" not in _state(sibling)}
    for each in (server, sibling):
        os.kill(each, signal.SIGKILL)
        os.waitpid(each, 0)
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
