"""A damaged header that says how long pictures last: nobody waits for them, and time goes on as it does."""

from __future__ import annotations

import io
import struct

import av
import numpy as np
import pytest

from interhuman_stream.analysis.media.stream import MediaStream

PICTURES = 10


def avi(scale: int) -> bytes:
    """Ten pictures and a second of sound; each picture lasts ``scale`` seconds, its header says."""
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as out:
        video = out.add_stream("mjpeg", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuvj420p"
        sound = out.add_stream("pcm_s16le", rate=16_000, layout="mono")
        for number in range(PICTURES):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 20 * number, np.uint8), "rgb24")
            picture.pts = number
            out.mux(video.encode(picture))
        heard = av.AudioFrame.from_ndarray(np.ones((1, 16_000), np.int16), "s16", "mono")
        heard.sample_rate, heard.pts = 16_000, 0
        out.mux(sound.encode(heard))
        out.mux([*video.encode(None), *sound.encode(None)])
    data = bytearray(file.getvalue())
    at = data.index(b"strh") + 8 + 20  # AVISTREAMHEADER: behind type, codec, flags, priority, language, first frames
    data[at : at + 8] = struct.pack("<II", scale, 1)
    return bytes(data)


@pytest.mark.parametrize("scale", [10_000, 3_355_443, 2**31 - 1])
def test_a_picture_of_weeks_takes_no_time(scale: int) -> None:
    stream = MediaStream()
    try:
        given = [item for item in stream.feed(avi(scale)) if item is not None]
        given += [item for item in stream.finish() if item is not None]
        assert stream.extent.end < 60
        assert all(item.time < 60 for item in given)
        assert stream.video_frames == PICTURES
    finally:
        stream.close()
