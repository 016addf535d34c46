"""Files, analysed as jobs of v2: sent, and read again until they are over."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from interhuman_stream.bounds import read_json
from interhuman_stream.client.address import http_address
from interhuman_stream.client.backoff import STATUSES
from interhuman_stream.client.errors import (
    ApiError,
    ClientError,
    ConnectionFailed,
    InvalidAddress,
    JobPending,
    NotJson,
)
from interhuman_stream.client.http import HttpClient, HttpOptions
from interhuman_stream.client.tokens import authorization, token_provider
from interhuman_stream.client.upload import as_form
from interhuman_stream.protocol.limits import FACE_MODEL
from interhuman_stream.protocol.paths import JOBS, UPLOAD_V2

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from interhuman_stream.client.answer import Answer
    from interhuman_stream.client.tokens import TokenProvider

USUAL_MODEL: Final = FACE_MODEL
FAILED: Final = "failed"
OVER: Final = ("completed", FAILED)
"""What a job is when nothing more becomes of it."""
TIMEOUT: Final = 180.0
"""Seconds to wait for an answer: two minutes are the longest ``wait_seconds``, and the file must get there."""
WAIT: Final = 600.0
"""Seconds to wait for a job when nobody says otherwise."""
ID: Final = re.compile(r"[\w-]{1,200}", re.ASCII)
"""What a job's id may be: it is asked for as a part of a path. Those of the API are 32 hexadecimal digits."""
EVERY: Final = 2.0
"""Seconds from one reading to the next, as the official clients have it."""


def untold(job: Answer) -> None:
    """Tell nobody."""


class JobClient(HttpClient):
    """Sends a file as a job, reads how it stands, waits for its end; every answer is kept byte for byte.

    A job that failed is an answer too, and no error::

        async with JobClient(url, token=token) as client:
            job = await client.wait(await client.submit("talk.mp4", include=["signals"]))
            print(job.body.decode())

    Args:
        url: The server's base URL.
        token: A token, or what gives one; None sends no credential.
        options: How requests are sent.

    Raises:
        InvalidAddress: ``url`` cannot be used.
    """

    def __init__(
        self, url: str, *, token: str | TokenProvider | None = None, options: HttpOptions | None = None
    ) -> None:
        address = http_address(url, UPLOAD_V2)
        if "?" in address:
            raise InvalidAddress(f"{url!r} has a query, which a job's address has no place for; leave it out")
        super().__init__(address, options or HttpOptions(timeout=TIMEOUT))
        self._provider = None if token is None else token_provider(token)

    async def submit(
        self, file: str | Path, model: str = USUAL_MODEL, *, wait_seconds: int = 0, include: Sequence[str] = ()
    ) -> Answer:
        """Send a file.

        Args:
            file: The file's path.
            model: Which model is to analyse it.
            wait_seconds: How long the server may keep us waiting for the job's end, up to 120.
            include: What to have beside the windows: ``signals``, ``conversation_quality_overall``, ….

        Returns:
            The job as it stands: 200 where it is over, 202 where not.

        Raises:
            SourceError: The file cannot be read.
            ApiError: The server refused it; the message says why.
            ConnectionFailed: There was no answer.
        """
        data: dict[str, object] = {"model": model, "include[]": list(include)}
        if wait_seconds:
            data["wait_seconds"] = str(wait_seconds)
        headers = await authorization(self._provider)
        async with as_form(Path(file)) as files:
            return await self._post(headers=headers, files=files, data=data)

    async def read(self, job_id: str) -> Answer:
        """Read how a job stands.

        Raises:
            ApiError: There is none of this id (any more), or the server refused for another reason.
            ConnectionFailed: There was no answer.
        """
        address = self._address.removesuffix(UPLOAD_V2) + JOBS + quote(job_id, safe="")
        return await self._ask("GET", address, headers=await authorization(self._provider))

    async def wait(
        self,
        job: Answer,
        *,
        timeout: float = WAIT,  # noqa: ASYNC109 - a job goes on when nobody waits: this is no cancelling
        every: float = EVERY,
        told: Callable[[Answer], None] = untold,
    ) -> Answer:
        """Read a job until it is over. Where the server is away or full for a while, it is asked again.

        Args:
            job: What ``submit`` or ``read`` gave.
            timeout: Seconds to wait at most.
            every: Seconds from one reading to the next.
            told: Is given each answer.

        Raises:
            JobPending: It was not over in time.
            NotJson: An answer is no job.
            ApiError: The server refused; a job that has expired is 404.
            ConnectionFailed: There was no answer, and the time was up.
        """
        until = asyncio.get_running_loop().time() + timeout
        while True:
            told(job)
            job_id, status = state(job)
            if status in OVER:
                return job
            pending = JobPending(job, job_id, status, timeout)
            job = await self._again(pending, job_id, every, until)

    async def _again(self, pending: JobPending, job_id: str, every: float, until: float) -> Answer:
        """Read a job once more, for as long as the server is away or full.

        Raises:
            JobPending: There is no time for it.
        """
        trouble: ClientError = pending
        while asyncio.get_running_loop().time() + every <= until:
            await asyncio.sleep(every)
            try:
                return await self.read(job_id)
            except ClientError as error:
                if not _passing(error):
                    raise
                trouble = error
        raise trouble


def state(job: Answer) -> tuple[str, str]:
    """Give a job's id and its status.

    Raises:
        NotJson: The answer is no job.
    """
    body = _fields(job)
    job_id, status = body.get("job_id"), body.get("status")
    if not isinstance(job_id, str) or not ID.fullmatch(job_id) or not isinstance(status, str):
        raise NotJson("the server's answer holds no job_id and status; check that the address is the API's")
    return job_id, status


def failure(job: Answer) -> str | None:
    """Say why a job failed; None where it did not.

    Raises:
        NotJson: The answer is no job.
    """
    if state(job)[1] != FAILED:
        return None
    error = _fields(job).get("error")
    said = [error.get("error_id"), error.get("message")] if isinstance(error, dict) else []
    return ": ".join(part for part in said if isinstance(part, str)) or "the server does not say why"


def _fields(job: Answer) -> dict[str, Any]:
    try:
        body = read_json(job.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _passing(error: ClientError) -> bool:
    return isinstance(error, ConnectionFailed) or (isinstance(error, ApiError) and error.status in STATUSES)
