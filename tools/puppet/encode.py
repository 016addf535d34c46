"""Frames and sound into a WebM file: VP8 and Opus, the same bytes on every run."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.codec.context import Flags
from av.video.frame import PictureType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

# An upper bound that is not met: the quality below decides.
VIDEO_BITS_PER_SECOND = 400_000
QUALITY = 47  # VP8's constrained quality, 4 (best) to 63
SOUND_BITS_PER_SECOND = 28_000
# Where the file can be cut without encoding it again.
SECONDS_BETWEEN_KEYS = 1


def write_webm(
    path: Path, frames: Iterable[NDArray[np.uint8]], sound: NDArray[np.float32], fps: int, rate: int
) -> None:
    """Encode.

    Args:
        path: Of the file.
        frames: H×W×3 uint8 RGB, all of one size.
        sound: Mono samples, -1 to 1.
        fps: Frames a second.
        rate: Samples a second, one that Opus takes (48 000).
    """
    # Bit-exact: no random identity of the segment, no name of the writing library's version.
    with av.open(str(path), "w", format="webm", options={"fflags": "+bitexact"}) as file:
        voice = file.add_stream("libopus", rate=rate)
        voice.layout = "mono"
        voice.bit_rate = SOUND_BITS_PER_SECOND
        picture = file.add_stream("libvpx", rate=fps)
        picture.pix_fmt = "yuv420p"
        picture.bit_rate = VIDEO_BITS_PER_SECOND
        picture.gop_size = 1_000_000
        picture.options = {
            "crf": str(QUALITY),
            "qmax": "63",
            "deadline": "good",
            "cpu-used": "0",
            "auto-alt-ref": "1",
            "lag-in-frames": "25",
            "threads": "1",
        }
        for stream in (voice, picture):
            stream.codec_context.flags |= Flags.bitexact
        every = SECONDS_BETWEEN_KEYS * fps
        heard = 0
        for number, image in enumerate(frames):
            if number == 0:
                picture.height, picture.width = image.shape[:2]
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            frame.pict_type = PictureType.I if number % every == 0 else PictureType.NONE
            file.mux(picture.encode(frame))
            until = min(len(sound), round((number + 1) * rate / fps))
            block = av.AudioFrame.from_ndarray(
                np.round(sound[None, heard:until] * 32767).astype(np.int16), format="s16", layout="mono"
            )
            block.pts, block.sample_rate, block.time_base = heard, rate, Fraction(1, rate)
            heard = until
            file.mux(voice.encode(block))
        file.mux(picture.encode(None))
        file.mux(voice.encode(None))
