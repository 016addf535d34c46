"""What a camera and a line make of a puppet: how large it is, how it is lit, how it is encoded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
from av.video.frame import PictureType

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIZE = (640, 480)
SECONDS_BETWEEN_KEYS = 5
NOISES = 7  # pictures of noise, taken in turn


@dataclass(frozen=True, slots=True)
class Condition:
    """How one clip is shot.

    Attributes:
        name: As the table has it.
        width: Of the face, in pixels of 640×480.
        light: A factor on the brightness.
        side: How much darker one side is than the other, 0 to 1.
        noise: Standard deviation of the sensor's noise, of 255.
        kilobits: A second.
        fps: Frames a second.
    """

    name: str
    width: float = 160.0
    light: float = 1.0
    side: float = 0.0
    noise: float = 1.5
    kilobits: int = 1000
    fps: float = 25.0


BASE = Condition("base")
SIZES = tuple(Condition(f"face {width} px wide", width=width) for width in (40, 60, 300))
LIGHTS = (
    Condition("dark", light=0.15, noise=5.0),
    Condition("overexposed", light=1.7),
    Condition("light from one side", side=0.8),
)
QUALITIES = tuple(Condition(f"{kilobits} kbit/s", kilobits=kilobits) for kilobits in (100, 50))
RATES = tuple(Condition(f"{fps:g} frames/s", fps=fps) for fps in (60.0, 15.0, 7.5))


class Camera:
    """Frames of one puppet into a WebM file (VP8, as browsers make it), under one condition."""

    def __init__(self, path: Path, condition: Condition, face_width: float, every: int = 1) -> None:
        """Take frames in which the face is ``face_width`` wide, and shoot one of ``every``."""
        self._condition = condition
        self._zoom = condition.width / face_width
        self._every = every
        self._came = self._shot = 0
        random = np.random.default_rng(7)
        noise = np.round(random.normal(0, condition.noise, (NOISES, SIZE[1], SIZE[0], 1))).astype(np.int16)
        self._noise = np.repeat(noise, 3, axis=3)
        ramp = np.linspace(1.0, 1.0 - condition.side, SIZE[0], dtype=np.float32)
        light = np.broadcast_to(condition.light * ramp[None, :, None], (SIZE[1], SIZE[0], 3))
        self._light = None if np.all(light == 1) else np.ascontiguousarray(light)
        self._file = av.open(str(path), "w", format="webm")
        rate = Fraction(condition.fps).limit_denominator(2)
        self._rate = rate
        self._stream = self._file.add_stream("libvpx", rate=rate)
        self._stream.width, self._stream.height = SIZE
        self._stream.pix_fmt = "yuv420p"
        self._stream.bit_rate = condition.kilobits * 1000
        self._stream.gop_size = 100_000
        self._stream.options = {"deadline": "realtime", "cpu-used": "-8", "threads": "1", "lag-in-frames": "0"}

    def shoot(self, picture: NDArray[np.uint8]) -> None:
        """Take the next frame."""
        self._came += 1
        if (self._came - 1) % self._every:
            return
        seen = self._place(picture)
        if self._light is not None:
            seen = np.asarray(cv2.multiply(seen, self._light, dtype=cv2.CV_8U), np.uint8)
        seen = np.asarray(cv2.add(seen, self._noise[self._shot % NOISES], dtype=cv2.CV_8U), np.uint8)
        frame = av.VideoFrame.from_ndarray(seen, format="rgb24")
        frame.pts, frame.time_base = self._shot, 1 / self._rate
        key = self._shot % round(SECONDS_BETWEEN_KEYS * self._rate) == 0
        frame.pict_type = PictureType.I if key else PictureType.NONE
        self._shot += 1
        self._file.mux(self._stream.encode(frame))

    def close(self) -> None:
        """End the file."""
        self._file.mux(self._stream.encode(None))
        self._file.close()

    def _place(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """In the middle, as large as it shall be; what is around it goes on beyond the edges."""
        height, width = picture.shape[:2]
        shift = [side / 2 - self._zoom * own / 2 for side, own in zip(SIZE, (width, height), strict=True)]
        matrix = np.array([[self._zoom, 0, shift[0]], [0, self._zoom, shift[1]]])
        if self._zoom < 0.7:
            picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.45 / self._zoom), np.uint8)
        placed = cv2.warpAffine(picture, matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(placed, np.uint8)
