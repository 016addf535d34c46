"""`POST /v2/upload/analyze` and `GET /v2/upload/jobs/{job_id}`: a file taken as a job, and the job as it stands."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from typing import TYPE_CHECKING

import structlog
from starlette.responses import JSONResponse

from interhuman_stream.containers import read_sound_header
from interhuman_stream.medium import UNOPENED
from interhuman_stream.protocol import errors, jobs
from interhuman_stream.protocol.errors import body
from interhuman_stream.protocol.limits import (
    AUDIO_MODEL,
    DEEP_MODEL,
    DEEP_SCOPE,
    LARGEST_UPLOAD,
    LONGEST_JOB,
    SHORTEST_UPLOAD,
    UPLOAD_SCOPE,
)
from interhuman_stream.service.access.auth import Refused, authorize, look_for_credential
from interhuman_stream.service.answers import correlation_id
from interhuman_stream.service.context import service_of
from interhuman_stream.service.live.analysis import note
from interhuman_stream.service.live.receiving import FORM_OVERHEAD, left, read_form, while_there
from interhuman_stream.service.live.standing import capped
from interhuman_stream.service.live.unanalysed import refusing

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from interhuman_stream.findings import Findings
    from interhuman_stream.protocol.errors import Error
    from interhuman_stream.protocol.jobs import Asked
    from interhuman_stream.service.access.auth import Caller
    from interhuman_stream.service.context import Service
    from interhuman_stream.service.jobs.queue import Held
    from interhuman_stream.service.jobs.store import Job
    from interhuman_stream.service.live.receiving import Form

FINISHED = ("completed", "failed")
SOUNDS = "The container is not supported. Send WAV, FLAC, MP3, M4A, OGG, WebM or MP4."
CATALOGUE = {error.id: error for error in (errors.UNREADABLE, errors.INTERNAL, errors.INTERRUPTED)}

log = structlog.get_logger()


async def submit(request: Request) -> Response:
    """Take a file as a job; its envelope, at once or when it is done in the time that may be waited."""
    service = service_of(request)
    declared = _declared(request)
    size = min(declared, LARGEST_UPLOAD)
    service.look_for_job_room(request, size)
    caller = await service.database.door(authorize, request, UPLOAD_SCOPE, service.guard)
    service.let_job_in(caller)
    if declared > LARGEST_UPLOAD + FORM_OVERHEAD:
        raise Refused(errors.FILE_TOO_LARGE)
    correlation = correlation_id(request)
    with service.jobs.place(caller.key_id, size) as place:
        async with capped(service, caller, log.bind(correlation_id=correlation)) as standing:
            form = await read_form(request)
            asked = _asked(form, caller)
            service.jobs.resize(place, len(form.file))
            seconds = await while_there(request, _look(service, form.file, asked.model))
            # What it will take of a client token's budget is taken now: it is over before the job's turn comes.
            if why := await standing.denied(len(form.file), seconds):
                raise service.refused(why)
            service.quota.used(caller.key_id, size=len(form.file))
        job_id = secrets.token_hex(16)
        taken = await service.database.door(service.jobs.store.add, job_id, caller.key_id, asked.model, correlation)
        held = await service.jobs.submit(job_id, asked, form.file, place, _learner(service, caller, correlation))
    log.info("job taken", bytes=len(form.file), media=round(seconds, 1), model=asked.model)
    now: Job | None = None
    if asked.wait:
        await _wait(request, service, held, asked.wait)
        now = await service.database.door(service.jobs.store.find, job_id, caller.key_id)
    now = now or taken
    return JSONResponse(_envelope(now), status_code=200 if now.status in FINISHED else 202)


async def job(request: Request) -> Response:
    """A job as it stands."""
    service = service_of(request)
    look_for_credential(request)
    caller = await service.database.door(authorize, request, UPLOAD_SCOPE, service.guard)
    found = await service.database.door(service.jobs.store.find, request.path_params["job_id"], caller.key_id)
    if found is None:
        raise Refused(errors.JOB_UNKNOWN)
    return JSONResponse(_envelope(found))


def _declared(request: Request) -> int:
    """Bytes that the body has, before it has come; where it does not say, as many as a file may have."""
    declared = request.headers.get("content-length", "")
    return int(declared) if declared.isascii() and declared.isdigit() else LARGEST_UPLOAD


def _asked(form: Form, caller: Caller) -> Asked:
    try:
        model = jobs.read_model(form.value("model"))
    except ValueError as error:
        raise _refused(errors.MODEL_UNUSABLE, error) from error
    try:
        wait = jobs.read_wait(form.value("wait_seconds"))
    except ValueError as error:
        raise _refused(errors.WAIT_INVALID, error) from error
    try:
        include = jobs.read_include(form.fields.get("include[]", ()))
    except ValueError as error:
        raise _refused(errors.INCLUDE_UNKNOWN, error) from error
    if model == DEEP_MODEL and DEEP_SCOPE not in caller.scopes:
        raise Refused(errors.SCOPE_MISSING, f"The model {model} needs the scope {DEEP_SCOPE}.")
    return jobs.Asked(model, include, wait)


async def _look(service: Service, data: bytes, model: str) -> float:
    """See that the file is one that the model takes, without decoding it; its length in seconds.

    Raises:
        Refused: It is not.
    """
    listens = model == AUDIO_MODEL
    if not listens and read_sound_header(data):
        raise Refused(errors.CONTAINER_UNSUPPORTED, "The file is one of sound alone. Ask for the model inter-2-audio.")
    with refusing(SOUNDS if listens else None):
        found = await service.engine.analyze(data, UNOPENED)
    if not found.has_video and not listens:
        raise Refused(errors.NO_VIDEO, "The file has no track of video. Send one that has, or ask for inter-2-audio.")
    if not found.has_audio:
        raise Refused(errors.NO_AUDIO)
    seconds = found.end - found.start
    if seconds < SHORTEST_UPLOAD:
        raise Refused(errors.FILE_TOO_SHORT)
    if seconds > LONGEST_JOB:
        raise Refused(errors.FILE_TOO_LONG)
    return seconds


def _learner(service: Service, caller: Caller, correlation: str) -> Callable[[Findings], None]:
    """What is to be done with a job's findings beside telling them."""

    def learn(found: Findings) -> None:
        service.analysed(caller, found)
        note(found, log.bind(correlation_id=correlation), set())

    return learn


async def _wait(request: Request, service: Service, held: Held, seconds: float) -> None:
    """Wait until the job is done, the time is over, the client has gone, or the service is to stop."""
    waits = [asyncio.create_task(each) for each in (held.done.wait(), service.sessions.draining.wait(), left(request))]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*waits, return_exceptions=True)


def _envelope(job: Job) -> dict[str, object]:
    failure = job.failure
    error = None
    if failure is not None:
        error = body(CATALOGUE[failure.error_id], job.correlation_id, failure.message)
    return jobs.envelope(
        job.job_id,
        job.status,
        job.model,
        f"{job.created_at.isoformat()}Z",
        f"{job.expires_at.isoformat()}Z",
        result=None if job.result is None else json.loads(job.result),
        error=error,
    )


def _refused(error: Error, why: ValueError) -> Refused:
    said = str(why)
    return Refused(error, f"{said[0].upper()}{said[1:]}.")
