"""One WebSocket from upgrade to close: segments in, their messages out, in order, whatever comes.

A reader takes frames off the socket, answers each at once (`processing`, or the `error` that refuses it) and queues
what is to be analysed; an analyst works the queue off. When the queue is full the socket is simply not read: TCP holds
the client back, and nothing that was accepted is dropped.

A stream ends when the client goes; or the service ends it, when it is idle, has lasted long enough or is to stop: then
what was taken is still analysed and answered before the socket is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from interhuman_stream.analysis.errors import MalformedSegment
from interhuman_stream.engine.pool import EngineError
from interhuman_stream.protocol import errors, v0
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT, STREAM_SCOPE, SUBPROTOCOL
from interhuman_stream.service.answers import busy, correlation_id, refusal
from interhuman_stream.service.auth import Refused, authorize, offered_protocols
from interhuman_stream.service.context import service_of

if TYPE_CHECKING:
    from starlette.types import Message

    from interhuman_stream.engine.pool import EngineSession
    from interhuman_stream.protocol.v0 import Extension
    from interhuman_stream.service.context import Service
    from interhuman_stream.service.metrics import Metrics

log = structlog.get_logger()
TEXT_REFUSED = "A text frame is no segment; send the bytes of the video as a binary frame."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A frame to be worked on in its turn: a segment with its number, or a header that came alone (number None)."""

    number: int | None
    data: bytes
    taken: float = field(default_factory=time.perf_counter)


LAST: Final = Waiting(None, b"")
"""Behind the last frame of a stream that the service ends."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why the service ends a stream: a close code of RFC 6455 or IANA's registry, and words for people."""

    code: int
    reason: str


STOPPING: Final = Ending(1012, "the service restarts; come back in a moment")
IDLE: Final = Ending(1001, "no segment came for too long; open a new stream to go on")
LONG: Final = Ending(1001, "the stream has lasted as long as one may; open a new one to go on")


