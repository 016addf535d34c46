"""The async client of one stream: segments out, messages in, exactly as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from interhuman_stream.client.address import stream_address
from interhuman_stream.client.errors import ConnectionLost
from interhuman_stream.client.message import Message, progress
from interhuman_stream.client.tokens import authorization, token_provider
from interhuman_stream.client.transport import StreamOptions, open_websocket

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from interhuman_stream.client.tokens import TokenProvider
    from interhuman_stream.client.transport import Connect, Connection


class StreamClient:
    """One stream to one server, open inside ``async with``.

    Messages are what the server sent and in its order; iterating ends when the server or ``close`` ends the stream, or,
    after ``finish``, when each segment has had its answer::

        async with StreamClient("http://127.0.0.1:8000", token=token) as client:
            for segment in segments("talk.mp4"):
                await client.send(segment.data)
            await client.finish()
            async for message in client:
                print(message.text)

    Sending and iterating may also go on at the same time, each in a task of its own.

    Args:
        url: The server's base URL (``http://127.0.0.1:8000``), or the stream's own (``wss://…/v0/stream/analyze``).
        token: A token, or what gives one; None sends no credential.
        include: What to ask for beside the signals, such as ``conversation_quality_overall``.
        options: How the stream is opened and kept.
        connect: Opens the connection; the seam for tests and for other transports.

    Raises:
        InvalidAddress: ``url`` cannot be used.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | TokenProvider | None = None,
        include: Sequence[str] = (),
        options: StreamOptions | None = None,
        connect: Connect = open_websocket,
    ) -> None:
        self.address = stream_address(url, include)
        self._provider = None if token is None else token_provider(token)
        self._options = options or StreamOptions()
        self._connect = connect
        self._connection: Connection | None = None
        self._answers = _Answers()

    def __repr__(self) -> str:
        return f"StreamClient({self.address!r})"

    @property
    def sent(self) -> int:
        """How many segments were sent: the number the server gives to the last one."""
        return self._answers.sent

    async def __aenter__(self) -> Self:
        """Open the stream.

        Raises:
            Unauthorized: The credential is missing, wrong or expired.
            Forbidden: The credential lacks the scope.
            ApiError: The server refused for another reason.
            ConnectionFailed: The server cannot be reached.
        """
        headers = await authorization(self._provider)
        self._connection = await self._connect(self.address, headers, self._options)
        self._answers = _Answers()
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
        number = self._answers.count()
        await connection.send(segment)
        return number

    async def finish(self) -> None:
        """Say that no more segments come: iterating ends, and the stream is closed, once each has had its answer."""
        connection = self._open()
        self._answers.finish()
        if self._answers.settled:
            await connection.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Message:
        """Give the next message.

        Raises:
            ConnectionLost: The stream broke, or, after ``finish``, ended with segments unanswered. Where the server
                closed it in good order before, the iteration just ends.
        """
        connection = self._open()
        self._answers.catch_up()
        if self._answers.settled:
            await connection.close()
        try:
            frame, lost = await connection.receive(), None
        except ConnectionLost as error:
            frame, lost = None, error
        if frame is None:
            self._answers.end(lost)
            raise StopAsyncIteration
        return self._answers.hand_out(Message(frame))

    async def close(self) -> None:
        """Close the stream; what the server had sent by then can still be iterated. A second time does nothing."""
        if self._connection is not None:
            await self._connection.close()

    def _open(self) -> Connection:
        if self._connection is None:
            raise RuntimeError(
                "the stream is not open; use it inside `async with StreamClient(…) as client:`,"
                " or that of client.sync inside `with StreamClient(…) as client:`"
            )
        return self._connection


class _Answers:
    """Which segments of one stream the server still owes an answer, and whether the stream may end.

    v0 has no message that ends a stream: a segment is over with its ``completed`` or ``error``, and a stream when
    all its segments are.

    Attributes:
        sent: How many segments were sent, which is the number of the last.
        unanswered: The numbers of those that are not over.
    """

    def __init__(self) -> None:
        self.sent = 0
        self.unanswered: set[int] = set()
        self._finishing = False
        self._last: Message | None = None

    def count(self) -> int:
        """Number the next segment, ahead of its sending: its answer may be quicker than the sender's return."""
        if self._finishing:
            raise RuntimeError("the stream is finishing and takes no more segments; open a new one")
        self.sent += 1
        self.unanswered.add(self.sent)
        return self.sent

    def finish(self) -> None:
        """Note that no segment will follow."""
        self._finishing = True

    @property
    def settled(self) -> bool:
        """Whether no segment will follow and none is open."""
        return self._finishing and not self.unanswered

    def hand_out(self, message: Message) -> Message:
        """Keep a message that is being given to the reader. What it says counts once the reader asks for the next."""
        self._last = message
        return message

    def catch_up(self) -> None:
        """Note what the last message said, now that its reader is done with it."""
        message, self._last = self._last, None
        said = None if message is None else progress(message)
        if said is not None and said.finished:
            self.unanswered.discard(said.segment)

    def end(self, lost: ConnectionLost | None) -> None:
        """Judge the end of the connection.

        Raises:
            ConnectionLost: It broke, or the server closed it while segments of a finishing stream were open.
        """
        if self.settled:
            return
        if lost is not None:
            raise lost
        if self._finishing:
            raise ConnectionLost(1000, "before every segment was answered")
