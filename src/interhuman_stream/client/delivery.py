"""A source down one stream: segments out in their time, messages to a sink, until every segment is answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from interhuman_stream.client.errors import ConnectionFailed, ConnectionLost, SourceError
from interhuman_stream.client.message import progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from interhuman_stream.client.message import Message, Progress
    from interhuman_stream.client.sources.segment import Segment
    from interhuman_stream.client.stream import StreamClient

WINDOW: Final = 3
"""Segments that may be on their way or in analysis at once: the server is kept busy, and little is held."""
PATIENCE: Final = 120.0
"""Seconds without a word from a server that owes an answer, after which it is given up."""


class Sink(Protocol):
    """Takes messages, one after the other."""

    async def write(self, message: Message) -> None:
        """Take one message.

        Raises:
            SinkClosed: Nobody takes any more.
        """


class Watcher(Protocol):
    """Is told how a delivery goes."""

    def sent(self, number: int, segment: Segment) -> None:
        """A segment was sent."""

    def heard(self, said: Progress, seconds: float) -> None:
        """The server said something about a segment, so many seconds after it was sent."""


class Unwatched:
    """Tells nobody."""

    def sent(self, number: int, segment: Segment) -> None:
        """Do nothing."""

    def heard(self, said: Progress, seconds: float) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Outcome:
    """What became of the segments, by the numbers the server gives them.

    Attributes:
        completed: Those analysed.
        failed: Those the server refused or could not analyse, with its words.
        unanswered: Those sent and not finished, with the time of sending on the event loop's clock.
    """

    completed: set[int] = field(default_factory=set)
    failed: dict[int, str] = field(default_factory=dict)
    unanswered: dict[int, float] = field(default_factory=dict)

    @property
    def sent(self) -> int:
        """How many segments were sent."""
        return len(self.completed) + len(self.failed) + len(self.unanswered)

    @property
    def good(self) -> bool:
        """Whether something was sent and all of it was analysed."""
        return bool(self.completed) and not self.failed and not self.unanswered


class Delivery:
    """Sends the segments of a source and relays every message, on one open stream.

    v0 has no message that ends a stream: it is over when each segment sent has had its ``completed`` or ``error``.

    Attributes:
        outcome: What has become of the segments so far; it stands also after an error.

    Args:
        client: An open stream.
        sink: Where every message goes, before anything else is done with it.
        live: Whether a segment is sent no sooner than it would have been recorded.
        window: How many segments may be unanswered at once.
        patience: Seconds without a message after which a server that owes one is given up.
        watcher: Who is told how it goes.
    """

    def __init__(
        self,
        client: StreamClient,
        sink: Sink,
        *,
        live: bool = False,
        window: int = WINDOW,
        patience: float = PATIENCE,
        watcher: Watcher | None = None,
    ) -> None:
        self.outcome = Outcome()
        self._client = client
        self._sink = sink
        self._live = live
        self._patience = patience
        self._watcher = watcher or Unwatched()
        self._room = asyncio.Semaphore(window)
        self._trouble: SourceError | None = None
        self._lost: ConnectionLost | None = None
        self._listening_since: float | None = None

    async def run(self, segments: Iterable[Segment]) -> Outcome:
        """Deliver a source to its end, and close the stream.

        Raises:
            SinkClosed: Nobody takes the messages any more.
            SourceError: The source broke off; what came before has been sent and answered.
            ConnectionLost: The stream ended with segments unanswered.
            ConnectionFailed: The server said nothing for too long.
        """
        relaying = asyncio.create_task(self._relay())
        sending = asyncio.create_task(self._send(iter(segments)))
        tasks = {relaying, sending, asyncio.create_task(self._watch())}
        running = set(tasks)
        try:
            while not relaying.done():
                ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    task.result()
            # A server that leaves while it owes nothing does harm only if there is more to send.
            if self.outcome.unanswered or not await sending:
                raise self._lost or ConnectionLost(1000, "before every segment was answered")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._trouble is not None:
            raise self._trouble
        return self.outcome

    async def _send(self, segments: Iterator[Segment]) -> bool:
        """Send all segments and say that no more come; False where the connection went first."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while (segment := await asyncio.to_thread(self._next, segments)) is not None:
            if self._live:
                await asyncio.sleep(began + segment.end - loop.time())
            await self._room.acquire()
            try:
                await self._send_one(segment)
            except ConnectionLost:
                return False  # the relay learns of it too, and says why
        await self._client.finish()
        return True

    def _next(self, segments: Iterator[Segment]) -> Segment | None:
        """Give the next segment; None at the end, also at one that came too early."""
        try:
            return next(segments, None)
        except SourceError as error:
            self._trouble = error
            return None

    async def _send_one(self, segment: Segment) -> None:
        number = self._client.sent + 1
        now = asyncio.get_running_loop().time()
        self.outcome.unanswered[number] = now
        if self._listening_since is not None and len(self.outcome.unanswered) == 1:
            self._listening_since = now  # it owed nothing before
        self._watcher.sent(number, segment)
        await self._client.send(segment.data)

    async def _relay(self) -> None:
        """Relay every message, and note what it says only after that."""
        loop = asyncio.get_running_loop()
        self._listening_since = loop.time()
        try:
            async for message in self._client:
                heard = loop.time()
                # A sink may make us wait; that is no silence of the server's.
                self._listening_since = None
                await self._sink.write(message)
                self._note(message, heard)
                self._listening_since = loop.time()
        except ConnectionLost as lost:
            self._lost = lost

    def _note(self, message: Message, heard: float) -> None:
        said = progress(message)
        if said is None:
            return
        self._watcher.heard(said, heard - self.outcome.unanswered.get(said.segment, heard))
        if not said.finished or self.outcome.unanswered.pop(said.segment, None) is None:
            return
        if said.status == "error":
            self.outcome.failed[said.segment] = said.detail
        else:
            self.outcome.completed.add(said.segment)
        self._room.release()

    async def _watch(self) -> None:
        """Give up on a server that owes an answer and says nothing."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(self._patience / 4, 1.0))
            since = self._listening_since
            if self.outcome.unanswered and since is not None and loop.time() - since > self._patience:
                number = min(self.outcome.unanswered)
                raise ConnectionFailed(
                    f"the server has said nothing for {self._patience:g} s and owes an answer to segment {number}; "
                    "check that it is well, or wait longer"
                )
