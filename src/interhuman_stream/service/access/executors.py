"""Asks the database from the event loop: in threads of its own, for so long and no longer, and not while it is away."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import structlog
from sqlalchemy.exc import DataError, SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")
DOOR_THREADS: Final = 8
DOOR_SECONDS: Final = 5.0
"""Who comes waits no longer than this for the database; then the answer is 503."""
LIVE_THREADS: Final = 4
LIVE_SECONDS: Final = 2.0
"""Who is let in waits no longer than this; then what is known of them holds."""
LOOK_AGAIN_SECONDS: Final = 0.5
FRESH_SECONDS: Final = 1.0
"""So long a look at the database is good for whoever asks whether it is there."""

log = structlog.get_logger()


class DatabaseAway(SQLAlchemyError):  # noqa: N818 - reads as what happened
    """The database did not answer in time, or has just not answered others."""


class Database:
    """What of the database the event loop sees: whether it is there, and how to ask it.

    While it is away nobody waits for it: it is looked at again and again, and asked when it is back.

    Args:
        look: Raises an error of SQLAlchemy where the database cannot be used; called in a thread.

    Attributes:
        door: For requests: who may come in.
        live: For what is open: whether it may go on. Apart, so that a crowd at the door holds up nobody inside.
    """

    def __init__(self, look: Callable[[], object]) -> None:
        self.door = DatabaseExecutor(self, "door", DOOR_THREADS, DOOR_SECONDS)
        self.live = DatabaseExecutor(self, "live", LIVE_THREADS, LIVE_SECONDS)
        self._look = DatabaseExecutor(self, "look", 1, DOOR_SECONDS)
        self._looks = look
        self._looking: asyncio.Task[None] | None = None
        self._seen_at = -FRESH_SECONDS
        self.away = False

    async def there(self) -> bool:
        """Whether it can be used, from a look that is not older than ``FRESH_SECONDS``, or ends in time."""
        if not self.away and time.monotonic() - self._seen_at > FRESH_SECONDS:
            self._watch()
            assert self._looking  # noqa: S101 - it was started
            _, pending = await asyncio.wait({self._looking}, timeout=LIVE_SECONDS)
            if pending:
                return False
        return not self.away

    def failed(self, error: SQLAlchemyError) -> None:
        """Learn that it failed."""
        if isinstance(error, DataError):
            return  # which what was asked is to blame for
        if not self.away:
            # Its class alone: what it says may hold what was asked for.
            log.error("the database is away", error=type(error).__name__)
        self.away = True
        self._watch()

    def close(self) -> None:
        """Ask nothing any more; whoever hangs in it is not waited for."""
        if self._looking:
            self._looking.cancel()
        for each in (self.door, self.live, self._look):
            each.close()

    def _watch(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._until_there(), name="database")

    async def _until_there(self) -> None:
        while True:
            try:
                await self._look.unasked(self._looks)
            except SQLAlchemyError as error:
                if not self.away:
                    log.error("the database is away", error=type(error).__name__)  # noqa: TRY400 - as above
                self.away = True
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            else:
                break
        if self.away:
            log.info("the database is back")
        self.away, self._seen_at = False, time.monotonic()


class DatabaseExecutor:
    """Some threads in which the database is asked.

    Args:
        database: Which learns how that went.
        name: Of the threads.
        threads: How many.
        seconds: For which an answer is waited for.
    """

    def __init__(self, database: Database, name: str, threads: int, seconds: float) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._seconds = seconds

    async def __call__(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call it in a thread.

        Raises:
            DatabaseAway: It took too long, or the database is known to be away. What was begun goes on.
            SQLAlchemyError: The database failed.
        """
        if self._database.away:
            raise DatabaseAway("the database is away")
        try:
            return await self.unasked(call, *args, **kwargs)
        except SQLAlchemyError as error:
            self._database.failed(error)
            raise

    async def unasked(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same whether or not the database is known to be away, and tell nobody."""
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._threads, partial(context.run, partial(call, *args, **kwargs)))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                return await answer
        raise DatabaseAway("the database did not answer in time")

    def close(self) -> None:
        """Take no more calls; those that hang are not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
