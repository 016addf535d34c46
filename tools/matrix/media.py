"""Writes ten seconds of the sample clip as other programs would: in any container, turned, squeezed, with gaps."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

import av
import cv2
import numpy as np

from interhuman_stream.sample import CLIP

if TYPE_CHECKING:
    from av.packet import Packet
    from numpy.typing import NDArray

SECONDS: Final = 10.0
"""Of the sample clip: it says yes and nods, says no and shakes its head."""
SIGNALS: Final = ("agreement", "disagreement")
"""What is in them."""
FPS: Final = 25
RATE: Final = 48_000
SIZE: Final = (480, 360)
FRAGMENTS: Final = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
MUXERS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "mp4": ("mp4", {}),
    "fragmented mp4": ("mp4", FRAGMENTS),
    "mov": ("mov", {}),
    "mkv": ("matroska", {}),
    "webm": ("webm", {}),
    "live webm": ("webm", {"live": "1"}),
    "avi": ("avi", {}),
    "mpegts": ("mpegts", {}),
    "m2ts": ("mpegts", {"mpegts_m2ts_mode": "1"}),
    "mpg": ("vob", {}),
    "flv": ("flv", {}),
}
WHOLE: Final = frozenset({"mp4", "mov", "avi"})
"""Containers that can only be read as a whole: their 5-second pieces are files."""
CODING: Final = {
    "libx264": {"preset": "superfast", "g": "50"},
    "libx265": {"preset": "superfast", "x265-params": "log-level=none:keyint=50"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8", "b": "1000000", "g": "50"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "b": "1000000", "g": "50"},
    "libsvtav1": {"preset": "12", "g": "50"},
    "mjpeg": {"q": "3", "flags": "qscale", "global_quality": "354"},
}
BITS: Final = 1_500_000
UPRIGHT, QUARTER, HALF, MIRRORED = (1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (-1, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix.

    Attributes:
        container: A name of ``MUXERS``.
        video: FFmpeg's name of the encoder.
        audio: Likewise; none where it is empty.
        name: What is special about it; empty for plain ones.
        matrix: a, b, c, d of the display matrix with which the pictures, stored as its inverse asks, are upright.
        shape: Width of a pixel over its height, the picture being stored as much narrower. The codec must have a word
            for it: the containers are not told.
        rate: Of the sound.
        layout: Of the channels.
        channels: What is in each: the voice times this.
        coding: Options of the video encoder.
        pauses: Pairs of seconds: what comes later than the first is stamped later by the second.
        muted: Seconds between which there are no packets of sound.
        every: One picture in so many is there.
    """

    container: str
    video: str
    audio: str
    name: str = ""
    matrix: tuple[int, int, int, int] = UPRIGHT
    shape: Fraction = Fraction(1)
    rate: int = RATE
    layout: str = "mono"
    channels: tuple[float, ...] = (1.0,)
    coding: dict[str, str] = field(default_factory=dict)
    pauses: tuple[tuple[float, float], ...] = ()
    muted: tuple[float, float] = (0.0, 0.0)
    every: int = 1

    @property
    def codecs(self) -> str:
        """Both, for people."""
        return f"{self.video.removeprefix('lib')} + {self.audio.removeprefix('lib')}"

    @property
    def whole(self) -> bool:
        """Whether it can only be read as a whole file."""
        return self.container in WHOLE


@cache
def talk() -> tuple[list[NDArray[np.uint8]], NDArray[np.float32]]:
    """The pictures, 25 a second, and the sound, 48 kHz."""
    pictures: list[NDArray[np.uint8]] = []
    parts: list[NDArray[np.float32]] = []
    resampler = av.AudioResampler("flt", "mono", RATE)
    with av.open(CLIP) as source:
        for frame in source.decode():
            if isinstance(frame, av.VideoFrame):
                image = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                pictures.append(np.asarray(cv2.resize(image, SIZE, interpolation=cv2.INTER_AREA), np.uint8))
            elif isinstance(frame, av.AudioFrame):
                parts += [np.asarray(each.to_ndarray()[0], np.float32) for each in resampler.resample(frame)]
            if len(pictures) > SECONDS * FPS and sum(map(len, parts)) > SECONDS * RATE:
                break
    return pictures[: int(SECONDS * FPS)], np.concatenate(parts)[: int(SECONDS * RATE)]


