"""Vocal arousal on acted speech: how the voice sounds against the speaker's own usual, without how loud it is.

Two scores. A hand-set one, equal weights in the directions of the literature, which everybody may use. And a fitted one
as an upper reference: it is fitted on the other actors of the same data set, whose terms do not allow shipping it, and
nothing of it is kept.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.perception.tracks import FRAME, FRAME_SECONDS
from interhuman_stream.analysis.perception.voice import SPEECH_ON, VoiceTracker
from interhuman_stream.evaluation.measures import auc
from interhuman_stream.evaluation.report import Row, measured

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import VoiceTrack
    from interhuman_stream.analysis.perception.voice import VoiceModels
    from interhuman_stream.evaluation.corpora import Clip

    Values = NDArray[np.float64]

EDGES: Final = (100, 300, 500, 800, 1200, 1700, 2300, 3000, 4000, 5500, 7500)  # Hz, of the spectral bands
MEASURED: Final = (
    *("pitch", "pitch_20", "pitch_80", "pitch_range", "pitch_deviation", "pitch_slope", "pitch_step"),
    *("tilt", "hammarberg", "loudness_deviation", "shape_deviation", "change"),
    *("duration", "voiced_share", "voiced_runs"),
    *(f"band_{low}_{high}" for low, high in pairwise(EDGES)),
)
# Anger is high in frequency and moves much in pitch and loudness; fear is high and moves little, and is quick (Juslin
# & Laukka 2003, table 7); what both share is a high voice with much energy up in the spectrum (Banse & Scherer 1996).
HAND_SET: Final = {
    "angry": {"tilt": 1.0, "pitch_deviation": 1.0, "loudness_deviation": 1.0},
    "fearful": {"pitch": 1.0, "pitch_deviation": -1.0, "duration": -1.0},
    "angry or fearful": {"pitch": 1.0, "tilt": 1.0},
}
# Products of these join the fitted score: fear is high *and* narrow, anger high *and* moving.
CROSSED: Final = ("pitch", "pitch_deviation", "tilt", "loudness_deviation", "duration", "change")
LOOKED_AT: Final = "yes: the values and their weights were chosen when their figures on RAVDESS were known"
RIDGE = 50.0
NEWTON_STEPS = 25
FEWEST_VOICED = 5
FARTHEST = 3.0  # deviations; beyond, a value says no more
LEAST_DURATION = 0.3


def arousal_rows(name: str, clips: Sequence[Clip], models: VoiceModels) -> Iterator[Row]:
    """Tell angry from all others, and fearful from all others, leaving each actor out in turn."""
    values = np.array([voice_values(clip.samples(), models) for clip in clips])
    subject = np.unique([clip.subject for clip in clips], return_inverse=True)[1].astype(np.int64)
    usual = against_own_usual(values, subject)
    emotion = np.array([clip.label for clip in clips])
    pitch = usual[:, MEASURED.index("pitch")]
    crossed = np.column_stack((usual, _products(usual)))
    actors = f"{len(set(subject.tolist()))} actors"
    for how in ("hand-set", "fitted"):
        for what, weights in HAND_SET.items():
            label = np.isin(emotion, what.split(" or "))
            baselines = {
                "pitch alone": f"AUC {auc(pitch, label):.2f}",
                "length of the clip alone": f"AUC {auc(usual[:, MEASURED.index('duration')], label):.2f}",
            }
            hand = np.sum([weight * usual[:, MEASURED.index(each)] for each, weight in weights.items()], axis=0)
            score = hand if how == "hand-set" else leaving_out(crossed, label, subject)
            figures = measured(score, label, subject)
            size = f"{len(clips)} clips of {actors}, {int(label.sum())} {what}"
            yield Row(f"{what} against all others, {how}", name, size, figures, baselines, LOOKED_AT)


def voice_values(samples: NDArray[np.float32], models: VoiceModels) -> Values:
    """The values named in ``MEASURED`` for one clip; none changes when the clip is made louder."""
    tracker = VoiceTracker(models)
    tracker.hear(samples, 0.0)
    tracker.flush()
    voice = tracker.track()
    if voice is None:
        return np.zeros(len(MEASURED))
    spoken = voice.speech >= SPEECH_ON
    voiced = spoken & ~np.isnan(voice.pitch)
    pitch = voice.pitch
    if int(voiced.sum()) < FEWEST_VOICED:  # whispered: its loudest third stands for the voice
        voiced = voice.loudness >= np.percentile(voice.loudness, 70)
        pitch = np.where(np.isnan(pitch), np.nanmedian(np.append(pitch, 0.0)), pitch)
    height = pitch[voiced]
    steps = np.abs(np.diff(pitch))
    low, middle, high = np.percentile(height, (20, 50, 80))
    duration = float(np.ptp(voice.time[spoken])) if spoken.any() else 0.0
    runs = int((np.diff(np.concatenate(([0], voiced.astype(np.int8)))) == 1).sum())
    return np.array(
        [
            *(middle, low, high, high - low, height.std()),
            float(np.polyfit(np.arange(len(height)) * FRAME_SECONDS, height, 1)[0]),
            float(np.nanmean(np.append(steps, 0.0))),
            *_spectrum(samples, voice, voiced),
            float(voice.change[voiced].mean()),
            duration,
            float(voiced.sum()) / max(1, int(spoken.sum())),
            runs / max(LEAST_DURATION, duration),
            *_bands(samples, voiced),
        ]
    )


def against_own_usual(values: Values, subject: NDArray[np.int64]) -> Values:
    """Each value in deviations from its subject's own mean over all their clips, n×values."""
    usual = np.zeros_like(values)
    for each in np.unique(subject):
        own = subject == each
        usual[own] = (values[own] - values[own].mean(axis=0)) / (values[own].std(axis=0) + 1e-9)
    return np.clip(usual, -FARTHEST, FARTHEST)


