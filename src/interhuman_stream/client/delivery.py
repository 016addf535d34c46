"""A source to a server, to the end of its answers: segments out, messages to a sink, over as many streams as it takes.

A segment is kept until the server is done with it. When the connection goes, a new one is opened and all that is kept
is sent again, so that a segment may be analysed twice and none is lost. v1 and v2 answer no segment: there it is kept
until the session's time has passed it, or newer ones need its place.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, Protocol, Self, TypeAlias

from interhuman_stream.client.backoff import passing, waits
from interhuman_stream.client.books import ByAnswer, BySession
from interhuman_stream.client.errors import ClientError, ConnectionFailed, ConnectionLost, SourceError
from interhuman_stream.client.events import Dropped, GivenUp, LetGo, Lost, Reopened, Sent, unwatched
from interhuman_stream.client.outbox import Entry, Outbox
from interhuman_stream.client.pull import Pull
from interhuman_stream.client.report import Report, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from interhuman_stream.client.books import Book
    from interhuman_stream.client.events import Watcher
    from interhuman_stream.client.message import Message
    from interhuman_stream.client.sources.segment import Segment
    from interhuman_stream.client.stream import StreamClient

QUEUE_BYTES: Final = 67_108_864
"""Bytes held when nobody says otherwise: three of the largest segments, or some fifteen minutes of usual ones."""
WINDOW: Final = 3
"""Segments of v0 that may be on their way or in analysis at once: the server is kept busy, and little is done twice."""
PATIENCE: Final = 120.0
"""Seconds without a word from a server that owes an answer, after which the connection is taken for dead."""
RECONNECT_FOR: Final = 120.0
"""Seconds of trying to come back, with no segment finished meanwhile, after which the delivery is given up."""
TALK: Final = 10
"""How many times the patience a server may talk without giving anything it owes."""
HELD_UP: Final = 1.0
"""Seconds of waiting for the sink that are no fault of the server's."""
MOST_SENDS: Final = 10
"""How often a segment is sent before it is taken for the reason why the connection breaks."""

OnFull: TypeAlias = Literal["block", "drop-oldest"]


class Sink(Protocol):
    """Takes messages, one after the other."""

    async def write(self, message: Message, /) -> None:
        """Take one message.

        Raises:
            SinkClosed: Nobody takes any more.
            NotWritten: It cannot be written.
        """


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """How a source is delivered.

    Attributes:
        speed: How many times as fast as it was recorded a source is sent; None as fast as the server goes. A source
            that is recorded just now sets its own pace and wants None.
        queue_bytes: Bytes of segments held at most, sent and unsent ones together.
        on_full: What to do when they are reached: ``block`` lets the source wait, ``drop-oldest`` gives up the oldest
            segment that is not on its way. In v1 and v2 both let the oldest one go that was sent and is not known to be
            analysed, where nothing is still to be sent.
        window: How many segments of v0 may be unanswered at once.
        patience: Seconds without a message after which a server that owes one is given up.
        reconnect_for: Seconds without a segment finished for which a lost connection is tried anew; 0 never tries.
    """

    speed: float | None = None
    queue_bytes: int = QUEUE_BYTES
    on_full: OnFull = "block"
    window: int = WINDOW
    patience: float = PATIENCE
    reconnect_for: float = RECONNECT_FOR


@dataclass(slots=True)
class _Connection:
    """What is known of the connection at hand.

    Attributes:
        book: Knows what has become of what was sent over it.
        last_sent: The segment sent last, by its number in the source.
        listening_since: Since when nothing but the server keeps us from hearing of it; None while we are busy.
        held_up: When the sink last kept us from listening for long.
        let_go: Whether a segment was let go over it.
    """

    book: Book
    last_sent: int = 0
    listening_since: float | None = None
    held_up: float = 0.0
    let_go: bool = False


