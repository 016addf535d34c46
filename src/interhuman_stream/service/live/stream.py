"""One WebSocket from upgrade to close: what comes goes to the dialect, what the dialect says goes out.

One loop waits for whatever is next: a frame, the end of an analysis, a reason to end the stream, the client's going.
One frame is read and one piece analysed at a time. While the backlog has no room the socket is simply not read: TCP
holds the client back, and nothing that was accepted is dropped. A client that has gone is forgotten at once, whatever
is running.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import TYPE_CHECKING

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from interhuman_stream.protocol import errors, v0
from interhuman_stream.protocol.limits import STREAM_SCOPE, SUBPROTOCOL
from interhuman_stream.service.access.auth import Refused, authorize, offered_protocols
from interhuman_stream.service.answers import correlation_id, refusal
from interhuman_stream.service.context import service_of
from interhuman_stream.service.hangup import gone
from interhuman_stream.service.live.analysis import analyse, take
from interhuman_stream.service.live.backlog import Backlog
from interhuman_stream.service.live.standing import Standing

if TYPE_CHECKING:
    from starlette.types import Message

    from interhuman_stream.engine.pool import EngineSession
    from interhuman_stream.findings import Findings
    from interhuman_stream.protocol.dialect import Dialect, End, Output
    from interhuman_stream.service.live.backlog import Waiting
    from interhuman_stream.service.live.sessions import NoEntry

log = structlog.get_logger()


class ClientGone(Exception):  # noqa: N818 - reads as what happened
    """There is nobody left to answer."""


async def stream_v0(socket: WebSocket) -> None:
    """Serve `WS /v0/stream/analyze`."""
    service = service_of(socket)
    try:
        caller = await asyncio.to_thread(authorize, socket, STREAM_SCOPE, service.guard)
        extended = v0.extension(socket.query_params.getlist("include[]"), correlation_id(socket))
        service.let_in(caller)
    except Refused as refused:
        await socket.send_denial_response(refusal(socket, refused.error, refused.message, refused.retry_after))
        return
    except ValueError as error:
        await socket.send_denial_response(refusal(socket, errors.BAD_REQUEST, str(error)))
        return
    with service.sessions.entered(caller.key_id):
        standing = Standing(service, caller, log.bind(correlation_id=correlation_id(socket)))
        await _serve(socket, v0.V0(extended), standing)


async def _serve(socket: WebSocket, dialect: Dialect, standing: Standing) -> None:
    await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered_protocols(socket) else None)
    standing.log.info("session opened")
    stream = Stream(socket, dialect, await standing.service.engine.session(), standing)
    try:
        await stream.run()
    except ClientGone:
        pass
    finally:
        await stream.forget()
        standing.log.info("session ended")


class Stream:
    """An open stream, and what it waits for.

    Args:
        socket: Accepted.
        dialect: What is spoken on it; new.
        session: Where its media is analysed.
        standing: Whether it may go on.
    """

    def __init__(self, socket: WebSocket, dialect: Dialect, session: EngineSession, standing: Standing) -> None:
        self._settings, self._metrics = standing.service.settings, standing.service.metrics
        self._socket = socket
        self._dialect = dialect
        self._session = session
        self._standing = standing
        self._backlog = Backlog(self._settings.queued_segments, self._settings.queued_bytes, self._metrics.queued)
        self._gone = gone(socket)
        self._ending: asyncio.Task[End] | None = asyncio.create_task(standing.lost())
        self._reading: asyncio.Task[tuple[Message, NoEntry | None]] | None = None
        self._working: asyncio.Task[tuple[int, Findings | Exception] | None] | None = None
        self._clock = asyncio.get_running_loop().time
        self._too_long = self._clock() + self._settings.session_seconds
        self._too_idle = math.inf

    async def run(self) -> None:
        """Go on until the dialect has closed.

        Raises:
            ClientGone: The client went before.
        """
        await self._do(self._dialect.opened())
        while self._dialect.state != "closed":
            self._begin()
            await self._next()

    async def forget(self) -> None:
        """Stop whatever is running, and forget what was heard and seen."""
        tasks = [task for task in (self._ending, self._reading, self._working) if task]
        # A task that failed holds its trace, the trace this stream: it would stay until Python next looks for circles.
        self._ending = self._reading = self._working = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._backlog.drop()
        await asyncio.shield(self._session.close())

    def _begin(self) -> None:
        """Read where there is room, and work where there is something to do."""
        if self._reading is None and self._backlog.room:
            self._reading = asyncio.create_task(self._read())
            self._too_idle = self._clock() + self._settings.idle_seconds
        if self._working is None and self._backlog:
            self._working = asyncio.create_task(self._work(self._backlog.get()))

    async def _next(self) -> None:
        """Wait for what is next, tell the dialect, and do what it says."""
        tasks = [each for each in (self._gone, self._ending, self._reading, self._working) if each]
        done, _ = await asyncio.wait(tasks, timeout=self._left(), return_when=asyncio.FIRST_COMPLETED)
        if self._gone in done:
            raise ClientGone
        if self._working in done:
            await self._worked()
        if self._reading in done:
            await self._came()
        if self._ending and self._ending in done:
            why, self._ending = self._ending.result(), None
            await self._do(self._dialect.ends(why))
        if not done:
            await self._do(self._dialect.ends("idle" if self._too_idle < self._too_long else "long"))

    def _left(self) -> float | None:
        """Seconds until the stream is idle or has lasted too long; None where it ends already."""
        if self._dialect.state != "open":
            return None
        if self._reading is None:
            self._too_idle = math.inf
        return max(0.0, min(self._too_idle, self._too_long) - self._clock())

    async def _read(self) -> tuple[Message, NoEntry | None]:
        """The next frame, and why it may not be sent."""
        frame = await self._socket.receive()
        if frame["type"] == "websocket.disconnect":
            raise ClientGone
        data = frame.get("bytes")
        wanted = data is not None and self._dialect.wants(len(data))
        return frame, await self._standing.denied() if wanted else None

    async def _came(self) -> None:
        """Tell the dialect of the frame that came."""
        assert self._reading  # noqa: S101 - it is done
        (frame, denied), self._reading = self._reading.result(), None
        data = frame.get("bytes")
        if data is None:
            output = self._dialect.text_came(frame["text"])
        elif denied:
            output = self._dialect.denied(denied.error, denied.message or denied.error.message)
        else:
            output = self._dialect.bytes_came(data)
        if handed := sum(len(media.data) for media in output.media):  # of what is refused, too: it costs as much
            self._metrics.received.inc(handed)
            self._standing.service.quota.used(self._standing.caller.key_id, size=handed)
        if output.outcome in {"refused", "denied"}:
            self._metrics.segments.labels(output.outcome).inc()
        await self._do(output)

    async def _work(self, waiting: Waiting) -> tuple[int, Findings | Exception] | None:
        """Have the engine do what is next; give the number of what was asked about, and what came of it."""
        number = waiting.media.number
        if number is None:
            await take(self._session, waiting.media.data, self._standing)
            return None
        return number, await analyse(self._session, waiting, number, self._standing)

    async def _worked(self) -> None:
        """Tell the dialect what came of it."""
        assert self._working  # noqa: S101 - it is done
        done, self._working = self._working.result(), None
        if done is None:
            return
        number, what = done
        told = self._dialect.failed(what, number) if isinstance(what, Exception) else self._dialect.found(what, number)
        await self._do(told)

    async def _do(self, output: Output) -> None:
        """Do what the dialect says."""
        for media in output.media:
            self._backlog.put(media)
        for text in output.texts:
            await self._send(text)
        if output.close:
            self._standing.log.info("session is ended", code=output.close.code, reason=output.close.reason)
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the client was quicker
                await self._socket.close(output.close.code, output.close.reason)

    async def _send(self, text: str) -> None:
        """Send one message; wait while the client does not read."""
        if self._socket.application_state is not WebSocketState.CONNECTED:
            raise ClientGone
        try:
            await self._socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError) as error:  # gone between two messages
            raise ClientGone from error
