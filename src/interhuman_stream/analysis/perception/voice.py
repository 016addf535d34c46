"""One person's voice over time: where there is speech, how high, how loud, how steady."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from faster_whisper.vad import SileroVADModel, get_vad_model
from swift_f0 import SwiftF0

from interhuman_stream.analysis.media.stream import SAMPLE_RATE
from interhuman_stream.analysis.perception.tracks import Span, VoiceTrack, joined, spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAME = 256
FRAME_SECONDS = FRAME / SAMPLE_RATE
VAD_WINDOW = 512
# The human voice in speech; higher candidates are overtones or music.
LOWEST_PITCH, HIGHEST_PITCH = 60.0, 500.0
REFERENCE_PITCH = 55.0
LEAST_VOICING = 0.5
# Silero's authors' own defaults for a switch with hysteresis (threshold, and 0.15 below it to end).
SPEECH_ON, SPEECH_OFF = 0.5, 0.35
SHORTEST_SPEECH = 0.1
SHORTEST_SILENCE = 0.12
# Sound kept before a segment so that the models hear no hard edge at its border.
CONTEXT = 1.0
QUIETEST = -70.0
FULL_SCALE, FEW_SAMPLES = 0.985, 3
# Of spectral change: half the time between what is compared, in frames; how band powers are made even; the edges of 20
# bands from 120 to 4500 Hz, equally wide to the ear (mel), as indices into a spectrum of four frames.
HALF_LAG, ROOT = 2, 0.25
ALPHA = (50.0, 1000.0, 5000.0)  # Hz
MEL = 1127 * np.log1p(np.array((120.0, 4500.0)) / 700)
BANDS = np.searchsorted(
    np.fft.rfftfreq(4 * FRAME, 1 / SAMPLE_RATE), 700 * np.expm1(np.linspace(MEL[0], MEL[1], 21) / 1127)
)


@dataclass(frozen=True, slots=True)
class VoiceModels:
    """Silero voice activity and SwiftF0 pitch, loaded, one thread each."""

    activity: SileroVADModel
    pitch: SwiftF0


def load_voice_models() -> VoiceModels:
    """Load the two models; their weights are inside their packages."""
    return VoiceModels(get_vad_model(), SwiftF0(threads=1, spin=False))


class VoiceTracker:
    """Listens to one stream of sound."""

    def __init__(self, models: VoiceModels) -> None:
        self._models = models
        self._context: NDArray[np.float32] = np.zeros(0, np.float32)
        self._context_end = 0.0
        self._frames: list[NDArray[np.float64]] = []

    def hear(self, samples: NDArray[np.float32], start: float) -> None:
        """Measure a segment's sound: float32 mono at 16 kHz that begins at ``start`` seconds."""
        if len(samples) < FRAME:
            return
        follows = abs(self._context_end - start) < FRAME_SECONDS
        context = self._context if follows else np.zeros(0, np.float32)
        heard = np.concatenate((context, samples))
        count = len(samples) // FRAME
        skip = len(context) // FRAME
        time = start + (np.arange(count) + 0.5) * FRAME_SECONDS
        padded = np.pad(heard, (0, -len(heard) % VAD_WINDOW))
        activity = np.repeat(np.asarray(self._models.activity(padded)).ravel(), VAD_WINDOW // FRAME)
        pitch = self._models.pitch.detect(heard, SAMPLE_RATE, fmin=LOWEST_PITCH, fmax=HIGHEST_PITCH)
        power = _spectra(heard)
        frames = np.stack(
            (
                time,
                activity[skip : skip + count],
                np.where(pitch.confidence >= LEAST_VOICING, semitones(pitch.pitch_hz), np.nan)[skip : skip + count],
                np.maximum(pitch.loudness_db, QUIETEST)[skip : skip + count],
                _spectral_change(power)[skip : skip + count],
                _sharpness(power)[skip : skip + count],
                _clipped(samples)[:count],
            )
        )

        self._frames.append(frames)
        keep = int(CONTEXT * SAMPLE_RATE) // VAD_WINDOW * VAD_WINDOW
        self._context = heard[-keep:][-(len(heard[-keep:]) // FRAME * FRAME) :]
        self._context_end = start + len(samples) / SAMPLE_RATE

    def track(self) -> VoiceTrack | None:
        """Everything since the last ``forget``; None before the first sound."""
        if not self._frames:
            return None
        return VoiceTrack(*np.concatenate(self._frames, axis=1))

    def forget(self, before: float) -> None:
        """Drop what was heard earlier than ``before`` seconds."""
        self._frames = [kept for frames in self._frames if (kept := frames[:, frames[0] >= before]).size]


def semitones(hertz: NDArray[np.floating]) -> NDArray[np.float64]:
    """Pitch on the scale the ear hears it on: semitones over 55 Hz."""
    return np.asarray(12 * np.log2(np.maximum(hertz, 1.0) / REFERENCE_PITCH), np.float64)


def speech_spans(voice: VoiceTrack) -> list[Span]:
    """Where somebody speaks: voice activity with hysteresis, short breaks joined, clicks left out."""
    likely = voice.speech >= SPEECH_OFF
    sure = [
        span
        for span in spans(likely, voice.time, FRAME_SECONDS)
        if (voice.speech[(voice.time >= span.start) & (voice.time <= span.end)] >= SPEECH_ON).any()
    ]
    return joined(sure, SHORTEST_SILENCE, SHORTEST_SPEECH)


def _clipped(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """1 for each frame with more than a few samples at full scale, else 0."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray((np.abs(frames) >= FULL_SCALE).sum(axis=1) > FEW_SAMPLES, np.float64)


def _spectra(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Power around each frame, n×513 from 0 to 8 kHz: windows of two frames."""
    around = np.pad(samples[: len(samples) // FRAME * FRAME].astype(np.float64), FRAME // 2)
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * FRAME)[::FRAME] * np.hanning(2 * FRAME)
    return np.asarray(np.abs(np.fft.rfft(windows, 4 * FRAME)) ** 2)


def _sharpness(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """The alpha ratio in dB (Sundberg & Nordenberg 2006): effort puts more of a voice high up."""
    low, middle, high = (round(hertz * 4 * FRAME / SAMPLE_RATE) for hertz in ALPHA)
    below, above = power[:, low:middle].sum(axis=1), power[:, middle:high].sum(axis=1)
    return np.asarray(10 * np.log10((above + 1e-12) / (below + 1e-12)))


def _spectral_change(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far the shape of the spectrum turns in 64 ms around each frame: 0 (held) to about 1 (another sound).

    Roots of band powers, not their logarithms: a steady noise then adds little that moves.
    """
    count = len(power)
    bands = np.add.reduceat(power, BANDS, axis=1)[:, :-1]
    smooth = np.stack([np.convolve(band, np.full(3, 1 / 3), mode="same") for band in bands.T], axis=1)
    shape = (smooth + 1e-12) ** ROOT
    shape /= np.linalg.norm(shape, axis=1, keepdims=True)
    if count <= 2 * HALF_LAG:
        return np.ones(count)
    likeness = np.sum(shape[2 * HALF_LAG :] * shape[: -2 * HALF_LAG], axis=1)
    return np.pad(np.sqrt(np.maximum(1 - likeness, 0.0)), HALF_LAG, mode="edge")
