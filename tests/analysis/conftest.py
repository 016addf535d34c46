"""Clips made on the spot, the loaded models, and the blobs a browser really sends."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from interhuman_stream.analysis.perception.models import Models, load_models
from interhuman_stream.faults import ModelMissing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Of small pictures, libvpx' threads spend fifty times what the encoding takes: they wait for each other in loops.
QUICK = {
    "libvpx": {"deadline": "realtime", "cpu-used": "8", "threads": "1"},
    "libx264": {"preset": "veryfast", "threads": "1"},
}


@pytest.fixture(scope="session")
def models() -> Models:
    """The real models."""
    try:
        return load_models()
    except ModelMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def blobs(shared_data: Path) -> Callable[[str], list[bytes]]:
    """What `MediaRecorder` gave, blob by blob."""

    def read(name: str) -> list[bytes]:
        return [path.read_bytes() for path in sorted((shared_data / "browser" / name).glob("blob_*.bin"))]

    return read


@pytest.fixture(scope="session")
def make_clip() -> Callable[..., bytes]:
    """Makes a clip of moving stripes and a tone; the same one only once."""
    return clip


@cache
def clip(
    container: str,
    video: str,
    audio: str,
    *,
    seconds: float = 2.0,
    fps: int = 25,
    path: Path | None = None,
    **options: str,
) -> bytes:
    """A clip without a face in any container; ``options`` go to the muxer, which may want a real file at ``path``."""
    out = io.BytesIO()
    stripes = np.add.outer(np.arange(240), np.arange(320 + 256)).astype(np.uint8)
    with av.open(str(path) if path else out, "w", format=container, options=options) as muxer:
        pictures = muxer.add_stream(video, rate=fps)
        assert isinstance(pictures, av.VideoStream)
        pictures.width, pictures.height, pictures.pix_fmt = 320, 240, "yuv420p"
        pictures.codec_context.gop_size = fps
        pictures.options = dict(QUICK.get(video, {}))
        rate = 44_100 if audio in {"mp2", "aac", "mp3"} else 48_000
        sound = muxer.add_stream(audio, rate=rate)
        assert isinstance(sound, av.AudioStream)
        fifo = av.AudioFifo()
        tone = (0.1 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)
        for index in range(int(seconds * fps)):
            picture = np.repeat(stripes[:, 5 * index % 256 :][:, :320, None], 3, axis=2)
            muxer.mux(pictures.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            chunk = tone[int(index * rate / fps) : int((index + 1) * rate / fps)]
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(chunk[None]), format="fltp", layout="mono")
            frame.sample_rate = rate
            fifo.write(frame)
            for each in fifo.read_many(sound.codec_context.frame_size or 1024):
                muxer.mux(sound.encode(each))
        muxer.mux(pictures.encode(None))
        muxer.mux(sound.encode(None))
    return path.read_bytes() if path else out.getvalue()
