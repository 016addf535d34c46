"""How a delivery learns what has become of what it sent over one connection.

v0 answers each segment; v1 and v2 tell of a session, and its time says how far the server has come.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from interhuman_stream.client.events import Analysed, Happened, Heard
from interhuman_stream.client.message import progress
from interhuman_stream.client.report import MOST_STRETCHES
from interhuman_stream.client.told import CLOSING, DROPPED, ENDED, ERROR, in_words, told
from interhuman_stream.protocol.errors import IDLE, TOO_LONG

if TYPE_CHECKING:
    from interhuman_stream.client.events import Watcher
    from interhuman_stream.client.message import Message
    from interhuman_stream.client.outbox import Entry
    from interhuman_stream.client.report import Session
    from interhuman_stream.client.told import Stretch, Told

SLACK: Final = 1.0
"""Seconds of a session that must have passed behind a segment before it is taken for analysed."""
SEAM: Final = 0.1
"""And so many for each segment sent: a server may take one for as much longer as its last picture or packet of sound
lasts, which added up is how far its time runs ahead of ours. Of 60 segments of recordings it was 12 ms on average and
33 ms at most; a camera in the dark gives ten pictures a second."""
LONGEST_DRAIN: Final = 3600.0
"""Seconds a session may take to end, whatever it says: as long as one may last by the contract."""
TIMED_OUT: Final = frozenset({IDLE.id, TOO_LONG.id})


@dataclass(frozen=True, slots=True)
class Owing:
    """What a server that says nothing may be asked for.

    Attributes:
        what: In words.
        since: Since when, on the event loop's clock.
        patience: Seconds it may take at least.
        progress: When something that was owed last came, or it began to be; words that settle nothing do not count.
    """

    what: str
    since: float
    progress: float
    patience: float = 0.0


class Book(Protocol):
    """Kept of one connection."""

    async def room(self) -> None:
        """Wait until one more segment may be sent."""

    def give_back(self) -> None:
        """Note that what there was room for is not sent after all."""

    def sending(self, entry: Entry) -> bool:
        """Note that a segment is being sent; it has its number and its time. Give whether that is progress enough."""

    def finishing(self) -> None:
        """Note that nothing more is sent, and that the server is told so."""

    def heard(self, message: Message, at: float) -> list[Entry]:
        """Note what a message says that came ``at`` that time; give the segments that are over by it."""

    @property
    def owing(self) -> Owing | None:
        """What the server owes; None where it may be silent."""

    @property
    def timed_out(self) -> bool:
        """Whether the server said that it ends the connection for its time: a new one may go on."""


class ByAnswer:
    """v0: a segment is over with its ``completed`` or ``error``.

    Args:
        window: How many segments may be unanswered at once.
        tell: Who is told how it goes.
        began: When the delivery did, on the event loop's clock.
    """

    def __init__(self, window: int, tell: Watcher, began: float) -> None:
        self._room = asyncio.Semaphore(window)
        self._tell, self._began = tell, began
        self._sent: dict[int, Entry] = {}
        self._since = self._progress = began

    async def room(self) -> None:
        """Wait until fewer segments are unanswered than may be."""
        await self._room.acquire()

    def give_back(self) -> None:
        """Leave the place to the next one."""
        self._room.release()

    def sending(self, entry: Entry) -> bool:
        """Await its answer: it is one that tells of progress."""
        if not self._sent:
            self._since = self._progress = entry.sent_at  # nothing was owed before
        self._sent[entry.number or 0] = entry
        return False

    def finishing(self) -> None:
        """Do nothing: v0 has no message for it."""

    def heard(self, message: Message, at: float) -> list[Entry]:
        """Note what is said of a segment."""
        said = progress(message)
        entry = None if said is None else self._sent.get(said.segment)
        if said is None or entry is None:
            return []
        record = entry.record
        self._tell(Heard(record.segment, said.status, said.detail, at - entry.sent_at))
        if record.acknowledged is None:
            record.acknowledged = at - self._began
        record.fate = "acknowledged"
        if not said.finished:
            return []
        self._progress = at
        if said.status == "error":
            record.fate, record.detail = "failed", said.detail
        else:
            record.fate, record.completed = "completed", at - self._began
        del self._sent[said.segment]  # its bytes with it
        self._room.release()
        return [entry]

    @property
    def owing(self) -> Owing | None:
        """The answer to the oldest segment without one."""
        if not self._sent:
            return None
        oldest = next(iter(self._sent.values()))
        return Owing(f"an answer to segment {oldest.record.segment}", self._since, self._progress)

    @property
    def timed_out(self) -> bool:
        """v0 has no word for it."""
        return False


@dataclass(slots=True)
class _Place:
    """Where a segment stands in the session, by what is known of the source; ``end`` is None where nothing is.

    ``enough`` is how far the session must have come for it to be over.
    """

    entry: Entry
    start: float
    end: float | None
    enough: float


class BySession:
    """v1 and v2: a segment is over when the session's time has come to its end and a little further.

    That is what events tell: one that begins or ends somewhere was analysed up to there. A session in which nothing
    happens tells nothing, and then its end alone does, which ``session.close`` asks for. The order of the frames is the
    order of their times; a segment without times of its own (a recorder's bytes) leaves those behind it without any.

    Args:
        connection: Which it is, from 1.
        session: Where what is told is counted.
        tell: Who is told how it goes.
        began: When the delivery did, on the event loop's clock.
    """

    def __init__(self, connection: int, session: Session, tell: Watcher, began: float) -> None:
        self._connection, self._session = connection, session
        self._tell, self._began = tell, began
        self._places: deque[_Place] = deque()
        self._sent: float | None = 0.0
        self._reached = 0.0
        self._dropped: list[Stretch] = []
        self._closing: Owing | None = None
        self._error = ""

    async def room(self) -> None:
        """Wait for nothing: no segment is answered, and TCP holds back who is too fast."""

    def give_back(self) -> None:
        """Do nothing: there is always room."""

    def sending(self, entry: Entry) -> bool:
        """Give it its place. A session may tell nothing for long: to have come to a new segment is progress."""
        start, segment = self._sent, entry.segment
        if start is not None and segment.timed:
            self._sent = start + segment.end - segment.start
        else:
            self._sent = None
        enough = math.inf if self._sent is None else self._sent + SLACK + SEAM * (entry.number or 0)
        self._places.append(_Place(entry, start or 0.0, self._sent, enough))
        return entry.record.sends == 0

    def finishing(self) -> None:
        """Await the session's end."""
        now = asyncio.get_running_loop().time()
        self._closing = Owing("the session's end", now, now)

    def heard(self, message: Message, at: float) -> list[Entry]:
        """Count what is told, and see how far the session has come."""
        said = told(message)
        if said is None:
            return []
        place = self._about(said)
        self._session.count(self._connection, said)
        self._tell(Happened(self._connection, said.type, said.detail, place.entry.record.segment if place else None))
        self._reached = max(self._reached, said.reaches)
        if said.type == ERROR:
            self._error = said.name
        if said.type == DROPPED:
            self._dropped += said.ranges[: MOST_STRETCHES - len(self._dropped)]
        if said.type == CLOSING and self._closing is not None:
            self._closing = replace(self._closing, patience=min(said.drain_seconds, LONGEST_DRAIN))
        over = [self._failed(place, said)] if place else []
        return over + [self._over(each, at) for each in self._passed(ended=said.type == ENDED)]

    @property
    def owing(self) -> Owing | None:
        """The session's end, once that was asked for."""
        return self._closing

    @property
    def timed_out(self) -> bool:
        """Whether the last error was that the session was idle, or has lasted, for as long as one may."""
        return self._error in TIMED_OUT

    def _about(self, said: Told) -> _Place | None:
        """The segment an error names, unless it is over."""
        if said.type != ERROR or said.frame is None:
            return None
        return next((place for place in self._places if place.entry.number == said.frame), None)

    def _failed(self, place: _Place, said: Told) -> Entry:
        self._places.remove(place)
        record = place.entry.record
        record.fate, record.detail = "failed", said.detail
        return place.entry

    def _passed(self, *, ended: bool) -> list[_Place]:
        """Take out what the session has come past; at its end, asked for by us, everything."""
        past = []
        ended = ended and self._closing is not None
        while self._places and (ended or self._reached >= self._places[0].enough):
            past.append(self._places.popleft())
        return past

    def _over(self, place: _Place, at: float) -> Entry:
        """Say of a segment what has become of it; what was dropped is not sent again."""
        record = place.entry.record
        record.fate, record.completed = "completed", at - self._began
        missed = [] if place.end is None else _common(self._dropped, (place.start, place.end))
        if missed:
            record.detail = f"the server did not analyse {in_words(missed)} of the session"
            if 2 * sum(end - start for start, end in missed) > (place.end or 0.0) - place.start:
                record.fate, record.completed = "failed", None
        self._tell(Analysed(record.segment, at - place.entry.sent_at))
        return place.entry


def _common(stretches: list[Stretch], span: Stretch) -> list[Stretch]:
    """What of stretches lies in a span."""
    cut = [(max(start, span[0]), min(end, span[1])) for start, end in stretches]
    return [(start, end) for start, end in cut if start < end]
