"""One worker process as the server sees it: started, written to, listened to, ended, and told why it ended."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import tempfile
import threading
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from interhuman_stream.engine.local.messages import OUT_OF_MEMORY, decode_reply, encode

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, SpawnContext
    from pathlib import Path

    from interhuman_stream.engine.local.limits import Limits
    from interhuman_stream.engine.local.messages import Reply, Request

Reason: TypeAlias = Literal["crashed", "time", "cpu", "memory"]
PRELOADED: Final = ("interhuman_stream.engine.local.interrupted", "interhuman_stream.engine.local.worker")
LARGEST_REPLY: Final = 16 * 1024 * 1024
MOST_UNHEARD: Final = 64
"""Replies that may wait for the event loop: one that says more is not listened to meanwhile."""
END_SECONDS: Final = 5.0
LONGEST_FOLDER: Final = 64
"""Bytes: behind it come two names of some fifteen each, and macOS has four bytes less than Linux."""


class WorkerProcess:
    """A process that analyses.

    Two threads live as long as it does: one writes to it, for a process that hangs takes nothing in, and one listens.

    Args:
        limits: What it may use.
        models_dir: Where the model files are; None for where `models pull` puts them.
        niceness: Of the process.
        loop: The event loop in which ``heard`` is called and ``ended`` is set.
        heard: Called with each thing the worker says.

    Attributes:
        ended: Set to what ended it, once it has ended.
    """

    def __init__(
        self,
        limits: Limits,
        models_dir: Path | None,
        niceness: int,
        loop: asyncio.AbstractEventLoop,
        heard: Callable[[Reply], None],
    ) -> None:
        self.ended: asyncio.Future[Reason] = loop.create_future()
        self._loop = loop
        self._heard = heard
        self._late = False
        self._unheard = threading.Semaphore(MOST_UNHEARD)
        self._outbox: queue.SimpleQueue[tuple[Request, bytes | None] | None] = queue.SimpleQueue()
        context = _context()
        self._pipe, self._theirs = context.Pipe()
        arguments = (self._theirs, limits.memory, limits.step_seconds, models_dir, niceness)
        # A daemon: it ends with the server in any case.
        self._process = context.Process(target=_live, args=arguments, name="worker", daemon=True)
        self._writer = threading.Thread(target=self._write, name="to worker", daemon=True)

    def start(self) -> None:
        """Start it, which takes a moment: not for the event loop's thread.

        Raises:
            OSError: The system has no process to give.
            EOFError: What starts them has ended.
        """
        try:
            with _without_interrupts():
                self._process.start()
        except (OSError, EOFError):
            self._pipe.close()
            raise
        finally:
            self._theirs.close()
        self._writer.start()
        threading.Thread(target=self._listen, name="from worker", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """Its number among the system's processes."""
        return self._process.pid

    def send(self, request: Request, data: bytes | None = None) -> None:
        """Write to it, behind what was written before; what does not reach it is lost with it."""
        self._outbox.put((request, data))

    def kill(self, *, late: bool = False) -> None:
        """End it at once, if it is started; ``late``: because it took too long."""
        self._late = self._late or late
        if self._process.pid is not None:
            self._process.kill()

    def _write(self) -> None:
        with contextlib.suppress(OSError):  # it has ended, and whoever listens says so
            while (message := self._outbox.get()) is not None:
                request, data = message
                self._pipe.send_bytes(encode(request))
                if data is not None:
                    self._pipe.send_bytes(data)
                del message, data  # not kept until the next one comes

    def _listen(self) -> None:
        try:
            while True:
                self._unheard.acquire()
                self._in_loop(self._hear, decode_reply(self._pipe.recv_bytes(LARGEST_REPLY)))
        except EOFError:
            self._process.join(END_SECONDS)
        except (OSError, msgspec.DecodeError):
            pass  # too much, or nothing that a worker says: it is ended
        self._process.kill()
        self._process.join()
        self._outbox.put(None)
        self._writer.join()
        self._pipe.close()
        self._in_loop(self.ended.set_result, self._ended_by())

    def _hear(self, reply: Reply) -> None:
        self._unheard.release()
        self._heard(reply)

    def _in_loop(self, call: Callable[..., object], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to hear it
            self._loop.call_soon_threadsafe(call, *arguments)

    def _ended_by(self) -> Reason:
        if self._late:
            return "time"
        ended = self._process.exitcode
        if ended == OUT_OF_MEMORY:
            return "memory"
        return "cpu" if os.name == "posix" and ended == -signal.SIGXCPU else "crashed"


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Keep Ctrl-C, which reaches the whole process group, from a Python that starts: it would show where it was.

    A mask is inherited (sigprocmask(2)); what forks the workers lifts it first thing, and a worker ignores Ctrl-C.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows has none
        yield
        return
    resource_tracker.ensure_running()  # which lifts the mask, where it has to start one
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _context() -> ForkServerContext | SpawnContext:
    """Where it can be had, a server that has loaded the libraries and is forked for each worker.

    Never this process: a fork would copy the event loop's threads' locks in whatever state they are. The libraries'
    pages are shared, and a worker that is replaced need not load them again. It is asked over a socket in the folder
    for temporary files, whose path must not be too long (unix(7): 108 bytes).
    """
    short = len(os.fsencode(tempfile.gettempdir())) <= LONGEST_FOLDER
    if short and "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*PRELOADED])
        return context
    return multiprocessing.get_context("spawn")


def _live(pipe: Connection, memory: int, step_seconds: float, models_dir: Path | None, niceness: int) -> None:
    from interhuman_stream.engine.local.worker import work  # noqa: PLC0415 - a worker's import, not the server's

    work(pipe, memory, step_seconds, models_dir, niceness)
