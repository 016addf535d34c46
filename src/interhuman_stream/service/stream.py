"""One WebSocket from upgrade to close: segments in, their messages out, in order, whatever comes.

A reader takes frames off the socket, answers each at once (`processing`, or the `error` that refuses it) and queues
what is to be analysed; an analyst works the queue off. When the queue is full the socket is simply not read: TCP holds
the client back, and nothing that was accepted is dropped.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from interhuman_stream.analysis.errors import MalformedSegment
from interhuman_stream.engine.pool import EngineError
from interhuman_stream.protocol import errors, v0
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT, STREAM_SCOPE, SUBPROTOCOL
from interhuman_stream.service.answers import correlation_id, refusal
from interhuman_stream.service.auth import Refused, authorize, offered_protocols
from interhuman_stream.service.context import service_of

if TYPE_CHECKING:
    from interhuman_stream.engine.pool import EngineSession
    from interhuman_stream.protocol.v0 import Extension

log = structlog.get_logger()
TEXT_REFUSED = "A text frame is no segment; send the bytes of the video as a binary frame."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A frame to be worked on in its turn: a segment with its number, or a header that came alone (number None)."""

    number: int | None
    data: bytes


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
    await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered_protocols(socket) else None)
    session = await service.engine.session()
    backlog = Backlog(service.settings.queued_segments, service.settings.queued_bytes)
    bound = log.bind(correlation_id=correlation_id(socket))
    bound.info("session opened")
    tasks = (
        asyncio.create_task(_read(socket, backlog, extended)),
        asyncio.create_task(_analyse(socket, session, backlog, extended)),
    )
    try:
        # Whichever ends first has found the client gone: nobody is left to read answers.
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.shield(session.close())
        bound.info("session ended")


async def _read(socket: WebSocket, backlog: Backlog, extended: Extension | None) -> None:
    """Answer each frame at once and queue what is to be analysed, until the client goes."""
    number = 0
    while True:
        await backlog.room()
        frame = await socket.receive()
        if frame["type"] == "websocket.disconnect":
            return
        number += 1
        data: bytes | None = frame.get("bytes")
        if data is None:
            answer = v0.error(number, errors.SEGMENT_MALFORMED, TEXT_REFUSED, extended)
        elif len(data) > LARGEST_SEGMENT:
            answer = v0.error(number, errors.SEGMENT_TOO_LARGE, v0.too_large(len(data)), extended)
        elif len(data) < SMALLEST_SEGMENT:
            answer = v0.error(number, errors.SEGMENT_MALFORMED, v0.too_small(len(data)), extended)
            backlog.put(Waiting(None, data))
        else:
            answer = v0.processing(number, len(data), extended)
            backlog.put(Waiting(number, data))
        if not await _send(socket, answer):
            return


async def _analyse(socket: WebSocket, session: EngineSession, backlog: Backlog, extended: Extension | None) -> None:
    """Work the backlog off and answer each segment, until the client goes."""
    while True:
        frame = await backlog.get()
        if frame.number is None:
            await _prime(session, frame.data)
            continue
        for answer in await _answers(session, frame.number, frame.data, extended):
            if not await _send(socket, answer):
                return


async def _prime(session: EngineSession, header: bytes) -> None:
    try:
        await session.prime(header)
    except EngineError as error:
        log.warning("worker lost", reason=str(error))


async def _answers(session: EngineSession, number: int, data: bytes, extended: Extension | None) -> list[str]:
    """Analyse one segment: its result and completion, or its error."""
    begun = time.perf_counter()
    try:
        found = await session.analyze(data)
    except MalformedSegment as error:
        return [v0.error(number, errors.SEGMENT_MALFORMED, str(error), extended)]
    except EngineError as error:
        log.warning("worker lost", segment=number, reason=str(error))
        return [v0.error(number, errors.INTERNAL, str(error), extended)]
    except Exception:
        # Whatever it is, it costs this segment and not the session; the log has the trace.
        log.exception("analysis failed", segment=number)
        return [v0.error(number, errors.INTERNAL, errors.INTERNAL.message, extended)]
    seconds = round(time.perf_counter() - begun, 3)
    log.info("segment analysed", segment=number, bytes=len(data), seconds=seconds, signals=len(found.signals))
    finding = v0.Finding(found.start, found.end, found.signals, found.engagement, found.quality)
    return [v0.result(number, finding, extended), v0.completed(number, extended)]


async def _send(socket: WebSocket, text: str) -> bool:
    """Send one message; False where the client is gone."""
    if socket.application_state is not WebSocketState.CONNECTED:
        return False
    try:
        await socket.send_text(text)
    except (WebSocketDisconnect, RuntimeError):  # gone between two messages
        return False
    return True
