"""Media made to measure: what people really send, and what goes wrong with its times, shapes and sounds."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import av
import numpy as np

from interhuman_stream.analysis.media.grammars import ebml_size
from interhuman_stream.analysis.media.stream import MediaStream, Picture, Sound
from interhuman_stream.faults import MalformedSegment
from interhuman_stream.findings import sentences
from tests.analysis.conftest import QUICK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from av.packet import Packet
    from numpy.typing import NDArray

SEGMENT = b"\x18\x53\x80\x67"


@cache
def voice(seconds: float, rate: int = 48_000) -> NDArray[np.float32]:
    """Syllables: a tone of 220 Hz that comes and goes four times a second."""
    time = np.arange(int(seconds * rate)) / rate
    return (0.2 * np.sin(2 * np.pi * 220 * time) * (np.sin(2 * np.pi * 4 * time) > 0)).astype(np.float32)


def hum(seconds: float, rate: int = 48_000) -> NDArray[np.float32]:
    """The mains."""
    return (0.2 * np.sin(2 * np.pi * 100 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def silence(seconds: float, rate: int = 48_000) -> NDArray[np.float32]:
    return np.zeros(int(seconds * rate), np.float32)


@dataclass(frozen=True)
class Track:
    """One track of sound: its channels × samples, and how it is coded."""

    samples: Any
    codec: str = "aac"
    rate: int = 48_000
    layout: str = "mono"
    skips: tuple[float, float] = (0.0, 0.0)  # no packets between these seconds
    shift: Callable[[float], float] = field(default=lambda time: time)


def clip(
    container: str,
    tracks: Iterable[Track] = (),
    *,
    video: str = "libx264",
    seconds: float = 4.0,
    pictures: int | None = None,
    fps: Fraction | int = 25,
    size: tuple[int, int] = (160, 120),
    shape: Fraction | None = None,
    matrix: tuple[int, ...] | None = None,
    still: bool = False,
    shift: Callable[[float], float] = lambda time: time,
    options: dict[str, str] | None = None,
    coding: dict[str, str] | None = None,
) -> bytes:
    """A clip whose pictures are white in the upper left quarter, and else get brighter with time.

    ``shift`` moves the times of pictures, before they are muxed; so does each track's its own.
    """
    file = io.BytesIO()
    width, height = size
    count = int(seconds * fps) if pictures is None else pictures
    with av.open(file, "w", format=container, options=options or {}) as out:
        stream = out.add_stream(video, rate=fps, options=(QUICK.get(video, {}) | (coding or {})))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if shape:
            stream.codec_context.sample_aspect_ratio = shape
        if matrix:
            stream.set_display_matrix(matrix)
        sounds = []
        for track in tracks:
            sound = out.add_stream(track.codec, rate=track.rate)
            assert isinstance(sound, av.AudioStream)
            sound.layout = track.layout
            sounds.append((sound, track))
        packets: list[tuple[float, Any]] = []
        for index in range(count):
            image = np.full((height, width, 3), 40 if still else 40 + index % 100, np.uint8)
            image[: height // 2, : width // 2] = 235
            frame = av.VideoFrame.from_ndarray(image, "rgb24")
            frame.pts, frame.time_base = index, 1 / Fraction(fps)
            packets += [_moved(packet, shift) for packet in stream.encode(frame)]
        packets += [_moved(packet, shift) for packet in stream.encode(None)]
        for sound, track in sounds:
            packets += _encoded(sound, track)
        for _, packet in sorted(packets, key=lambda timed: timed[0]):
            out.mux(packet)
    return file.getvalue()


def _moved(packet: Packet[Any], shift: Callable[[float], float]) -> tuple[float, Packet[Any]]:
    """The packet with its times moved, and the time by which it was in order before."""
    tick, stamp = packet.time_base, packet.pts if packet.dts is None else packet.dts
    assert packet.pts is not None
    assert stamp is not None
    packet.pts = round(shift(float(packet.pts * tick)) / tick)
    if packet.dts is not None:
        packet.dts = round(shift(float(packet.dts * tick)) / tick)
    return float(stamp * tick), packet


def _encoded(stream: av.AudioStream, track: Track) -> list[tuple[float, Any]]:
    samples = np.atleast_2d(track.samples)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", track.layout)
    frame.sample_rate, frame.pts, frame.time_base = track.rate, 0, Fraction(1, track.rate)
    fifo, packets = av.AudioFifo(), []
    for resampled in av.AudioResampler(stream.format, track.layout, track.rate).resample(frame):
        fifo.write(resampled)
    for each in fifo.read_many(stream.codec_context.frame_size or 1024, partial=True):
        packets += stream.encode(each)
    packets += stream.encode(None)
    begin, end = track.skips
    return [
        _moved(packet, track.shift)
        for packet in packets
        if not begin <= float((packet.pts or 0) * packet.time_base) < end
    ]


def upright_matrix(a: float, b: float, c: float, d: float) -> tuple[int, ...]:
    """A display matrix of these (ISO/IEC 14496-12, 6.2.2)."""
    return (round(a * 65536), round(b * 65536), 0, round(c * 65536), round(d * 65536), 0, 0, 0, 1 << 30)


def with_display_size(data: bytes, width: int, height: int) -> bytes:
    """A live WebM whose track says how large it is to be shown (RFC 9559, 5.1.4.1.28.14)."""
    said = b"\x54\xb0\x82" + struct.pack(">H", width) + b"\x54\xba\x82" + struct.pack(">H", height)

    def inside(content: bytes, *names: bytes) -> bytes:
        """Put it into the innermost element of these names, and make its parents larger."""
        if not names:
            return content + said
        at = 0
        while True:
            length = 9 - content[at].bit_length()
            size, begin = ebml_size(content, at + length)
            if content[at : at + length] == names[0]:
                break
            at = begin + (0 if size is None or content[at : at + length] == SEGMENT else size)
        size, at = size or 0, at + length
        grown = inside(content[begin : begin + size], *names[1:])
        return content[:at] + struct.pack(">Q", len(grown) | 1 << 56) + grown + content[begin + size :]

    return inside(data, b"\x16\x54\xae\x6b", b"\xae", b"\xe0")


@dataclass
class Seen:
    """What came out of a stream."""

    pictures: list[Picture] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)
    frames: int = 0
    has_audio: bool = False
    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    """Pictures of each piece."""

    @property
    def times(self) -> list[float]:
        """Of the pictures."""
        return [picture.time for picture in self.pictures]

    @property
    def samples(self) -> NDArray[np.float32]:
        """All sound, end to end."""
        return np.concatenate([sound.samples for sound in self.sounds]) if self.sounds else np.zeros(0, np.float32)

    @property
    def seconds(self) -> float:
        """Of sound."""
        return len(self.samples) / 16_000

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """Where the sound has holes, or overlaps itself, by more than 50 ms."""
        found, end = [], None
        for sound in self.sounds:
            if end is not None and abs(sound.time - end) > 0.05:
                found.append((round(end, 1), round(sound.time, 1)))
            end = sound.time + len(sound.samples) / 16_000
        return found


def seen(*pieces: bytes) -> Seen:
    """Everything that comes out of a stream of these pieces, to its end."""
    stream, out = MediaStream(), Seen()
    for piece in [*pieces, None]:
        before = len(out.pictures)
        try:
            for item in stream.finish() if piece is None else stream.feed(piece):
                if isinstance(item, Picture):
                    out.pictures.append(item)
                elif isinstance(item, Sound):
                    out.sounds.append(item)
        except MalformedSegment as error:
            out.faults.append(str(error))
        out.counts.append(len(out.pictures) - before)
        out.has_audio = out.has_audio or stream.extent.has_audio
        out.notices += sentences(stream.notices)
    out.frames = stream.video_frames
    stream.close()
    return out


@cache
def talk(container: str = "mpegts", seconds: float = 4.0, audio: str = "aac", video: str = "libx264") -> bytes:
    """A clip of pictures and a voice, as recorders make them."""
    return clip(container, [Track(voice(seconds), audio)], seconds=seconds, video=video)
