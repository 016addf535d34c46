"""Files, analysed as a whole."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal

from interhuman_stream.client.address import http_address
from interhuman_stream.client.errors import SourceError
from interhuman_stream.client.http import HttpOptions, post
from interhuman_stream.client.tokens import authorization, token_provider

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.client.http import Answer
    from interhuman_stream.client.tokens import TokenProvider

ANALYSIS_TIMEOUT: Final = 600.0
"""Seconds to wait for the analysis of 32 MB, which may be an hour of low-bitrate talk."""


class UploadClient:
    """Sends a file and gives the server's answer, byte for byte.

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
        self._address = http_address(url, upload_path(version))
        self._provider = None if token is None else token_provider(token)
        self._options = options or HttpOptions(timeout=ANALYSIS_TIMEOUT)

    def __repr__(self) -> str:
        return f"UploadClient({self._address!r})"

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
        path = Path(file)
        headers = await authorization(self._provider)
        try:
            opened = await asyncio.to_thread(path.open, "rb")
            with opened:
                return await post(self._address, self._options, headers=headers, **form(path, opened, include))
        except OSError as error:
            raise unreadable(path, error) from None


def upload_path(version: Literal["v0", "v1"]) -> str:
    """Give the path that takes uploads in a dialect."""
    return f"/{version}/upload/analyze"


def form(path: Path, opened: BinaryIO, include: Sequence[str]) -> dict[str, Any]:
    """Give the form's file and fields, in the words of httpx."""
    return {"files": {"file": (path.name, opened)}, "data": {"include[]": list(include)}}


def unreadable(path: Path, error: OSError) -> SourceError:
    """Give the error for a file that cannot be read."""
    return SourceError(f"{path} cannot be read: {error.strerror or error}; check the path")
