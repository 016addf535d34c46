"""Starts workers: asks a process that has loaded the libraries to fork one, and learns its number and how it ended.

Never forks this process: that would copy the event loop's threads' locks in whatever state they are. The libraries'
pages are shared, and a worker that is replaced need not load them again. The standard library has such a server too;
ours is started without this process's secrets in its memory (environment.py), gives a worker nothing but its own pipe,
and gets no pickles.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import multiprocessing
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from multiprocessing import reduction
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from interhuman_stream.engine.local.environment import clean

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

BOOT: Final = """
import json, sys
sys.path[:] = json.loads(sys.argv[2])
from interhuman_stream.engine.local.fork_server import main
main(int(sys.argv[1]))
"""
NUMBER_BYTES: Final = 8
END_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Part:
    """What a worker is started with, beside its pipe; see ``worker.work``."""

    memory: int
    models_dir: Path | None
    niceness: int


class ForkRequest(msgspec.Struct, frozen=True):
    """A request to fork a worker. Its end of the pipe, of the pipe for what it prints and of its fate's follow.

    Attributes:
        module: Where the function is that is its life.
        name: Of the function.
        memory: And the others: see ``Part``.
    """

    module: str
    name: str
    memory: int
    models_dir: str | None
    niceness: int


class Born(Protocol):
    """A worker's process, as far as who keeps it must know it."""

    @property
    def pid(self) -> int | None:
        """Its number among the system's processes."""

    def kill(self) -> None:
        """End it at once."""

    def wait(self) -> int | None:
        """How it ended: its status, or minus the signal; None where nobody knows. Returns when it has."""


class Forked:
    """A process that the fork server has made."""

    def __init__(self, pid: int, fate: int) -> None:
        self.pid = pid
        self._fate = fate
        self._ended = threading.Lock()  # a number may be another process's once it has ended
        self._status: int | None = None
        self._over = False

    def kill(self) -> None:
        """End it at once."""
        with self._ended, contextlib.suppress(ProcessLookupError):
            if not self._over:
                os.kill(self.pid, 9)

    def wait(self) -> int | None:
        """How it ended; returns when it has. For one thread alone."""
        if not self._over:
            status = _number(self._fate)
            with self._ended:
                self._over, self._status = True, status
            os.close(self._fate)
        return self._status


class Spawned:
    """A process that is started anew, with all libraries to load: where there is no fork (Windows)."""

    def __init__(self, live: Callable[..., None], pipe: Connection, part: Part) -> None:
        arguments = (pipe, part.memory, part.models_dir, part.niceness)
        self._process = multiprocessing.get_context("spawn").Process(target=live, args=arguments, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int | None:
        """Its number among the system's processes."""
        return self._process.pid

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def wait(self) -> int | None:
        """How it ended; returns when it has."""
        self._process.join()
        return self._process.exitcode


class _ForkServer:
    """The process that forks, started when the first worker is, and anew should it end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Connection | None = None

    def fork(self, birth: ForkRequest, pipe: int, prints: int) -> Forked:
        """Have a worker made.

        Raises:
            OSError: The system has no process to give, or the server has ended.
            EOFError: Likewise.
        """
        fate, theirs = os.pipe()
        try:
            with self._lock:
                control, server = self._running()
                control.send_bytes(msgspec.msgpack.encode(birth))
                for handle in (pipe, prints, theirs):
                    reduction.send_handle(control, handle, server)
        except (OSError, EOFError):
            os.close(fate)
            raise
        finally:
            os.close(theirs)
        pid = _number(fate)
        if not pid or pid < 0:
            os.close(fate)
            raise OSError(-(pid or 0), "the fork server has made no process")
        return Forked(pid, fate)

    def stop(self) -> None:
        """End it, and with it every worker that is left."""
        with self._lock:
            self._end()

    def _running(self) -> tuple[Connection, int]:
        if self._process is None or self._control is None or self._process.poll() is not None:
            self._end()
            self._control, self._process = _started()
        return self._control, self._process.pid

    def _end(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control = self._process = None


def _started() -> tuple[Connection, subprocess.Popen[bytes]]:
    """The server, in a session of its own: Ctrl-C on a terminal is for this process, which ends the others."""
    ours, theirs = multiprocessing.Pipe()
    path = json.dumps([os.path.abspath(each) for each in sys.path])  # noqa: PTH100 - a Path resolves nothing less
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own program
            [sys.executable, "-c", BOOT, str(theirs.fileno()), path],
            env=clean(os.environ),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return ours, process


def _number(pipe: int) -> int | None:
    """The next number in a pipe of them; None where it is closed before."""
    data = b""
    while len(data) < NUMBER_BYTES:
        read = os.read(pipe, NUMBER_BYTES - len(data))
        if not read:
            return None
        data += read
    return int.from_bytes(data, "little", signed=True)


_SERVER: Final = _ForkServer()
atexit.register(_SERVER.stop)


def bear(live: Callable[..., None], pipe: Connection, prints: int, part: Part) -> Born:
    """Start a worker that lives as ``live`` does, with its end of a pipe; ``prints`` takes what it prints.

    Raises:
        OSError: The system has no process to give.
        EOFError: What starts them has ended.
    """
    if sys.platform == "win32":
        return Spawned(live, pipe, part)
    models = os.path.abspath(part.models_dir) if part.models_dir else None  # noqa: PTH100 - as above
    birth = ForkRequest(live.__module__, live.__qualname__, part.memory, models, part.niceness)
    return _SERVER.fork(birth, pipe.fileno(), prints)
