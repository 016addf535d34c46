"""Raw sound into sound: one channel of 16-bit samples, in pieces that are cut anywhere, also inside a sample."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import av
import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.media.sounds import Mono, Sound
from interhuman_stream.analysis.media.stream import Extent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from interhuman_stream.findings import Note

WIDTH: Final = 2
"""Bytes of a sample."""
FULL_SCALE: Final = 32768.0
CHUNK: Final = 0.1
"""Seconds that are converted at a time."""


class PcmStream:
    """The byte stream of a session of raw sound. It is used as a ``MediaStream`` is; nothing in it can be malformed.

    Args:
        rate: Samples a second.
        start: Seconds of the session at which the stream begins, or is taken up again.

    Attributes:
        video_frames: None are.
        extent: What the last piece turned out to be; valid once its ``feed`` is used up.
        notices: Nothing is ever left out or put right.
    """

    def __init__(self, rate: int, start: float = 0.0) -> None:
        self.video_frames = 0
        self.notices: Counter[Note] = Counter()
        self.extent = Extent(start, start, has_video=False, has_audio=False)
        self._rate, self._start = rate, start
        self._came = self._given = 0  # samples that came, and samples at 16 kHz that were given on
        self._odd = b""
        self._mono = Mono()

    @property
    def header(self) -> bytes:
        """What whoever takes over must be fed first: half a sample, where a piece ended in the middle of one."""
        return self._odd

    def feed(self, data: bytes) -> Iterator[Sound]:
        """Convert the next piece, of any size, and yield it a tenth of a second at a time."""
        joined = self._odd + data
        whole = len(joined) - len(joined) % WIDTH
        self._odd = joined[whole:]
        samples = np.frombuffer(joined[:whole], "<i2")
        begin, audible, size = self._end, False, max(1, round(CHUNK * self._rate))
        for at in range(0, len(samples), size):
            chunk = samples[at : at + size]
            self._came += len(chunk)
            sound = self._converted(chunk)
            audible = audible or sound.audible
            # It may be stopped between any two.
            self.extent = Extent(begin, self._end, has_video=False, has_audio=audible)
            yield sound
        self.extent = Extent(begin, self._end, has_video=False, has_audio=audible)

    def finish(self) -> Iterator[Sound]:
        """Yield what was held back for the samples that follow."""
        rest = self._mono.flush()
        if len(rest):
            yield self._sound(rest)

    def close(self) -> None:
        """Forget half a sample."""
        self._odd = b""

    @property
    def _end(self) -> float:
        return self._start + self._came / self._rate

    def _converted(self, samples: NDArray[np.int16]) -> Sound:
        if self._rate == SAMPLE_RATE:
            return self._sound((samples / FULL_SCALE).astype(np.float32))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None], np.int16), format="s16", layout="mono")
        frame.sample_rate = self._rate
        converted = self._mono.take(frame)
        return self._sound(converted if converted is not None else np.zeros(0, np.float32))

    def _sound(self, samples: NDArray[np.float32]) -> Sound:
        sound = Sound(self._start + self._given / SAMPLE_RATE, samples)
        self._given += len(samples)
        return sound
