"""Small legal files of every container, made from the sample clip: what the mutations begin with."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
from av.subtitles.subtitle import SubtitleSet

PS_END = b"\x00\x00\x01\xb9"  # ends an MPEG program stream (ISO/IEC 13818-1, 2.5.3.1)


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import OutputContainer
    from av.stream import Stream

WIDTH, HEIGHT, RATE = 160, 120, 10
# The sample's first words come at 1.8 s: before them there is a face and a quiet voice track, and nothing to spell out.
SECONDS = 0.3
LONG_SECONDS = 1.6
LEAST = 10_500


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a seed is made. ``long`` ones are cut into pieces that continue each other, as a recorder sends them."""

    name: str
    muxer: str
    video: str
    audio: str
    audio_rate: int
    options: tuple[tuple[str, str], ...] = ()
    long: bool = False


FRAGMENTED = (("movflags", "frag_keyframe+empty_moov+default_base_moof"), ("frag_duration", "200000"))
LIVE = (("live", "1"), ("cluster_time_limit", "200"))
RECIPES = (
    Recipe("webm", "webm", "libvpx", "libopus", 48_000),
    Recipe("webm-vp9", "webm", "libvpx-vp9", "libopus", 48_000),
    Recipe("mkv", "matroska", "libx264", "aac", 48_000),
    Recipe("mp4", "mp4", "libx264", "aac", 48_000),
    Recipe("mp4-fragmented", "mp4", "libx264", "aac", 48_000, FRAGMENTED),
    Recipe("avi", "avi", "mpeg4", "pcm_s16le", 16_000),
    Recipe("mov", "mov", "mjpeg", "pcm_s16le", 16_000),
    Recipe("mpeg-ts", "mpegts", "libx264", "aac", 48_000),
    Recipe("mpeg-ps", "vob", "mpeg2video", "mp2", 48_000),
    Recipe("webm-pieces", "webm", "libvpx", "libopus", 48_000, LIVE, long=True),
    Recipe("mp4-pieces", "mp4", "libx264", "aac", 48_000, FRAGMENTED, long=True),
    Recipe("mpeg-ts-pieces", "mpegts", "libx264", "aac", 48_000, long=True),
)


@dataclass(frozen=True, slots=True)
class Seed:
    """A legal file: ``long`` ones are sent in pieces."""

    name: str
    data: bytes
    long: bool


def make_seeds(sample: Path) -> list[Seed]:
    """Make every seed from the beginning of ``sample``; the same on every run of the same FFmpeg."""
    return [Seed(recipe.name, _encoded(sample, recipe), recipe.long) for recipe in RECIPES]


def recordings(folder: Path) -> list[Seed]:
    """What browsers recorded, where it is there: the beginning of each stream, whose pieces continue each other."""
    streams = {
        blobs[0].parent.name: b"".join(path.read_bytes() for path in blobs)
        for each in sorted(folder.glob("*/"))
        if (blobs := sorted(each.glob("blob_*")))
    }
    return [Seed(f"recorded-{name}", stream[:120_000], long=True) for name, stream in streams.items()]


def _encoded(sample: Path, recipe: Recipe) -> bytes:
    data, rate = b"", 200_000
    while len(data) < LEAST * (5 if recipe.long else 1) and rate < 20_000_000:
        data = _encode(sample, recipe, rate)
        rate = rate * 3 // 2
    return data


def _encode(sample: Path, recipe: Recipe, bit_rate: int) -> bytes:
    file = io.BytesIO()
    seconds = LONG_SECONDS if recipe.long else SECONDS
    with av.open(file, "w", format=recipe.muxer, options=dict(recipe.options)) as out:
        _picture_track(out, recipe, bit_rate)
        _sound_track(out, recipe)
        for packet in _packets(sample, out, seconds):
            out.mux(packet)
    # The muxer leaves the end code out, without which a program stream is one that goes on.
    return file.getvalue() + (PS_END if recipe.muxer == "vob" else b"")


def _picture_track(out: OutputContainer, recipe: Recipe, bit_rate: int) -> None:
    # MPEG-1 and -2 know few frame rates; 25 is one of them.
    rate = 25 if recipe.video == "mpeg2video" else RATE
    video = out.add_stream(recipe.video, rate=rate)
    assert isinstance(video, av.VideoStream)  # noqa: S101 - a video encoder makes a video stream
    video.width, video.height, video.bit_rate = WIDTH, HEIGHT, bit_rate
    video.pix_fmt = "yuvj420p" if recipe.video == "mjpeg" else "yuv420p"
    video.codec_context.gop_size = 4
    video.codec_context.thread_count = 1
    if recipe.video == "libx264":
        video.options = {"preset": "ultrafast", "tune": "zerolatency", "nal-hrd": "cbr", "minrate": str(bit_rate)}
    if recipe.video.startswith("libvpx"):
        video.options = {"cpu-used": "8", "deadline": "realtime", "minrate": str(bit_rate), "maxrate": str(bit_rate)}


def _sound_track(out: OutputContainer, recipe: Recipe) -> None:
    audio = out.add_stream(recipe.audio, rate=recipe.audio_rate)
    assert isinstance(audio, av.AudioStream)  # noqa: S101 - likewise
    audio.layout = "mono"


def _packets(sample: Path, out: OutputContainer, seconds: float) -> Iterator[av.Packet[Stream]]:
    video, audio = out.streams.video[0], out.streams.audio[0]
    reformatter = av.AudioResampler(audio.format, "mono", audio.rate, frame_size=audio.frame_size or None)
    number, rate = 0, video.codec_context.framerate
    with av.open(str(sample)) as clip:
        for frame in clip.decode(video=0, audio=0):
            if isinstance(frame, SubtitleSet) or frame.time is None or frame.time > seconds:
                if isinstance(frame, av.VideoFrame):
                    break
                continue
            if isinstance(frame, av.VideoFrame):
                while number / rate <= frame.time:
                    small = frame.reformat(WIDTH, HEIGHT, video.pix_fmt)
                    small.pts, small.time_base = number, 1 / rate
                    number += 1
                    yield from video.encode(small)
            else:
                for part in reformatter.resample(frame):
                    yield from audio.encode(part)
    for stream in (video, audio):
        yield from stream.encode(None)
