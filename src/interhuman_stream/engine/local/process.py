"""One worker process as the server sees it: started, asked, ended when it takes too long, and told why it ended."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from interhuman_stream.engine.local.messages import OUT_OF_MEMORY, TAKEN, Failed, decode_reply, encode

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, SpawnContext
    from pathlib import Path

    from interhuman_stream.engine.local.limits import Limits
    from interhuman_stream.engine.local.messages import Reply, Request

Reason: TypeAlias = Literal["crashed", "time", "cpu", "memory"]
PRELOADED: Final = "interhuman_stream.engine.local.worker"
LARGEST_REPLY: Final = 16 * 1024 * 1024
START_SECONDS: Final = 60.0
"""More than a worker takes to load on a busy machine; one that takes longer hangs."""
END_SECONDS: Final = 5.0
TICK_SECONDS: Final = 0.25
LONGEST_FOLDER: Final = 64
"""Bytes: behind it come two names of some fifteen each, and macOS has four bytes less than Linux."""


class WorkerLost(Exception):  # noqa: N818 - reads as what happened
    """The process is gone, or was ended: ``reason`` says by what, ``taken`` whether the work is lost with it."""

    def __init__(self, reason: Reason, *, taken: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.taken = taken


class WorkerProcess:
    """A process that analyses. One thread at a time may ask it.

    Attributes:
        unconfined: What its confinement lacks on this system, in words.

    Raises:
        WorkerLost: It did not start.
    """

    def __init__(self, limits: Limits, models_dir: Path | None, niceness: int) -> None:
        context = _context()
        self._late = False
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, limits.memory, models_dir, niceness)
        # A daemon: it ends with the server in any case.
        self._process = context.Process(target=_live, args=arguments, name="worker", daemon=True)
        self._process.start()
        theirs.close()
        self._deadline = time.monotonic() + START_SECONDS
        # One thread that keeps the time, not a timer a question: each new thread would leave its share of the heap.
        self._clock = threading.Thread(target=self._keep_time, name="clock", daemon=True)
        self._clock.start()
        try:
            self.unconfined = msgspec.msgpack.decode(self._pipe.recv_bytes(LARGEST_REPLY), type=list[str])
        except (EOFError, OSError) as error:
            raise self._lost(taken=True) from error
        self._deadline = math.inf

    @property
    def pid(self) -> int | None:
        """Its number among the system's processes."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.is_alive()

    def ask(self, request: Request, data: bytes | None, seconds: float) -> Reply:
        """Have something done, in at most ``seconds``.

        Raises:
            WorkerLost: It ended meanwhile, or had to be ended.
        """
        # Not only the answer may take too long: a process that hangs does not take the question either.
        self._deadline = time.monotonic() + seconds
        taken = False
        try:
            self._pipe.send_bytes(encode(request))
            if data is not None:
                self._pipe.send_bytes(data)
            taken = self._pipe.recv_bytes(len(TAKEN)) == TAKEN
            reply = decode_reply(self._pipe.recv_bytes(LARGEST_REPLY))
        except (EOFError, OSError, msgspec.DecodeError) as error:
            raise self._lost(taken=taken) from error
        finally:
            self._deadline = math.inf
        if isinstance(reply, Failed) and reply.ending:
            lost = self._lost(taken=True)
            if reply.why == "memory":
                raise lost
        return reply

    def until_it_ends(self) -> None:
        """Wait for its end, whoever brings it about."""
        self._clock.join()

    def kill(self) -> None:
        """End it at once, from any thread: one that waits for its answer is told that it was lost."""
        self._process.kill()
        self._process.join(END_SECONDS)

    def stop(self) -> None:
        """End it at once, and give back the pipe, which nobody else may be using."""
        self.kill()
        self._pipe.close()

    @property
    def ended_by(self) -> Reason:
        """What ended it, once it has ended."""
        if self._late:
            return "time"
        ended = self._process.exitcode
        if ended == OUT_OF_MEMORY:
            return "memory"
        return "cpu" if os.name == "posix" and ended == -signal.SIGXCPU else "crashed"

    def _keep_time(self) -> None:
        while not wait([self._process.sentinel], TICK_SECONDS):
            if time.monotonic() > self._deadline:
                self._late = True
                self._process.kill()

    def _lost(self, *, taken: bool) -> WorkerLost:
        self._process.join(END_SECONDS)
        self.stop()
        return WorkerLost(self.ended_by, taken=taken)


def _context() -> ForkServerContext | SpawnContext:
    """Where it can be had, a server that has loaded the libraries and is forked for each worker.

    Never this process: a fork would copy the event loop's threads' locks in whatever state they are. The libraries'
    pages are shared, and a worker that is replaced need not load them again. It is asked over a socket in the folder
    for temporary files, whose path must not be too long (unix(7): 108 bytes).
    """
    short = len(os.fsencode(tempfile.gettempdir())) <= LONGEST_FOLDER
    if short and "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([PRELOADED])
        return context
    return multiprocessing.get_context("spawn")


def _live(pipe: Connection, memory: int, models_dir: Path | None, niceness: int) -> None:
    from interhuman_stream.engine.local.worker import work  # noqa: PLC0415 - a worker's import, not the server's

    work(pipe, memory, models_dir, niceness)
