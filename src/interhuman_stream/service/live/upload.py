"""A whole file in one request: `POST /v0/upload/analyze` and `POST /v1/upload/analyze`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from interhuman_stream.faults import EngineError, MalformedSegment, UnknownContainer
from interhuman_stream.protocol import errors, v0, v1
from interhuman_stream.protocol.limits import LARGEST_UPLOAD, SMALLEST_UPLOAD, UPLOAD_SCOPE
from interhuman_stream.service.access.auth import Refused, authorize
from interhuman_stream.service.answers import correlation_id
from interhuman_stream.service.context import service_of
from interhuman_stream.service.live.analysis import note
from interhuman_stream.service.live.standing import admitted
from interhuman_stream.service.watch import tracing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine

    from starlette.requests import Request
    from starlette.responses import Response

    from interhuman_stream.findings import Findings
    from interhuman_stream.service.context import Service

# What the form may weigh beside the file: boundaries, part headers, small fields.
FORM_OVERHEAD = 64 * 1024
MOST_FIELDS = 64

log = structlog.get_logger()


async def upload_v0(request: Request) -> Response:
    """Analyse a file and answer as v0 does."""
    finding, _ = await _analysed(request)
    return JSONResponse(v0.upload(finding))


async def upload_v1(request: Request) -> Response:
    """Analyse a file and answer as v1 does."""
    finding, extended = await _analysed(request)
    return JSONResponse(v1.upload(finding, extended))


async def _analysed(request: Request) -> tuple[Findings, v0.Extension | None]:
    service = service_of(request)
    caller = await asyncio.to_thread(authorize, request, UPLOAD_SCOPE, service.guard)
    async with admitted(service, caller, log.bind(correlation_id=correlation_id(request))) as standing:
        data, include = await _form(request)
        extended = v0.extension(include, correlation_id(request))
        if why := await standing.denied(len(data)):
            raise service.refused(why)
        service.quota.used(caller.key_id, size=len(data))
        found = await _while_there(request, _found(service, data))
        tracing.analysed(found.stages, found.spent)
        await standing.analysed(found)
        note(found, standing.log, standing.noted)
    return found, extended


async def _found(service: Service, data: bytes) -> Findings:
    """Analyse a whole file."""
    try:
        return await service.engine.analyze(data)
    except UnknownContainer as error:
        raise Refused(errors.CONTAINER_UNSUPPORTED) from error
    except MalformedSegment as error:
        raise Refused(errors.UNREADABLE, str(error)) from error
    except EngineError as error:
        raise Refused(errors.INTERNAL, str(error)) from error


async def _while_there(request: Request, work: Coroutine[Any, Any, Findings]) -> Findings:
    """Do the work for as long as somebody waits for it.

    Raises:
        ClientDisconnect: The client has gone, and the work is abandoned.
    """
    working, leaving = asyncio.create_task(work), asyncio.create_task(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    """Wait until the client has gone. All it had to send was read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _form(request: Request) -> tuple[bytes, list[str]]:
    """Read the file and `include[]` out of the form; other fields are ignored."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refused(errors.FILE_MISSING)
    parser = _InMemory(request.headers, _bounded(request), max_files=1, max_fields=MOST_FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise Refused(errors.BODY_MALFORMED, f"The form is malformed: {error}.") from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Refused(errors.FILE_MISSING)
        data = await file.read()
        include = [value for value in form.getlist("include[]") if isinstance(value, str)]
    finally:
        await form.close()
    if len(data) > LARGEST_UPLOAD:
        raise Refused(errors.FILE_TOO_LARGE)
    if len(data) < SMALLEST_UPLOAD:
        raise Refused(errors.FILE_TOO_SMALL)
    return data, include


class _InMemory(MultiPartParser):
    """A form's file stays in memory: video is never written to disk."""

    spool_max_size = LARGEST_UPLOAD + FORM_OVERHEAD


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    """The body, as long as it is no larger than a form with the largest file can be."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_UPLOAD + FORM_OVERHEAD:
            raise Refused(errors.FILE_TOO_LARGE)
        yield chunk
