"""A blocking iterator, read from asyncio in a thread that keeps nobody from leaving."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

T = TypeVar("T")


class Pull(Generic[T]):
    """Gives the items of an iterator one by one, each when it is asked for.

    All of it runs in one thread of its own. That is a daemon, unlike those of ``asyncio.to_thread``: a camera or a pipe
    may say nothing for long, and the program must be able to end meanwhile.
    """

    def __init__(self, items: Iterator[T]) -> None:
        self._items = items
        self._asked: SimpleQueue[asyncio.Future[T | None] | None] = SimpleQueue()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._work, name="source", daemon=True).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asked.put(None)

    async def next(self) -> T | None:
        """Give the next item; None at the end."""
        future: asyncio.Future[T | None] = self._loop.create_future()
        self._asked.put(future)
        return await future

    def _work(self) -> None:
        while (future := self._asked.get()) is not None:
            item: T | None = None
            failure: Exception | None = None
            try:
                item = next(self._items, None)
            except Exception as error:  # noqa: BLE001 - it is raised where the item is awaited
                failure = error
            with suppress(RuntimeError):  # the loop is gone, and nobody waits
                self._loop.call_soon_threadsafe(_answer, future, item, failure)


def _answer(future: asyncio.Future[T | None], item: T | None, failure: Exception | None) -> None:
    if future.cancelled():
        return
    if failure is not None:
        future.set_exception(failure)
    else:
        future.set_result(item)
