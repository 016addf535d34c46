"""The sound of a recording as raw samples."""

from __future__ import annotations

import io

import av


def pcm(data: bytes, rate: int) -> bytes:
    """One channel of 16 bits, ``rate`` samples a second."""
    with av.open(io.BytesIO(data), "r") as file:
        resampler = av.AudioResampler("s16", "mono", rate)
        return b"".join(
            bytes(part.planes[0])[: 2 * part.samples]
            for frame in (*file.decode(audio=0), None)
            for part in resampler.resample(frame)
        )
