"""The async client of one stream: segments out, messages in, exactly as they come."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Final, Self

from interhuman_stream.client.address import stream_address
from interhuman_stream.client.ending import Answers, LastWord
from interhuman_stream.client.errors import ConnectionFailed, ConnectionLost
from interhuman_stream.client.message import Message
from interhuman_stream.client.tokens import authorization, token_provider
from interhuman_stream.client.told import READY, told
from interhuman_stream.client.transport import StreamOptions, open_websocket

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from interhuman_stream.client.ending import Ending
    from interhuman_stream.client.live import Version
    from interhuman_stream.client.tokens import TokenProvider
    from interhuman_stream.client.transport import Connect, Connection


MOST_EARLY: Final = 32
"""Messages that are kept of a session before it says that it stands; the contract has none."""


class StreamClient:
    """One stream to one server, open inside ``async with``.

    Messages are what the server sent and in its order; iterating ends when the server or ``close`` ends the stream, or,
    after ``finish``, when each segment has had its answer (v0) or the session has ended (v1, v2)::

        async with StreamClient("http://127.0.0.1:8000", token=token) as client:
            for segment in segments("talk.mp4"):
                await client.send(segment.data)
            await client.finish()
            async for message in client:
                print(message.text)

    Sending and iterating may also go on at the same time, each in a task of its own.

    In v1 and v2 segments are frames of one session and are not answered one by one: what is found is told as it begins,
    changes and ends, in seconds of the session. ``session.ready`` is waited for, and is the first message all the same.

    Attributes:
        address: The stream's own address.
        version: The version that is spoken.

    Args:
        url: The server's base URL (``http://127.0.0.1:8000``), or the stream's own (``wss://…/v0/stream/analyze``).
        token: A token, or what gives one; None sends no credential.
        include: What to ask for beside the signals, such as ``conversation_quality_overall``.
        version: The version to speak.
        model: Which model to ask v2 for; None takes the server's usual one.
        options: How the stream is opened and kept.
        connect: Opens the connection; the seam for tests and for other transports.

    Raises:
        InvalidAddress: ``url`` cannot be used.
        ValueError: A model is named, and the version has no choice of one.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | TokenProvider | None = None,
        include: Sequence[str] = (),
        version: Version = "v0",
        model: str | None = None,
        options: StreamOptions | None = None,
        connect: Connect = open_websocket,
    ) -> None:
        if model is not None and version != "v2":
            raise ValueError(f"{version} has no choice of models; leave model out, or speak v2")
        self.address = stream_address(url, include, version=version, model=model)
        self.version = version
        self._include = list(include)
        self._provider = None if token is None else token_provider(token)
        self._options = options or StreamOptions()
        self._connect = connect
        self._connection: Connection | None = None
        self._early: deque[bytes] = deque()
        self._ending = self._unended()

    def __repr__(self) -> str:
        return f"StreamClient({self.address!r})"

    @property
    def sent(self) -> int:
        """How many segments were sent: the number the server gives to the last one."""
        return self._ending.sent

    async def __aenter__(self) -> Self:
        """Open the stream.

        Raises:
            Unauthorized: The credential is missing, wrong or expired.
            Forbidden: The credential lacks the scope.
            ApiError: The server refused for another reason.
            ConnectionFailed: The server cannot be reached, or says nothing of a session.
        """
        headers = await authorization(self._provider)
        self._connection = await self._connect(self.address, headers, self._options)
        self._early, self._ending = deque(), self._unended()
        if self.version != "v0":
            try:
                await self._begin(self._connection)
            except BaseException:
                await self._connection.close()
                raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def send(self, segment: bytes) -> int:
        """Send one segment and give its number on this stream, counted from 1.

        Returns as soon as the network has taken it; what the server makes of it comes as messages.

        Raises:
            ConnectionLost: The stream has ended.
        """
        connection = self._open()
        number = self._ending.count()
        await connection.send(segment)
        return number

    async def configure(self, wishes: Mapping[str, object]) -> None:
        """Say anew what a session of v1 or v2 is to tell, such as ``{"include": ["conversation_quality_overall"]}``.

        The server answers with ``session.updated``, or with an ``error`` that ends nothing.

        Raises:
            RuntimeError: It is v0, which has no such message.
            ConnectionLost: The stream has ended.
        """
        if self.version == "v0":
            raise RuntimeError("a v0 stream is configured when it is opened, by include; speak v1 or v2")
        await self._open().send(json.dumps(dict(wishes)))

    async def finish(self) -> None:
        """Say that no more segments come: iterating ends, and the stream is closed, once what they give has come.

        Raises:
            ConnectionLost: A session of v1 or v2 has ended before; what it said can still be iterated.
        """
        connection = self._open()
        farewell = self._ending.finish()
        if farewell is not None:
            await connection.send(farewell)
        elif self._ending.settled:
            await connection.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Message:
        """Give the next message.

        Raises:
            ConnectionLost: The stream broke, or, after ``finish``, ended with segments unanswered or without the
                session's last message. Where the server closed it in good order before, the iteration just ends.
        """
        connection = self._open()
        self._ending.catch_up()
        if self._early:
            return self._ending.hand_out(Message(self._early.popleft()))
        if self._ending.settled:
            await connection.close()
        try:
            frame, lost = await connection.receive(), None
        except ConnectionLost as error:
            frame, lost = None, error
        if frame is None:
            self._ending.end(lost)
            raise StopAsyncIteration
        return self._ending.hand_out(Message(frame))

    async def close(self) -> None:
        """Close the stream; what the server had sent by then can still be iterated. A second time does nothing."""
        if self._connection is not None:
            await self._connection.close()

    def _unended(self) -> Ending:
        return Answers() if self.version == "v0" else LastWord()

    async def _begin(self, connection: Connection) -> None:
        """Wait until the session stands, and configure it; what is said until then is kept for whoever iterates.

        A refusal is said in messages as well, and in how the stream ends: who iterates learns of it there.
        """
        try:
            async with asyncio.timeout(self._options.open_timeout):
                while (frame := await connection.receive()) is not None:
                    self._early.append(frame)
                    if len(self._early) > MOST_EARLY:
                        raise ConnectionFailed(
                            f"{self.address} sent {MOST_EARLY} messages ahead of {READY}; check that the server speaks "
                            f"{self.version}"
                        )
                    said = told(Message(frame))
                    if said is not None and said.type == READY:
                        if self._include:
                            await self.configure({"include": self._include})
                        return
        except TimeoutError:
            raise ConnectionFailed(
                f"{self.address} opened a stream and did not say {READY} within {self._options.open_timeout:g} s; "
                f"check that the server speaks {self.version}, or wait longer"
            ) from None
        except ConnectionLost:
            return

    def _open(self) -> Connection:
        if self._connection is None:
            raise RuntimeError(
                "the stream is not open; use it inside `async with StreamClient(…) as client:`,"
                " or that of client.sync inside `with StreamClient(…) as client:`"
            )
        return self._connection