def written(row: Row, begin: float = 0.0, end: float = SECONDS) -> bytes:
    """The talk between these seconds, as the row says."""
    muxer, options = MUXERS[row.container]
    file = io.BytesIO()
    with av.open(file, "w", format=muxer, options=options) as out:
        packets = [*_pictures(out, row, begin, end), *_sound(out, row, begin, end)]
        for _, packet in sorted(packets, key=lambda timed: timed[0]):
            out.mux(packet)
    return file.getvalue()


def _pictures(out: Any, row: Row, begin: float, end: float) -> list[tuple[float, Packet[Any]]]:
    pictures = [_stored(image, row) for image in talk()[0][int(begin * FPS) : int(end * FPS) : row.every]]
    stream = out.add_stream(row.video, rate=Fraction(FPS, row.every), options=CODING.get(row.video, {}) | row.coding)
    stream.height, stream.width = pictures[0].shape[:2]
    stream.pix_fmt = "yuvj420p" if row.video == "mjpeg" else "yuv420p"
    if row.video not in CODING:
        stream.bit_rate = BITS
    if row.shape != 1:
        stream.codec_context.sample_aspect_ratio = row.shape
    if row.matrix != UPRIGHT:
        a, b, c, d = (65536 * value for value in row.matrix)
        stream.set_display_matrix((a, b, 0, c, d, 0, 0, 0, 1 << 30))
    packets: list[tuple[float, Packet[Any]]] = []
    for index, image in enumerate([*pictures, None]):
        frame = None if image is None else av.VideoFrame.from_ndarray(image, "rgb24")
        if frame:
            frame.pts, frame.time_base = index, Fraction(row.every, FPS)
        packets += [_moved(packet, row) for packet in stream.encode(frame)]
    return packets


def _stored(image: NDArray[np.uint8], row: Row) -> NDArray[np.uint8]:
    """The picture as it must be stored to be shown as it is."""
    if row.shape != 1:
        size = (round(image.shape[1] / row.shape / 2) * 2, image.shape[0])
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    a, b, c, d = row.matrix
    if a == 0:  # shown at (c·y, b·x)
        image = image.transpose(1, 0, 2)
        a, d = b, c
    return np.ascontiguousarray(image[:: 1 if d > 0 else -1, :: 1 if a > 0 else -1])


def _sound(out: Any, row: Row, begin: float, end: float) -> list[tuple[float, Packet[Any]]]:
    if not row.audio:
        return []
    stream = out.add_stream(row.audio, rate=row.rate, options={"strict": "-2"})
    stream.layout = row.layout
    voice = talk()[1][int(begin * RATE) : int(end * RATE)]
    block = np.stack([voice * gain for gain in row.channels])
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block, np.float32), "fltp", row.layout)
    frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
    resampler, fifo = av.AudioResampler(stream.format, row.layout, row.rate), av.AudioFifo()
    for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
        resampled.pts = None
        fifo.write(resampled)
    packets: list[Packet[Any]] = []
    done = 0
    for each in fifo.read_many(stream.codec_context.frame_size or 1024, partial=True):
        each.pts, each.time_base, each.sample_rate = done, Fraction(1, row.rate), row.rate
        done += each.samples
        packets += stream.encode(each)
    packets += stream.encode(None)
    first, last = row.muted
    return [_moved(packet, row) for packet in packets if not first <= _time(packet) < last]


def _time(packet: Packet[Any]) -> float:
    stamp = packet.pts if packet.dts is None else packet.dts
    return float(cast("int", stamp) * packet.time_base)


def _moved(packet: Packet[Any], row: Row) -> tuple[float, Packet[Any]]:
    """The packet with its times moved behind the pauses, and the time by which it is in order."""
    time, tick = _time(packet), packet.time_base
    shown = float(cast("int", packet.pts) * tick)
    ticks = round(sum(by for after, by in row.pauses if shown >= after) / tick)
    packet.pts = cast("int", packet.pts) + ticks
    if packet.dts is not None:
        packet.dts += ticks
    return time, packet