def leaving_out(values: Values, label: NDArray[np.bool_], subject: NDArray[np.int64]) -> Values:
    """The probability of each clip under a ridge logistic regression fitted on the other subjects alone."""
    score = np.zeros(len(label))
    rows = np.column_stack((values, np.ones(len(values))))
    ridge = np.full(rows.shape[1], RIDGE)
    ridge[-1] = 1e-6
    for each in np.unique(subject):
        own = subject == each
        known, target = rows[~own], label[~own].astype(np.float64)
        weights = np.zeros(rows.shape[1])
        for _ in range(NEWTON_STEPS):
            likely = _logistic(known @ weights)
            curvature = (known * (likely * (1 - likely))[:, None]).T @ known + np.diag(ridge)
            weights -= np.linalg.solve(curvature, known.T @ (likely - target) + ridge * weights)
        score[own] = _logistic(rows[own] @ weights)
    return score


def _products(usual: Values) -> Values:
    which = [MEASURED.index(name) for name in CROSSED]
    return np.column_stack([usual[:, a] * usual[:, b] for at, a in enumerate(which) for b in which[at:]])


def _power(samples: NDArray[np.float32]) -> tuple[Values, Values]:
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME) * np.hanning(FRAME)
    power = np.abs(np.fft.rfft(frames, 2 * FRAME)) ** 2 + 1e-10
    return np.asarray(power, np.float64), np.asarray(np.fft.rfftfreq(2 * FRAME, 1 / SAMPLE_RATE), np.float64)


def _levels(samples: NDArray[np.float32]) -> Values:
    power, hertz = _power(samples)
    at = np.searchsorted(hertz, EDGES)
    means = np.stack([power[:, a:b].mean(axis=1) for a, b in pairwise(at.tolist())], axis=1)
    return np.asarray(np.log10(means))


def _spectrum(samples: NDArray[np.float32], voice: VoiceTrack, voiced: NDArray[np.bool_]) -> tuple[float, ...]:
    """Tilt in dB an octave, Hammarberg index in dB, spread of loudness in dB, spread of the spectrum's shape."""
    power, hertz = _power(samples)
    levels = _levels(samples)[voiced]
    centres = np.log2([(a * b) ** 0.5 for a, b in pairwise(EDGES)])
    tilt = float(np.polyfit(centres, 10 * levels.mean(axis=0), 1)[0])
    below, above = (hertz > 0) & (hertz < 2000), (hertz >= 2000) & (hertz < 5000)  # noqa: PLR2004 - Hammarberg 1980
    peaks = power[voiced][:, below].max(axis=1) / power[voiced][:, above].max(axis=1)
    shape = (levels - levels.mean(axis=1, keepdims=True)).std(axis=0).mean()
    return tilt, float(10 * np.log10(peaks).mean()), float(voice.loudness[voiced].std()), float(shape)


def _bands(samples: NDArray[np.float32], voiced: NDArray[np.bool_]) -> Values:
    mean = _levels(samples)[voiced].mean(axis=0)
    return np.asarray(mean - mean.mean())


def _logistic(odds: Values) -> Values:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))
