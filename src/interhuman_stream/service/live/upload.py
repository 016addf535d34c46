"""A whole file in one request: `POST /v0/upload/analyze` and `POST /v1/upload/analyze`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from starlette.responses import JSONResponse

from interhuman_stream.analysis.windows import windows
from interhuman_stream.protocol import errors, v0, v1
from interhuman_stream.protocol.limits import SHORTEST_UPLOAD, SMALLEST_UPLOAD, UPLOAD_SCOPE
from interhuman_stream.service.access.auth import Refused, authorize
from interhuman_stream.service.answers import correlation_id
from interhuman_stream.service.context import service_of
from interhuman_stream.service.live.analysis import note
from interhuman_stream.service.live.receiving import read_form, while_there
from interhuman_stream.service.live.standing import admitted
from interhuman_stream.service.live.unanalysed import refusing
from interhuman_stream.service.watch import tracing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from interhuman_stream.findings import Findings
    from interhuman_stream.service.context import Service

log = structlog.get_logger()


async def upload_v0(request: Request) -> Response:
    """Analyse a file and answer as v0 does."""
    found, _ = await _analysed(request, SMALLEST_UPLOAD)
    return JSONResponse(v0.upload(found))


async def upload_v1(request: Request) -> Response:
    """Analyse a file and answer as v1 does. What is unknown in `include[]`, and other fields, are passed over."""
    found, include = await _analysed(request)
    if not found.has_video:
        raise Refused(errors.NO_VIDEO, "The file has no track of video that can be read.")
    if found.end - found.start < SHORTEST_UPLOAD:
        raise Refused(errors.FILE_TOO_SHORT)
    extended = v0.extension(include, correlation_id(request))
    return JSONResponse(v1.upload(found, extended, windows(found, v1.TIMELINE_WINDOW)))


async def _analysed(request: Request, smallest: int = 1) -> tuple[Findings, Sequence[str]]:
    """What was found in the file that came, of ``smallest`` bytes at least, and the values of `include[]`."""
    service = service_of(request)
    service.look_for_room(request)
    caller = await service.database.door(authorize, request, UPLOAD_SCOPE, service.guard)
    async with admitted(service, caller, log.bind(correlation_id=correlation_id(request))) as standing:
        form = await read_form(request, smallest)
        if why := await standing.denied(len(form.file)):
            raise service.refused(why)
        service.quota.used(caller.key_id, size=len(form.file))
        found = await while_there(request, _found(service, form.file))
        tracing.analysed(found.stages, found.spent)
        await standing.analysed(found)
        note(found, standing.log, standing.noted)
    return found, form.fields.get("include[]", ())


async def _found(service: Service, data: bytes) -> Findings:
    """Analyse a whole file."""
    with refusing():
        return await service.engine.analyze(data)
