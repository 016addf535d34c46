"""Hesitation sounds heard as sounds ("um", "uh", a word drawn out): recognisers leave most of them out.

While a speaker seeks what to say, the mouth is held: neither pitch nor spectrum moves as they do in words (Goto, Itou &
Hayamizu 1999, who found filled pauses by just that). No one measure tells them from a long stressed vowel, so four are
added up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.cues.cue import ramp, slope
from interhuman_stream.analysis.perception.tracks import FRAME_SECONDS, Span, joined, spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import VoiceTrack

# The held part of a sound: the spectrum moves by less than this share of what is usual for the speaker, the pitch by
# fewer semitones a second. Attack and end of the sound are no part of it.
HELD, GLIDE, GAP = 0.8, 14.0, 0.05
# Of voiced speech heard clearly. Noise and echo make everything move less, words more so than held sounds: what is
# usual is taken half-way (geometric mean) between this and the speaker's own.
USUAL_CHANGE = 0.25
SHORTEST, LONGEST = 0.12, 2.0
# Fillers are as low as the speaker's usual or lower, level or falling (O'Shaughnessy 1992; Shriberg 1999); stress and
# questions raise the pitch. Semitones, over the usual and from end to end.
HIGHEST_OVER_USUAL, MOST_RISE = 2.0, 2.0
# What each measure counts, and where it begins to count and counts fully: share of usual spectral change; standard
# deviation of pitch in semitones; seconds held; share of silence in a while before (a sentence may end in a long
# vowel as well, so that a silence after it says nothing).
STILL = (0.4, -0.8, -0.3)
LEVEL = (0.2, -1.0, -0.15)
LONG = (0.2, 0.12, 0.4)
PAUSED = (0.2, 0.0, 1.0)
SURE, QUITE_SURE = 0.61, 0.8
WHILE, EDGE = 0.3, 0.04
SILENCE_BELOW = 18.0  # dB under the speaker's usual loudness
NEAR_SPEECH = 2.0
ACROSS = 3  # frames before and after, between which the pitch's glide is measured


def held_sounds(voice: VoiceTrack, speech: Sequence[Span], baseline: Baseline) -> Iterator[tuple[Span, float]]:
    """Find sounds that are drawn out near speech. Nothing before the person's usual voice is known."""
    if baseline.pitch is None or baseline.loudness is None or baseline.change is None:
        return
    voiced = ~np.isnan(voice.pitch)
    if not voiced.any():
        return
    usual = (baseline.change * USUAL_CHANGE) ** 0.5
    held = voiced & (voice.change < HELD * usual) & ~(_glide(voice.pitch) > GLIDE)
    silent = ~voiced | (voice.loudness < baseline.loudness.median - SILENCE_BELOW)
    for span in joined(spans(held, voice.time, FRAME_SECONDS), GAP, SHORTEST):
        near = any(each.start - NEAR_SPEECH < span.end and span.start < each.end + NEAR_SPEECH for each in speech)
        inside = (voice.time >= span.start) & (voice.time <= span.end) & voiced
        pitch = voice.pitch[inside]
        high = float(np.median(pitch)) > baseline.pitch.median + HIGHEST_OVER_USUAL
        rise = slope(pitch) * (len(pitch) - 1)
        if not near or high or rise > MOST_RISE or span.length > LONGEST:
            continue
        before = silent[(voice.time > span.start - WHILE) & (voice.time < span.start - EDGE)]
        sure = (
            _counted(STILL, -float(voice.change[inside].mean()) / usual)
            + _counted(LEVEL, -float(np.std(pitch)))
            + _counted(LONG, span.length)
            + _counted(PAUSED, float(before.mean()) if len(before) else 0.0)
        )
        if sure > SURE:
            strength = 0.4 + 0.5 * ramp(sure, SURE, QUITE_SURE)
            yield span, strength


def _counted(measure: tuple[float, float, float], value: float) -> float:
    weight, none, full = measure
    return weight * ramp(value, none, full)


def _glide(pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    """How fast the pitch moves, n, semitones a second; NaN where that is not known."""
    glide = np.full(len(pitch), np.nan)
    if len(pitch) > 2 * ACROSS:
        moved = np.abs(pitch[2 * ACROSS :] - pitch[: -2 * ACROSS])
        glide[ACROSS:-ACROSS] = moved / (2 * ACROSS * FRAME_SECONDS)
    return glide
