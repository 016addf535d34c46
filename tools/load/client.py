"""One live stream of the load: a segment every so many seconds of wall time, and what became of each.

v0 answers each segment. v1 and v2 tell every few seconds of media how the conversation goes, if asked: what is counted
then is how long that took from the last byte of the segment in which those seconds end.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

LAST_ANSWER: Final = 60.0
"""Seconds after the last segment in which its answer must come; the service gives a segment 30."""
RETRY_FLOOR: Final = 0.5
TRY_AGAIN_LATER: Final = 1013
FULL: Final = (429, 503)
EDGE: Final = 0.02
"""Of a segment: files of five seconds are some hundredths longer or shorter."""
GROWTH, GROWTH_SECONDS = 1.2, 0.1
"""By so much may the second half's median latency be above the first's where it is steady."""


@dataclass(slots=True)
class Book:
    """What became of everything that was sent, by all streams together.

    Attributes:
        open: Streams that are let in now.
        most_open: The most there were at once.
        refused: Times one was refused as it should be: 429 or 503 with Retry-After, or close 1013.
        broken: Ends that should not have been, in words.
        sent: Segments whose last byte was written.
        errors: Segments answered by an error.
        lost: Segments that nothing answered.
        latencies: Seconds from a segment's last byte to its result.
        media: Seconds of video that have a result.
        took: Seconds until all of it was answered.
    """

    open: int = 0
    most_open: int = 0
    refused: int = 0
    broken: list[str] = field(default_factory=list)
    sent: int = 0
    errors: int = 0
    lost: int = 0
    latencies: list[float] = field(default_factory=list)
    media: float = 0.0
    took: float = 0.0

    @property
    def pace(self) -> float:
        """Seconds of video that had a result in each second: as many as there were streams where all kept up."""
        return self.media / self.took if self.took else 0.0

    @property
    def growing(self) -> bool:
        """Whether results come later and later: more than one stream too many."""
        half = len(self.latencies) // 2
        first, second = quantile(self.latencies[:half], 0.5), quantile(self.latencies[half:], 0.5)
        return second > GROWTH * first + GROWTH_SECONDS

    def quantile(self, share: float) -> float:
        """The latency that this share of results did not exceed (nearest rank)."""
        return quantile(self.latencies, share)


def quantile(values: Sequence[float], share: float) -> float:
    """Give the nearest-rank quantile; nan of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else float("nan")


@dataclass(frozen=True, slots=True)
class Plan:
    """What one stream does.

    Attributes:
        api: The version of the wire: v0, v1 or v2.
        segments: Sent in turn, over and over.
        delay: Seconds until it connects.
        until: The clock (``time.monotonic``) after which it sends nothing more.
        every: Seconds of wall time from one segment to the next.
        retry: Whether it tries again when it was refused, after the time the service names.
        over: Set to have it send nothing more.
    """

    url: str
    api: str
    token: str
    segments: Sequence[bytes]
    delay: float
    until: float
    every: float
    retry: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def ended(self, moment: float) -> bool:
        """Whether nothing more is sent at a moment."""
        return moment >= self.until or self.over.is_set()


async def live(plan: Plan, book: Book) -> None:
    """Be one live stream, from the first attempt to connect until its last answer."""
    await asyncio.sleep(plan.delay)
    while not plan.ended(time.monotonic()):
        again = await _attempt(plan, book)
        if again is None or not plan.retry:
            return
        await asyncio.sleep(max(RETRY_FLOOR, again))


async def _attempt(plan: Plan, book: Book) -> float | None:
    """Connect and stream; the seconds after which to try again where it was refused."""
    headers = {"Authorization": f"Bearer {plan.token}"}
    try:
        async with connect(plan.url, additional_headers=headers, compression=None, max_size=None) as socket:
            book.open += 1
            book.most_open = max(book.most_open, book.open)
            try:
                await (_stream if plan.api == "v0" else _session)(socket, plan, book)
            finally:
                book.open -= 1
            return None
    except InvalidStatus as refusal:
        status, after = refusal.response.status_code, refusal.response.headers.get("Retry-After")
        if status in FULL and after is not None:
            book.refused += 1
            return float(after)
        book.broken.append(f"refused with {status}, Retry-After {after}")
    except ConnectionClosed as closed:
        if closed.rcvd is not None and closed.rcvd.code == TRY_AGAIN_LATER:
            book.refused += 1
            return 1.0
        book.broken.append(f"closed: {closed}")
    except (OSError, TimeoutError) as error:
        book.broken.append(f"{type(error).__name__}: {error}")
    return None


async def _stream(socket: ClientConnection, plan: Plan, book: Book) -> None:
    pending: dict[int, float] = {}
    reading = asyncio.create_task(_read(socket, plan, book, pending))
    try:
        number, began = 0, time.monotonic()
        while not plan.ended(due := began + number * plan.every):
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            data = plan.segments[number % len(plan.segments)]
            number += 1
            pending[number] = time.perf_counter()  # the reader must know it before it is written
            await socket.send(data)
            book.sent += 1
            if number in pending:
                pending[number] = time.perf_counter()
        deadline = time.monotonic() + LAST_ANSWER
        while pending and not reading.done() and time.monotonic() < deadline:  # noqa: ASYNC110 - a tenth is fine
            await asyncio.sleep(0.1)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        book.lost += len(pending)


async def _session(socket: ClientConnection, plan: Plan, book: Book) -> None:
    """Be a session of v1 or v2, to its graceful end; one that does not come is a loss."""
    await socket.send('{"include":["conversation_quality_timeline"]}')
    sent: list[float] = []
    reading = asyncio.create_task(_told(socket, plan, book, sent))
    try:
        began = time.monotonic()
        while not plan.ended(due := began + len(sent) * plan.every):
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            data = plan.segments[len(sent) % len(plan.segments)]
            sent.append(time.perf_counter())
            await socket.send(data)
            book.sent += 1
            sent[-1] = time.perf_counter()
        await socket.send('{"type":"session.close"}')
        book.lost += not await asyncio.wait_for(reading, LAST_ANSWER)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def _told(socket: ClientConnection, plan: Plan, book: Book, sent: list[float]) -> bool:
    """Read until the session has ended; whether it has."""
    judged = 0.0
    async for text in socket:
        now, said = time.perf_counter(), json.loads(text)
        if said["type"] == "conversation_quality.updated":
            reached = said["data"]["timeline"][-1]["end"]
            number = min(len(sent), math.ceil(reached / plan.every - EDGE))
            book.latencies.append(now - sent[number - 1])
            book.media += reached - judged
            judged = reached
        elif said["type"] == "error":
            if said["data"]["code"] == "ih1003":
                book.refused += 1
                return True
            book.errors += 1
        elif said["type"] == "session.ended":
            return True
    return False


async def _read(socket: ClientConnection, plan: Plan, book: Book, pending: dict[int, float]) -> None:
    async for text in socket:
        now = time.perf_counter()
        said = json.loads(text)
        if said.get("status") not in {"result", "error"}:
            continue
        sent = pending.pop(said.get("segment"), None)
        if said["status"] == "error":
            book.errors += 1
        elif sent is not None:
            book.latencies.append(now - sent)
            book.media += plan.every
