"""Commands of the wrapper beside `stream`: get a `token`, `upload` a file; and the exit codes all of them share."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from typing import Annotated, Final, Never

import typer

from interhuman_stream.cli import output
from interhuman_stream.cli.credentials import (
    ApiKeyOption,
    Given,
    KeyId,
    KeySecret,
    TokenCommandOption,
    TokenOption,
    key_pair,
    provider,
)
from interhuman_stream.client.errors import (
    ClientError,
    ConnectionFailed,
    ConnectionLost,
    Forbidden,
    InvalidAddress,
    MissingCredentials,
    Redirected,
    SourceBroken,
    SourceError,
    Unauthorized,
)
from interhuman_stream.client.tokens import AuthClient
from interhuman_stream.protocol.errors import SCOPE_MISSING
from interhuman_stream.protocol.limits import STREAM_SCOPE, UPLOAD_SCOPE

SOME_FAILED: Final = 1
USAGE: Final = 2
CREDENTIALS: Final = 3
CONNECTION: Final = 4
EXIT_CODES: Final = (
    ((Unauthorized, Forbidden, MissingCredentials), CREDENTIALS),
    ((ConnectionFailed,), CONNECTION),
    ((SourceBroken,), SOME_FAILED),
    ((InvalidAddress, Redirected, SourceError), USAGE),
)

Url = Annotated[
    str, typer.Option(envvar="INTERHUMAN_API_URL", help="The server's base URL, such as https://api.example.com.")
]
Include = Annotated[
    list[str] | None,
    typer.Option(help="Ask for more, such as conversation_quality_overall; may be given again."),
]
DEFAULT_URL: Final = "http://127.0.0.1:8000"


CODES: Final = (
    "Exit codes: 0 done, 1 the server refused or stdout cannot be written, 2 usage, 3 credentials, 4 connection, "
    "130 interrupted (Ctrl-C)."
)
TOKEN_EPILOG: Final = f"""
Example: interhuman-stream token --scope interhumanai.stream --scope interhumanai.upload

{CODES}
"""
UPLOAD_EPILOG: Final = f"""
Example: interhuman-stream upload talk.mp4 --v1 > signals.json

{CODES}
"""


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command(epilog=TOKEN_EPILOG)(token)
    app.command(epilog=UPLOAD_EPILOG)(upload)


def token(
    url: Url = DEFAULT_URL,
    scope: Annotated[list[str] | None, typer.Option(help="What the token is for; may be given again.")] = None,
    key_id: KeyId = None,
    key_secret: KeySecret = None,
) -> None:
    """Exchange a key pair for a token and print the server's JSON exactly as it came."""
    try:
        pair = key_pair(Given(key_id, key_secret))
        grant = asyncio.run(AuthClient(url).grant(*pair, scope or [STREAM_SCOPE]))
    except ClientError as error:
        fail(error)
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
    token_command: TokenCommandOption = None,
) -> None:
    """Upload a file, wait for its analysis and print the server's JSON exactly as it came."""
    from interhuman_stream.client.upload import UploadClient

    given = Given(key_id, key_secret, api_key, token, token_command)
    try:
        tokens = provider(context, url, given, (UPLOAD_SCOPE,))
        client = UploadClient(url, token=tokens, version="v1" if v1 else "v0")
        answer = asyncio.run(client.analyze(file, include or ()))
    except ClientError as error:
        fail(error)
    _print_exactly(answer.body)


def _print_exactly(body: bytes) -> None:
    """Write a body as it came; only a terminal gets a line feed after it."""
    try:
        sys.stdout.buffer.write(body + b"\n" if sys.stdout.isatty() else body)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        discard_stdout()


def discard_stdout() -> None:
    """Let what is still buffered go nowhere: the pipe is closed, and Python would complain of it at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(error: ClientError) -> Never:
    """Say what is wrong and leave with its exit code."""
    code = next((code for kinds, code in EXIT_CODES if isinstance(error, kinds)), SOME_FAILED)
    if isinstance(error, ConnectionLost) and error.code == SCOPE_MISSING.close_code:
        code = CREDENTIALS
    output.fail(f"error: {error}", code)
