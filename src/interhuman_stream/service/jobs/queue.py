"""Jobs that wait and that run: their videos in memory, within bounds, analysed when there is time.

Files are analysed in a process of their own behind the others in the system's queue, so that jobs get what live streams
leave. Some run beside each other, so that a short one does not wait behind half an hour of video; there is always room
left for who uploads a file and waits for the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Never

import structlog
from sqlalchemy.exc import SQLAlchemyError

from interhuman_stream.analysis.windows import windows
from interhuman_stream.faults import EngineError, MalformedSegment
from interhuman_stream.protocol import errors, jobs
from interhuman_stream.protocol.limits import JOB_SECONDS, JOB_WINDOW
from interhuman_stream.service.access.auth import Refused
from interhuman_stream.service.jobs.store import STAY_SECONDS, Failure
from interhuman_stream.service.live.sessions import RETRY_AFTER
from interhuman_stream.service.live.unanalysed import failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from interhuman_stream.engine.pool import Engine
    from interhuman_stream.findings import Findings
    from interhuman_stream.protocol.jobs import Asked
    from interhuman_stream.service.access.executors import DatabaseExecutor
    from interhuman_stream.service.jobs.store import JobStore
    from interhuman_stream.service.live.sessions import Sessions

MOST_RUNNING: Final = 4
"""Half of the files that the engine has take turns."""
FORGET_EVERY: Final = 12
"""Stays of a holder between two times at which expired jobs are dropped: a minute."""

log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class Reservation:
    """Room for one job, taken from before its video has come until it is analysed.

    Attributes:
        size: Bytes that it takes.
        kept: Whether a job has it.
    """

    key_id: str
    size: int
    kept: bool = False


@dataclass(slots=True, eq=False)
class Held:
    """A job whose video this service holds.

    Attributes:
        job_id: Its id.
        asked: What is wanted of it.
        done: Set when it is finished, and the database knows.
    """

    job_id: str
    asked: Asked
    place: Reservation
    expires: float
    analysed: Callable[[Findings], None]
    data: bytes
    done: asyncio.Event = field(default_factory=asyncio.Event)


class JobQueue:
    """The jobs of one service. All of it happens in one event loop.

    Args:
        engine: Who analyses.
        store: Where jobs are noted.
        ask: By which it is asked.
        sessions: The door: it tells when the service is to stop, and counts for each key.
        most: Jobs that may be held at once.
        most_bytes: Bytes that their videos may have in all.
        finished: Called with what became of a job: completed, or a failure's error id.
    """

    def __init__(
        self,
        engine: Engine,
        store: JobStore,
        ask: DatabaseExecutor,
        sessions: Sessions,
        most: int,
        most_bytes: int,
        finished: Callable[[str], None] = lambda _outcome: None,
    ) -> None:
        self.store = store
        self._engine, self._ask, self._sessions, self._finished = engine, ask, sessions, finished
        self._most, self._most_bytes = most, most_bytes
        self._places: set[Reservation] = set()
        self._turns = asyncio.Semaphore(MOST_RUNNING)
        self._tasks: set[asyncio.Task[None]] = set()
        self._staying: asyncio.Task[Never] | None = None

    @property
    def held(self) -> int:
        """Jobs that wait or run."""
        return len(self._places)

    @contextlib.contextmanager
    def place(self, key_id: str, size: int) -> Iterator[Reservation]:
        """Take room for a job of about so many bytes while the context is open, or, once it is kept, until it is done.

        Raises:
            Refused: There is none.
        """
        place = Reservation(key_id, 0)
        self.resize(place, size)
        self._places.add(place)
        with self._sessions.waiting(key_id):
            try:
                yield place
            finally:
                if not place.kept:
                    self._places.discard(place)

    async def submit(
        self, job_id: str, asked: Asked, data: bytes, place: Reservation, analysed: Callable[[Findings], None]
    ) -> Held:
        """Take up a job that is in the database; its place is kept for it until it is done."""
        expires = asyncio.get_running_loop().time() + JOB_SECONDS
        held = Held(job_id, asked, place, expires, analysed, data)
        place.kept = True
        task = asyncio.create_task(self._work(held), name="job")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return held

    def start(self) -> None:
        """Say from now on that the jobs held here are held."""
        self._staying = asyncio.create_task(self._stay(), name="jobs")

    async def stop(self) -> None:
        """Give up what is not done, and say so."""
        tasks = [*self._tasks, *([self._staying] if self._staying else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._ask(self.store.leave)
        except SQLAlchemyError as error:
            _away(error)

    def resize(self, place: Reservation, size: int) -> None:
        """Take the room that a video really needs, now that it is here.

        Raises:
            Refused: There is none.
        """
        self._look_for_room(self._places - {place}, size)
        place.size = size

    def look_for_room(self, size: int) -> None:
        """See that there is room for a job of about so many bytes, and take none.

        Raises:
            Refused: There is none.
        """
        self._look_for_room(self._places, size)

    def _look_for_room(self, others: set[Reservation], size: int) -> None:
        if len(others) >= self._most or sum(each.size for each in others) + size > self._most_bytes:
            raise Refused(errors.JOBS_FULL, retry_after=RETRY_AFTER, why="jobs_full")

    async def _work(self, held: Held) -> None:
        try:
            with self._sessions.waiting(held.place.key_id):
                async with self._turns:
                    outcome = await self._outcome(held)
                self._places.discard(held.place)  # its video is not needed any more
                await self._settle(held, outcome)
        finally:
            self._places.discard(held.place)
            held.done.set()

    async def _outcome(self, held: Held) -> str | Failure:
        """Analyse the video; the JSON of the result, or why there is none."""
        data, held.data = held.data, b""
        await self._runs(held)
        try:
            found = await self._engine.analyze(data, jobs.medium(held.asked.model))
            held.analysed(found)
            body = jobs.result(found, windows(found, JOB_WINDOW), held.asked)
            return json.dumps(body, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        except (MalformedSegment, EngineError) as fault:
            error, message = failure(fault, stopping=self._sessions.draining.is_set())
            if error is errors.INTERNAL:
                log.warning("worker lost", reason=str(fault))
            return Failure(error.id, message)
        except Exception:
            log.exception("analysis failed")
            return Failure(errors.INTERNAL.id, errors.INTERNAL.message)

    async def _runs(self, held: Held) -> None:
        """Note that a job's turn has come; who cannot be told of that reads on that it waits."""
        try:
            await self._ask(self.store.runs, held.job_id)
        except SQLAlchemyError as error:
            _away(error)

    async def _settle(self, held: Held, outcome: str | Failure) -> None:
        """Note what has come of a job; while the database is away, again and again until nobody may ask any more."""
        loop = asyncio.get_running_loop()
        while loop.time() < held.expires:
            try:
                if isinstance(outcome, Failure):
                    await self._ask(self.store.failed, held.job_id, outcome)
                else:
                    await self._ask(self.store.completed, held.job_id, outcome)
            except SQLAlchemyError as error:
                _away(error)
                await asyncio.sleep(STAY_SECONDS)
            else:
                break
        name = outcome.error_id if isinstance(outcome, Failure) else "completed"
        self._finished(name)
        log.info("job finished", outcome=name)

    async def _stay(self) -> Never:
        count = 0
        while True:
            try:
                if self._tasks:
                    await self._ask(self.store.stay)
                if count % FORGET_EVERY == 0:
                    await self._ask(self.store.forget)
            except SQLAlchemyError as error:
                _away(error)
            count += 1
            await asyncio.sleep(STAY_SECONDS)


def _away(error: SQLAlchemyError) -> None:
    """Its class alone: what it says may hold what was asked for."""
    log.error("the database fails", error=type(error).__name__)
