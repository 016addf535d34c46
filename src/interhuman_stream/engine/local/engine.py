"""Sessions in worker processes on this machine, so that decoding and inference never hold up the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
from typing import TYPE_CHECKING, Final

from interhuman_stream.engine.local.limits import Limits
from interhuman_stream.engine.local.pieces import Stream
from interhuman_stream.engine.local.sentences import CLOSED
from interhuman_stream.engine.local.supervisor import Supervisor
from interhuman_stream.engine.pool import Capacity
from interhuman_stream.faults import AnalysisBroke, EngineError
from interhuman_stream.medium import TALKING_FACE
from interhuman_stream.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from interhuman_stream.engine.host import Work
    from interhuman_stream.findings import Findings
    from interhuman_stream.medium import Medium

FILE_NICENESS: Final = 5
MOST_FILES: Final = 8
"""Files that take turns at once; others wait behind them. Of the 4 GB that a worker has by default, the models take
1.0, each file's bytes and decoder up to 0.15, and the rest is left for large pictures."""


class LocalEngine:
    """Runs sessions in ``workers`` processes; a session stays in the worker that began it, or its successors.

    Whole files are worked off in a process of their own, behind the others in the system's queue, so that streams keep
    what they need and files get what is left, which is never nothing (sched(7): a niceness is a weight).

    Args:
        workers: How many workers; None for one a core.
        models_dir: Where the model files are; None for where `models pull` puts them.
        limits: What a worker and what it works on may use.

    Attributes:
        supervisors: One for each worker that analyses streams.
        files: The one for the worker that analyses files, which is started with the first.
    """

    def __init__(
        self, workers: int | None = None, models_dir: Path | None = None, limits: Limits | None = None
    ) -> None:
        self.lost: Callable[[str], None] = lambda _reason: None
        self.replaced: Callable[[float], None] = lambda _seconds: None
        self._limits = limits or Limits()
        self._models_dir = models_dir
        self.supervisors = tuple(self._supervisor(0) for _ in range(workers or cores()))
        self.files = self._supervisor(FILE_NICENESS)
        self._room = asyncio.Semaphore(MOST_FILES)
        self._numbers = itertools.count(1)

    @property
    def ready(self) -> bool:
        """Whether any worker is there that has passed its test."""
        return any(each.ready for each in self.supervisors)

    @property
    def unconfined(self) -> list[str]:
        """What the workers' confinement lacks on this system, in words."""
        return self.supervisors[0].unconfined

    def capacity(self) -> Capacity:
        """The workers, the cores, and what the dearest worker expects: it was measured with those beside it at work."""
        costs = [worker.cost for worker in self.supervisors if worker.cost is not None]
        return Capacity(len(self.supervisors), cores(), max(costs, default=None))

    async def start(self) -> None:
        """Load and try the models in every worker; return when the first piece can be taken.

        Raises:
            ModelMissing: A model file is absent; the message names the command that fetches it.
            EngineError: They do not work here.
        """
        try:
            await asyncio.gather(*(worker.start() for worker in self.supervisors))
        except AnalysisBroke as error:
            raise EngineError(f"The models do not work on this machine: {error}") from error

    async def session(self, terms: Terms = USUAL) -> LocalSession:
        """Open a session in the worker that has the fewest, of those that answer."""
        worker = min(self.supervisors, key=lambda worker: (not worker.ready, worker.sessions))
        return LocalSession(worker, Stream(next(self._numbers), self._limits.segment_seconds, terms))

    async def analyze(self, file: bytes, medium: Medium = TALKING_FACE) -> Findings:
        """Analyse a whole file in the process for files; see ``Engine``."""
        async with self._room if medium.senses else contextlib.nullcontext():  # to look what is in one is soon done
            stream = Stream(next(self._numbers), self._limits.file_seconds, Terms(medium=medium))
            session = LocalSession(self.files, stream)
            try:
                return await session.whole(file)
            finally:
                await session.close()

    async def stop(self) -> None:
        """End every worker."""
        await asyncio.gather(*(worker.stop() for worker in (*self.supervisors, self.files)))

    def _supervisor(self, niceness: int) -> Supervisor:
        return Supervisor(self._limits, self._models_dir, niceness, self._was_lost, self._was_replaced)

    # Who is told may be set later.
    def _was_lost(self, reason: str) -> None:
        self.lost(reason)

    def _was_replaced(self, seconds: float) -> None:
        self.replaced(seconds)


class LocalSession:
    """One byte stream under analysis in one worker, or in another after that was lost. See ``EngineSession``."""

    def __init__(self, worker: Supervisor, stream: Stream) -> None:
        self._worker = worker
        self._stream = stream
        self._open = True
        worker.sessions += 1

    async def analyze(self, piece: bytes) -> Findings:
        """Analyse the next piece of the stream; see ``EngineSession``."""
        return _found(await self._do(piece, "steps"))

    async def take(self, piece: bytes) -> None:
        """Take in bytes that belong to the stream though nobody asks what is in them."""
        await self._do(piece, "take")

    def watch(self, piece: bytes) -> AsyncGenerator[Findings, None]:
        """Take in the next piece, and give what is in each stretch as soon as it has come; see ``EngineSession``."""
        return self._told(piece, "watch")

    def rest(self) -> AsyncGenerator[Findings, None]:
        """Give what is in the rest of what was watched; see ``EngineSession``."""
        return self._told(b"", "rest")

    async def whole(self, file: bytes) -> Findings:
        """Analyse a file after which nothing comes; raises as ``analyze`` does."""
        return _found(await self._do(file, "whole"))

    async def close(self) -> None:
        """Forget the stream and the person at once."""
        if self._open:
            self._open = False
            self._worker.sessions -= 1
            self._worker.close(self._stream)

    async def _told(self, piece: bytes, work: Work) -> AsyncGenerator[Findings, None]:
        if not self._open:
            raise EngineError(CLOSED)
        seen: asyncio.Queue[Findings | None] = asyncio.Queue()
        number, answer = self._worker.put(self._stream, piece, work, seen.put_nowait)
        answer.add_done_callback(lambda _: seen.put_nowait(None))
        try:
            while (found := await seen.get()) is not None:
                yield found
            await answer
        finally:
            self._worker.cancel(number)

    async def _do(self, piece: bytes, work: Work) -> Findings | None:
        if not self._open:
            raise EngineError(CLOSED)
        number, answer = self._worker.put(self._stream, piece, work)
        try:
            return await answer
        finally:
            self._worker.cancel(number)  # nothing where it is answered


def _found(findings: Findings | None) -> Findings:
    assert findings is not None  # noqa: S101 - they were asked for, and no answer without them is taken
    return findings


def cores() -> int:
    """The cores this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
