"""A file in a form: read into memory, within bounds, from a client that may go at any moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import LARGEST_UPLOAD
from interhuman_stream.service.access.auth import Refused
from interhuman_stream.service.client_text import media_type
from interhuman_stream.service.connections import LET_IN

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Mapping

    from starlette.requests import Request

T = TypeVar("T")
# What the form may weigh beside the file: boundaries, part headers, small fields.
FORM_OVERHEAD = 64 * 1024
MOST_FIELDS = 64
FORM = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it came: the bytes of `file`, and the values of the other fields in their order."""

    file: bytes
    fields: Mapping[str, tuple[str, ...]]

    def value(self, name: str) -> str | None:
        """The last value of a field; None where there is none."""
        values = self.fields.get(name)
        return values[-1] if values else None


async def read_form(request: Request, smallest: int = 1) -> Form:
    """Read a form with a file of ``smallest`` bytes at least.

    Raises:
        Refused: There is no file in it, or it is too large or too small, or the form is malformed.
        ClientDisconnect: The client has gone.
    """
    request.scope["state"][LET_IN] = True
    if media_type(request.headers) != FORM:
        raise Refused(errors.FILE_MISSING)
    parser = _InMemory(request.headers, _bounded(request), max_files=1, max_fields=MOST_FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise Refused(errors.BODY_MALFORMED, f"The form is malformed: {error}.") from error
    except ValueError as error:  # of a `charset` that Python knows and that decodes no text, of whatever class
        raise Refused(errors.BODY_MALFORMED, "The form is malformed: its text cannot be decoded.") from error
    try:
        file = form.get("file")
        data = await file.read() if isinstance(file, UploadFile) else b""
        names = dict.fromkeys(form)
        texts = {name: tuple(each for each in form.getlist(name) if isinstance(each, str)) for name in names}
    finally:
        await form.close()
    if not data:
        raise Refused(errors.FILE_MISSING)
    if len(data) > LARGEST_UPLOAD:
        raise Refused(errors.FILE_TOO_LARGE)
    if len(data) < smallest:
        raise Refused(errors.FILE_TOO_SMALL)
    return Form(data, texts)


async def while_there(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Do the work for as long as somebody waits for it.

    Raises:
        ClientDisconnect: The client has gone, and the work is abandoned.
    """
    working, leaving = asyncio.create_task(work), asyncio.create_task(left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def left(request: Request) -> None:
    """Wait until the client has gone. All it had to send was read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


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
