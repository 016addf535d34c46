"""The fork server's own process: loads the libraries once, forks a worker whenever asked, says how each ended.

It reads nothing but what the server says, and holds no secret: its environment is clean (fork_requests.py). It ends
when the server does, and its workers with it (``jail.die_with``).
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import select
import signal
import sys
import traceback
from multiprocessing import reduction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from interhuman_stream.engine.local.fork_requests import NUMBER_BYTES, ForkRequest
from interhuman_stream.engine.local.jail import close_descriptors
from interhuman_stream.engine.local.worker import rehearse

if TYPE_CHECKING:
    from types import FrameType

STDOUT, STDERR = 1, 2
MOST_AT_ONCE: Final = 65536


def main(control: int) -> None:
    """Fork what is asked for over this descriptor until it is closed."""
    rehearse()  # once, for all that are forked
    serve(Connection(control))


def serve(control: Connection) -> None:
    """Fork what is asked for until the connection is closed."""
    fates: dict[int, int] = {}
    ended, wake = os.pipe()
    os.set_blocking(ended, False)
    os.set_blocking(wake, False)
    handled = signal.signal(signal.SIGCHLD, _noted)
    woken = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    try:
        while True:
            ready, _, _ = select.select([control.fileno(), ended], [], [])
            if ended in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(ended, MOST_AT_ONCE)
                _bury(fates)
            if control.fileno() in ready and not _asked(control, fates):
                return
    finally:
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGCHLD, handled)
        for each in (ended, wake, *fates.values()):
            os.close(each)


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Wake the loop, which a signal without a handler does not."""


def _asked(control: Connection, fates: dict[int, int]) -> bool:
    """Fork what is asked for; False where nothing is asked any more."""
    try:
        birth = msgspec.msgpack.decode(control.recv_bytes(), type=ForkRequest)
        pipe, prints, fate = (reduction.recv_handle(control) for _ in range(3))
    except (EOFError, ConnectionResetError):
        return False
    try:
        pid = os.fork()
    except OSError as error:
        pid = -(error.errno or errno.EAGAIN)
    if pid == 0:
        _live(birth, pipe, prints)
    for each in (pipe, prints):
        os.close(each)
    _say(fate, pid)
    if pid > 0:
        fates[pid] = fate
    else:
        os.close(fate)
    return True


def _bury(fates: dict[int, int]) -> None:
    """Say how each has ended that has."""
    while fates:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        fate = fates.pop(pid, None)
        if fate is not None:
            _say(fate, os.waitstatus_to_exitcode(status))
            os.close(fate)


def _say(fate: int, number: int) -> None:
    with contextlib.suppress(ConnectionError):  # nobody wants to know
        os.write(fate, number.to_bytes(NUMBER_BYTES, "little", signed=True))


def _live(birth: ForkRequest, pipe: int, prints: int) -> None:
    """Be a worker, with nothing of the fork server's but its libraries; never returns."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for each in (STDOUT, STDERR):
            os.dup2(prints, each)
        close_descriptors({pipe})
        live = getattr(importlib.import_module(birth.module), birth.name)
        models = Path(birth.models_dir) if birth.models_dir else None
        live(Connection(pipe), birth.memory, models, birth.niceness)
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, this process is not to go on as a second fork server
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(status)
