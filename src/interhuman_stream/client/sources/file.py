"""A media file as segments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from interhuman_stream.client.errors import MediaSupportMissing, SourceError
from interhuman_stream.client.sources.cut import cut
from interhuman_stream.client.sources.segment import SEGMENT_SECONDS
from interhuman_stream.containers import Header, read_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer

    from interhuman_stream.client.sources.segment import Segment

FIRST: Final = 65_536
"""Bytes in which a container says what it is."""
NOT_MEDIA: Final = frozenset({"tty", "image2", "srt", "ass", "webvtt"})
"""Formats FFmpeg reads that are text or pictures; it takes any .txt for a terminal's recording."""


def segments(path: str | Path, seconds: float = SEGMENT_SECONDS) -> Iterator[Segment]:
    """Cut a media file into segments that are complete files.

    Nothing is encoded anew where the codecs and the key frames allow it; no frame of the picture is lost.

    Args:
        path: The file.
        seconds: How long a segment should be. Cuts are at key frames where these are near enough: a segment lasts at
            most a fifth longer (the last one up to a second more), or the rest is encoded anew.

    Yields:
        Segments in order, each within the limits of the wire: what is too small is filled up. A ``note`` says what was
        encoded anew from there on, and why, and what was put right in its times.

    Raises:
        SourceError: The file cannot be read, or holds no media, or breaks off (after the segments before that).
        MediaSupportMissing: PyAV is not installed.
    """
    with _opened(Path(path)) as source:
        from av import FFmpegError  # noqa: PLC0415 - PyAV is an extra, and is there once a source is open

        try:
            yield from cut(source, seconds, str(path))
        except FFmpegError as error:
            raise SourceError(
                f"{path} cannot be cut into segments ({error.strerror or error}); convert it to MP4 or WebM first"
            ) from None


def _opened(path: Path) -> InputContainer:
    try:
        import av  # noqa: PLC0415 - PyAV is an extra, and loads for a tenth of a second
    except ImportError:
        raise MediaSupportMissing from None
    if not path.is_file():
        what = "is not a file" if path.exists() else "does not exist"
        raise SourceError(f"{path} {what}; give the path of a video or audio file")
    # `file:` keeps FFmpeg from reading a name like `concat:a|b` as a protocol.
    name = f"file:{path.absolute()}"
    try:
        try:
            source = av.open(name)
        except (av.error.EOFError, av.error.InvalidDataError):
            # FFmpeg's guess fails on a few packets of MPEG-TS; what stands in the first bytes is sure.
            source = av.open(name, format=_said(path))
    except (av.FFmpegError, OSError) as error:
        raise SourceError(
            f"{path} cannot be read as media ({error.strerror or error}); give a video or audio file"
        ) from None
    if source.format.name in NOT_MEDIA or source.format.name.endswith("_pipe"):
        source.close()
        raise SourceError(f"{path} is a picture or a text, not media with a time; give a video or audio file")
    return source


def _said(path: Path) -> str | None:
    """FFmpeg's name for what the first bytes of a file say it is; None where they say nothing."""
    with path.open("rb") as file:
        header = read_header(file.read(FIRST))
    return header.demuxer if isinstance(header, Header) else None
