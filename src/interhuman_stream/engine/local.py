"""Sessions in worker processes on this machine, so that decoding and inference never hold up the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import itertools
import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

from interhuman_stream.engine.pool import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interhuman_stream.analysis.perception import Models
    from interhuman_stream.analysis.session import AnalysisSession, SegmentAnalysis

# Numerical libraries start a thread a core each; with a worker a core they would fight over them.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "CT2_VERBOSE": "-2",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
Ts = TypeVarTuple("Ts")
R = TypeVar("R")
PR_SET_PDEATHSIG = 1
LOST = (
    "The worker that analysed this segment stopped unexpectedly. The session goes on in a new one, without what it "
    "knew of the person; send the segment again, beginning with a new file."
)


class LocalEngine:
    """Runs sessions in ``workers`` processes; a session stays in the worker that began it."""

    def __init__(self, workers: int | None = None, models_dir: Path | None = None) -> None:
        self._slots = [_Slot(models_dir) for _ in range(workers or os.cpu_count() or 1)]
        self._ids = itertools.count(1)

    async def start(self) -> None:
        """Load the models in every worker; return when the first segment can be taken."""
        await asyncio.gather(*(slot.run(_warm) for slot in self._slots))

    async def session(self) -> LocalSession:
        """Open a session in the worker that has the fewest."""
        slot = min(self._slots, key=lambda slot: slot.sessions)
        slot.sessions += 1
        return LocalSession(slot, next(self._ids))

    async def stop(self) -> None:
        """End every worker."""
        await asyncio.gather(*(asyncio.to_thread(slot.stop) for slot in self._slots))


class LocalSession:
    """One byte stream under analysis in one worker."""

    def __init__(self, slot: _Slot, number: int) -> None:
        self._slot = slot
        self._number = number

    async def prime(self, header: bytes) -> None:
        """Open the stream with a container's header that came alone; other bytes are ignored."""
        await self._slot.run(_prime, self._number, header)

    async def analyze(self, segment: bytes) -> SegmentAnalysis:
        """Analyse the next segment.

        Raises:
            MalformedSegment: Nothing in the bytes decodes. The session goes on.
            EngineError: The worker was lost. The session goes on, without the person's baseline.
        """
        return await self._slot.run(_analyze, self._number, segment)

    async def close(self) -> None:
        """Forget the stream and the person."""
        self._slot.sessions -= 1
        with contextlib.suppress(EngineError):  # a lost worker has forgotten them already
            await self._slot.run(_close, self._number)


class _Slot:
    """One worker process, replaced when it dies."""

    def __init__(self, models_dir: Path | None) -> None:
        self.sessions = 0
        self._models_dir = models_dir
        self._pool = self._new()

    async def run(self, function: Callable[[*Ts], R], *args: *Ts) -> R:
        pool = self._pool
        try:
            running = pool.submit(function, *args)
        except BrokenProcessPool as error:
            raise self._lost(pool) from error
        except RuntimeError as error:
            raise EngineError("The service is stopping; send the segment again when it is back.") from error
        try:
            return await asyncio.wrap_future(running)
        except BrokenProcessPool as error:
            raise self._lost(pool) from error

    def _lost(self, pool: ProcessPoolExecutor) -> EngineError:
        """Replace the worker, once for all who were waiting for it."""
        if self._pool is pool:
            pool.shutdown(wait=False)
            self._pool = self._new()
        return EngineError(LOST)

    def stop(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _new(self) -> ProcessPoolExecutor:
        # Spawned, not forked: a fork would copy the event loop's threads' locks in whatever state they are.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, context, initializer=_begin, initargs=(self._models_dir, os.getpid()))


class _Worker:
    """What one worker process holds."""

    def __init__(self) -> None:
        self.models_dir: Path | None = None
        self.models: Models | None = None
        self.sessions: dict[int, AnalysisSession] = {}


_worker = _Worker()


def _begin(models_dir: Path | None, parent: int) -> None:
    """First thing in a new worker."""
    os.environ |= ONE_THREAD
    # Ctrl-C reaches the whole process group; the server alone decides when its workers stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(parent)
    _worker.models_dir = models_dir


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent is killed, so that none is left behind (Linux, prctl(2))."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(1)


def _warm() -> None:
    """Load the models. Not in ``_begin``: an error there would break the pool and lose its message."""
    if _worker.models is None:
        from interhuman_stream.analysis.perception import load_models  # noqa: PLC0415 - a worker's import, not the server's

        _worker.models = load_models(_worker.models_dir)


def _session(number: int) -> AnalysisSession:
    if number not in _worker.sessions:
        from interhuman_stream.analysis.session import AnalysisSession  # noqa: PLC0415 - as above

        _warm()
        assert _worker.models is not None  # noqa: S101 - _warm has loaded them or raised
        _worker.sessions[number] = AnalysisSession(_worker.models)
    return _worker.sessions[number]


def _prime(number: int, header: bytes) -> None:
    _session(number).prime(header)


def _analyze(number: int, segment: bytes) -> SegmentAnalysis:
    return _session(number).feed(segment)


def _close(number: int) -> None:
    if session := _worker.sessions.pop(number, None):
        session.close()
