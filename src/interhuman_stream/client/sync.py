"""The blocking face of the client: the same names and arguments, without ``await`` and with ``with``.

A stream may be sent to in one thread and iterated in another; a key pair may be shared by any number of threads. The
work is the async client's own, on an event loop in the background: what is said there holds here, and what it is given
to call there (``connect``, a transport, a clock, a watcher) is called on that loop, and must not block it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Generic, Literal, Protocol, Self, TypeVar

import interhuman_stream.client as aio
from interhuman_stream.client import (
    STREAM_SCOPE,
    UPLOAD_SCOPE,
    Answer,
    ApiError,
    ClientError,
    Completed,
    ConnectionFailed,
    ConnectionLost,
    DeliveryOptions,
    Forbidden,
    Grant,
    HttpOptions,
    InvalidAddress,
    InvalidProxy,
    JobPending,
    LiveMessage,
    MediaSupportMissing,
    Message,
    MissingCredentials,
    NotJson,
    NotOpened,
    NotWritten,
    Processing,
    Progress,
    ProxyFailed,
    Record,
    Redirected,
    Report,
    Result,
    Segment,
    SegmentError,
    Session,
    SinkClosed,
    SourceBroken,
    SourceError,
    StreamOptions,
    Unauthorized,
    UnusableAnswer,
    V0Message,
    progress,
)
from interhuman_stream.client.background import wait_for
from interhuman_stream.client.events import unwatched
from interhuman_stream.client.jobs import EVERY, USUAL_MODEL, WAIT, untold
from interhuman_stream.client.pull import Pull
from interhuman_stream.client.relay import lines
from interhuman_stream.client.transport import open_websocket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from interhuman_stream.client.events import Watcher
    from interhuman_stream.client.live import Version
    from interhuman_stream.client.relay import Framing
    from interhuman_stream.client.transport import Connect

__all__ = [
    "STREAM_SCOPE",
    "UPLOAD_SCOPE",
    "Answer",
    "ApiError",
    "ApiKey",
    "AuthClient",
    "ClientError",
    "Completed",
    "ConnectionFailed",
    "ConnectionLost",
    "Delivery",
    "DeliveryOptions",
    "FileSink",
    "Forbidden",
    "Grant",
    "HttpOptions",
    "InvalidAddress",
    "InvalidProxy",
    "JobClient",
    "JobPending",
    "KeyPair",
    "LiveMessage",
    "MediaSupportMissing",
    "Message",
    "MissingCredentials",
    "NotJson",
    "NotOpened",
    "NotWritten",
    "Processing",
    "Progress",
    "ProxyFailed",
    "Record",
    "Redirected",
    "Report",
    "Result",
    "Segment",
    "SegmentError",
    "Session",
    "Sink",
    "SinkClosed",
    "SourceBroken",
    "SourceError",
    "StaticToken",
    "StreamClient",
    "StreamOptions",
    "TokenCommand",
    "TokenProvider",
    "Unauthorized",
    "UnusableAnswer",
    "UploadClient",
    "V0Message",
    "progress",
]

T = TypeVar("T")
M = TypeVar("M", aio.AuthClient, aio.UploadClient, aio.JobClient, aio.StreamClient, aio.Delivery)


class TokenProvider(Protocol):
    """Gives the bearer token to use now; it may block."""

    def token(self) -> str:
        """Give a token that is valid now, asking the server for one where it must."""


class Sink(Protocol):
    """Takes messages, one after the other; it may block."""

    def write(self, message: Message, /) -> None:
        """Take one message.

        Raises:
            SinkClosed: Nobody takes any more.
        """


class _Blocking(Generic[T]):
    """Something of the async client's, and its methods without ``await``."""

    def __init__(self, inner: T) -> None:
        self._inner = inner

    def __repr__(self) -> str:
        return repr(self._inner)


class _Managed(_Blocking[M]):
    """The same, of what is opened and closed."""

    def __enter__(self) -> Self:
        wait_for(self._inner.__aenter__)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        wait_for(self._inner.__aexit__, kind, error, trace)


