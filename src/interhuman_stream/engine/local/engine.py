"""Sessions in worker processes on this machine, so that decoding and inference never hold up the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from interhuman_stream.containers import stream_header
from interhuman_stream.engine.local.limits import Limits
from interhuman_stream.engine.local.messages import Checked, Done, Failed, Found, Request
from interhuman_stream.engine.local.process import WorkerLost, WorkerProcess
from interhuman_stream.faults import AnalysisBroke, EngineError, MalformedSegment, ModelMissing, UnknownContainer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interhuman_stream.engine.local.messages import Reply, Work
    from interhuman_stream.engine.local.process import Reason
    from interhuman_stream.findings import Findings

R = TypeVar("R")
FILE_NICENESS: Final = 5
MOST_LOST: Final = 3
"""Workers in a row that one stream may cost: what it sends is more than bad luck then."""
MOST_STARTS: Final = 3
LARGEST_HEADER: Final = 1024 * 1024
ADVICE: Final = "The session goes on in a new worker, without what the last one knew of the person."
LOST: Final[dict[Reason, str]] = {
    "crashed": f"The worker that analysed this segment stopped unexpectedly. {ADVICE} Send the segment again.",
    "time": f"The segment took longer to analyse than one may. {ADVICE} Send shorter segments, of a few seconds.",
    "cpu": f"The segment took more computing than one may. {ADVICE} Send shorter segments, of a few seconds.",
    "memory": f"The segment took more memory than a worker has. {ADVICE} Send smaller pictures.",
}
STOPPING: Final = "The service is stopping; send the segment again when it is back."
NO_WORKER: Final = "No worker can be started now; send the segment again in a moment."
HOPELESS: Final = f"This stream has cost {MOST_LOST} workers in a row and is analysed no longer; begin another."


class LocalEngine:
    """Runs sessions in ``workers`` processes; a session stays in the worker that began it.

    Whole files are worked off in a process of their own, behind the others in the system's queue, so that no stream
    waits for half an hour of video.

    Args:
        workers: How many; None for one a core.
        models_dir: Where the model files are; None for where `models pull` puts them.
        limits: What a worker may use.
    """

    def __init__(
        self, workers: int | None = None, models_dir: Path | None = None, limits: Limits | None = None
    ) -> None:
        self.workers = workers or cores()
        self.cost: float | None = None
        self.lost: Callable[[str], None] = lambda _reason: None
        self.replaced: Callable[[float], None] = lambda _seconds: None
        self._limits = limits or Limits()
        self._models_dir = models_dir
        self._slots = [_Slot(self, 0) for _ in range(self.workers)]
        self._files = _Slot(self, FILE_NICENESS)
        self._ids = itertools.count(1)

    @property
    def ready(self) -> bool:
        """Whether any worker is there that has passed its test."""
        return any(slot.ready for slot in self._slots)

    @property
    def unconfined(self) -> list[str]:
        """What the workers' confinement lacks on this system, in words."""
        return self._slots[0].unconfined

    def process(self, niceness: int) -> WorkerProcess:
        """Start a worker and have it try its models.

        Raises:
            ModelMissing: A model file is absent.
            EngineError: They do not work here.
            WorkerLost: It ended meanwhile.
        """
        process = WorkerProcess(self._limits, self._models_dir, niceness)
        seconds = self._limits.file_seconds
        try:
            checked = _done(process.ask(Request("check", cpu_seconds=seconds), None, seconds))
        except (ModelMissing, AnalysisBroke):
            process.stop()
            raise
        assert isinstance(checked, Checked)  # noqa: S101 - the answer to this request
        self.cost = max(self.cost or 0.0, checked.cost)  # with the workers beside it at work as well
        return process

    async def start(self) -> None:
        """Load and try the models in every worker; return when the first segment can be taken.

        Raises:
            ModelMissing: A model file is absent; the message names the command that fetches it.
            EngineError: They do not work here.
        """
        try:
            await asyncio.gather(*(slot.run(lambda _worker: None) for slot in self._slots))
        except AnalysisBroke as error:
            raise EngineError(f"The models do not work on this machine: {error}") from error

    async def session(self) -> LocalSession:
        """Open a session in the worker that has the fewest."""
        slot = min(self._slots, key=lambda slot: slot.sessions)
        slot.sessions += 1
        return LocalSession(slot, next(self._ids), self._limits.segment_seconds)

    async def analyze(self, file: bytes) -> Findings:
        """Analyse a whole file in the process for files; see ``Engine``."""
        session = LocalSession(self._files, next(self._ids), self._limits.file_seconds)
        try:
            return await session.analyze(file)
        finally:
            await asyncio.shield(session.forget())

    async def stop(self) -> None:
        """End every worker."""
        await asyncio.gather(*(asyncio.to_thread(slot.stop) for slot in (*self._slots, self._files)))


