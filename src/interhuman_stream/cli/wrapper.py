"""Commands of the wrapper: `stream` a source, get a `token`, `upload` a file, on any server that speaks the API."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Final, Never

import typer

from interhuman_stream.cli.credentials import ApiKeyOption, Given, KeyId, KeySecret, TokenOption, key_pair, provider
from interhuman_stream.client.errors import (
    ClientError,
    ConnectionFailed,
    Forbidden,
    InvalidAddress,
    MissingCredentials,
    SourceError,
    Unauthorized,
)
from interhuman_stream.client.tokens import AuthClient
from interhuman_stream.protocol.limits import STREAM_SCOPE, UPLOAD_SCOPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.client.delivery import Outcome, Sink, Watcher
    from interhuman_stream.client.tokens import TokenProvider

SOME_FAILED: Final = 1
USAGE: Final = 2
CREDENTIALS: Final = 3
CONNECTION: Final = 4
EXIT_CODES: Final = (
    ((Unauthorized, Forbidden, MissingCredentials), CREDENTIALS),
    ((ConnectionFailed,), CONNECTION),
    ((InvalidAddress, SourceError), USAGE),
)

Url = Annotated[
    str, typer.Option(envvar="INTERHUMAN_API_URL", help="The server's base URL, such as https://api.example.com.")
]
Include = Annotated[
    list[str] | None,
    typer.Option(help="Ask for more, such as conversation_quality_overall; may be given again."),
]
DEFAULT_URL: Final = "http://127.0.0.1:8000"


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command(epilog="Exit codes: 0 all completed, 1 some failed, 2 usage, 3 credentials, 4 connection.")(stream)
    app.command()(token)
    app.command()(upload)


def stream(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="A video or audio file.")],
    url: Url = DEFAULT_URL,
    fast: Annotated[bool, typer.Option("--fast", help="As fast as the server goes, not in live time.")] = False,
    segment_seconds: Annotated[float, typer.Option(min=3, max=30, help="How long a segment should be.")] = 5.0,
    include: Include = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
    key_id: KeyId = None,
    key_secret: KeySecret = None,
    api_key: ApiKeyOption = None,
    token: TokenOption = None,
) -> None:
    """Stream a source and print every message exactly as the server sent it, one a line.

    Example: interhuman-stream stream talk.mp4 --fast > messages.jsonl
    """
    given = Given(key_id, key_secret, api_key, token)
    try:
        tokens = provider(context, url, given, (STREAM_SCOPE,))
        outcome = asyncio.run(
            deliver(source, url, tokens, seconds=segment_seconds, live=not fast, include=include or (), quiet=quiet)
        )
    except ClientError as error:
        _fail(error)
    if outcome is not None and not outcome.good:
        raise typer.Exit(SOME_FAILED)


def token(
    url: Url = DEFAULT_URL,
    scope: Annotated[list[str] | None, typer.Option(help="What the token is for; may be given again.")] = None,
    key_id: KeyId = None,
    key_secret: KeySecret = None,
) -> None:
    """Exchange a key pair for a token and print the server's JSON exactly as it came.

    Example: interhuman-stream token --scope interhumanai.stream --scope interhumanai.upload
    """
    try:
        pair = key_pair(Given(key_id, key_secret))
        grant = asyncio.run(AuthClient(url).grant(*pair, scope or [STREAM_SCOPE]))
    except ClientError as error:
        _fail(error)
    _print_exactly(grant.body)


def upload(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A video file of 10 KB to 32 MB.")],
    url: Url = DEFAULT_URL,
    v1: Annotated[bool, typer.Option("--v1", help="The answer of v1: with probability, rationale, modality.")] = False,
    include: Include = None,
    key_id: KeyId = None,
    key_secret: KeySecret = None,
    api_key: ApiKeyOption = None,
    token: TokenOption = None,
) -> None:
    """Upload a file, wait for its analysis and print the server's JSON exactly as it came.

    Example: interhuman-stream upload talk.mp4 --v1
    """
    from interhuman_stream.client.upload import UploadClient

    given = Given(key_id, key_secret, api_key, token)
    try:
        tokens = provider(context, url, given, (UPLOAD_SCOPE,))
        client = UploadClient(url, token=tokens, version="v1" if v1 else "v0")
        answer = asyncio.run(client.analyze(file, include or ()))
    except ClientError as error:
        _fail(error)
    _print_exactly(answer.body)


async def deliver(
    source: str, url: str, tokens: TokenProvider, *, seconds: float, live: bool, include: Sequence[str], quiet: bool
) -> Outcome | None:
    """Stream a file; None where whoever read the messages has read enough."""
    from interhuman_stream.client.delivery import Delivery
    from interhuman_stream.client.relay import SinkClosed
    from interhuman_stream.client.sources.file import segments
    from interhuman_stream.client.stream import StreamClient

    cut = segments(source, seconds)
    # The first segment shows whether the source is any good, before a server is bothered with it.
    first = await asyncio.to_thread(next, cut, None)
    if first is None:
        raise SourceError(f"{source} holds no picture and no sound; give a video or audio file")
    sink, watcher = _outlets(quiet=quiet)
    async with StreamClient(url, token=tokens, include=include) as client:
        delivery = Delivery(client, sink, live=live, watcher=watcher)
        try:
            return await delivery.run(chain([first], cut))
        except SinkClosed:
            _discard_stdout()
            return None
        finally:
            if not quiet:
                _summarise(delivery.outcome)


def _outlets(*, quiet: bool) -> tuple[Sink, Watcher]:
    """Give where messages go and who is told of progress, so that they do not spoil each other on a terminal."""
    from interhuman_stream.cli.live_line import AboveLine, LiveLine, PlainLines
    from interhuman_stream.client.delivery import Unwatched
    from interhuman_stream.client.relay import LineSink

    sink = LineSink(sys.stdout.buffer)
    if quiet:
        return sink, Unwatched()
    if not sys.stderr.isatty():
        return sink, PlainLines(sys.stderr)
    line = LiveLine(sys.stderr)
    return (AboveLine(sink, line) if sys.stdout.isatty() else sink), line


def _summarise(outcome: Outcome) -> None:
    from interhuman_stream.cli.live_line import ERASE

    erase = ERASE if sys.stderr.isatty() else ""
    parts = [f"{len(outcome.completed)} of {outcome.sent} segments completed"]
    if outcome.failed:
        parts.append("failed: " + ", ".join(map(str, sorted(outcome.failed))))
    if outcome.unanswered:
        parts.append("unanswered: " + ", ".join(map(str, sorted(outcome.unanswered))))
    typer.echo(erase + "; ".join(parts), err=True)


def _print_exactly(body: bytes) -> None:
    """Write a body as it came; only a terminal gets a line feed after it."""
    try:
        sys.stdout.buffer.write(body + b"\n" if sys.stdout.isatty() else body)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _discard_stdout()


def _discard_stdout() -> None:
    """Let what is still buffered go nowhere: the pipe is closed, and Python would complain of it at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(error: ClientError) -> Never:
    typer.echo(f"error: {error}", err=True)
    code = next((code for kinds, code in EXIT_CODES if isinstance(error, kinds)), SOME_FAILED)
    raise typer.Exit(code)
