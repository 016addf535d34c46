"""Commands without the second that Python takes to load the program: a process that has loaded it forks one for each.

Each is still a process of its own, with its own arguments, environment, streams and exit code. What Python itself sees
to when it begins is not repeated: the encoding of the streams, closed ones, and arguments that are taken off the
command line. Tests of those start the program as a shell does.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import io
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from interhuman_stream.__main__ import concealed

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[1]
SENDING = threading.Lock()
LOADED = (
    "interhuman_stream.cli",
    "interhuman_stream.client.sync",
    "interhuman_stream.service.access.store",
    "alembic.command",
    "anyio._backends._asyncio",
    "h11",
    "httpx",
    "websockets.asyncio.client",
)
"""What takes the second. The engine is not among it: its packages start threads, and a fork has none of them."""


def run(
    arguments: list[str], env: Mapping[str, str], *, timeout: float | None = 100.0
) -> subprocess.CompletedProcess[bytes]:
    """Run ``interhuman-stream`` with these arguments, and nothing on stdin, to its end.

    Raises:
        TimeoutError: It has not ended in time; it is killed.
    """
    kept, environment = concealed(arguments, env)
    with tempfile.TemporaryFile() as request, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        request.write(json.dumps([kept, environment, str(Path.cwd())]).encode())
        request.seek(0)
        here, there = socket.socketpair()
        with here:
            with there, SENDING:
                socket.send_fds(_server(), [b"!"], [request.fileno(), out.fileno(), err.fileno(), there.fileno()])
            here.settimeout(timeout)
            with here.makefile("r") as said:
                pid = int(said.readline())
                try:
                    code = int(said.readline())
                except TimeoutError:
                    os.kill(pid, signal.SIGKILL)
                    raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(arguments, code, out.read(), err.read())


@functools.cache
def _server() -> socket.socket:
    """Start what forks; it ends when its socket is closed, which is when this process ends."""
    here, there = socket.socketpair()
    with there:
        subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(there.fileno())],
            pass_fds=[there.fileno()],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    return here


def serve(asked: socket.socket) -> None:
    """Fork a process for each request, and tell its number and, once it has ended, its exit code."""
    for name in LOADED:
        importlib.import_module(name)
    with contextlib.suppress(SystemExit):
        importlib.import_module("interhuman_stream.cli").app(
            ["token", "--help"]
        )  # what is loaded late, and typer's own
    gc.freeze()

    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    waiting: dict[int, socket.socket] = {}
    ready = selectors.DefaultSelector()
    ready.register(asked, selectors.EVENT_READ)
    ready.register(awake, selectors.EVENT_READ)
    while True:
        for key, _ in ready.select():
            if key.fd == awake:
                os.read(awake, 100)
                ended(waiting)
                continue
            said, files, _, _ = socket.recv_fds(asked, 1, 4)
            if not said:
                return
            request, out, err, answer = files
            telling = socket.socket(fileno=answer)
            if not (pid := os.fork()):
                asked.close()
                telling.close()
                become(request, out, err)
            for file in (request, out, err):
                os.close(file)
            telling.sendall(f"{pid}\n".encode())
            waiting[pid] = telling


def ended(waiting: dict[int, socket.socket]) -> None:
    """Tell of every process that has ended."""
    while waiting:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with waiting.pop(pid) as telling:
            telling.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def become(request: int, out: int, err: int) -> NoReturn:
    """Be the program that was asked for."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with io.FileIO(request) as file:
        arguments, environment, folder = json.loads(file.readall())
    for file_number, stream in ((out, 1), (err, 2)):
        os.dup2(file_number, stream)
        os.close(file_number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    program = importlib.import_module("interhuman_stream.__main__")
    sys.argv = [str(program.__file__), *arguments]
    sys.modules["__main__"] = program  # by which the help calls it
    program.main()
    sys.exit(0)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as asked_by_tests:
        serve(asked_by_tests)
