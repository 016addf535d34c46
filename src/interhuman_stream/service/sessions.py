"""How many streams are open, and whether more are let in: the one place where that is known."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

State: TypeAlias = Literal["ready", "full", "draining"]


class Sessions:
    """Counts open streams and closes the door when there are enough, or when the service is to stop.

    Attributes:
        draining: Set when the service is to stop: no new streams, and those that are open finish what they have.

    Args:
        most: Streams that may be open at once.
    """

    def __init__(self, most: int) -> None:
        self.draining = asyncio.Event()
        self._most = most
        self._open = 0

    @property
    def state(self) -> State:
        """Whether a new stream would be let in, and if not, why."""
        if self.draining.is_set():
            return "draining"
        return "full" if self._open >= self._most else "ready"

    @property
    def open(self) -> int:
        """How many streams are open."""
        return self._open

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Count a stream while the context is open. Ask ``state`` first, without waiting in between."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
