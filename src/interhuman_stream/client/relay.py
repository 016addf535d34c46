"""Bytes in, bytes out: every message to a sink exactly as it was received."""

from __future__ import annotations

import asyncio
import select
import struct
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Final, TypeAlias

from interhuman_stream.client.errors import NotWritten

if TYPE_CHECKING:
    from interhuman_stream.client.message import Message

Framing: TypeAlias = Callable[[bytes], bytes]
"""Makes of a message what is written, so that a reader can tell where it ends."""

AT_ONCE: Final = getattr(select, "PIPE_BUF", 0)
"""Bytes that a pipe which can be written to takes without waiting (POSIX); where that is not known, none."""


class SinkClosed(Exception):  # noqa: N818 - it is an end, not an error: whoever read has read enough
    """Whoever read the messages has stopped reading."""


def lines(message: bytes) -> bytes:
    """End a message with a line feed. One that holds line feeds of its own spans lines; JSON needs none."""
    return message + b"\n"


def lengths(message: bytes) -> bytes:
    """Put a message's length in front of it: four bytes, the most significant first."""
    return struct.pack(">I", len(message)) + message


class FileSink:
    """Writes messages to a binary file, each flushed at once.

    A message is not looked into: what came is what goes out. Where the reader pauses, writing waits in a thread, and
    stops neither the pings nor the sending.

    Args:
        file: The file.
        framing: How a reader can tell messages apart: ``lines`` or ``lengths``.
    """

    def __init__(self, file: IO[bytes], framing: Framing = lines) -> None:
        self._file = file
        self._framing = framing
        self._writable = _writable(file)

    async def write(self, message: Message) -> None:
        """Write one message.

        Raises:
            SinkClosed: Whoever read has stopped reading.
            NotWritten: The file cannot be written: a full disk, a file that is closed.
        """
        data = self._framing(message.data)
        if len(data) <= AT_ONCE and self._writable():
            self._write(data)
        else:
            await asyncio.to_thread(self._write, data)

    def _write(self, data: bytes) -> None:
        try:
            self._file.write(data)
            self._file.flush()
        except (BrokenPipeError, ConnectionResetError):
            raise SinkClosed from None
        except (OSError, ValueError) as error:  # the latter of a file that was closed
            why = getattr(error, "strerror", None) or error
            raise NotWritten(
                f"a message cannot be written to {getattr(self._file, 'name', 'the file')} ({why}); free some space or "
                "write elsewhere"
            ) from None


def _writable(file: IO[bytes]) -> Callable[[], bool]:
    """Give what tells whether the file takes ``AT_ONCE`` bytes now; where that cannot be told, it never does."""
    try:
        poll = select.poll()
        poll.register(file.fileno(), select.POLLOUT)
    except (AttributeError, OSError):  # no poll on Windows; no number in a file that is memory
        return lambda: False
    return lambda: bool(poll.poll(0))
