"""Real clips as 5-second segments of 640x480 WebM, made before anything is measured."""

from __future__ import annotations

import io
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import av
from av.video.frame import PictureType

from interhuman_stream.client.sources.file import segments

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS: Final = 5.0
LONGEST: Final = 30.0
"""Seconds that are taken of a clip; streams go round in it."""
MOST_CLIPS: Final = 6
RATE: Final = 25
PICTURE_BITS: Final = 800_000
FIT: Final = "640:480:force_original_aspect_ratio=decrease"


def prepared(clips: list[Path], longest: float = LONGEST) -> list[list[bytes]]:
    """Give each clip's segments. Made in a process of its own, whose memory is gone when the measurement begins.

    Raises:
        SourceError: A clip cannot be read.
        ValueError: No clip holds a segment.
    """
    files = [file for clip in clips for file in (sorted(clip.iterdir()) if clip.is_dir() else [clip]) if file.is_file()]
    with get_context("spawn").Pool(1) as pool:
        made = pool.starmap(_segments, [(file, longest) for file in files[:MOST_CLIPS]])
    if not any(made):
        raise ValueError(f"No clip of {SECONDS:g} s with picture in {', '.join(map(str, clips))}; give a longer video.")
    return [segments for segments in made if segments]


def _segments(clip: Path, longest: float) -> list[bytes]:
    with TemporaryDirectory(prefix="interhuman-bench-") as folder:
        file = Path(folder) / "clip.webm"
        if not _encode(clip, file, longest):
            return []
        # The last is mostly a rest: a live stream has none.
        return [each.data for each in segments(file, SECONDS) if each.end - each.start > SECONDS - 0.5]


def _encode(clip: Path, file: Path, longest: float) -> bool:
    """Write a clip anew as VP8 and Opus, with a key frame where a segment begins; whether it has a picture."""
    output = io.BytesIO()
    with av.open(str(clip)) as source, av.open(output, "w", format="webm") as target:
        if not source.streams.video:
            return False
        settings = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0"}
        video = target.add_stream("libvpx", rate=RATE, options=settings)
        video.codec_context.thread_count = 1  # several wait for each other at every row, and spin meanwhile
        video.width, video.height, video.pix_fmt, video.bit_rate = 640, 480, "yuv420p", PICTURE_BITS
        video.gop_size = 10 * RATE
        sound = target.add_stream("libopus", rate=48_000, layout="mono") if source.streams.audio else None
        resampler = av.AudioResampler("flt", "mono", 48_000, frame_size=960)
        number = samples = 0
        for frame in _frames(source):
            if isinstance(frame, av.VideoFrame):
                if number >= longest * RATE:
                    break
                frame.pts, frame.time_base = number, Fraction(1, RATE)
                frame.pict_type = PictureType.NONE if number % int(SECONDS * RATE) else PictureType.I
                number += 1
                target.mux(video.encode(frame))
            elif sound is not None:
                for piece in resampler.resample(frame):
                    piece.pts, piece.time_base = samples, Fraction(1, 48_000)
                    samples += piece.samples
                    target.mux(sound.encode(piece))
        target.mux(video.encode(None))
        if sound is not None:
            target.mux(sound.encode(None))
    file.write_bytes(output.getvalue())
    return number > 0


def _frames(source: Any) -> Iterator[Any]:
    """Decode picture and sound; the picture at the rate and size of the bench."""
    picture = source.streams.video[0]
    graph = av.filter.Graph()
    nodes = [graph.add_buffer(template=picture), graph.add("scale", FIT), graph.add("pad", "640:480:-1:-1")]
    nodes += [graph.add("fps", str(RATE)), graph.add("format", "yuv420p"), graph.add("buffersink")]
    graph.link_nodes(*nodes).configure()
    for frame in source.decode(*([picture, source.streams.audio[0]] if source.streams.audio else [picture])):
        if not isinstance(frame, av.VideoFrame):
            yield frame
            continue
        graph.vpush(frame)
        while True:
            try:
                yield graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                break
