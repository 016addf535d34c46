"""Decoded audio frames as sound: one channel of 32-bit floats at 16 kHz, whatever the tracks are and become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import av
import av.error
import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE, Mix

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from numpy.typing import NDArray

# No codec's frame lasts longer; a header that says one sample a second makes hours of a few bytes.
LONGEST_FRAME: Final = 10.0
# What sound is recorded at. From a damaged header's 900 MHz the resampler builds a filter for minutes on end.
SAMPLE_RATES: Final = range(1_000, 384_001)
# Microphones of a room, cinemas' loudspeakers; of more channels FFmpeg makes one.
MOST_CHANNELS: Final = 8
# Floats may be louder than full scale, by a few times; beyond that, or no numbers at all, they are damage.
LOUDEST: Final = 8.0
# Below this (-80 dB) nobody said anything: a muted microphone, a desktop that plays nothing.
AUDIBLE: Final = 1e-4
# Seconds by which the tracks of a recording may come apart; one that stays behind for longer has nothing.
LAG: Final = 5.0
# Seconds by which clocks jitter.
JITTER: Final = 0.02
# Seconds in which no track has anything are not filled.
LONGEST_GAP: Final = 1.0


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound: ``time`` of its first sample in seconds of the session, ``samples`` float32 mono at 16 kHz."""

    time: float
    samples: NDArray[np.float32]

    @property
    def audible(self) -> bool:
        """Whether there is anything to hear."""
        return bool(len(self.samples)) and float(np.abs(self.samples).max()) > AUDIBLE


def plausible(frame: AudioFrame) -> bool:
    """Whether anybody records sound like this."""
    return frame.sample_rate in SAMPLE_RATES and 0 < frame.samples <= LONGEST_FRAME * frame.sample_rate


class Mono:
    """Makes one channel at 16 kHz of one track, whose rate, layout and format may change.

    Attributes:
        changes: How often they did.
    """

    def __init__(self) -> None:
        self.changes = 0
        self._format: tuple[int, str, str] | None = None
        self._resampler: av.AudioResampler | None = None
        self._mix = Mix(1)
        self._channels = 1

    def take(self, frame: AudioFrame) -> NDArray[np.float32] | None:
        """Convert the next frame; None where that cannot be done."""
        kept = []
        known = (frame.sample_rate, frame.layout.name, frame.format.name)
        try:
            if known != self._format:
                kept.append(self.flush())
                self.changes += self._format is not None
                few = frame.layout.nb_channels <= MOST_CHANNELS
                self._format = known
                self._resampler = av.AudioResampler("fltp", frame.layout if few else "mono", SAMPLE_RATE)
            assert self._resampler is not None  # noqa: S101 - made for the first frame
            kept += [self._mixed(part) for part in self._resampler.resample(frame)]
        except (av.error.FFmpegError, ValueError):
            self._format = self._resampler = None
            return None
        return _joined(kept)

    def flush(self) -> NDArray[np.float32]:
        """What is still in the resampler."""
        parts = self._resampler.resample(None) if self._resampler else []
        return _joined([self._mixed(part) for part in parts])

    def _mixed(self, part: AudioFrame) -> NDArray[np.float32]:
        block = np.nan_to_num(np.asarray(part.to_ndarray(), np.float32), nan=0.0, posinf=0.0, neginf=0.0)
        np.clip(block, -LOUDEST, LOUDEST, out=block)
        if len(block) != self._channels:
            self._channels, self._mix = len(block), Mix(len(block))
        return self._mix.take(block)


class Blend:
    """Lays the tracks of a recording on each other by their times: the voice may be in any of them."""

    def __init__(self, tracks: int) -> None:
        self._mix = Mix(tracks)
        self._at: int | None = None  # the sample of the session up to which everything was given on
        self._begun = [np.zeros(0, np.float32)] * tracks  # what came of each from there on

    def add(self, track: int, sound: Sound) -> list[Sound]:
        """Add what one track has; return what is complete."""
        place, samples, out = round(sound.time * SAMPLE_RATE), sound.samples, list[Sound]()
        if self._at is None:
            self._at = place
        longest = max(len(each) for each in self._begun)
        if place - self._at > longest + LONGEST_GAP * SAMPLE_RATE:
            out = self.flush()
            self._at = place
        own = self._begun[track]
        gap = place - self._at - len(own)
        if abs(gap) < JITTER * SAMPLE_RATE:
            gap = 0
        if gap > 0:
            samples = np.concatenate((np.zeros(gap, np.float32), samples))
        self._begun[track] = np.concatenate((own, samples[max(0, -gap) :]))
        return out + self._given(self._complete())

    def flush(self) -> list[Sound]:
        """What waited for tracks that have no more."""
        return self._given(max(len(each) for each in self._begun))

    def _complete(self) -> int:
        longest = max(len(each) for each in self._begun)
        return min(len(each) for each in self._begun if len(each) >= longest - LAG * SAMPLE_RATE)

    def _given(self, length: int) -> list[Sound]:
        if not length or self._at is None:
            return []
        block = np.zeros((len(self._begun), length), np.float32)
        for index, each in enumerate(self._begun):
            block[index, : len(each)] = each[:length]
        self._begun = [each[length:] for each in self._begun]
        sound = Sound(self._at / SAMPLE_RATE, self._mix.take(block))
        self._at += length
        return [sound]


def _joined(parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)
