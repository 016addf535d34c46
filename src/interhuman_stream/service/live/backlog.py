"""Frames of one stream that wait for analysis, bounded in number and bytes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from prometheus_client import Gauge


@dataclass(frozen=True, slots=True)
class Waiting:
    """A frame to be worked on in its turn: a segment with its number, or a header that came alone (number None)."""

    number: int | None
    data: bytes
    taken: float = field(default_factory=time.perf_counter)


LAST: Final = Waiting(None, b"")
"""Behind the last frame of a stream that the service ends."""


class Backlog:
    """Frames that wait, bounded in number and bytes; one frame always fits.

    Args:
        most: Frames after which there is no room.
        most_bytes: Bytes likewise.
        gauge: Counts the frames of all backlogs together.
    """

    def __init__(self, most: int, most_bytes: int, gauge: Gauge) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._frames: asyncio.Queue[Waiting] = asyncio.Queue()
        self._gauge = gauge
        self._bytes = 0
        self._room = asyncio.Event()
        self._room.set()

    async def room(self) -> None:
        """Wait until another frame may be taken in."""
        await self._room.wait()

    def put(self, frame: Waiting) -> None:
        """Take a frame in."""
        self._frames.put_nowait(frame)
        self._gauge.inc()
        self._count(len(frame.data))

    async def get(self) -> Waiting:
        """The next frame."""
        frame = await self._frames.get()
        self._gauge.dec()
        self._count(-len(frame.data))
        return frame

    def drop(self) -> None:
        """Forget what waits: there is nobody left to answer."""
        while not self._frames.empty():
            self._frames.get_nowait()
            self._gauge.dec()

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._frames.qsize() < self._most and self._bytes < self._most_bytes:
            self._room.set()
        else:
            self._room.clear()
