"""Media made to hurt: small files that would take hours, gigabytes, or other people's files."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from interhuman_stream.analysis.media.excess import Bounds
from interhuman_stream.analysis.media.stream import MediaStream
from interhuman_stream.faults import MalformedSegment

if TYPE_CHECKING:
    from pathlib import Path


def fed(data: bytes) -> str:
    """What a stream makes of it: the error's words, or nothing; and a good file is read after it."""
    stream = MediaStream()
    try:
        for _ in stream.feed(data + bytes(max(0, 10_000 - len(data)))):
            pass
    except MalformedSegment as error:
        return str(error)
    else:
        return ""
    finally:
        assert list(stream.feed(encoded(64, 48)))
        stream.close()


def encoded(
    width: int, height: int, times: tuple[int, ...] = (0, 1, 2), codec: str = "mpeg4", muxer: str = "avi"
) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=muxer) as out:
        video = out.add_stream(codec, rate=10)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = width, height, "yuvj420p" if codec == "mjpeg" else "yuv420p"
        noise = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
        for time in times:
            frame = av.VideoFrame.from_ndarray(noise, "rgb24")
            frame.pts = time
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(("width", "height"), [(16384, 16384), (65535, 65535), (65535, 1), (0, 0)])
def test_huge_dimensions_in_a_header_are_not_allocated(width: int, height: int) -> None:
    data = encoded(64, 48, codec="mjpeg")
    at = data.index(b"\xff\xc0") + 5  # SOF0: length, precision, then height and width (ITU-T T.81, B.2.2)
    while at > 4:
        data = data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]
        at = data.find(b"\xff\xc0", at) + 5
    fed(data)


def test_absurd_times_are_taken_as_a_broken_clock() -> None:
    assert not fed(encoded(64, 48, (0, 1, 1_000_000_000, 1_000_000_001), codec="mjpeg", muxer="matroska"))


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (Bounds(seconds=0.15), "lasts too long"),
        (Bounds(pixels=64 * 48 * 2), "too many pictures"),
        (Bounds(packets=2), "too many packets"),
    ],
)
def test_what_decodes_to_too_much_is_refused(bounds: Bounds, words: str) -> None:
    stream = MediaStream(bounds=bounds)
    with pytest.raises(MalformedSegment, match=words):
        list(stream.feed(encoded(64, 48)))
    assert list(stream.feed(encoded(64, 48, (0,))))  # the stream goes on
    stream.close()


def test_sound_at_a_rate_nobody_records_at_is_left_out(tmp_path: Path) -> None:
    del tmp_path
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as out:
        sound = out.add_stream("pcm_s16le", rate=16_000)
        sound.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.ones((1, 8000), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = 16_000, 0
        out.mux(sound.encode(frame))
    data = file.getvalue()
    # Found by fuzzing: at 939 540 096 samples a second the resampler never came back.
    assert "decoded" in fed(data.replace(struct.pack("<I", 16_000), struct.pack("<I", 939_540_096)))


@pytest.mark.parametrize(
    "script",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXTINF:1,\nhttp://127.0.0.1:1/\n",
        "ffconcat version 1.0\nfile /etc/passwd\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n",
        "<?xml version='1.0'?><MPD><BaseURL>file:///etc/passwd</BaseURL></MPD>",
        "GIF89a",
        "PK\x03\x04",
        "\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_container_of_the_contract_is_never_probed(script: str) -> None:
    assert "begins no" in fed(script.encode("latin-1"))
