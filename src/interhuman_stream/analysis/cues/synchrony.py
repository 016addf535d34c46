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

AHEAD: Final = 0.15
"""Seconds by which the mouth moves before the voice."""
WINDOW: Final = 8.0
"""Seconds that are compared."""
LEAST: Final = 10
"""Moments of a window; of less nothing can be told."""
SMOOTH: Final = 3
"""Moments over which the mouth's movement is averaged."""
QUIET: Final = -60.0
"""Decibels below full scale; what is quieter is silence."""
SPREAD: Final = 0.49
"""Standard deviation of the correlation of one person's mouth with another's voice over a second: over t seconds it is
less by the root of t (15 talkers with each other's voices)."""
SHAPES: Final = (
    ("jawOpen",),
    ("mouthClose",),
    ("mouthPucker",),
    ("mouthFunnel",),
    ("mouthLowerDownLeft", "mouthLowerDownRight"),
    ("mouthUpperUpLeft", "mouthUpperUpRight"),
    ("mouthStretchLeft", "mouthStretchRight"),
    ("mouthRollLower",),
    ("mouthRollUpper",),
    ("mouthShrugLower",),
    ("mouthPressLeft", "mouthPressRight"),
)


def synchrony(
    face: FaceTrack, voice: VoiceTrack, at: NDArray[np.float64], beside: Sequence[Span] = ()
) -> NDArray[np.float64]:
    """How much more mouth and voice go together in the seconds before each moment than somebody else's would.

    Args:
        face: The face; where it is not seen its mouth is taken to move on evenly.
        voice: The voice.
        at: n moments, seconds.
        beside: When it is known to be somebody else's voice: it says nothing of the rest.

    Returns:
        n, in standard deviations of what another's voice gives; 0 where nothing can be compared.
    """
    time = _common_time(face, voice, beside)
    if len(time) < LEAST or not face.present.any():
        return np.zeros(len(at))
    moves, sounds = _movement(face, time), _loudness(voice, time + AHEAD)
    count = round(WINDOW / SAMPLE)
    ends = np.minimum(np.maximum(np.searchsorted(time, at), count), len(time))
    return np.array([_surpassing(moves[max(0, end - count) : end], sounds[max(0, end - count) : end]) for end in ends])


def _common_time(face: FaceTrack, voice: VoiceTrack, beside: Sequence[Span]) -> NDArray[np.float64]:
    """The moments at which both were perceived, every ``SAMPLE`` seconds."""
    if not len(voice.time):
        return np.zeros(0)
    first, last = max(face.time[0], voice.time[0] - AHEAD), min(face.time[-1], voice.time[-1] - AHEAD)
    time = np.arange(first, last, SAMPLE)
    for span in beside:
        time = time[(time < span.start) | (time > span.end)]
    return time


def _movement(face: FaceTrack, time: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much the mouth moves, n: all its shapes count the same."""
    seen = face.present
    total = np.zeros(len(time))
    for names in SHAPES:
        speed = np.abs(np.gradient(np.interp(time, face.time[seen], face.shape(*names)[seen])))
        deviation = float(speed.std())
        if deviation > 0:
            total += (speed - speed.mean()) / deviation
    return np.convolve(total, np.ones(SMOOTH) / SMOOTH, mode="same")


def _loudness(voice: VoiceTrack, time: NDArray[np.float64]) -> NDArray[np.float64]:
    """How loud it is, n, in decibels, over about a tenth of a second."""
    level = np.maximum(voice.loudness, QUIET)
    return np.asarray(np.interp(time, voice.time, np.convolve(level, np.ones(6) / 6, mode="same")))


def _surpassing(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """How far the correlation of the two surpasses that of a mouth with another's voice, in standard deviations."""
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale * float(np.sqrt(len(one) * SAMPLE)) / SPREAD if scale > 0 else 0.0
