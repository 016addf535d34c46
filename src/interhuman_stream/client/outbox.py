"""The segments a delivery still holds: a queue bounded in bytes, which a segment leaves when it is over.

Where answers are not per segment (v1, v2), one that was sent may also have to give its place to newer ones.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from interhuman_stream.client.report import Record
    from interhuman_stream.client.sources.segment import Segment


@dataclass(slots=True, eq=False)
class Entry:
    """A segment in the queue.

    Attributes:
        segment: The segment.
        record: What has become of it.
        due: When it could first have been sent, on the event loop's clock; None where the source keeps no time.
        number: The number it has on the connection at hand; None while it has not been sent over that one.
        sent_at: When it was sent over that connection, on the event loop's clock.
        handed: Whether the network has taken all of it.
    """

    segment: Segment
    record: Record
    due: float | None
    number: int | None = None
    sent_at: float = 0.0
    handed: bool = False


class Outbox:
    """Holds segments, at most ``limit`` bytes of them, until the server is done with each.

    A single segment that is larger than the limit is taken when nothing else is held.

    Args:
        limit: Bytes.
        let_go: Told of a segment that was sent and has to give its place to a newer one, which happens only where
            nothing that is held is still to be sent. None where none ever has to.
    """

    def __init__(self, limit: int, let_go: Callable[[Entry], None] | None = None) -> None:
        self._limit = limit
        self._let_go = let_go
        self._entries: list[Entry] = []
        self._size = 0
        self._ended = False
        self._changed = asyncio.Condition()

    @property
    def unfinished(self) -> list[Entry]:
        """Those sent over the connection at hand and not over."""
        return [entry for entry in self._entries if entry.number is not None]

    @property
    def drained(self) -> bool:
        """Whether everything has been sent over the connection at hand and nothing more comes."""
        return self._ended and all(entry.number is not None for entry in self._entries)

    async def put(self, entry: Entry) -> None:
        """Take a segment; wait until there is room."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._room_for(entry))
            self._take(entry)

    async def put_at_once(self, entry: Entry) -> list[Entry]:
        """Take a segment; make room by giving up the oldest ones that are not on their way. Give those."""
        dropped: list[Entry] = []
        async with self._changed:
            while not self._room_for(entry):
                oldest = next((held for held in self._entries if held.number is None), entry)
                dropped.append(oldest)
                if oldest is entry:
                    return dropped  # all that is held is on its way: the newest is the one with no place
                self._remove(oldest)
            self._take(entry)
        return dropped

    async def end(self) -> None:
        """Note that no segment will follow."""
        async with self._changed:
            self._ended = True
            self._changed.notify_all()

    async def next(self) -> Entry | None:
        """Wait for the next segment that is to be sent; None when there will be none."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.drained or self._unsent() is not None)
            return self._unsent()

    async def hand_over(self, entry: Entry) -> None:
        """Note that the network has taken a segment."""
        async with self._changed:
            entry.handed = True
            self._changed.notify_all()

    async def finish(self, entry: Entry) -> None:
        """Let a segment go: it is over."""
        async with self._changed:
            if entry in self._entries:
                self._remove(entry)
            self._changed.notify_all()

    def rewind(self) -> list[Entry]:
        """Take the connection for gone: all that is held is to be sent again. Give those that had been."""
        again = self.unfinished
        for entry in again:
            entry.number, entry.handed = None, False
        return again

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def _unsent(self) -> Entry | None:
        return next((entry for entry in self._entries if entry.number is None), None)

    def _room_for(self, entry: Entry) -> bool:
        """Whether it fits; where it does not, and all that is held was sent and may be let go, see that it does."""
        while not self._fits(entry):
            if self._let_go is None or not all(held.handed for held in self._entries):
                return False
            oldest = self._entries[0]
            self._remove(oldest)
            self._let_go(oldest)
        return True

    def _fits(self, entry: Entry) -> bool:
        return not self._entries or self._size + len(entry.segment.data) <= self._limit

    def _take(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._size += len(entry.segment.data)
        self._changed.notify_all()

    def _remove(self, entry: Entry) -> None:
        self._entries.remove(entry)
        self._size -= len(entry.segment.data)
