"""A sound file as samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def read_sound(path: Path) -> NDArray[np.float32]:
    """Decode the first sound track of a file, float32 mono at 16 kHz; empty without one."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return np.zeros(0, np.float32)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    pieces = [frame.to_ndarray()[0] for frame in (*frames, *resampler.resample(None))]
    return np.concatenate(pieces).astype(np.float32) if pieces else np.zeros(0, np.float32)
