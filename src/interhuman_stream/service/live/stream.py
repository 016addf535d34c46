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
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from interhuman_stream.protocol import errors, live, v0, v1, v2
from interhuman_stream.protocol.limits import DEEP_MODEL, DEEP_SCOPE, STREAM_SCOPE
from interhuman_stream.service.access.auth import Refused, authorize, chosen_protocol
from interhuman_stream.service.answers import correlation_id, refusal
from interhuman_stream.service.answers import refused as noted_refusal
from interhuman_stream.service.context import service_of
from interhuman_stream.service.hangup import gone
from interhuman_stream.service.live.analysis import analyse, take, watch
from interhuman_stream.service.live.backlog import Backlog
from interhuman_stream.service.live.standing import admitted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import Message

    from interhuman_stream.engine.pool import EngineSession
    from interhuman_stream.findings import Findings
    from interhuman_stream.protocol.dialect import Dialect, End, Output
    from interhuman_stream.service.live.backlog import Waiting
    from interhuman_stream.service.live.sessions import NoEntry
    from interhuman_stream.service.live.standing import Standing

BEFORE_UPGRADE: Final = (errors.TOO_MANY_FAILURES, errors.ORIGIN_REFUSED)
"""What is told by HTTP, beside bad credentials: to who guesses, and to pages that may not even read a message."""

log = structlog.get_logger()


class ClientGone(Exception):  # noqa: N818 - reads as what happened
    """There is nobody left to answer."""


async def stream_v0(socket: WebSocket) -> None:
    """Serve `WS /v0/stream/analyze`."""
    service, identity = service_of(socket), correlation_id(socket)
    extended = v0.extension(socket.query_params.getlist("include[]"), identity)
    async with contextlib.AsyncExitStack() as stack:
        try:
            service.look_for_room(socket)
            caller = await service.database.door(authorize, socket, STREAM_SCOPE, service.guard)
            standing = await stack.enter_async_context(admitted(service, caller, log.bind(correlation_id=identity)))
        except Refused as refused:
            await socket.send_denial_response(
                refusal(socket, refused.error, refused.message, refused.retry_after, refused.why)
            )
            return
        await _serve(socket, v0.V0(extended), standing)


async def stream_v1(socket: WebSocket) -> None:
    """Serve `WS /v1/stream/analyze`."""
    await _live(socket, v1.VERSION)


async def stream_v2(socket: WebSocket) -> None:
    """Serve `WS /v2/stream/analyze`."""
    await _live(socket, v2.VERSION)


async def _live(socket: WebSocket, version: live.Version) -> None:
    """Serve a session with events. Who may not have one is told so on an open connection, but for a bad credential."""
    service, identity = service_of(socket), correlation_id(socket)
    envelopes = live.Envelopes(identity, _now)
    async with contextlib.AsyncExitStack() as stack:
        try:
            service.look_for_room(socket)
            caller = await service.database.door(authorize, socket, STREAM_SCOPE, service.guard)
            models = tuple(each for each in version.models if each != DEEP_MODEL or DEEP_SCOPE in caller.scopes)
            model = _asked(socket, version, models)
            standing = await stack.enter_async_context(admitted(service, caller, log.bind(correlation_id=identity)))
        except Refused as refused:
            if refused.error.status == HTTPStatus.UNAUTHORIZED or refused.error in BEFORE_UPGRADE:
                await socket.send_denial_response(
                    refusal(socket, refused.error, refused.message, refused.retry_after, refused.why)
                )
                return
            noted_refusal(socket, refused.error, refused.why)
            await _turn_away(socket, live.refusal(refused.error, envelopes, refused.message))
            return
        offer = live.Offer(service.settings.idle_seconds, standing.session_seconds, models)
        await _serve(socket, live.Live(version, offer, envelopes, model), standing)


def _asked(socket: WebSocket, version: live.Version, models: tuple[str, ...]) -> str | None:
    """The model that the query asks for; the usual one where it asks for none, or the version has none.

    Raises:
        Refused: There is no such model, or the credential may not use it.
    """
    asked = socket.query_params.get("model")
    if asked is None or not version.models:
        return None
    if asked not in version.models:
        raise Refused(errors.MODEL_UNUSABLE, f"There is no such model; use one of: {', '.join(version.models)}.")
    if asked not in models:
        raise Refused(errors.SCOPE_MISSING, f"The credential does not have the scope for {asked}.")
    return asked


