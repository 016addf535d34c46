"""The media that is sent: a file of the user's, or a test picture with a tone."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.faults import Fault
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.filter.graph import Graph

EBML: Final = b"\x1a\x45\xdf\xa3"
SMALLEST_CUTTABLE: Final = 5 * SMALLEST_SEGMENT
"""Bytes of which a quarter is a segment that is large enough."""
SECONDS: Final = 5
RATE: Final = 15
PICTURE: Final = f"size=320x240:rate={RATE}:duration={SECONDS}"
TONE: Final = f"frequency=440:sample_rate=48000:duration={SECONDS}"


class UnusableClip(Fault):
    """The clip cannot serve; the message says why and what could."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A complete file within the limits of a segment.

    Attributes:
        data: Its bytes.
        seconds: How long it lasts; None where nothing here could tell.
    """

    data: bytes = field(repr=False)
    seconds: float | None = None

    @property
    def cuttable(self) -> bool:
        """Whether its bytes can be sent piece by piece: what begins the file says all that the rest needs."""
        streamable = self.data[:4] == EBML or (self.data[4:8] == b"ftyp" and b"moof" in self.data)
        return streamable and len(self.data) >= SMALLEST_CUTTABLE


def read(path: Path) -> Clip:
    """Read a file.

    Raises:
        UnusableClip: It cannot be read or is outside the limits of a segment.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableClip(f"{path} cannot be read: {error.strerror}; name a video file") from None
    if not SMALLEST_SEGMENT <= len(data) <= LARGEST_SEGMENT:
        raise UnusableClip(
            f"{path} has {len(data)} bytes; give one of {SMALLEST_SEGMENT} to {LARGEST_SEGMENT} bytes,"
            " for it is sent as a segment"
        )
    return Clip(data, _seconds(data))


def made() -> Clip:
    """Make five seconds of a moving test picture with a tone: WebM with VP8 and Opus.

    Raises:
        UnusableClip: PyAV, which makes it, is not installed.
    """
    try:
        import av  # noqa: PLC0415 - an extra, and not needed where a file is given
    except ImportError:
        raise UnusableClip(
            "making a clip needs PyAV, which is not installed: name a video file with --clip,"
            " or pip install 'interhuman-stream[media]'"
        ) from None
    from av.filter import Graph  # noqa: PLC0415 - as above

    file = io.BytesIO()
    with av.open(file, "w", format="webm") as output:
        picture = output.add_stream("libvpx", rate=RATE, options={"deadline": "realtime", "cpu-used": "8"})
        picture.width, picture.height, picture.pix_fmt, picture.bit_rate = 320, 240, "yuv420p", 300_000
        picture.thread_count = 1  # threads that wait for each other take longer than so small a picture
        tone = output.add_stream("libopus", rate=48_000)
        pictures, tones = Graph(), Graph()
        pictures.link_nodes(
            pictures.add("testsrc2", PICTURE), pictures.add("format", "yuv420p"), pictures.add("buffersink")
        ).configure()
        tones.link_nodes(
            tones.add("sine", TONE),
            tones.add("aformat", "sample_fmts=s16:channel_layouts=stereo"),
            tones.add("asetnsamples", "n=960:p=0"),
            tones.add("abuffersink"),
        ).configure()
        for frame in _pulled(pictures):
            output.mux(picture.encode(frame))
        for samples in _pulled(tones):
            output.mux(tone.encode(samples))
        output.mux(picture.encode(None))
        output.mux(tone.encode(None))
    return Clip(file.getvalue(), float(SECONDS))


def _pulled(graph: Graph) -> Iterator[Any]:
    from av import EOFError as EndOfFile  # noqa: PLC0415 - an extra

    while True:
        try:
            yield graph.pull()
        except EndOfFile:
            return


def _seconds(data: bytes) -> float | None:
    """How long a file lasts, where PyAV is there to tell and the file says so."""
    try:
        import av  # noqa: PLC0415 - an extra

        with av.open(io.BytesIO(data), "r") as file:
            return None if file.duration is None else float(Fraction(file.duration, av.time_base))
    except (ImportError, OSError, ValueError):
        return None
