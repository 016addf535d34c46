"""Packets that cannot travel as they are, into VP8 and Opus, a stream at a time."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Protocol

from interhuman_stream.client.sources.batches import LARGEST, ends_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.filter.graph import Graph
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MILLISECOND: Final = Fraction(1, 1000)
"""WebM's own clock."""
LONGEST_SIDE: Final = 1280
"""Pixels; beyond it a face gains nothing and a small machine no longer keeps up."""
BITS_PER_PIXEL: Final = 0.12
FEWEST_BITS: Final = 300_000
MOST_BITS: Final = 4_000_000
"""Bits a second of picture; 30 s of them are 15 MB, inside the limit of a segment."""
MOST_WITHOUT_KEY: Final = LARGEST // 4
"""Bytes after which a key frame comes early: noise takes many times the bits it is given, and must be cut finer."""
SOUND_BITS: Final = 64_000
"""Bits a second of sound, constant: 3 s are 24 kB, so that even silence makes a segment the server takes."""
SOUND_RATE: Final = 48_000
SOUND_FRAME: Final = 960
"""Samples of a 20 ms frame of Opus."""
USUAL_RATE: Final = Fraction(25)
TURNS: Final = {90: ("transpose=cclock",), 180: ("hflip", "vflip"), 270: ("transpose=clock",)}
"""The filters that set a picture upright, by the degrees it is to be turned counter-clockwise."""


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

    def __init__(self, source: VideoStream, length: float) -> None:
        source.thread_type = "AUTO"
        self.template: VideoStream | None = None
        self._source = source
        self._length = Fraction(length)
        self._turn: Graph | None = None
        self._next_key = Fraction(0)
        self._since_key = 0
        self._last = -1

    def convert(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        """Give the VP8 packets that come out of the next packet."""
        for frame in _frames(self._source, packet):
            yield from self._encode(frame)
        if ends_stream(packet) and self.template is not None:
            yield from _under(self._source, self.template.encode(None))

    def _encode(self, frame: VideoFrame) -> Iterator[Packet[Any]]:
        from av.video.frame import PictureType  # noqa: PLC0415 - PyAV is an extra

        time = _time(frame, self._last * MILLISECOND + 1 / self._rate())
        picture = self._upright(frame)
        if self.template is None:
            self.template = self._open(picture)
            self._next_key = time
        picture = picture.reformat(self.template.width, self.template.height, "yuv420p")
        picture.pict_type = PictureType.NONE
        if time >= self._next_key:
            picture.pict_type = PictureType.I
            self._next_key = time + self._length
        elif self._since_key > MOST_WITHOUT_KEY:
            picture.pict_type = PictureType.I
        # Two frames within one millisecond, or a clock that steps back, must not cost a frame.
        self._last = max(self._last + 1, round(time / MILLISECOND))
        picture.pts, picture.time_base = self._last, MILLISECOND
        for packet in _under(self._source, self.template.encode(picture)):
            self._since_key = (0 if packet.is_keyframe else self._since_key) + packet.size
            yield packet

    def _rate(self) -> Fraction:
        return self._source.average_rate or USUAL_RATE

    def _open(self, picture: VideoFrame) -> VideoStream:
        import av  # noqa: PLC0415 - PyAV is an extra

        scale = min(1.0, LONGEST_SIDE / max(picture.width, picture.height))
        width, height = (max(2, round(side * scale / 2) * 2) for side in (picture.width, picture.height))
        bits = int(width * height * min(float(self._rate()), 60.0) * BITS_PER_PIXEL)
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

    def _upright(self, frame: VideoFrame) -> VideoFrame:
        filters = TURNS.get(frame.rotation % 360)
        if filters is None:
            return frame
        if self._turn is None:
            self._turn = _chain(frame, filters)
        self._turn.vpush(frame)
        return self._turn.vpull()


class AudioCoder:
    """Makes Opus of a stream."""

    def __init__(self, source: AudioStream) -> None:
        import av  # noqa: PLC0415 - PyAV is an extra

        self._source = source
        self._layout = "mono" if source.codec_context.channels == 1 else "stereo"
        self._resampler: AudioResampler | None = None
        self._next = 0
        output = av.open(io.BytesIO(), "w", format="webm")
        self.template = output.add_stream("libopus", rate=SOUND_RATE, options={"vbr": "off"})
        self.template.layout = self._layout
        self.template.format = "s16"
        self.template.bit_rate = SOUND_BITS
        self.template.codec_context.time_base = Fraction(1, SOUND_RATE)
        output.start_encoding()  # as for the picture

    def convert(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        """Give the Opus packets that come out of the next packet."""
        for frame in _frames(self._source, packet):
            yield from self._encode(frame)
        if ends_stream(packet):
            yield from self._encode(None)
            yield from _under(self._source, self.template.encode(None))

    def _encode(self, frame: AudioFrame | None) -> Iterator[Packet[Any]]:
        for samples in self._resampled(frame):
            time = _time(samples, Fraction(self._next, SOUND_RATE))
            samples.pts = max(self._next, round(time * SOUND_RATE))
            samples.time_base = Fraction(1, SOUND_RATE)
            self._next = samples.pts + samples.samples
            yield from _under(self._source, self.template.encode(samples))

    def _resampled(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        from av.audio.resampler import AudioResampler  # noqa: PLC0415 - PyAV is an extra

        if self._resampler is None:
            self._resampler = AudioResampler("s16", self._layout, SOUND_RATE, SOUND_FRAME)
        try:
            yield from self._resampler.resample(frame)
        except ValueError:
            # The stream has changed its rate or its channels: what is inside comes out, and a new one begins.
            yield from self._resampler.resample(None)
            self._resampler = AudioResampler("s16", self._layout, SOUND_RATE, SOUND_FRAME)
            yield from self._resampler.resample(frame)


def _frames(stream: VideoStream | AudioStream, packet: Packet[Any]) -> Iterator[Any]:
    from av import FFmpegError  # noqa: PLC0415 - PyAV is an extra

    try:
        yield from stream.decode(packet)
    except FFmpegError:
        return  # a damaged packet holds no frame; those after it do


def _time(frame: VideoFrame | AudioFrame, otherwise: Fraction) -> Fraction:
    pts = frame.dts if frame.pts is None else frame.pts
    return otherwise if pts is None or frame.time_base is None else Fraction(pts) * frame.time_base


def _under(source: Stream, packets: Iterable[Packet[Any]]) -> Iterator[Packet[Any]]:
    """Put an encoder's packets under the index of the stream they were made from."""
    for packet in packets:
        packet.stream = source
        yield packet


def _chain(frame: VideoFrame, filters: tuple[str, ...]) -> Graph:
    from av.filter import Graph  # noqa: PLC0415 - PyAV is an extra

    graph = Graph()
    first = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base)
    nodes = [graph.add(*spec.split("=", 1)) for spec in filters]
    graph.link_nodes(first, *nodes, graph.add("buffersink")).configure()
    return graph
