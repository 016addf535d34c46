"""One person's voice over time: where there is speech, how high, how loud, how steady."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from faster_whisper.vad import SileroVADModel, get_vad_model
from swift_f0 import SwiftF0

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.sound import LEAST_GAP
from interhuman_stream.analysis.perception.spectrum import Spectrum
from interhuman_stream.analysis.perception.tracks import (
    FRAME,
    FRAME_SECONDS,
    Span,
    VoiceTrack,
    joined,
    spans,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from swift_f0 import PitchResult

VAD_WINDOW, VAD_CONTEXT, VAD_STATE = 512, 64, (1, 1, 128)
# The human voice in speech; higher candidates are overtones or music.
LOWEST_PITCH, HIGHEST_PITCH = 60.0, 500.0
REFERENCE_PITCH = 55.0
LEAST_VOICING = 0.5
# Silero's authors' own defaults for a switch with hysteresis (threshold, and 0.15 below it to end).
SPEECH_ON, SPEECH_OFF = 0.5, 0.35
SHORTEST_SPEECH = 0.1
SHORTEST_SILENCE = 0.12
QUIETEST = -70.0
FULL_SCALE, FEW_SAMPLES = 0.985, 3


@dataclass(frozen=True, slots=True)
class VoiceModels:
    """Silero voice activity and SwiftF0 pitch, loaded, one thread each."""

    activity: SileroVADModel
    pitch: SwiftF0


def load_voice_models() -> VoiceModels:
    """Load the two models; their weights are inside their packages."""
    return VoiceModels(get_vad_model(), SwiftF0(threads=1, spin=False))


class VoiceTracker:
    """Listens to one stream of sound, handed in in pieces of any size.

    Models and filters carry their state from piece to piece, so that the frames are the same however the sound is cut.
    A frame is known once the sound around it is, some 0.2 s later, or when the sound ends.

    Attributes:
        measured: Frames made so far.
    """

    def __init__(self, models: VoiceModels) -> None:
        self.measured = 0
        self._models = models
        self._sound: _Sound | None = None
        self._frames: list[NDArray[np.float64]] = []
        self._likely: list[_Likely] = []

    def hear(self, samples: NDArray[np.float32], start: float) -> None:
        """Take in sound, float32 mono at 16 kHz, that begins at ``start`` seconds; ``measure`` makes frames of it."""
        if self._sound is None or abs(self._sound.end - start) > LEAST_GAP:
            self.flush()
            self._sound = _Sound(self._models, start)
        self._sound.take(samples)

    @property
    def waiting(self) -> float:
        """Seconds of sound of which ``measure`` would make frames."""
        return self._sound.waiting if self._sound else 0.0

    def measure(self) -> None:
        """Make frames of what has been heard."""
        if self._sound:
            self._keep(self._sound.frames())

    def flush(self) -> None:
        """The sound ends here: make frames of its last samples too."""
        if self._sound:
            self._keep(self._sound.last_frames())
            self._sound = None

    def track(self) -> VoiceTrack | None:
        """Every frame since the last ``forget``; None before the first."""
        if not self._frames:
            return None
        if len(self._frames) > 1:
            self._frames = [np.concatenate(self._frames, axis=1)]
        return VoiceTrack(*self._frames[0])

    @property
    def end(self) -> float:
        """How far the voice is known, in seconds of the session; 0 before the first frame."""
        return float(self._frames[-1][0, -1]) + FRAME_SECONDS / 2 if self._frames else 0.0

    def speech(self) -> list[Span]:
        """Where somebody speaks: short breaks joined, clicks left out, each stretch from its true beginning."""
        sure = [Span(each.start, each.end) for each in self._likely if each.sure]
        return joined(sure, SHORTEST_SILENCE, SHORTEST_SPEECH)

    def forget(self, before: float) -> None:
        """Drop what was heard earlier than ``before`` seconds; speech that lasted until then is kept whole."""
        self._frames = [kept for frames in self._frames if (kept := frames[:, frames[0] >= before]).size]
        breaks = [
            at
            for at, (one, other) in enumerate(pairwise(self._likely), start=1)
            if one.end < before and other.start - one.end >= SHORTEST_SILENCE
        ]
        self._likely = self._likely[max(breaks, default=0) :]

    def _keep(self, frames: NDArray[np.float64]) -> None:
        if not frames.size:
            return
        self._frames.append(frames)
        self.measured += frames.shape[1]
        time, speech = frames[0], frames[1]
        for span in spans(speech >= SPEECH_OFF, time, FRAME_SECONDS):
            sure = bool((speech[(time >= span.start) & (time <= span.end)] >= SPEECH_ON).any())
            last = self._likely[-1] if self._likely else None
            if last and span.start - last.end < FRAME_SECONDS / 2:  # it goes on from the frames before
                self._likely[-1] = _Likely(last.start, span.end, last.sure or sure)
            else:
                self._likely.append(_Likely(span.start, span.end, sure))


@dataclass(frozen=True, slots=True)
class _Likely:
    """A stretch in which speech is likely; ``sure`` where it once was more than that."""

    start: float
    end: float
    sure: bool


class _Sound:
    """Sound without a gap, and what the models and filters carry from one part of it to the next."""

    def __init__(self, models: VoiceModels, start: float) -> None:
        self._start = start
        self._activity = _Activity(models.activity)
        self._pitch = models.pitch.stream(fmin=LOWEST_PITCH, fmax=HIGHEST_PITCH)
        self._spectrum = Spectrum()
        self._parts: list[NDArray[np.float32]] = []
        self._heard = self._waiting = self._known = 0  # samples, samples, frames
        # What is known of frames of which not everything is, by column of a VoiceTrack behind its time.
        self._columns: list[NDArray[np.float64]] = [np.zeros(0)] * 6

    @property
    def end(self) -> float:
        return self._start + self._heard / SAMPLE_RATE

    @property
    def waiting(self) -> float:
        return self._waiting // VAD_WINDOW * VAD_WINDOW / SAMPLE_RATE

    def take(self, samples: NDArray[np.float32]) -> None:
        self._parts.append(samples)
        self._heard += len(samples)
        self._waiting += len(samples)

    def frames(self) -> NDArray[np.float64]:
        """The frames that are known now and were not before, 7×n: the rows of a VoiceTrack."""
        whole = self._waiting // VAD_WINDOW * VAD_WINDOW
        if not whole:
            return np.zeros((7, 0))
        samples = np.concatenate(self._parts)
        self._parts, self._waiting = [samples[whole:]], len(samples) - whole
        samples = samples[:whole]
        self._add(self._activity.of(samples), self._pitch.push(samples, SAMPLE_RATE), self._spectrum.push(samples))
        self._columns[5] = np.concatenate((self._columns[5], _clipped(samples)))
        return self._complete()

    def last_frames(self) -> NDArray[np.float64]:
        """The frames that were still to come, now that no sound follows; a last part of a frame is none."""
        known = self.frames()
        if self._heard < FRAME:
            return known
        rest = np.concatenate(self._parts) if self._parts else np.zeros(0, np.float32)
        padded = np.pad(rest, (0, -len(rest) % VAD_WINDOW))
        if len(rest):
            self._add(self._activity.of(padded), self._pitch.push(rest, SAMPLE_RATE), self._spectrum.push(padded))
            self._columns[5] = np.concatenate((self._columns[5], _clipped(padded)))
        self._add(np.zeros(0), self._pitch.flush(), self._spectrum.finish())
        return np.concatenate((known, self._complete()), axis=1)

    def _add(
        self,
        activity: NDArray[np.float64],
        pitch: PitchResult,
        spectrum: tuple[NDArray[np.float64], NDArray[np.float64]],
    ) -> None:
        height = np.where(pitch.confidence >= LEAST_VOICING, semitones(pitch.pitch_hz), np.nan)
        fresh = (activity, height, np.maximum(pitch.loudness_db, QUIETEST), *spectrum)
        for at, values in enumerate(fresh):
            self._columns[at] = np.concatenate((self._columns[at], values))

    def _complete(self) -> NDArray[np.float64]:
        count = min(len(column) for column in self._columns)
        time = self._start + (self._known + np.arange(count) + 0.5) * FRAME_SECONDS
        frames = np.stack((time, *(column[:count] for column in self._columns)))
        self._columns = [column[count:] for column in self._columns]
        self._known += count
        return frames


class _Activity:
    """Silero's voice activity, window by window, with what it remembers."""

    def __init__(self, model: SileroVADModel) -> None:
        self._session = model.session
        self._hidden = np.zeros(VAD_STATE, np.float32)
        self._cell = np.zeros(VAD_STATE, np.float32)
        self._before = np.zeros(VAD_CONTEXT, np.float32)

    def of(self, samples: NDArray[np.float32]) -> NDArray[np.float64]:
        """How likely each frame of whole windows holds speech, 0 to 1."""
        windows = samples.reshape(-1, VAD_WINDOW)
        before = np.concatenate((self._before[None], windows[:-1, -VAD_CONTEXT:]))
        self._before = windows[-1, -VAD_CONTEXT:].copy()
        likely, self._hidden, self._cell = self._session.run(
            None, {"input": np.concatenate((before, windows), axis=1), "h": self._hidden, "c": self._cell}
        )
        return np.repeat(np.asarray(likely, np.float64).ravel(), VAD_WINDOW // FRAME)


def semitones(hertz: NDArray[np.floating]) -> NDArray[np.float64]:
    """Pitch on the scale the ear hears it on: semitones over 55 Hz."""
    return np.asarray(12 * np.log2(np.maximum(hertz, 1.0) / REFERENCE_PITCH), np.float64)


def _clipped(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """1 for each frame with more than a few samples at full scale, else 0."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray((np.abs(frames) >= FULL_SCALE).sum(axis=1) > FEW_SAMPLES, np.float64)