async def _turn_away(socket: WebSocket, output: Output) -> None:
    """Say why there is no session, where every client reads it: in a message, and the code of the close."""
    assert output.close  # noqa: S101 - it always has one
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # the client was quicker
        await socket.accept(chosen_protocol(socket))
        for text in output.texts:
            await socket.send_text(text)
        await socket.close(output.close.code, output.close.reason)


def _now() -> str:
    """The time of day as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def _serve(socket: WebSocket, dialect: Dialect, standing: Standing) -> None:
    await socket.accept(chosen_protocol(socket))
    standing.log.info("session opened")
    stream = Stream(socket, dialect, standing)
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
        standing: Whether it may go on.
    """

    def __init__(self, socket: WebSocket, dialect: Dialect, standing: Standing) -> None:
        self._settings, self._metrics = standing.service.settings, standing.service.metrics
        self._socket = socket
        self._dialect = dialect
        self._session: EngineSession | None = None  # where its media is analysed, once there is any
        self._standing = standing
        self._backlog = Backlog(self._settings.queued_segments, self._settings.queued_bytes, self._metrics.queued)
        self._gone = gone(socket)
        self._ending: asyncio.Task[End] | None = asyncio.create_task(standing.lost())
        self._reading: asyncio.Task[tuple[Message, NoEntry | None]] | None = None
        self._number: int | None = None  # of the media that is worked on
        self._results: AsyncGenerator[Findings | Exception, None] | None = None  # what comes of it
        self._working: asyncio.Task[Findings | Exception | None] | None = None  # the next of that
        self._clock = asyncio.get_running_loop().time
        self._too_long = self._clock() + standing.session_seconds
        self._too_idle = self._overdue = math.inf

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
        if self._results:
            await self._results.aclose()
        self._backlog.drop()
        self._standing.forget()
        if self._session:
            await asyncio.shield(self._session.close())

    def _begin(self) -> None:
        """Read where there is room, and work where there is something to do."""
        if self._reading is None and self._backlog.room:
            self._reading = asyncio.create_task(self._read())
            self._too_idle = self._clock() + self._settings.idle_seconds
        if self._results is None and self._backlog:
            waiting = self._backlog.get()
            self._number, self._results = waiting.media.number, self._work(waiting)
        if self._results and self._working is None:
            self._working = asyncio.create_task(anext(self._results, None))

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
            await self._do(self._dialect.ends(self._due()))

    def _left(self) -> float | None:
        """Seconds until the stream is idle, has lasted too long, or ends too slowly; None where nothing is due."""
        if self._dialect.state == "open":
            if self._reading is None:
                self._too_idle = math.inf
            due = min(self._too_idle, self._too_long)
        else:
            if math.isinf(self._overdue) and self._dialect.drain_seconds is not None:
                self._overdue = self._clock() + self._dialect.drain_seconds
            due = self._overdue
        return None if math.isinf(due) else max(0.0, due - self._clock())

    def _due(self) -> End:
        """What it is that has come due."""
        if self._dialect.state != "open":
            return "overdue"
        return "idle" if self._too_idle < self._too_long else "long"

    async def _read(self) -> tuple[Message, NoEntry | None]:
        """The next frame, and why it may not be sent."""
        frame = await self._socket.receive()
        if frame["type"] == "websocket.disconnect":
            raise ClientGone
        data = frame.get("bytes")
        if data is None or not self._dialect.wants(len(data)):
            return frame, None
        return frame, await self._standing.denied(len(data))

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

    async def _work(self, waiting: Waiting) -> AsyncGenerator[Findings | Exception, None]:
        """Have the engine do what is next; give what comes of it, one after the other."""
        if self._session is None:
            self._session = await self._standing.service.engine.session(self._dialect.terms)
        number = waiting.media.number
        if number is None:
            await take(self._session, waiting.media.data, self._standing)
        elif waiting.media.work == "answer":
            yield await analyse(self._session, waiting, number, self._standing)
        else:
            async with contextlib.aclosing(watch(self._session, waiting, number, self._standing)) as found:
                async for each in found:
                    yield each

    async def _worked(self) -> None:
        """Tell the dialect what came of it."""
        assert self._working  # noqa: S101 - it is done
        what, self._working = self._working.result(), None
        if what is None:
            self._results = None
        if self._number is None:
            return
        if what is None:
            told = self._dialect.through(self._number)
        elif isinstance(what, Exception):
            told = self._dialect.failed(what, self._number)
        else:
            told = self._dialect.found(what, self._number)
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
