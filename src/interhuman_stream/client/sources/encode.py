"""Packets that cannot travel as they are, into another codec; pictures into VP8."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Protocol

from interhuman_stream.client.sources.batches import LARGEST, ends_stream
from interhuman_stream.client.sources.upright import Upright

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from interhuman_stream.display import Shape

MILLISECOND: Final = Fraction(1, 1000)
"""WebM's own clock."""
BITS_PER_PIXEL: Final = 0.12
FEWEST_BITS: Final = 300_000
MOST_BITS: Final = 4_000_000
"""Bits a second of picture; 30 s of them are 15 MB, inside the limit of a segment."""
MOST_WITHOUT_KEY: Final = LARGEST // 4
"""Bytes after which a key frame comes early: noise takes many times the bits it is given, and must be cut finer."""
USUAL_RATE: Final = Fraction(25)
SLOWEST: Final = Fraction(5)
FASTEST: Final = Fraction(60)
"""Pictures a second that an encoder and a container are told of; each picture keeps its own time."""


class Coder(Protocol):
    """Turns the packets of one stream into packets of another codec, under the same stream's index."""

    @property
    def template(self) -> VideoStream | AudioStream | None:
        """The encoder's stream; None until something has been decoded."""

    def convert(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        """Give what comes out of the next packet; the empty one that ends a stream brings the rest."""


def encoded(packets: Iterable[Packet[Any]], coders: Mapping[int, Coder]) -> Iterator[Packet[Any]]:
    """Convert the packets of some streams and pass those of the others on."""
    for packet in packets:
        coder = coders.get(packet.stream.index)  # the empty packet at a stream's end has no index of its own
        if coder is not None:
            yield from coder.convert(packet)
        else:
            yield packet


class VideoCoder:
    """Makes VP8 of a stream: upright, every frame kept, a key frame at least every ``length`` seconds."""

    def __init__(self, source: VideoStream, shape: Shape, length: float) -> None:
        self.template: VideoStream | None = None
        self._source = source
        self._length = Fraction(length)
        self._shape = shape
        self._upright = Upright()
        self._next_key = Fraction(0)
        self._since_key = 0
        self._last = -1

    def convert(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        """Give the VP8 packets that come out of the next packet."""
        for frame in decoded(self._source, packet):
            yield from self._encode(frame)
        if ends_stream(packet) and self.template is not None:
            yield from under(self._source, self.template.encode(None))

    def _encode(self, frame: VideoFrame) -> Iterator[Packet[Any]]:
        from av.video.frame import PictureType  # noqa: PLC0415 - PyAV is an extra

        time = moment_of(frame, self._last * MILLISECOND + 1 / self._rate())
        picture = self._upright.shown(frame, self._shape.pixel)
        if self.template is None:
            self.template = self._open(picture)
            self._next_key = time
        picture.pict_type = PictureType.NONE
        if time >= self._next_key:
            picture.pict_type = PictureType.I
            self._next_key = time + self._length
        elif self._since_key > MOST_WITHOUT_KEY:
            picture.pict_type = PictureType.I
        # Two frames within one millisecond, or a clock that steps back, must not cost a frame.
        self._last = max(self._last + 1, round(time / MILLISECOND))
        picture.pts, picture.time_base = self._last, MILLISECOND
        for packet in under(self._source, self.template.encode(picture)):
            self._since_key = (0 if packet.is_keyframe else self._since_key) + packet.size
            yield packet

    def _rate(self) -> Fraction:
        # Of a recording that paused the average may be anything.
        return min(max(self._source.average_rate or USUAL_RATE, SLOWEST), FASTEST)

    def _open(self, picture: VideoFrame) -> VideoStream:
        import av  # noqa: PLC0415 - PyAV is an extra

        width, height = picture.width, picture.height
        bits = int(width * height * float(self._rate()) * BITS_PER_PIXEL)
        settings = {
            "deadline": "realtime",
            "cpu-used": "8",
            "lag-in-frames": "0",  # no frame is held back, and none is hidden
            "auto-alt-ref": "0",
            "error-resilient": "0",
        }
        output = av.open(io.BytesIO(), "w", format="webm")
        stream = output.add_stream("libvpx", rate=self._rate(), options=settings)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = min(max(bits, FEWEST_BITS), MOST_BITS)
        # libvpx's threads wait for each other at every row: 20 s of 1280×720 took them 22 s of CPU, and one alone 4 s.
        stream.codec_context.thread_count = 1
        stream.codec_context.gop_size = 100_000  # only where it is asked for: a segment needs one, at its start
        stream.codec_context.time_base = MILLISECOND
        output.start_encoding()  # what the codec says of itself (its header, its delay) is known from here on
        return stream


def decoded(stream: VideoStream | AudioStream, packet: Packet[Any]) -> Iterator[Any]:
    """Give the frames that come out of the next packet; of the empty one at a stream's end, the rest."""
    from av import FFmpegError  # noqa: PLC0415 - PyAV is an extra

    try:
        yield from stream.decode(packet)
    except FFmpegError:
        return  # a damaged packet holds no frame; those after it do


def moment_of(frame: VideoFrame | AudioFrame, otherwise: Fraction) -> Fraction:
    """Give the time at which a frame begins, exact."""
    pts = frame.dts if frame.pts is None else frame.pts
    return otherwise if pts is None or frame.time_base is None else Fraction(pts) * frame.time_base


def under(source: Stream, packets: Iterable[Packet[Any]]) -> Iterator[Packet[Any]]:
    """Put an encoder's packets under the index of the stream they were made from."""
    for packet in packets:
        packet.stream = source
        yield packet