@dataclass(frozen=True, slots=True)
class StaticToken:
    """A token that somebody else got; it is used as it is and never renewed.

    Attributes:
        value: The token.
    """

    value: str = field(repr=False)

    def token(self) -> str:
        """Give the token."""
        return self.value


@dataclass(frozen=True, slots=True)
class ApiKey(StaticToken):
    """An API key as ``value``, which is a bearer token that does not run out."""


class AuthClient(_Managed[aio.AuthClient]):
    """Exchanges a key pair for a token; see ``interhuman_stream.client.AuthClient``."""

    def __init__(self, url: str, *, options: HttpOptions | None = None) -> None:
        super().__init__(aio.AuthClient(url, options=options))

    def grant(self, key_id: str, key_secret: str, scopes: Sequence[str] = (STREAM_SCOPE,)) -> Grant:
        """Ask for a token; raises what ``interhuman_stream.client.AuthClient.grant`` does."""
        return wait_for(self._inner.grant, key_id, key_secret, scopes)


class KeyPair(_Blocking[aio.KeyPair]):
    """A key pair, exchanged for a token that is renewed in time; see ``interhuman_stream.client.KeyPair``.

    Threads that ask at the same time share one request.
    """

    def __init__(
        self,
        auth: AuthClient,
        key_id: str,
        key_secret: str,
        *,
        scopes: Sequence[str] = (STREAM_SCOPE,),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(aio.KeyPair(auth._inner, key_id, key_secret, scopes=scopes, clock=clock))  # noqa: SLF001

    def token(self) -> str:
        """Give a token that stays valid for a while yet; raises a ``ClientError`` where the server gave none."""
        return wait_for(self._inner.token)


class TokenCommand(_Blocking[aio.TokenCommand]):
    """A program that prints a token; see ``interhuman_stream.client.TokenCommand``.

    Threads that ask at the same time share one run.
    """

    def __init__(self, command: Sequence[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(aio.TokenCommand(command, clock=clock))

    def token(self) -> str:
        """Give a token that is valid now; raises ``MissingCredentials`` where the program gives none."""
        return wait_for(self._inner.token)


class UploadClient(_Managed[aio.UploadClient]):
    """Sends a file and gives the server's answer, byte for byte; see ``interhuman_stream.client.UploadClient``."""

    def __init__(
        self,
        url: str,
        *,
        token: str | TokenProvider | None = None,
        version: Literal["v0", "v1"] = "v0",
        options: HttpOptions | None = None,
    ) -> None:
        super().__init__(aio.UploadClient(url, token=_awaitable(token), version=version, options=options))

    def analyze(self, file: str | Path, include: Sequence[str] = ()) -> Answer:
        """Send a file and wait for what was found in it; raises what the async client's ``analyze`` does."""
        return wait_for(self._inner.analyze, file, include)


class JobClient(_Managed[aio.JobClient]):
    """Has a file analysed as a job of v2; see ``interhuman_stream.client.JobClient``."""

    def __init__(
        self, url: str, *, token: str | TokenProvider | None = None, options: HttpOptions | None = None
    ) -> None:
        super().__init__(aio.JobClient(url, token=_awaitable(token), options=options))

    def submit(
        self, file: str | Path, model: str = USUAL_MODEL, *, wait_seconds: int = 0, include: Sequence[str] = ()
    ) -> Answer:
        """Send a file; raises what the async client's ``submit`` does."""
        return wait_for(self._inner.submit, file, model, wait_seconds=wait_seconds, include=include)

    def read(self, job_id: str) -> Answer:
        """Read how a job stands; raises what the async client's ``read`` does."""
        return wait_for(self._inner.read, job_id)

    def wait(
        self, job: Answer, *, timeout: float = WAIT, every: float = EVERY, told: Callable[[Answer], None] = untold
    ) -> Answer:
        """Read a job until it is over; raises what the async client's ``wait`` does."""
        return wait_for(self._inner.wait, job, timeout=timeout, every=every, told=told)


class StreamClient(_Managed[aio.StreamClient]):
    """One stream to one server, open inside ``with``; see ``interhuman_stream.client.StreamClient``.

    ::

        with StreamClient("http://127.0.0.1:8000", token=token) as client:
            for segment in segments("talk.mp4"):
                client.send(segment.data)
            client.finish()
            for message in client:
                print(message.text)
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
        inner = aio.StreamClient(
            url,
            token=_awaitable(token),
            include=include,
            version=version,
            model=model,
            options=options,
            connect=connect,
        )
        super().__init__(inner)

    @property
    def address(self) -> str:
        """The stream's own address."""
        return self._inner.address

    @property
    def version(self) -> Version:
        """The version that is spoken."""
        return self._inner.version

    @property
    def sent(self) -> int:
        """How many segments were sent: the number the server gives to the last one."""
        return self._inner.sent

    def send(self, segment: bytes) -> int:
        """Send one segment and give its number on this stream; raises ``ConnectionLost`` where that has ended."""
        return wait_for(self._inner.send, segment)

    def configure(self, wishes: Mapping[str, object]) -> None:
        """Say anew what a session of v1 or v2 is to tell; raises what the async client's ``configure`` does."""
        wait_for(self._inner.configure, wishes)

    def finish(self) -> None:
        """Say that no more segments come: iterating ends, and the stream is closed, once what they give has come."""
        wait_for(self._inner.finish)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Message:
        """Give the next message; raises ``ConnectionLost`` where the stream broke or was left unanswered."""
        try:
            return wait_for(self._inner.__anext__)
        except StopAsyncIteration:
            raise StopIteration from None

    def close(self) -> None:
        """Close the stream; what the server had sent by then can still be iterated. A second time does nothing."""
        wait_for(self._inner.close)


class FileSink(_Blocking[aio.FileSink]):
    """Writes messages to a binary file, each flushed at once; see ``interhuman_stream.client.FileSink``."""

    def __init__(self, file: IO[bytes], framing: Framing = lines) -> None:
        super().__init__(aio.FileSink(file, framing))

    def write(self, message: Message) -> None:
        """Write one message; raises ``SinkClosed`` where whoever read has stopped reading."""
        wait_for(self._inner.write, message)


class Delivery(_Managed[aio.Delivery]):
    """Sends the segments of a source and relays every message; see ``interhuman_stream.client.Delivery``.

    The source is read in one thread and the sink written to in others; neither is called twice at the same time. ::

        with Delivery(StreamClient(url, token=pair), FileSink(sys.stdout.buffer)) as delivery:
            report = delivery.run(segments("talk.mp4"))
    """

    def __init__(
        self,
        client: StreamClient,
        sink: Sink,
        *,
        options: DeliveryOptions | None = None,
        watcher: Watcher = unwatched,
    ) -> None:
        inner = sink._inner if isinstance(sink, FileSink) else _AwaitableSink(sink)  # noqa: SLF001
        super().__init__(aio.Delivery(client._inner, inner, options=options, watcher=watcher))  # noqa: SLF001

    @property
    def report(self) -> Report:
        """What has become of the segments so far; it stands also after an error."""
        return self._inner.report

    def run(self, segments: Iterable[Segment]) -> Report:
        """Deliver a source to its end; raises what ``interhuman_stream.client.Delivery.run`` does."""
        return wait_for(self._inner.run, segments)


class _AwaitableSink:
    """A sink that may block, as the async client wants it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    async def write(self, message: Message) -> None:
        await asyncio.to_thread(self._sink.write, message)


class _AwaitableTokens:
    """A provider that may block, as the async client wants it."""

    def __init__(self, provider: TokenProvider) -> None:
        self._provider = provider

    async def token(self) -> str:
        async with Pull(iter(self._provider.token, None)) as pull:
            return await pull.next() or ""


def _awaitable(token: str | TokenProvider | None) -> str | aio.TokenProvider | None:
    if token is None or isinstance(token, str):
        return token
    if isinstance(token, StaticToken):
        return token.value
    return token._inner if isinstance(token, KeyPair | TokenCommand) else _AwaitableTokens(token)  # noqa: SLF001