class Backlog:
    """Frames that wait, bounded in number and bytes; one frame always fits."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._frames: asyncio.Queue[Waiting] = asyncio.Queue()
        self._bytes = 0
        self._room = asyncio.Event()
        self._room.set()

    async def room(self) -> None:
        """Wait until another frame may be taken in."""
        await self._room.wait()

    def put(self, frame: Waiting) -> None:
        """Take a frame in."""
        self._frames.put_nowait(frame)
        self._count(len(frame.data))

    async def get(self) -> Waiting:
        """The next frame."""
        frame = await self._frames.get()
        self._count(-len(frame.data))
        return frame

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._frames.qsize() < self._most and self._bytes < self._most_bytes:
            self._room.set()
        else:
            self._room.clear()


async def stream_v0(socket: WebSocket) -> None:
    """Serve `WS /v0/stream/analyze`."""
    service = service_of(socket)
    try:
        await asyncio.to_thread(authorize, socket, STREAM_SCOPE, service.store, service.signing)
        extended = v0.extension(socket.query_params.getlist("include[]"), correlation_id(socket))
    except Refused as refused:
        await socket.send_denial_response(refusal(socket, refused.error, refused.message))
        return
    except ValueError as error:
        await socket.send_denial_response(refusal(socket, errors.BAD_REQUEST, str(error)))
        return
    state = service.sessions.state
    if state != "ready":
        service.metrics.refused.labels(state).inc()
        log.info("session refused", reason=state, correlation_id=correlation_id(socket))
        await socket.send_denial_response(busy(socket))
        return
    with service.sessions.entered():
        await _serve(socket, service, extended)


async def _serve(socket: WebSocket, service: Service, extended: Extension | None) -> None:
    await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered_protocols(socket) else None)
    session = await service.engine.session()
    backlog = Backlog(service.settings.queued_segments, service.settings.queued_bytes)
    bound = log.bind(correlation_id=correlation_id(socket))
    bound.info("session opened")
    reading = asyncio.create_task(_read(socket, backlog, extended, service))
    analysing = asyncio.create_task(_analyse(socket, session, backlog, extended, service.metrics))
    tasks = (reading, analysing)
    try:
        # Whichever ends first has found the client gone, unless it is the reader with a reason to end the stream.
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        ending = reading.result() if reading.done() else None
        if ending is not None:
            backlog.put(LAST)
            await analysing
            bound.info("session is ended", code=ending.code, reason=ending.reason)
            await _close(socket, ending)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.shield(session.close())
        bound.info("session ended")


async def _read(socket: WebSocket, backlog: Backlog, extended: Extension | None, service: Service) -> Ending | None:
    """Answer each frame at once and queue what is to be analysed; None when the client has gone."""
    loop = asyncio.get_running_loop()
    over = loop.time() + service.settings.session_seconds
    draining = asyncio.create_task(service.sessions.draining.wait())
    try:
        number = 0
        while True:
            frame: Message | Ending = await _next(socket, backlog, draining, service.settings.idle_seconds, over)
            if isinstance(frame, Ending):
                return frame
            if frame["type"] == "websocket.disconnect":
                return None
            number += 1
            if not await _take(socket, backlog, extended, number, frame.get("bytes"), service.metrics):
                return None
    finally:
        draining.cancel()


async def _next(
    socket: WebSocket, backlog: Backlog, draining: asyncio.Task[Any], idle_seconds: float, over: float
) -> Message | Ending:
    """Wait for the next frame, or for a reason to take no more."""
    receiving = asyncio.create_task(_receive(socket, backlog))
    left = over - asyncio.get_running_loop().time()
    done, _ = await asyncio.wait(
        {receiving, draining}, timeout=max(0.0, min(idle_seconds, left)), return_when=asyncio.FIRST_COMPLETED
    )
    if receiving in done:
        return receiving.result()
    receiving.cancel()
    if draining in done:
        return STOPPING
    return IDLE if idle_seconds < left else LONG


async def _receive(socket: WebSocket, backlog: Backlog) -> Message:
    await backlog.room()
    return await socket.receive()


async def _take(
    socket: WebSocket, backlog: Backlog, extended: Extension | None, number: int, data: bytes | None, metrics: Metrics
) -> bool:
    """Answer a frame and queue it if it is to be analysed; False where the client is gone."""
    if data is None:
        answer = v0.error(number, errors.SEGMENT_MALFORMED, TEXT_REFUSED, extended)
    elif len(data) > LARGEST_SEGMENT:
        answer = v0.error(number, errors.SEGMENT_TOO_LARGE, v0.too_large(len(data)), extended)
    elif len(data) < SMALLEST_SEGMENT:
        answer = v0.error(number, errors.SEGMENT_MALFORMED, v0.too_small(len(data)), extended)
        backlog.put(Waiting(None, data))
    else:
        metrics.received.inc(len(data))
        backlog.put(Waiting(number, data))
        return await _send(socket, v0.processing(number, len(data), extended))
    metrics.segments.labels("refused").inc()
    return await _send(socket, answer)


async def _analyse(
    socket: WebSocket, session: EngineSession, backlog: Backlog, extended: Extension | None, metrics: Metrics
) -> None:
    """Work the backlog off and answer each segment, until the client goes or nothing more comes."""
    while (frame := await backlog.get()) is not LAST:
        if frame.number is None:
            await _prime(session, frame.data)
            continue
        for answer in await _answers(session, frame.number, frame, extended, metrics):
            if not await _send(socket, answer):
                return


async def _prime(session: EngineSession, header: bytes) -> None:
    try:
        await session.prime(header)
    except EngineError as error:
        log.warning("worker lost", reason=str(error))


async def _answers(
    session: EngineSession, number: int, frame: Waiting, extended: Extension | None, metrics: Metrics
) -> list[str]:
    """Analyse one segment: its result and completion, or its error."""
    begun = time.perf_counter()
    try:
        found = await session.analyze(frame.data)
    except MalformedSegment as error:
        metrics.segments.labels("malformed").inc()
        return [v0.error(number, errors.SEGMENT_MALFORMED, str(error), extended)]
    except EngineError as error:
        metrics.segments.labels("lost").inc()
        metrics.workers_lost.inc()
        log.warning("worker lost", segment=number, reason=str(error))
        return [v0.error(number, errors.INTERNAL, str(error), extended)]
    except Exception:
        # Whatever it is, it costs this segment and not the session; the log has the trace.
        metrics.segments.labels("failed").inc()
        log.exception("analysis failed", segment=number)
        return [v0.error(number, errors.INTERNAL, errors.INTERNAL.message, extended)]
    ended = time.perf_counter()
    metrics.analysed(found, begun - frame.taken, ended - frame.taken)
    seconds, size = round(ended - begun, 3), len(frame.data)
    log.info("segment analysed", segment=number, bytes=size, seconds=seconds, signals=len(found.signals))
    finding = v0.Finding(found.start, found.end, found.signals, found.engagement, found.quality)
    return [v0.result(number, finding, extended), v0.completed(number, extended)]


async def _close(socket: WebSocket, ending: Ending) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the client was quicker
        await socket.close(ending.code, ending.reason)


async def _send(socket: WebSocket, text: str) -> bool:
    """Send one message; False where the client is gone."""
    if socket.application_state is not WebSocketState.CONNECTED:
        return False
    try:
        await socket.send_text(text)
    except (WebSocketDisconnect, RuntimeError):  # gone between two messages
        return False
    return True
