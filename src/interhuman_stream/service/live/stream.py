"""One WebSocket from upgrade to close: segments in, their messages out, in order, whatever comes.

A reader takes frames off the socket, answers each at once (`processing`, or the `error` that refuses it) and queues
what is to be analysed; an analyst works the queue off. When the queue is full the socket is simply not read: TCP holds
the client back, and nothing that was accepted is dropped.

A stream ends when the client goes; or the service ends it, when it is idle, has lasted long enough, its key is revoked
or the service is to stop: then what was taken is still analysed and answered before the socket is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy.exc import DBAPIError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from interhuman_stream.faults import EngineError, MalformedSegment
from interhuman_stream.protocol import errors, v0
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT, STREAM_SCOPE, SUBPROTOCOL
from interhuman_stream.service.access.auth import Refused, authorize, offered_protocols
from interhuman_stream.service.answers import correlation_id, refusal
from interhuman_stream.service.context import service_of
from interhuman_stream.service.live.backlog import LAST, Backlog, Waiting
from interhuman_stream.service.live.sessions import NoEntry
from interhuman_stream.service.watch import tracing

if TYPE_CHECKING:
    from starlette.types import Message

    from interhuman_stream.engine.pool import EngineSession
    from interhuman_stream.protocol.v0 import Extension
    from interhuman_stream.service.access.auth import Caller
    from interhuman_stream.service.access.store import Key
    from interhuman_stream.service.context import Service

log = structlog.get_logger()
TEXT_REFUSED = "A text frame is no segment; send the bytes of the video as a binary frame."


@dataclass(frozen=True, slots=True)
class Ending:
    """Why the service ends a stream: a close code of RFC 6455 or IANA's registry, and words for people."""

    code: int
    reason: str


STOPPING: Final = Ending(1012, "the service restarts; come back in a moment")
IDLE: Final = Ending(1001, "no segment came for too long; open a new stream to go on")
LONG: Final = Ending(1001, "the stream has lasted as long as one may; open a new one to go on")
REVOKED: Final = Ending(errors.KEY_REVOKED.close_code or 1008, errors.KEY_REVOKED.message)
TRY_AGAIN_LATER: Final = 1013
KEY_LOOK_SECONDS: Final = 2.0
"""How often the key of a stream that sends nothing is looked at; before a segment is taken it is looked at anyway."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One open stream: its socket, what analyses it, and what its messages are to hold."""

    socket: WebSocket
    service: Service
    key: Caller
    session: EngineSession
    backlog: Backlog
    extended: Extension | None
    log: structlog.stdlib.BoundLogger


class ClientGone(Exception):  # noqa: N818 - reads as what happened
    """There is nobody left to answer."""


async def stream_v0(socket: WebSocket) -> None:
    """Serve `WS /v0/stream/analyze`."""
    service = service_of(socket)
    try:
        key = await asyncio.to_thread(authorize, socket, STREAM_SCOPE, service.guard)
        extended = v0.extension(socket.query_params.getlist("include[]"), correlation_id(socket))
        service.let_in(key)
    except Refused as refused:
        await socket.send_denial_response(refusal(socket, refused.error, refused.message, refused.retry_after))
        return
    except ValueError as error:
        await socket.send_denial_response(refusal(socket, errors.BAD_REQUEST, str(error)))
        return
    with service.sessions.entered(key.key_id):
        await _serve(socket, service, key, extended)


async def _serve(socket: WebSocket, service: Service, key: Caller, extended: Extension | None) -> None:
    await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered_protocols(socket) else None)
    bound = log.bind(correlation_id=correlation_id(socket))
    bound.info("session opened")
    settings = service.settings
    backlog = Backlog(settings.queued_segments, settings.queued_bytes, service.metrics.queued)
    stream = Stream(socket, service, key, await service.engine.session(), backlog, extended, bound)
    reading, analysing = asyncio.create_task(_read(stream)), asyncio.create_task(_analyse(stream))
    tasks = (reading, analysing)
    try:
        # Whichever ends first has found the client gone, unless it is the reader with a reason to end the stream.
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        ending = await (reading if reading.done() else analysing)
        if ending is not None:
            backlog.put(LAST)
            await analysing
            bound.info("session is ended", code=ending.code, reason=ending.reason)
            await _close(socket, ending)
    except ClientGone:
        pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        backlog.drop()
        await asyncio.shield(stream.session.close())
        bound.info("session ended")
        # A task that failed holds its trace, that holds this frame, and this frame the task: what they saw of the media
        # would stay until Python next looks for such circles.
        del reading, analysing, tasks, task


async def _read(stream: Stream) -> Ending:
    """Answer each frame at once and queue what is to be analysed, until there is a reason to take no more."""
    over = asyncio.get_running_loop().time() + stream.service.settings.session_seconds
    ending = asyncio.create_task(_ending(stream))
    try:
        number = 0
        while True:
            frame = await _next(stream, ending, over)
            if isinstance(frame, Ending):
                return frame
            number += 1
            if denied := await _take(stream, number, frame.get("bytes")):
                return denied
            del frame  # not kept until the next one comes
    finally:
        ending.cancel()