class LocalSession:
    """One byte stream under analysis in one worker, or in another after that was lost.

    The person's baseline is the worker's and is built anew, within seconds; the container's header is kept here, for
    what continues a stream cannot be read without it.
    """

    def __init__(self, slot: _Slot, number: int, seconds: float) -> None:
        self._slot = slot
        self._number = number
        self._seconds = seconds
        self._worker: WorkerProcess | None = None
        self._header = b""
        self._lost = 0

    async def prime(self, header: bytes) -> None:
        """Open the stream with a container's header that came alone; other bytes are ignored."""
        await self._slot.run(lambda worker: self._prime(worker, header))

    async def analyze(self, segment: bytes) -> Findings:
        """Analyse the next segment.

        Raises:
            MalformedSegment: Nothing in the bytes decodes. The session goes on.
            EngineError: The worker was lost. The session goes on, without the person's baseline.
            AnalysisBroke: The analysis broke. The session goes on.
        """
        if self._lost >= MOST_LOST:
            raise EngineError(HOPELESS)
        return await self._slot.run(lambda worker: self._analyze(worker, segment))

    async def close(self) -> None:
        """Forget the stream and the person."""
        self._slot.sessions -= 1
        await self.forget()

    async def forget(self) -> None:
        """Have the worker forget them."""
        with contextlib.suppress(EngineError):  # a lost worker has forgotten them already
            await self._slot.run(lambda worker: self._ask(worker, "close") if worker is self._worker else None)

    def _prime(self, worker: WorkerProcess, header: bytes) -> None:
        self._enter(worker)
        self._keep_header(header)
        self._ask(worker, "prime", header)

    def _analyze(self, worker: WorkerProcess, segment: bytes) -> Findings:
        self._enter(worker)
        self._keep_header(segment)
        try:
            reply = self._ask(worker, "analyze", segment)
        except WorkerLost as lost:
            self._lost += lost.taken
            raise
        self._lost = 0
        assert isinstance(reply, Found)  # noqa: S101 - the answer to this request
        return reply.findings

    def _enter(self, worker: WorkerProcess) -> None:
        """Have a worker that does not know the stream read its container's header first."""
        if worker is not self._worker:
            self._worker = worker
            if self._header:
                self._ask(worker, "prime", self._header)

    def _keep_header(self, data: bytes) -> None:
        header = stream_header(data)
        if header is not None:
            self._header = header if len(header) <= LARGEST_HEADER else b""

    def _ask(self, worker: WorkerProcess, work: Work, data: bytes | None = None) -> Reply:
        request = Request(work, self._number, self._seconds)
        return _done(worker.ask(request, data, self._seconds))


class _Slot:
    """A place for one worker, and the thread that talks to it: first come, first served.

    A worker that is lost takes the work it had with it; what waits behind is done by the next.
    """

    def __init__(self, engine: LocalEngine, niceness: int) -> None:
        self.sessions = 0
        self.unconfined: list[str] = []
        self._engine = engine
        self._niceness = niceness
        self._worker: WorkerProcess | None = None
        self._ended: WorkerProcess | None = None
        self._ended_at = 0.0
        self._thread = ThreadPoolExecutor(1, "worker")
        self._stopping = threading.Event()

    @property
    def ready(self) -> bool:
        """Whether its worker is there and has passed its test."""
        return self._worker is not None and self._worker is not self._ended

    @property
    def pid(self) -> int | None:
        """The number of its worker's process, where there is one."""
        worker = self._worker
        return worker.pid if worker else None

    async def run(self, work: Callable[[WorkerProcess], R]) -> R:
        """Have ``work`` done in its turn.

        Raises:
            EngineError: The worker was lost, or none can be had.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)
        except RuntimeError as error:
            raise EngineError(STOPPING) from error

    def stop(self) -> None:
        """End the worker, whatever it does, and take no more work; what waits is told so in its turn."""
        self._stopping.set()
        self._thread.shutdown(wait=False)
        if worker := self._worker:
            worker.kill()

    def _run(self, work: Callable[[WorkerProcess], R]) -> R:
        starts = 0
        while not self._stopping.is_set():
            try:
                worker = self._living()
            except WorkerLost as lost:
                starts += 1
                if starts >= MOST_STARTS:
                    raise EngineError(NO_WORKER) from lost
                continue
            try:
                return work(worker)
            except WorkerLost as lost:
                if lost.taken and not self._stopping.is_set():
                    raise EngineError(LOST[lost.reason]) from lost
        raise EngineError(STOPPING)

    def _living(self) -> WorkerProcess:
        """The worker, another one if it has ended. For the slot's own thread."""
        worker = self._worker
        if worker and worker.alive:
            return worker
        if worker:
            self._engine.lost(worker.ended_by)
            self._note_end_of(worker)
            worker.stop()
            self._worker = None
        new = self._engine.process(self._niceness)
        self._worker, self.unconfined = new, new.unconfined
        if self._ended:
            self._engine.replaced(time.perf_counter() - self._ended_at)
        threading.Thread(target=self._watch, args=(new,), name="watch", daemon=True).start()
        if self._stopping.is_set():
            new.stop()
        return new

    def _watch(self, worker: WorkerProcess) -> None:
        """Wait for a worker's end, and have the next started before anybody asks for it."""
        worker.until_it_ends()
        self._note_end_of(worker)
        with contextlib.suppress(RuntimeError):  # stopped
            self._thread.submit(self._run, lambda _next: None)

    def _note_end_of(self, worker: WorkerProcess) -> None:
        if self._ended is not worker:
            self._ended, self._ended_at = worker, time.perf_counter()


def cores() -> int:
    """The cores this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _done(reply: Reply) -> Done | Checked | Found:
    """A worker's answer, or the error it stands for."""
    if not isinstance(reply, Failed):
        return reply
    if reply.why == "model":
        raise ModelMissing(reply.message)
    if reply.why == "container":
        raise UnknownContainer(reply.message)
    if reply.why == "malformed":
        raise MalformedSegment(reply.message)
    raise AnalysisBroke(reply.message)
