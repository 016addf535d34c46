"""Commands of the wrapper beside `stream`: get a `token`, `upload` a file; and the exit codes all of them share."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Never

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
    JobPending,
    MissingCredentials,
    Redirected,
    SourceBroken,
    SourceError,
    Unauthorized,
)
from interhuman_stream.client.tokens import AuthClient
from interhuman_stream.plain import sentence
from interhuman_stream.protocol.errors import SCOPE_MISSING
from interhuman_stream.protocol.limits import STREAM_SCOPE, UPLOAD_SCOPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.client.answer import Answer
    from interhuman_stream.client.tokens import TokenProvider

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


class UploadApi(StrEnum):
    """A version of the API that answers an upload at once."""

    V0 = "v0"
    V1 = "v1"


CODES: Final = (
    "Exit codes: 0 done, 1 the server refused, a job failed or is not over, or stdout cannot be written, 2 usage, "
    "3 credentials, 4 connection, 130 interrupted (Ctrl-C)."
)
TOKEN_EPILOG: Final = f"""
Example: interhuman-stream token --scope interhumanai.stream --scope interhumanai.upload

{CODES}
"""
UPLOAD_EPILOG: Final = f"""
Examples:

interhuman-stream upload talk.mp4 --api v1 > signals.json

interhuman-stream upload talk.mp4 --job --include signals > job.json

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
    api: Annotated[
        UploadApi, typer.Option(help="The version to speak: v1 says more of each signal; v2 has jobs, see --job.")
    ] = UploadApi.V0,
    v1: Annotated[bool, typer.Option("--v1", help="The same as --api v1.", hidden=True)] = False,
    job: Annotated[
        bool, typer.Option("--job", help="As a job of v2: sent, and read until it is over; the job's JSON is printed.")
    ] = False,
    model: Annotated[str | None, typer.Option(help="Of a job: which model is to analyse the file.")] = None,
    wait_seconds: Annotated[
        int, typer.Option(min=0, max=120, help="Of a job: how long the server may keep its first answer back.")
    ] = 0,
    wait_for: Annotated[float, typer.Option(min=0, help="Of a job: seconds to wait until it is over.")] = 600.0,
    include: Include = None,
    key_id: KeyId = None,
    key_secret: KeySecret = None,
    api_key: ApiKeyOption = None,
    token: TokenOption = None,
    token_command: TokenCommandOption = None,
) -> None:
    """Upload a file, wait for its analysis and print the server's JSON exactly as it came."""
    from interhuman_stream.client.upload import UploadClient

    if job and (v1 or api is UploadApi.V1):
        raise typer.BadParameter("a job is of v2, which --api v1 is not; leave one of the two out")
    if not job and (model is not None or wait_seconds):
        raise typer.BadParameter("--model and --wait-seconds are of a job; give --job, or leave them out")
    given = Given(key_id, key_secret, api_key, token, token_command)
    try:
        tokens = provider(context, url, given, (UPLOAD_SCOPE,))
        if job:
            answer = asyncio.run(_job(url, tokens, file, Wishes(model, wait_seconds, wait_for, include or ())))
        else:
            client = UploadClient(url, token=tokens, version="v1" if v1 else api.value)
            answer = asyncio.run(client.analyze(file, include or ()))
    except JobPending as error:
        _print_exactly(error.job.body)
        fail(error)
    except ClientError as error:
        fail(error)
    _print_exactly(answer.body)
    if job:
        _judge(answer)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted of a job; see the options of the same names."""

    model: str | None
    wait_seconds: int
    wait_for: float
    include: Sequence[str]


async def _job(url: str, tokens: TokenProvider, file: str, wishes: Wishes) -> Answer:
    """Have a file analysed as a job; what becomes of it is said on stderr."""
    from interhuman_stream.client.jobs import USUAL_MODEL, JobClient, state

    last = ""

    def told(job: Answer) -> None:
        nonlocal last
        job_id, status = state(job)
        if status != last:
            typer.echo(sentence(f"job {job_id} {status}"), err=True)
        last = status

    async with JobClient(url, token=tokens) as client:
        job = await client.submit(
            file, wishes.model or USUAL_MODEL, wait_seconds=wishes.wait_seconds, include=wishes.include
        )
        return await client.wait(job, timeout=wishes.wait_for, told=told)


def _judge(job: Answer) -> None:
    """Leave with what a job that failed is worth; why stands in what was printed."""
    from interhuman_stream.client.jobs import failure

    why = failure(job)
    if why is not None:
        output.fail(f"error: the job failed: {why}", SOME_FAILED)


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
