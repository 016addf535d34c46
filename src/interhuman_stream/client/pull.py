"""A blocking iterator, read from asyncio in a thread that keeps nobody from leaving."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from interhuman_stream.client.sources.segment import Segment


class Pull:
    """Gives the segments of an iterator one by one, each when it is asked for.

    All of it runs in one thread of its own. That is a daemon, unlike those of ``asyncio.to_thread``: a camera or a pipe
    may say nothing for long, and the program must be able to end meanwhile.
    """

    def __init__(self, segments: Iterator[Segment]) -> None:
        self._segments = segments
        self._asked: SimpleQueue[asyncio.Future[Segment | None] | None] = SimpleQueue()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._work, name="source", daemon=True).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asked.put(None)

    async def next(self) -> Segment | None:
        """Give the next segment; None at the end."""
        future: asyncio.Future[Segment | None] = self._loop.create_future()
        self._asked.put(future)
        return await future

    def _work(self) -> None:
        while (future := self._asked.get()) is not None:
            segment: Segment | None = None
            failure: Exception | None = None
            try:
                segment = next(self._segments, None)
            except Exception as error:  # noqa: BLE001 - it is raised where the segment is awaited
                failure = error
            with suppress(RuntimeError):  # the loop is gone, and nobody waits
                self._loop.call_soon_threadsafe(_answer, future, segment, failure)


def _answer(future: asyncio.Future[Segment | None], segment: Segment | None, failure: Exception | None) -> None:
    if future.cancelled():
        return
    if failure is not None:
        future.set_exception(failure)
    else:
        future.set_result(segment)
