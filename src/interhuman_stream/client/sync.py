"""The blocking face of the client: the same names and arguments, without ``await``.

A stream may be sent to in one thread and iterated in another; a key pair may be shared by any number of threads.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from interhuman_stream.client.address import http_address, stream_address
from interhuman_stream.client.answers import Answers
from interhuman_stream.client.errors import ConnectionLost
from interhuman_stream.client.http import HttpOptions, answer, failures, settings
from interhuman_stream.client.message import Message
from interhuman_stream.client.tokens import (
    bearer,
    failed,
    grant_request,
    leased,
    not_run,
    parse_grant,
    printed_token,
)
from interhuman_stream.client.transport import NORMAL, StreamOptions, handshake, lost
from interhuman_stream.client.transport import settings as stream_settings
from interhuman_stream.client.upload import ANALYSIS_TIMEOUT, form, unreadable, upload_path
from interhuman_stream.protocol.limits import STREAM_SCOPE
from interhuman_stream.protocol.paths import AUTH_V0

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from websockets.sync.client import ClientConnection

    from interhuman_stream.client.http import Answer
    from interhuman_stream.client.tokens import Grant, Lease

__all__ = [
    "ApiKey",
    "AuthClient",
    "KeyPair",
    "StaticToken",
    "StreamClient",
    "TokenCommand",
    "TokenProvider",
    "UploadClient",
]


class TokenProvider(Protocol):
    """Gives the bearer token to use now."""

    def token(self) -> str:
        """Give a token that is valid now, asking the server for one where it must."""


@dataclass(frozen=True, slots=True)
class StaticToken:
    """A token that somebody else got; it is used as it is and never renewed."""

    value: str = field(repr=False)

    def token(self) -> str:
        """Give the token."""
        return self.value


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, which is a bearer token that does not run out."""

    value: str = field(repr=False)

    def token(self) -> str:
        """Give the key."""
        return self.value


class AuthClient:
    """Exchanges a key pair for a token; see ``interhuman_stream.client.AuthClient``."""

    def __init__(self, url: str, *, options: HttpOptions | None = None) -> None:
        self._address = http_address(url, AUTH_V0)
        self._options = options or HttpOptions()

    def grant(self, key_id: str, key_secret: str, scopes: Sequence[str] = (STREAM_SCOPE,)) -> Grant:
        """Ask for a token.

        Raises:
            Unauthorized: The pair is wrong.
            Forbidden: The key lacks a scope.
            ApiError: The server refused for another reason.
            ConnectionFailed: There was no answer.
            NotJson: The answer is no grant.
        """
        request = grant_request(key_id, key_secret, scopes)
        return parse_grant(_post(self._address, self._options, json=request).body)


class KeyPair:
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
        self._auth = auth
        self._key_id = key_id
        self._key_secret = key_secret
        self._scopes = tuple(scopes)
        self._clock = clock
        self._lock = threading.Lock()
        self._lease: Lease | None = None

    def __repr__(self) -> str:
        return f"KeyPair(key_id={self._key_id!r}, scopes={self._scopes!r})"

    def token(self) -> str:
        """Give a token that stays valid for a while yet.

        Raises:
            ClientError: The server gave none; see ``AuthClient.grant``.
        """
        with self._lock:
            now = self._clock()
            if self._lease is None or now >= self._lease.renew_at:
                self._lease = leased(self._auth.grant(self._key_id, self._key_secret, self._scopes), now)
            return self._lease.grant.access_token