async def _ending(stream: Stream) -> Ending:
    """Wait until the service is to stop, or the key is good no longer."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(KEY_LOOK_SECONDS):
                await stream.service.sessions.draining.wait()
                return STOPPING
        if await _key_now(stream) is None:
            return REVOKED


async def _next(stream: Stream, ending: asyncio.Task[Ending], over: float) -> Message | Ending:
    """Wait for the next frame, or for a reason to take no more."""
    if ending.done():  # asked first: a client that sends without a pause would keep the service from stopping
        return ending.result()
    idle = stream.service.settings.idle_seconds
    receiving = asyncio.create_task(_receive(stream))
    left = over - asyncio.get_running_loop().time()
    done, _ = await asyncio.wait(
        {receiving, ending}, timeout=max(0.0, min(idle, left)), return_when=asyncio.FIRST_COMPLETED
    )
    if receiving in done:
        return receiving.result()
    receiving.cancel()
    if ending in done:
        return ending.result()
    return IDLE if idle < left else LONG


async def _receive(stream: Stream) -> Message:
    await stream.backlog.room()
    frame = await stream.socket.receive()
    if frame["type"] == "websocket.disconnect":
        raise ClientGone
    return frame


async def _take(stream: Stream, number: int, data: bytes | None) -> Ending | None:
    """Answer a frame and queue it if it is to be analysed; what ends the stream where its key may send no more."""
    service, extended = stream.service, stream.extended
    if data is None:
        answer = v0.error(number, errors.SEGMENT_MALFORMED, TEXT_REFUSED, extended)
    elif len(data) > LARGEST_SEGMENT:
        answer = v0.error(number, errors.SEGMENT_TOO_LARGE, v0.too_large(len(data)), extended)
    elif len(data) < SMALLEST_SEGMENT:
        answer = v0.error(number, errors.SEGMENT_MALFORMED, v0.too_small(len(data)), extended)
        stream.backlog.put(Waiting(None, data))
    elif denied := await _denied(stream):
        service.metrics.segments.labels("denied").inc()
        await _send(stream, v0.error(number, denied.error, denied.message or denied.error.message, extended))
        return Ending(denied.error.close_code or TRY_AGAIN_LATER, denied.error.message)
    else:
        service.metrics.received.inc(len(data))
        service.quota.used(stream.key.key_id, size=len(data))
        stream.backlog.put(Waiting(number, data))
        await _send(stream, v0.processing(number, len(data), extended))
        return None
    service.metrics.segments.labels("refused").inc()
    await _send(stream, answer)
    return None


async def _denied(stream: Stream) -> NoEntry | None:
    """Why the key may not send this segment, though it could open the stream: revoked since, or its hour used up."""
    key = await _key_now(stream)
    if key is None:
        return NoEntry("revoked", errors.KEY_REVOKED)
    return stream.service.sessions.used_up(key.key_id, stream.service.allowance(key))


async def _key_now(stream: Stream) -> Key | Caller | None:
    """What the stream's key may do now; None where it was revoked or rotated, or has expired."""
    try:
        return await asyncio.to_thread(stream.service.store.live, stream.key.key_id, stream.key.generation)
    except DBAPIError as error:
        # Who was let in stays in while the database is away: a restart of it must not end every conversation.
        stream.log.error("the database fails", error=type(error).__name__)  # noqa: TRY400 - what it says may be secret
        return stream.key


async def _analyse(stream: Stream) -> None:
    """Work the backlog off and answer each segment, until nothing more comes."""
    while (frame := await stream.backlog.get()) is not LAST:
        if frame.number is None:
            await _prime(stream, frame.data)
            continue
        with tracing.segment(frame.number, len(frame.data), frame.taken):
            said = await _answers(stream, frame.number, frame)
        del frame  # not kept until the next one comes
        for answer in said:
            await _send(stream, answer)


async def _prime(stream: Stream, header: bytes) -> None:
    try:
        await stream.session.prime(header)
    except EngineError as error:
        stream.log.warning("worker lost", reason=str(error))


async def _answers(stream: Stream, number: int, frame: Waiting) -> list[str]:
    """Analyse one segment: its result and completion, or its error."""
    service, extended = stream.service, stream.extended
    begun = time.perf_counter()
    try:
        found = await stream.session.analyze(frame.data)
    except MalformedSegment as error:
        service.metrics.segments.labels("malformed").inc()
        tracing.failed("malformed")
        return [v0.error(number, errors.SEGMENT_MALFORMED, str(error), extended)]
    except EngineError as error:
        service.metrics.segments.labels("lost").inc()
        tracing.failed("lost")
        stream.log.warning("worker lost", segment=number, reason=str(error))
        return [v0.error(number, errors.INTERNAL, str(error), extended)]
    except Exception:
        # Whatever it is, it costs this segment and not the session; the log has the trace.
        service.metrics.segments.labels("failed").inc()
        tracing.failed("failed")
        stream.log.exception("analysis failed", segment=number)
        return [v0.error(number, errors.INTERNAL, errors.INTERNAL.message, extended)]
    ended = time.perf_counter()
    tracing.analysed(found.stages, found.spent)
    service.analysed(stream.key, found)
    service.metrics.answered(begun - frame.taken, ended - frame.taken)
    seconds, size = round(ended - begun, 3), len(frame.data)
    stream.log.info("segment analysed", segment=number, bytes=size, seconds=seconds, signals=len(found.signals))
    return [v0.result(number, found, extended), v0.completed(number, extended)]


async def _close(socket: WebSocket, ending: Ending) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the client was quicker
        await socket.close(ending.code, ending.reason)


async def _send(stream: Stream, text: str) -> None:
    """Send one message; wait while the client does not read."""
    if stream.socket.application_state is not WebSocketState.CONNECTED:
        raise ClientGone
    try:
        await stream.socket.send_text(text)
    except (WebSocketDisconnect, RuntimeError) as error:  # gone between two messages
        raise ClientGone from error
