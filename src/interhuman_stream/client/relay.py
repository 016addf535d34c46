"""Bytes in, bytes out: every message to a sink exactly as it was received."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from interhuman_stream.client.message import Message


class SinkClosed(Exception):  # noqa: N818 - it is an end, not an error: whoever read has read enough
    """Whoever read the messages has stopped reading."""


class LineSink:
    """Writes messages to a binary file, one a line, each flushed at once.

    A message is not looked into: what came is what goes out, and a line feed. (A message that holds line feeds of its
    own therefore spans lines; JSON needs none.) Writing waits in a thread, so that a reader who pauses
    stops neither the pings nor the sending.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    async def write(self, message: Message) -> None:
        """Write one message.

        Raises:
            SinkClosed: Whoever read has stopped reading.
        """
        await asyncio.to_thread(self._write, message.data)

    def _write(self, data: bytes) -> None:
        try:
            self._file.write(data + b"\n")
            self._file.flush()
        except (BrokenPipeError, ConnectionResetError):
            raise SinkClosed from None
