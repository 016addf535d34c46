"""What is made to exhaust a decoder, given to a real worker: it answers, in bounded memory, and goes on."""

from __future__ import annotations

import asyncio
import io
import re
import struct
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.faults import EngineError, MalformedSegment
from tests.hardening.test_bombs import encoded

if TYPE_CHECKING:
    from collections.abc import Callable

GIGABYTE = 1024**3


def huge_vp8() -> bytes:
    """A VP8 key frame that says 16383×16383 (RFC 6386, 9.1)."""
    data = encoded(64, 48, codec="libvpx", muxer="webm")
    return data.replace(
        b"\x9d\x01\x2a" + struct.pack("<HH", 64, 48), b"\x9d\x01\x2a" + struct.pack("<HH", 16383, 16383)
    )


def large_picture(codec: str, muxer: str) -> Callable[[], bytes]:
    """One picture of 8192×4320, as large as is decoded at all."""
    fast = {"deadline": "realtime", "cpu-used": "8"} if codec.startswith("libvpx") else {"preset": "ultrafast"}
    if codec == "libx265":  # it takes the decoding time from a later picture, for its B-frames; here none comes
        fast["tune"] = "zerolatency"

    def made() -> bytes:
        file = io.BytesIO()
        with av.open(file, "w", format=muxer) as out:
            video = out.add_stream(codec, rate=10, options={} if codec == "mjpeg" else fast)
            assert isinstance(video, av.VideoStream)
            video.width, video.height, video.pix_fmt = 8192, 4320, "yuvj420p" if codec == "mjpeg" else "yuv420p"
            picture = av.VideoFrame(8192, 4320, video.pix_fmt)
            picture.pts = 0
            for plane in picture.planes:  # as made, it shows whatever the memory held: another bomb on each run
                plane.update(bytes([128]) * plane.buffer_size)
            out.mux(video.encode(picture))
            out.mux(video.encode(None))
        return file.getvalue()

    return made


def many_tracks() -> bytes:
    """A Matroska file with the entry of its one track ten thousand times, in a list of the right size."""
    data = bytearray(encoded(64, 48, muxer="matroska"))
    at = data.rindex(b"\x16\x54\xae\x6b", 0, data.index(b"\x1f\x43\xb6\x75")) + 4  # the seek head names it before
    width = 9 - data[at].bit_length()
    size = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
    entries = data[at + width : at + width + size] * 10_000
    data[at : at + width + size] = _size(len(entries)) + entries
    return _endless(bytes(data))


def giant_table(name: bytes) -> Callable[[], bytes]:
    """A table of an MP4 that says it has a thousand million entries (ISO/IEC 14496-12, 8.7)."""

    def made() -> bytes:
        data = bytearray(encoded(64, 48, muxer="mp4"))
        at = data.index(name) + (12 if name == b"stsz" else 8)
        data[at : at + 4] = struct.pack(">I", 0x3FFFFFFF)
        if name == b"stsz":
            data[at - 4 : at] = bytes(4)  # no size that all samples share
        return bytes(data)

    return made


def many_channels() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as out:
        sound = out.add_stream("pcm_s16le", rate=16_000)
        sound.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.ones((1, 16_000), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = 16_000, 0
        out.mux(sound.encode(frame))
    # WAVEFORMATEX: its tag, then the channels.
    return file.getvalue().replace(struct.pack("<HHI", 1, 1, 16_000), struct.pack("<HHI", 1, 255, 384_000))


def attachment() -> bytes:
    """A Matroska file with 15 MB that are no media."""
    data = encoded(64, 48, muxer="matroska")
    content = bytes(15_000_000)
    file = (
        b"\x46\x6e\x81a" + b"\x46\x60\x8atext/plain" + b"\x46\x5c" + _size(len(content)) + content + b"\x46\xae\x81\x01"
    )
    attached = b"\x61\xa7" + _size(len(file)) + file
    whole = b"\x19\x41\xa4\x69" + _size(len(attached)) + attached
    cluster = data.index(b"\x1f\x43\xb6\x75")
    return _endless(data[:cluster] + whole + data[cluster:])


def nested() -> bytes:
    """Matroska tags within tags, ten thousand deep."""
    data = encoded(64, 48, muxer="matroska")
    inside = b""
    for _ in range(10_000):
        inside = b"\x67\xc8" + _size(len(inside)) + inside  # SimpleTag may hold SimpleTags
    tag = b"\x73\x73" + _size(len(inside)) + inside
    cluster = data.index(b"\x1f\x43\xb6\x75")
    return _endless(data[:cluster] + b"\x12\x54\xc3\x67" + _size(len(tag)) + tag + data[cluster:])


def _endless(data: bytes) -> bytes:
    """The same Matroska file with a segment of unknown size, so that what was put in takes nothing off its end."""
    at = data.index(b"\x18\x53\x80\x67") + 4
    return data[:at] + b"\x01" + b"\xff" * 7 + data[at + 8 :]


def _size(value: int) -> bytes:
    return struct.pack(">Q", value | 1 << 56)


BOMBS: dict[str, Callable[[], bytes]] = {
    "VP8 that says 16383×16383": huge_vp8,
    "8K in MJPEG": large_picture("mjpeg", "avi"),
    "8K in H.264": large_picture("libx264", "mp4"),
    "8K in HEVC": large_picture("libx265", "matroska"),
    "8K in VP8": large_picture("libvpx", "webm"),
    "8K in VP9": large_picture("libvpx-vp9", "webm"),
    "10 000 tracks": many_tracks,
    "a giant stsz": giant_table(b"stsz"),
    "a giant stco": giant_table(b"stco"),
    "a giant stts": giant_table(b"stts"),
    "255 channels at 384 kHz": many_channels,
    "an attachment of 15 MB": attachment,
    "tags within tags": nested,
}


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's /proc")
async def test_bombs_are_answered_and_the_worker_goes_on(sample_segments: list[bytes]) -> None:
    engine = LocalEngine(workers=1)
    lost: list[str] = []
    engine.lost = lost.append
    try:
        await engine.start()
        first = engine.supervisors[0].pid
        for name, make in BOMBS.items():
            data = await asyncio.to_thread(make)
            session = await engine.session()
            began = time.monotonic()
            try:
                await session.analyze(data)
                outcome = "analysed"
            except (MalformedSegment, EngineError) as error:
                outcome = str(error)
            seconds, peak = time.monotonic() - began, _peak(engine)
            print(f"{name}: {len(data):,} bytes, {seconds:.1f} s, peak {peak / 1e6:.0f} MB, {outcome}")  # noqa: T201 - figures
            assert peak < 2 * GIGABYTE, name
            assert (await session.analyze(sample_segments[0])).signals, name
            await session.close()
        assert lost == []
        assert engine.supervisors[0].pid == first
    finally:
        await engine.stop()


def _peak(engine: LocalEngine) -> int:
    status = Path(f"/proc/{engine.supervisors[0].pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024
