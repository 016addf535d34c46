"""Files, analysed as a whole."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Literal, TypeAlias

from interhuman_stream.client.address import http_address
from interhuman_stream.client.errors import SourceError
from interhuman_stream.client.http import HttpClient, HttpOptions
from interhuman_stream.client.tokens import authorization, token_provider
from interhuman_stream.protocol.paths import UPLOAD_V0, UPLOAD_V1

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from interhuman_stream.client.answer import Answer
    from interhuman_stream.client.tokens import TokenProvider

Files: TypeAlias = dict[str, tuple[str, IO[bytes]]]
"""A form's files: their names and what is in them."""
ANALYSIS_TIMEOUT: Final = 600.0
"""Seconds to wait for the analysis of 32 MB, which may be an hour of low-bitrate talk."""
PATHS: Final = {"v0": UPLOAD_V0, "v1": UPLOAD_V1}
"""Where each dialect takes uploads."""


class UploadClient(HttpClient):
    """Sends a file and gives the server's answer, byte for byte.

    Inside ``async with`` the connection stays open from one file to the next.

    Args:
        url: The server's base URL.
        token: A token, or what gives one; None sends no credential.
        version: The dialect of the answer.
        options: How requests are sent.

    Raises:
        InvalidAddress: ``url`` cannot be used.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | TokenProvider | None = None,
        version: Literal["v0", "v1"] = "v0",
        options: HttpOptions | None = None,
    ) -> None:
        super().__init__(http_address(url, PATHS[version]), options or HttpOptions(timeout=ANALYSIS_TIMEOUT))
        self._provider = None if token is None else token_provider(token)

    async def analyze(self, file: str | Path, include: Sequence[str] = ()) -> Answer:
        """Send a file and wait for what was found in it.

        Args:
            file: The file's path.
            include: What to ask for beside the signals.

        Raises:
            SourceError: The file cannot be read.
            ApiError: The server refused it; the message says why.
            ConnectionFailed: There was no answer.
        """
        headers = await authorization(self._provider)
        async with as_form(Path(file)) as files:
            return await self._post(headers=headers, files=files, data={"include[]": list(include)})


@asynccontextmanager
async def as_form(path: Path) -> AsyncIterator[Files]:
    """Open a file as a form's field ``file``.

    Raises:
        SourceError: It cannot be read.
    """
    try:
        with await asyncio.to_thread(path.open, "rb") as opened:
            yield {"file": (_sendable(path), opened)}
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}; check the path") from None


def _sendable(path: Path) -> str:
    """Give a file's name as a form can hold it: the system's may be any bytes, and the server reads UTF-8."""
    return os.fsencode(path.name).decode(errors="replace")
