"""One worker process as the server sees it: started, written to, listened to, ended, and told why it ended."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from interhuman_stream.analysis.model_files import models_dir as default_models_dir
from interhuman_stream.engine.local.fork_requests import Part, bear
from interhuman_stream.engine.local.messages import OUT_OF_MEMORY, decode_reply, encode
from interhuman_stream.engine.local.validation import fault, plain
from interhuman_stream.engine.local.worker_output import follow
from interhuman_stream.findings import Spent

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

    from interhuman_stream.engine.local.fork_requests import Born
    from interhuman_stream.engine.local.limits import Limits
    from interhuman_stream.engine.local.messages import Reply, Request

Reason: TypeAlias = Literal["crashed", "time", "cpu", "memory", "forged"]
LARGEST_REPLY: Final = 4 * 1024 * 1024
"""Bytes: a container's header takes one at most (resume.py), and what is found in an hour of video less than one."""
MOST_UNHEARD: Final = 64
"""Replies that may wait for the event loop: one that says more is not listened to meanwhile."""
MOST_A_SECOND: Final = 2000.0
"""Replies that are taken: a step takes milliseconds and is announced by one. More would only keep the loop busy."""
WEIGHS_TWICE: Final = 16 * 1024
"""Bytes of a reply that count as one more."""
LONGEST_SHOWN: Final = 400
END_SECONDS: Final = 5.0
log: Final = logging.getLogger(__name__)


class WorkerProcess:
    """A process that analyses.

    Three threads live as long as it does: one writes to it, for a process that hangs takes nothing in, one listens, and
    one follows what it prints.

    Args:
        limits: What it may use.
        models_dir: Where the model files are; None for where `models pull` puts them.
        niceness: Of the process.
        loop: The event loop in which ``heard`` is called and ``ended`` is set.
        heard: Called with each thing the worker says, and with the clock's and the process's time when it came, by this
            system and not by the worker; the process's is 0 where that is not told.

    Attributes:
        ended: Set to what ended it, once it has ended.
    """

    def __init__(
        self,
        limits: Limits,
        models_dir: Path | None,
        niceness: int,
        loop: asyncio.AbstractEventLoop,
        heard: Callable[[Reply, Spent], None],
    ) -> None:
        self.ended: asyncio.Future[Reason] = loop.create_future()
        self._loop = loop
        self._heard = heard
        self._why: Reason | None = None
        self._unheard = threading.Semaphore(MOST_UNHEARD)
        self._outbox: queue.SimpleQueue[tuple[Request, bytes | None] | None] = queue.SimpleQueue()
        self._part = Part(limits.memory, models_dir or default_models_dir(), niceness)
        self._pipe, self._theirs = multiprocessing.Pipe()
        self._born: Born | None = None
        self._killed = False
        self._writer = threading.Thread(target=self._write, name="to worker", daemon=True)

    def start(self) -> None:
        """Start it, which takes a moment: not for the event loop's thread.

        Raises:
            OSError: The system has no process to give.
            EOFError: What starts them has ended.
        """
        read, write = os.pipe()
        try:
            self._born = bear(_live, self._theirs, write, self._part)
        except (OSError, EOFError):
            os.close(read)
            self._pipe.close()
            raise
        finally:
            os.close(write)
            self._theirs.close()
        if self._killed:
            self._born.kill()
        self._writer.start()
        threading.Thread(target=follow, args=(read, self.pid), name="prints of worker", daemon=True).start()
        threading.Thread(target=self._listen, args=(self._born,), name="from worker", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """Its number among the system's processes."""
        return self._born.pid if self._born else None

    def send(self, request: Request, data: bytes | None = None) -> None:
        """Write to it, behind what was written before; what does not reach it is lost with it."""
        self._outbox.put((request, data))

    def kill(self, why: Reason | None = None) -> None:
        """End it at once, or as soon as it is started; ``why``: where that is known better than from how it ends."""
        self._why = self._why or why
        self._killed = True
        if self._born:
            self._born.kill()

    def used(self) -> float:
        """Seconds of CPU time that it has used, as the system counts them; 0 where it tells nobody."""
        if sys.platform != "linux" or self.pid is None:
            return 0.0
        try:
            return time.clock_gettime(_cpu_clock(self.pid))
        except OSError:  # it has ended
            return 0.0

    def _write(self) -> None:
        with contextlib.suppress(OSError):  # it has ended, and whoever listens says so
            while (message := self._outbox.get()) is not None:
                request, data = message
                self._pipe.send_bytes(encode(request))
                if data is not None:
                    self._pipe.send_bytes(data)
                del message, data  # not kept until the next one comes

    def _listen(self, born: Born) -> None:
        try:
            self._take_in()
        except (EOFError, ConnectionError):
            self._await_end(born)
        except Exception as error:  # noqa: BLE001 - too much, too deep, or nothing that a worker says: it is ended
            self._why = self._why or "forged"
            log.warning("worker %s said what none says and is ended: %s", self.pid, plain(str(error))[:LONGEST_SHOWN])
        born.kill()
        status = born.wait()
        self._outbox.put(None)
        self._writer.join()
        self._pipe.close()
        self._in_loop(self.ended.set_result, self._ended_by(status))

    def _take_in(self) -> None:
        """Hear what it says until it says what no worker of ours does."""
        room, since = MOST_A_SECOND, time.monotonic()
        while True:
            self._unheard.acquire()
            data = self._pipe.recv_bytes(LARGEST_REPLY)
            reply = decode_reply(data)
            if wrong := fault(reply):
                raise msgspec.ValidationError(wrong)
            self._in_loop(self._hear, reply, Spent(time.perf_counter(), self.used()))
            now = time.monotonic()
            weighs = 1 + len(data) / WEIGHS_TWICE
            room, since = min(MOST_A_SECOND, room + MOST_A_SECOND * (now - since)) - weighs, now
            if room < 0:
                time.sleep(-room / MOST_A_SECOND)

    def _await_end(self, born: Born) -> None:
        """It has closed its pipe, and is to end by itself, so that it is known how; not for ever."""
        late = threading.Timer(END_SECONDS, born.kill)
        late.start()
        born.wait()
        late.cancel()

    def _hear(self, reply: Reply, at: Spent) -> None:
        self._unheard.release()
        self._heard(reply, at)

    def _in_loop(self, call: Callable[..., object], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to hear it
            self._loop.call_soon_threadsafe(call, *arguments)

    def _ended_by(self, status: int | None) -> Reason:
        if self._why:
            return self._why
        if status == OUT_OF_MEMORY:
            return "memory"
        return "cpu" if os.name == "posix" and status == -signal.SIGXCPU else "crashed"


def _cpu_clock(pid: int) -> int:
    """The clock of another process's CPU time (clock_getcpuclockid(3), linux/posix-timers.h: CPUCLOCK_SCHED)."""
    return ~pid << 3 | 2


def _live(pipe: Connection, memory: int, models_dir: Path | None, niceness: int) -> None:
    from interhuman_stream.engine.local.worker import work  # noqa: PLC0415 - a worker's import, not the server's

    work(pipe, memory, models_dir, niceness)
