"""Whether a mouth moves with the voice that is heard: the mouth of who speaks moves where the voice is loud.

It moves a little ahead of it, by 0.1 to 0.3 s (Chandrasekaran et al. 2009). A voice that somebody else's mouth moves
under goes its own way: over some seconds the two are as often together as not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.lasting import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import FaceTrack, Span, VoiceTrack

AHEAD: Final = 0.2
"""Seconds by which the mouth moves before the voice."""
WINDOW: Final = 16.0
"""Seconds that are compared at most: over twice as many somebody else's mouth is told more surely."""
FEWEST: Final = 8.0
"""Seconds of which it is told so surely: over fewer, in which a mouth opens some ten times, chance makes higher
correlations than a normal distribution allows, and each counts less."""
LEAST: Final = 10
"""Moments that are compared at least; of less nothing can be told."""
SMOOTH: Final = 3
"""Moments over which the mouth's movement is averaged."""
ROUNDING: Final = 1e-12
QUIET: Final = -60.0
"""Decibels below full scale; what is quieter is silence."""
SPREAD: Final = 0.51
"""Standard deviation of the correlation of one person's mouth with another's voice over a second: over t seconds it is
less by the root of t (16 talkers with each other's voices)."""
ARTICULATING: Final = ("jawOpen", "mouthPucker")
"""Opening and rounding, which make the sounds. Lips that press, stretch or smile move in silence as well: with all of
them, and 0.15 s ahead, the voice of 16 talkers was told from another's in .43 of stretches of eight seconds (if
another's is taken for it in one of twenty), with these two in .83. Both were looked at while choosing."""


def synchrony(
    face: FaceTrack, voice: VoiceTrack, at: NDArray[np.float64], beside: Sequence[Span] = ()
) -> NDArray[np.float64]:
    """How much more mouth and voice go together in the seconds before each moment than somebody else's would.

    Args:
        face: The face.
        voice: The voice.
        at: n moments, seconds.
        beside: When it is known to be somebody else's voice: it says nothing of the rest.

    Returns:
        n, in standard deviations of what another's voice gives; NaN where there is nothing to compare.
    """
    time = _common_time(face, voice, beside)
    if len(time) < LEAST:
        return np.full(len(at), np.nan)
    ends = np.minimum(np.maximum(np.searchsorted(time, at), round(FEWEST / SAMPLE)), len(time))
    starts = np.maximum(0, ends - round(WINDOW / SAMPLE))
    correlation = _correlations(_movement(face, time), _loudness(voice, time + AHEAD), starts, ends)
    seconds = (ends - starts) * SAMPLE
    return np.asarray(correlation * np.sqrt(seconds * np.minimum(1.0, seconds / FEWEST)) / SPREAD)


def open_with(face: FaceTrack, voice: VoiceTrack, span: Span) -> float:
    """How far the jaw is open where the voice is loud: their correlation over a stretch; 0 if too little is known."""
    time = _common_time(face, voice, ())
    time = time[(time >= span.start) & (time < span.end)]
    if len(time) < LEAST:
        return 0.0
    seen = face.present
    jaw = np.interp(time, face.time[seen], face.shape("jawOpen")[seen])
    jaw = np.convolve(jaw, np.ones(SMOOTH) / SMOOTH, mode="same")  # it closes between syllables
    whole = np.array([0]), np.array([len(time)])
    return float(_correlations(jaw, _loudness(voice, time + AHEAD / 2), *whole)[0])


def _common_time(face: FaceTrack, voice: VoiceTrack, beside: Sequence[Span]) -> NDArray[np.float64]:
    """The moments at which both were perceived, every ``SAMPLE`` seconds."""
    if not len(voice.time) or not face.present.any():
        return np.zeros(0)
    first, last = max(face.time[0], voice.time[0] - AHEAD), min(face.time[-1], voice.time[-1] - AHEAD)
    time = np.arange(first, last, SAMPLE)
    time = time[np.interp(time, face.time, face.present.astype(np.float64)) >= 1.0]
    for span in beside:
        time = time[(time < span.start) | (time > span.end)]
    return time


def _movement(face: FaceTrack, time: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much the mouth articulates, n: opening and rounding count the same."""
    seen = face.present
    total = np.zeros(len(time))
    for name in ARTICULATING:
        speed = np.abs(np.gradient(np.interp(time, face.time[seen], face.shape(name)[seen])))
        deviation = float(speed.std())
        if deviation > 0:
            total += (speed - speed.mean()) / deviation
    return np.convolve(total, np.ones(SMOOTH) / SMOOTH, mode="same")


def _loudness(voice: VoiceTrack, time: NDArray[np.float64]) -> NDArray[np.float64]:
    """How loud it is, n, in decibels, over about a tenth of a second."""
    level = np.maximum(voice.loudness, QUIET)
    return np.asarray(np.interp(time, voice.time, np.convolve(level, np.ones(6) / 6, mode="same")))


def _correlations(
    one: NDArray[np.float64], other: NDArray[np.float64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The correlation of two tracks from each start to its end; 0 where one of them does not change."""
    one, other = one - one.mean(), other - other.mean()
    sums = np.cumsum([one, other, one * one, other * other, one * other], axis=1)
    sums = np.pad(sums, ((0, 0), (1, 0)))
    mean_one, mean_other, square_one, square_other, product = (sums[:, ends] - sums[:, starts]) / (ends - starts)
    spread = np.maximum(square_one - mean_one**2, 0) * np.maximum(square_other - mean_other**2, 0)
    covariance = product - mean_one * mean_other
    changes = spread > ROUNDING
    return np.asarray(np.where(changes, covariance / np.sqrt(np.where(changes, spread, 1.0)), 0.0))
