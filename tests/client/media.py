"""Makes the clips the clients' sources are tried on: a picture that changes with each frame, and a tone."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
from av.video.frame import PictureType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE = 25
SOUND_RATE = 48_000
CHUNK = 960
# Of small pictures, libvpx' threads spend fifty times what the encoding takes: they wait for each other in loops.
QUICK = {
    "libvpx": {"deadline": "realtime", "cpu-used": "8", "threads": "1"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "threads": "1"},
    "libx264": {"preset": "veryfast"},
    "libx265": {"preset": "ultrafast"},
}


@dataclass(frozen=True)
class Clip:
    """What to make.

    Attributes:
        video: The encoder of the picture; None makes none.
        audio: The encoder of the sound; None makes none.
        seconds: How long the picture is, and the sound where it has no length of its own.
        sound_seconds: How long the sound is.
        keys: Frames from one key frame to the next.
        pause: Seconds from and to which the picture has no frames.
        size: Pixels, across and down.
        rotation: Degrees counter-clockwise that the picture is to be turned when it is shown.
        options: The picture's encoder's own.
    """

    video: str | None = "libx264"
    audio: str | None = "aac"
    seconds: float = 12.0
    sound_seconds: float | None = None
    keys: int = RATE
    pause: tuple[float, float] = (0.0, 0.0)
    size: tuple[int, int] = (160, 120)
    rotation: int = 0
    options: dict[str, str] = field(default_factory=dict)


def make(path: Path, clip: Clip) -> Path:
    """Write a clip; its container follows from the name."""
    with av.open(path, "w") as output:
        streams: list[tuple[Any, Iterator[Any]]] = []
        if clip.video:
            stream: Any = output.add_stream(
                clip.video, rate=RATE, options=QUICK.get(clip.video, {}) | clip.options
            )  # what kind, its name decides
            stream.width, stream.height = clip.size
            stream.pix_fmt = "yuvj420p" if clip.video == "mjpeg" else "yuv420p"
            stream.codec_context.gop_size = clip.keys
            stream.bit_rate = 400_000
            if clip.rotation:
                stream.set_display_rotation(clip.rotation)
            streams.append((stream, pictures(clip)))
        if clip.audio:
            stream = output.add_stream(clip.audio, rate=SOUND_RATE)
            stream.layout = "mono"
            streams.append((stream, sounds(clip.sound_seconds or clip.seconds)))
        waiting = [[0.0, stream, frames] for stream, frames in streams]
        while waiting:
            entry = min(waiting, key=lambda entry: entry[0])
            frame = next(entry[2], None)
            output.mux(entry[1].encode(frame))
            if frame is None:
                waiting.remove(entry)
            else:
                entry[0] = frame.time
    return path


def pictures(clip: Clip) -> Iterator[av.VideoFrame]:
    """Give a grey picture with a bright bar that moves."""
    width, height = clip.size
    for number in range(round(clip.seconds * RATE)):
        if clip.pause[0] <= number / RATE < clip.pause[1]:
            continue
        frame = av.VideoFrame(width, height, "yuv420p")
        bar = (number * 4) % width
        row = bytes(220 if bar <= x < bar + 16 else 60 + (x * 7 + number) % 40 for x in range(width))
        luma = frame.planes[0]
        luma.update(b"".join(row.ljust(luma.line_size, b"\0") for _ in range(height)))
        for plane in frame.planes[1:]:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        frame.pict_type = PictureType.NONE
        yield frame


def sounds(seconds: float) -> Iterator[av.AudioFrame]:
    """Give a tone of 500 Hz, whose waves fit the frames."""
    wave = (math.sin(2 * math.pi * 500 * number / SOUND_RATE) for number in range(CHUNK))
    samples = array("h", (int(8000 * value) for value in wave)).tobytes()
    for number in range(round(seconds * SOUND_RATE / CHUNK)):
        frame = av.AudioFrame("s16", "mono", CHUNK)
        frame.planes[0].update(samples)
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, number * CHUNK, Fraction(1, SOUND_RATE)
        yield frame