class TokenCommand:
    """A program that prints a token; see ``interhuman_stream.client.TokenCommand``.

    Threads that ask at the same time share one run.
    """

    def __init__(self, command: Sequence[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._command = list(command)
        self._clock = clock
        self._lock = threading.Lock()
        self._lease: Lease | None = None

    def __repr__(self) -> str:
        return f"TokenCommand({self._command[:1]!r})"  # its arguments may hold a secret

    def token(self) -> str:
        """Give a token that is valid now.

        Raises:
            MissingCredentials: The program cannot be run, fails or prints nothing.
        """
        with self._lock:
            now = self._clock()
            if self._lease is not None and now < self._lease.renew_at:
                return self._lease.grant.access_token
            token, self._lease = printed_token(self._run(), now)
            return token

    def _run(self) -> bytes:
        try:
            done = subprocess.run(self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)  # noqa: S603 - the user's own command
        except (OSError, IndexError, ValueError) as error:
            raise not_run(self._command, error) from None
        if done.returncode:
            raise failed(self._command, done.returncode)
        return done.stdout


class UploadClient:
    """Sends a file and gives the server's answer, byte for byte; see ``interhuman_stream.client.UploadClient``."""

    def __init__(
        self,
        url: str,
        *,
        token: str | TokenProvider | None = None,
        version: Literal["v0", "v1"] = "v0",
        options: HttpOptions | None = None,
    ) -> None:
        self._address = http_address(url, upload_path(version))
        self._token = token
        self._options = options or HttpOptions(timeout=ANALYSIS_TIMEOUT)

    def __repr__(self) -> str:
        return f"UploadClient({self._address!r})"

    def analyze(self, file: str | Path, include: Sequence[str] = ()) -> Answer:
        """Send a file and wait for what was found in it.

        Args:
            file: The file's path.
            include: What to ask for beside the signals.

        Raises:
            SourceError: The file cannot be read.
            ApiError: The server refused it; the message says why.
            ConnectionFailed: There was no answer.
        """
        path = Path(file)
        headers = _authorization(self._token)
        try:
            with path.open("rb") as opened:
                return _post(self._address, self._options, headers=headers, **form(path, opened, include))
        except OSError as error:
            raise unreadable(path, error) from None


class Connection(Protocol):
    """An open stream of frames; see ``interhuman_stream.client.transport.Connection``."""

    def send(self, frame: bytes) -> None:
        """Send a binary frame."""

    def receive(self) -> bytes | None:
        """Give the next frame's bytes, or None when the server has closed the stream in good order."""

    def close(self) -> None:
        """Close the stream; a second time does nothing."""


class WebSocket:
    """A connection over a WebSocket."""

    def __init__(self, connection: ClientConnection, closing: ExitStack) -> None:
        self._connection = connection
        self._closing = closing
        self._reading = threading.Lock()
        self._kept: deque[bytes] = deque()

    def send(self, frame: bytes) -> None:
        """Send a binary frame."""
        try:
            self._connection.send(frame)
        except ConnectionClosed as closed:
            raise lost(closed) from None

    def receive(self) -> bytes | None:
        """Give the next frame's bytes, which nothing has decoded or checked."""
        with self._reading:
            if self._kept:
                return self._kept.popleft()
            try:
                return self._connection.recv(decode=False)
            except ConnectionClosed as closed:
                ending = lost(closed)
        if ending.code == NORMAL:
            return None
        raise ending

    def close(self) -> None:
        """Close the stream; frames that come before the server's farewell are kept for who receives."""
        closing = threading.Thread(target=self._closing.close, name="closing a stream")
        closing.start()
        # With frames nobody takes, websockets stops reading the network, and would wait for the farewell in vain.
        with suppress(ConnectionClosed):
            while closing.is_alive():
                with self._reading:
                    self._kept.append(self._connection.recv(decode=False))
        closing.join()


def open_websocket(address: str, headers: Mapping[str, str], options: StreamOptions) -> WebSocket:
    """Open a WebSocket; see ``interhuman_stream.client.transport.Connect``."""
    closing = ExitStack()  # websockets opens a connection inside `with` alone
    with handshake(address, options):
        opened = closing.enter_context(connect(address, **stream_settings(address, headers, options)))
    return WebSocket(opened, closing)


class StreamClient:
    """One stream to one server, open inside ``with``.

    See ``interhuman_stream.client.StreamClient``::

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
        options: StreamOptions | None = None,
        connect: Callable[[str, Mapping[str, str], StreamOptions], Connection] = open_websocket,
    ) -> None:
        self.address = stream_address(url, include)
        self._token = token
        self._options = options or StreamOptions()
        self._connect = connect
        self._connection: Connection | None = None
        self._answers = Answers()

    def __repr__(self) -> str:
        return f"StreamClient({self.address!r})"

    @property
    def sent(self) -> int:
        """How many segments were sent: the number the server gives to the last one."""
        return self._answers.sent

    def __enter__(self) -> Self:
        """Open the stream.

        Raises:
            Unauthorized: The credential is missing, wrong or expired.
            Forbidden: The credential lacks the scope.
            ApiError: The server refused for another reason.
            ConnectionFailed: The server cannot be reached.
        """
        self._connection = self._connect(self.address, _authorization(self._token), self._options)
        self._answers = Answers()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, segment: bytes) -> int:
        """Send one segment and give its number on this stream, counted from 1.

        Raises:
            ConnectionLost: The stream has ended.
        """
        connection = self._open()
        number = self._answers.count()
        connection.send(segment)
        return number

    def finish(self) -> None:
        """Say that no more segments come: iterating ends, and the stream is closed, once each has had its answer."""
        connection = self._open()
        self._answers.finish()
        if self._answers.settled:
            connection.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Message:
        """Give the next message.

        Raises:
            ConnectionLost: The stream broke, or, after ``finish``, ended with segments unanswered. Where the server
                closed it in good order before, the iteration just ends.
        """
        connection = self._open()
        self._answers.catch_up()
        if self._answers.settled:
            connection.close()
        ending: ConnectionLost | None = None
        try:
            frame = connection.receive()
        except ConnectionLost as error:
            frame, ending = None, error
        if frame is None:
            self._answers.end(ending)
            raise StopIteration
        return self._answers.hand_out(Message(frame))

    def close(self) -> None:
        """Close the stream; what the server had sent by then can still be iterated. A second time does nothing."""
        if self._connection is not None:
            self._connection.close()

    def _open(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the stream is not open; use it inside `with StreamClient(…) as client:`")
        return self._connection


def _post(url: str, options: HttpOptions, **request: Any) -> Answer:
    """Send a POST request and give the answer; see ``interhuman_stream.client.http.post``."""
    import httpx  # noqa: PLC0415 - a fifth of a second that only those who send a request should wait

    with failures(url, options), httpx.Client(**settings(options)) as client:
        response = client.post(url, **request)
    return answer(response)


def _authorization(token: str | TokenProvider | None) -> dict[str, str]:
    if token is None:
        return {}
    return bearer(token if isinstance(token, str) else token.token())
