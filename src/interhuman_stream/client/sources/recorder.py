"""A recorder's byte stream as it comes: nothing is taken apart or written anew."""

from __future__ import annotations

import time
from typing import IO, TYPE_CHECKING, Final, TypeAlias

from interhuman_stream.client.errors import SourceError
from interhuman_stream.client.sources.segment import Segment
from interhuman_stream.containers import LONGEST_MARK, Header, begins_file, header_so_far, may_begin, read_header
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from pathlib import Path

READ: Final = 65_536
"""Bytes read at once."""
LONGEST_LEAD: Final = 1_000_000
"""Bytes among which a header must end."""
AMONG_FRAGMENTS: Final = frozenset({b"mdat", b"free", b"skip"})
"""Boxes a file may begin with, and a piece of a fragmented MP4 no less (ISO/IEC 14496-12, 8.1.1 and 8.1.2)."""

Piece: TypeAlias = tuple[bytes, float, float]
"""Bytes, and the seconds from and to which they came."""


def recorded(pieces: Iterator[Piece]) -> Iterator[Segment]:
    """Make segments of pieces of a byte stream, each with what the stream began with."""
    lead = Lead()
    tiny = b""  # what came last, where a container may begin with it and cannot be told by it yet
    for data, start, end in pieces:
        if _begins(data):
            lead, tiny = Lead(), b""
        elif _begins(tiny + data):
            lead = Lead()
            lead.add(tiny)
        yield Segment(data, start, end, lead=lead.data, timed=False)
        lead.add(data)
        tiny = next((kept for kept in (tiny + data, data) if len(kept) < LONGEST_MARK and may_begin(kept)), b"")


class Lead:
    """Keeps what one container began with: its header, up to where the media begins.

    Attributes:
        data: As much of it as has come; empty where the container is one that needs none.
    """

    def __init__(self) -> None:
        self.data = b""
        self._more = True

    def add(self, data: bytes) -> None:
        """Take the next bytes of the stream, of which there may be any number."""
        if self._more and data:
            self.data, self._more = header_so_far(self.data + data)
        if len(self.data) > LONGEST_LEAD:
            self.data, self._more = b"", False


def _begins(data: bytes) -> bool:
    """Whether a container begins here, be it whole or cut short."""
    if data[4:8] in AMONG_FRAGMENTS:
        return False
    found = read_header(data)
    return begins_file(data) or isinstance(found, Header) or bool(found and found.why)


def from_pipe(file: IO[bytes], seconds: float, stopped: threading.Event) -> Iterator[Segment]:
    """Cut what comes through a pipe by the clock: every ``seconds`` seconds, and never past the size limits."""
    return recorded(_timed(file, seconds, stopped))


def _timed(file: IO[bytes], seconds: float, stopped: threading.Event) -> Iterator[Piece]:
    read = getattr(file, "read1", file.read)  # what there is, without waiting for more
    began = time.monotonic()
    start, held = 0.0, bytearray()
    while not stopped.is_set() and (data := read(READ)):
        now = time.monotonic() - began
        due = now - start >= seconds and len(held) >= SMALLEST_SEGMENT
        if held and (due or len(held) + len(data) > LARGEST_SEGMENT):
            yield bytes(held), start, now
            start, held = now, bytearray()
        held += data
    if held:
        yield bytes(held), start, time.monotonic() - began


def from_files(path: Path, seconds: float) -> Iterator[Segment]:
    """Give a file as it is, in the largest pieces the wire takes; or the files of a folder, by name, each as it is.

    A folder is how a recorder's blobs are kept one by one.

    Args:
        path: The file or the folder.
        seconds: How long each piece is taken to be, for nothing in it is read.

    Raises:
        SourceError: There is nothing to read.
    """
    files = sorted(entry for entry in path.iterdir() if entry.is_file()) if path.is_dir() else [path]
    if not files:
        raise SourceError(f"{path} is an empty folder; give a recording, or a folder with its pieces")
    return recorded(_pieces(files, seconds))


def _pieces(files: list[Path], seconds: float) -> Iterator[Piece]:
    number = 0
    for path in files:
        try:
            with path.open("rb") as file:
                while data := file.read(LARGEST_SEGMENT):
                    yield data, number * seconds, (number + 1) * seconds
                    number += 1
        except OSError as error:
            raise SourceError(f"{path} cannot be read ({error.strerror}); give a recording") from None