class Delivery:
    """Sends the segments of a source and relays every message.

    v0 has no message that ends a stream: it is over when each segment sent has had its ``completed`` or ``error``. A
    session of v1 or v2 is asked to close behind the last one, and is over with its ``session.ended``. Inside ``async
    with`` the stream is closed on leaving, whatever is still under way::

        async with Delivery(StreamClient(url, token=pair), FileSink(sys.stdout.buffer)) as delivery:
            report = await delivery.run(segments("talk.mp4"))

    Attributes:
        report: What has become of the segments so far; it stands also after an error.

    Args:
        client: Opens the streams; it is not open yet.
        sink: Where every message goes, before anything else is done with it.
        options: How it is done.
        watcher: Who is told how it goes.
    """

    def __init__(
        self,
        client: StreamClient,
        sink: Sink,
        *,
        options: DeliveryOptions | None = None,
        watcher: Watcher = unwatched,
    ) -> None:
        self.report = Report(session=None if client.version == "v0" else Session())
        self._client = client
        self._sink = sink
        self._options = options or DeliveryOptions()
        self._tell = watcher
        self._outbox = Outbox(self._options.queue_bytes, None if client.version == "v0" else self._let_go)
        self._began = 0.0
        self._last_finished = 0.0
        self._trouble: SourceError | None = None
        self._connection = self._fresh()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def run(self, segments: Iterable[Segment]) -> Report:
        """Deliver a source to its end.

        Raises:
            SinkClosed: Nobody takes the messages any more.
            NotWritten: The messages cannot be written.
            SourceError: The source broke off; what came before has been sent and answered.
            ConnectionLost: The connection broke, and was not worth another try or did not come back in time.
            ConnectionFailed: The server cannot be reached, or said nothing for too long.
            ApiError: The server refused the connection.
            RuntimeError: It has been run before.
        """
        if self._began:
            raise RuntimeError("a delivery is run once, for its report is of one source; make another for the next one")
        loop = asyncio.get_running_loop()
        self._began = self._last_finished = loop.time()
        feeding = asyncio.create_task(self._feed(iter(segments)))
        try:
            await self._deliver(feeding)
        finally:
            self.report.seconds = loop.time() - self._began
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)
        if self._trouble is not None:
            raise self._trouble
        return self.report

    async def _feed(self, segments: Iterator[Segment]) -> None:
        """Put the source's segments into the queue, each in its time."""
        loop = asyncio.get_running_loop()
        speed = self._options.speed
        async with Pull(segments) as pull:
            while (segment := await self._next(pull)) is not None:
                due = None
                if speed is not None:
                    due = self._began + segment.end / speed
                    await asyncio.sleep(due - loop.time())
                entry = Entry(segment, self.report.add(segment), due)
                if self._options.on_full == "block":
                    await self._outbox.put(entry)
                else:
                    for dropped in await self._outbox.put_at_once(entry):
                        self._drop(dropped)
        await self._outbox.end()

    async def _next(self, pull: Pull[Segment]) -> Segment | None:
        """Give the next segment; None at the end, also at one that came too early."""
        try:
            return await pull.next()
        except SourceError as error:
            self._trouble = error
            return None

    def _drop(self, entry: Entry) -> None:
        record = entry.record
        record.fate, record.detail = "dropped", "the queue was full"
        self._tell(Dropped(record.segment, record.bytes, record.start, record.end))

    def _let_go(self, entry: Entry) -> None:
        """Keep a segment's place without its bytes: the server may still say that it has come past it."""
        segment = entry.segment
        entry.segment = replace(segment, data=b"", lead=b"")
        if not self._connection.let_go:
            self._connection.let_go = True
            self._tell(LetGo(entry.record.segment))

    async def _deliver(self, feeding: asyncio.Task[None]) -> None:
        """Open streams until one sees the source to its end."""
        loop = asyncio.get_running_loop()
        delays, in_trouble_since = waits(), self._began
        while True:
            opened = False
            try:
                async with self._client:
                    opened = True
                    self._open()
                    await self._stream(feeding)
            except ClientError as error:
                again = await self._rewind(broke=opened)
                if self._last_finished >= in_trouble_since or (opened and not again):
                    # It had got somewhere, or had nothing to do: this trouble is a new one.
                    delays, in_trouble_since = waits(), loop.time()
                first = self.report.connections == 0
                hopeless = not passing(error) and not (opened and self._connection.book.timed_out)
                if first or hopeless or loop.time() - in_trouble_since >= self._options.reconnect_for:
                    raise
                delay = next(delays)
                self._tell(Lost(self.report.connections + (not opened), opened, str(error), again, delay))
                await asyncio.sleep(delay)
            else:
                return

    def _open(self) -> None:
        """Begin with a new connection."""
        self.report.connections += 1
        self._connection = self._fresh()
        if self.report.connections > 1:
            again = tuple(entry.record.segment for entry in self._outbox if entry.record.sends)
            self._tell(Reopened(self.report.connections, again))

    def _fresh(self) -> _Connection:
        if self.report.session is None:
            return _Connection(ByAnswer(self._options.window, self._tell, self._began))
        return _Connection(BySession(self.report.connections, self.report.session, self._tell, self._began))

    async def _rewind(self, *, broke: bool) -> tuple[int, ...]:
        """Take back what was on its way; give up a segment under which the connection broke time and again."""
        again = self._outbox.rewind()
        if broke and again and again[0].record.sends >= MOST_SENDS:
            poison = again.pop(0)
            poison.record.fate = "failed"
            poison.record.detail = f"the connection broke each of the {poison.record.sends} times it was sent"
            await self._over(poison)
            self._tell(GivenUp(poison.record.segment, poison.record.sends))
        return tuple(entry.record.segment for entry in again)

    async def _stream(self, feeding: asyncio.Task[None]) -> None:
        """Send and relay over one connection, until everything is over or the connection is.

        Raises:
            ConnectionLost: It is gone, with more to do.
        """
        relaying = asyncio.create_task(self._relay())
        tasks = {relaying, asyncio.create_task(self._send()), asyncio.create_task(self._watch())}
        running: set[asyncio.Task[None]] = {*tasks, feeding}
        try:
            while not relaying.done():
                ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        # A server that leaves in good order, and owes nothing, does harm only if there is more to send.
        if self._outbox.unfinished or not self._outbox.drained:
            raise ConnectionLost(1000, "before every segment was answered")

    async def _send(self) -> None:
        """Send what the queue holds, and say when no more comes; stop where the connection is gone."""
        while (entry := await self._outbox.next()) is not None:
            await self._connection.book.room()
            # While there was no room the queue may have given the segment up for a newer one.
            if entry.record.final:
                self._connection.book.give_back()
                continue
            try:
                await self._send_one(entry)
            except ConnectionLost:
                return  # the relay learns of it too, and says why
        self._connection.book.finishing()
        with suppress(ConnectionLost):  # as above
            await self._client.finish()

    async def _send_one(self, entry: Entry) -> None:
        now = asyncio.get_running_loop().time()
        record, segment = entry.record, entry.segment
        data, note = segment.data, segment.note
        if segment.lead and self._connection.last_sent != record.segment - 1:
            data, note = segment.lead + data, _LEAD
        self._connection.last_sent = record.segment
        entry.number, entry.sent_at = self._client.sent + 1, now
        if self._connection.book.sending(entry):
            self._last_finished = now
        record.sends += 1
        record.places.append((self.report.connections, entry.number))
        record.fate = "sent"
        if record.sent is None:
            record.sent = now - self._began
        behind = None if entry.due is None else now - entry.due
        self._tell(
            Sent(
                record.segment,
                self.report.connections,
                entry.number,
                len(data),
                segment.start,
                segment.end,
                behind,
                record.sends - 1,
                note,
            )
        )
        await self._client.send(data)
        await self._outbox.hand_over(entry)

    async def _relay(self) -> None:
        """Relay every message, and note what it says only after that."""
        loop = asyncio.get_running_loop()
        self._connection.listening_since = loop.time()
        async for message in self._client:
            heard = loop.time()
            # A sink may make us wait; that is no silence of the server's.
            self._connection.listening_since = None
            await self._sink.write(message)
            if loop.time() - heard > HELD_UP:
                self._connection.held_up = loop.time()
            for entry in self._connection.book.heard(message, heard):
                await self._over(entry)
            self._connection.listening_since = loop.time()

    async def _over(self, entry: Entry) -> None:
        self._last_finished = asyncio.get_running_loop().time()
        await self._outbox.finish(entry)

    async def _watch(self) -> None:
        """Give up on a server that owes an answer and says nothing, or for long nothing that is one.

        Raises:
            ConnectionFailed: It did.
        """
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(self._options.patience / 4, 1.0))
            since, owing = self._connection.listening_since, self._connection.book.owing
            if since is None or owing is None:
                continue
            patience = max(self._options.patience, owing.patience)
            if loop.time() - max(since, owing.since) > patience:
                raise ConnectionFailed(
                    f"the server has said nothing for {patience:g} s and owes {owing.what}; check that it is well, or "
                    "wait longer"
                )
            talked = loop.time() - max(owing.progress, self._connection.held_up)
            if talked > TALK * patience:
                raise ConnectionFailed(
                    f"the server has gone on talking for {talked:.0f} s and still owes {owing.what}; check that it is "
                    "well, or wait longer"
                )


_LEAD: Final = (
    "continues a recording the server has lost the thread of: the recording's header goes first again, and what needs "
    "the bytes before this segment cannot be decoded"
)
