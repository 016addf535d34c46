"""A recorder's byte stream as it comes: nothing is taken apart or written anew."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias

from interhuman_stream.client.errors import SourceError
from interhuman_stream.client.sources.segment import Segment
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from pathlib import Path

READ: Final = 65_536
"""Bytes read at once."""
CLUSTER: Final = b"\x1f\x43\xb6\x75"
"""Begins the media of WebM and Matroska (RFC 9559, 5.1.3)."""
EBML: Final = b"\x1a\x45\xdf\xa3"
"""Begins a WebM or Matroska file (RFC 8794, 11.2.1)."""
FRAGMENT: Final = b"moof"
"""The type, behind 4 bytes of size, of the box that begins a fragmented MP4's media (ISO/IEC 14496-12, 8.8.4)."""
LONGEST_LEAD: Final = 1_000_000
"""Bytes among which a header must end; MPEG streams have none to keep, for they repeat theirs."""

Piece: TypeAlias = tuple[bytes, float, float]
"""Bytes, and the seconds from and to which they came."""


def recorded(pieces: Iterator[Piece]) -> Iterator[Segment]:
    """Make segments of pieces of a byte stream, each with what the stream began with."""
    stream = Stream()
    for data, start, end in pieces:
        if begins_container(data):
            stream = Stream()
        yield Segment(data, start, end, lead=stream.lead)
        stream.add(data)


class Stream:
    """Keeps what one container began with: its header, up to where the media begins.

    Attributes:
        lead: As much of it as has come; empty where the container is one that needs none.
    """

    def __init__(self) -> None:
        self.lead = b""
        self._whole = False

    def add(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        if self._whole:
            return
        seen = self.lead + data
        ends = _media_begins(seen)
        self._whole = ends is not None or len(seen) > LONGEST_LEAD
        self.lead = seen if ends is None else seen[:ends]
        if (self._whole and ends is None) or not begins_container(seen):
            self.lead, self._whole = b"", True


def begins_container(data: bytes) -> bool:
    """Whether a file that needs its beginning begins here: WebM, Matroska, MP4."""
    return data[:4] == EBML or data[4:8] == b"ftyp"


def _media_begins(data: bytes) -> int | None:
    if data[:4] == EBML:
        at = data.find(CLUSTER)
        return at if at >= 0 else None
    at = data.find(FRAGMENT)
    return at - 4 if at >= 0 else None


def from_pipe(file: BinaryIO, seconds: float, stopped: threading.Event) -> Iterator[Segment]:
    """Cut what comes through a pipe by the clock: every ``seconds`` seconds, and never past the size limits."""
    return recorded(_timed(file, seconds, stopped))


def _timed(file: BinaryIO, seconds: float, stopped: threading.Event) -> Iterator[Piece]:
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
