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
        self._answered = asyncio.Event()
        self._answered.set()
        self._last_word = 0.0

    async def run(self, segments: Iterable[Segment]) -> Outcome:
        """Deliver a source to its end, and close the stream.

        Raises:
            SinkClosed: Nobody takes the messages any more.
            SourceError: The source broke off; what came before has been sent and answered.
            ConnectionLost: The stream ended with segments unanswered.
            ConnectionFailed: The server said nothing for too long.
        """
        sending = asyncio.create_task(self._send(iter(segments)))
        relaying = asyncio.create_task(self._relay())
        waiting = asyncio.create_task(self._watch())
        tasks = (sending, relaying, waiting)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await self._settle(sending, relaying, waiting)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self.outcome

    async def _settle(
        self, sending: asyncio.Task[None], relaying: asyncio.Task[None], waiting: asyncio.Task[None]
    ) -> None:
        """Act on the task that ended first."""
        if waiting.done():
            await waiting
        if not relaying.done():
            # All is answered, or the stream is lost: what has come in already is still to be relayed.
            await self._client.close()
        await relaying
        if sending.done():
            await sending
        if self.outcome.unanswered or not sending.done():
            raise ConnectionLost(1000, "before every segment was answered")

    async def _send(self, segments: Iterator[Segment]) -> None:
        """Send all segments and wait until they are answered."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        trouble: SourceError | None = None
        while True:
            try:
                segment = await asyncio.to_thread(next, segments, None)
            except SourceError as error:
                trouble = error
                break
            if segment is None:
                break
            if self._live:
                await asyncio.sleep(began + segment.end - loop.time())
            await self._room.acquire()
            await self._send_one(segment)
        await self._answered.wait()
        if trouble is not None:
            raise trouble

    async def _send_one(self, segment: Segment) -> None:
        number = self._client.sent + 1
        self._last_word = asyncio.get_running_loop().time()
        self.outcome.unanswered[number] = self._last_word
        self._answered.clear()
        self._watcher.sent(number, segment)
        await self._client.send(segment.data)

    async def _relay(self) -> None:
        """Relay every message, and note what it says only after that."""
        loop = asyncio.get_running_loop()
        async for message in self._client:
            await self._sink.write(message)
            self._last_word = loop.time()
            said = progress(message)
            if said is None:
                continue
            sent_at = self.outcome.unanswered.get(said.segment, self._last_word)
            self._watcher.heard(said, self._last_word - sent_at)
            self._note(said)

    def _note(self, said: Progress) -> None:
        if not said.finished or self.outcome.unanswered.pop(said.segment, None) is None:
            return
        if said.status == "error":
            self.outcome.failed[said.segment] = said.detail
        else:
            self.outcome.completed.add(said.segment)
        self._room.release()
        if not self.outcome.unanswered:
            self._answered.set()

    async def _watch(self) -> None:
        """Give up on a server that owes an answer and says nothing."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(self._patience / 4, 1.0))
            if self.outcome.unanswered and loop.time() - self._last_word > self._patience:
                number = min(self.outcome.unanswered)
                raise ConnectionFailed(
                    f"the server has said nothing for {self._patience:g} s and owes an answer to segment {number}; "
                    "check that it is well, or wait longer"
                )
