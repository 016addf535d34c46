"""From what a user calls a source (a file, a camera, an address, a pipe) to its segments."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from interhuman_stream.client.errors import SourceError
from interhuman_stream.client.sources import inputs, recorder
from interhuman_stream.client.sources.cut import cut, cut_live
from interhuman_stream.client.sources.file import segments
from interhuman_stream.client.sources.inputs import shown
from interhuman_stream.client.sources.segment import SEGMENT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.client.sources.segment import Segment

PIPE: Final = "-"
NETWORK: Final = ("rtsp://", "rtsps://", "http://", "https://")
DEVICES: Final = ("camera", "screen", "device")


@dataclass(frozen=True, slots=True)
class Source:
    """A source that has been opened.

    Attributes:
        name: What to call it to people, without a password.
        segments: Its segments, in order; each is made when it is asked for.
        live: Whether it is recorded just now, and so sets its own pace.
        stopped: Set it to end a live source; what there is by then makes the last segment.
    """

    name: str
    segments: Iterator[Segment]
    live: bool
    stopped: threading.Event = field(default_factory=threading.Event)


def open_source(
    name: str,
    seconds: float = SEGMENT_SECONDS,
    *,
    raw: bool = False,
    microphone: str = "",
    stdin: IO[bytes] | None = None,
) -> Source:
    """Open a source by its name.

    Args:
        name: A file; ``-`` for a pipe; ``camera:0`` and ``screen``; ``device:FORMAT:NAME`` for any device of FFmpeg's;
            an ``rtsp://``, ``rtsps://``, ``http://`` or ``https://`` address. With ``raw`` also a folder of pieces.
        seconds: How long a segment should be.
        raw: Whether the bytes go as they come, as a recorder wrote them, instead of being cut at key frames.
        microphone: Of a camera or a screen: the system's name for it; empty takes the usual one, ``none`` no sound.
        stdin: What ``-`` stands for, if not the program's own.

    Raises:
        SourceError: The name means nothing, or what it names cannot be opened.
        MediaSupportMissing: PyAV is not installed, and the source needs it.
    """
    stopped = threading.Event()
    if raw:
        return _raw(name, seconds, stdin, stopped)
    given = _input(name, microphone, stdin)
    if given is None:
        return Source(shown(name), segments(name, seconds), live=False, stopped=stopped)
    source = inputs.opened(given)
    # A pipe sets its own pace; what lies on a server whole has a length, and is paced like a file.
    if name != PIPE and source.duration is not None:
        return Source(given.name, cut(source, seconds, given.name), live=False, stopped=stopped)
    return Source(given.name, cut_live(source, seconds, given.name, stopped), live=True, stopped=stopped)


def _raw(name: str, seconds: float, stdin: IO[bytes] | None, stopped: threading.Event) -> Source:
    if name == PIPE:
        pieces = recorder.from_pipe(stdin or sys.stdin.buffer, seconds, stopped)
        return Source("standard input", pieces, live=True, stopped=stopped)
    path = Path(name)
    if not path.exists():
        raise SourceError(f"{shown(name)} is no file; --raw takes `-`, a recording, or a folder with its pieces")
    return Source(name, recorder.from_files(path, seconds), live=False, stopped=stopped)


def _input(name: str, microphone: str, stdin: IO[bytes] | None) -> inputs.Input | None:
    """Give what FFmpeg is to open; None for a file."""
    if name == PIPE:
        return inputs.pipe(stdin or sys.stdin.buffer)
    if name.lower().startswith(NETWORK):
        return inputs.network(name)
    kind, _, rest = name.partition(":")
    if kind not in DEVICES or Path(name).exists():
        return None
    if kind == "camera":
        return inputs.camera(rest or "0", microphone)
    return inputs.screen(rest, microphone) if kind == "screen" else inputs.device(rest)
