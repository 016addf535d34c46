"""How the jaw of the person seen moves: its swings, whether it could be seen, and whether a living face moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.head import swings
from interhuman_stream.analysis.cues.lasting import SAMPLE
from interhuman_stream.analysis.cues.mimic import YAWN
from interhuman_stream.analysis.perception.tracks import INDEX, Span, joined, spans, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import FaceTrack

# How far the jaw goes from one turning point to the next (`jawOpen`) for it to count: where a voice is heard, and where
# none is, since a mouth moves for other reasons as well.
SWING_HEARD: Final = 0.015
SWING: Final = 0.03
# A swing takes half a syllable; slower ones are grimaces, yawns, laughs.
SYLLABLE: Final = 0.5
# A mouth opens with a voice by so much of `jawOpen`, which moves no further where it rests, for so many seconds.
OPENS: Final = 0.04
RESTS: Final = 0.04
PAUSE: Final = 0.6
# Speech opens the mouth as wide as a yawn does for a syllable; one that stays so gapes, whatever is heard meanwhile.
GAPE: Final = YAWN
AROUND: Final = 1.5
"""Seconds before and after a moment in which swings are counted."""
EDGE: Final = 0.3
"""Seconds by which the mouth may be ahead of the voice, or behind it."""
# Seen well enough to be told: share of pictures with a face; degrees; pixels; brightness; FaceTrack's inside and shown.
LEAST_SEEN: Final = 0.6
MOST_YAW: Final = 40.0
LEAST_WIDTH: Final = 45.0
LEAST_LIGHT: Final = 20.0
LEAST_INSIDE: Final = 0.75
LEAST_SHOWN: Final = 0.2
ALIVE: Final = 0.4
"""Degrees: a living head moves more than this in three seconds (standard deviation about its three axes together, of
half a second's means), and that of who speaks far more (Hadar, Steiner, Grant & Rose 1983): 0.7 and more where somebody
was seen to talk. In a photo of somebody the noise of the picture opens and closes the mouth, and the head stays."""
STEADY: Final = 5
"""Pictures that are averaged before it."""
# A photo that is moved by hand moves as a head does, and its mouth flickers. In three seconds of speech all blendshapes
# together move more (the mean of their standard deviations): .020 at least in 33 clips of talk, .0145 at most in four
# waved photos. Where the rest of the face is still, the jaw itself does, which in those photos was at .026.
MOVING_JAW: Final = 0.03
MOVING_FACE: Final = 0.017


class Mouth:
    """How a jaw moves: counts of its swings in any stretches of time."""

    def __init__(self, face: FaceTrack) -> None:
        self._face = face
        light = face.present & (face.light >= LEAST_LIGHT) & (face.width >= LEAST_WIDTH)
        whole = (face.inside >= LEAST_INSIDE) & (face.shown >= LEAST_SHOWN)
        self._usable = light & (np.abs(face.pose[:, 1]) <= MOST_YAW) & whole
        self._jaw = face.shape("jawOpen")
        self._alive = self._living()
        self._middles = {least: self._syllables(least) for least in (SWING_HEARD, SWING)}

    def count(self, least: float, starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.int64]:
        """Swings of ``least`` (``SWING_HEARD`` or ``SWING``) and more whose middle lies between, n."""
        middles = self._middles[least]
        return np.asarray(np.searchsorted(middles, ends) - np.searchsorted(middles, starts), np.int64)

    def rate(self, least: float, starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
        """Swings a second, n."""
        return np.asarray(self.count(least, starts, ends) / np.maximum(ends - starts, SAMPLE), np.float64)

    def seen(self, starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share of pictures in which the mouth could be seen, n."""
        seen = np.concatenate(([0], np.cumsum(self._usable)))
        first, last = np.searchsorted(self._face.time, starts), np.searchsorted(self._face.time, ends, "right")
        return np.asarray((seen[last] - seen[first]) / np.maximum(last - first, 1), np.float64)

    def sees(self, start: float, end: float) -> bool:
        """Whether the mouth could be seen from ``start`` to ``end``."""
        return bool(self.seen(np.array([start - EDGE]), np.array([end + EDGE]))[0] >= LEAST_SEEN)

    def opens_with(self, run: Span, others: Sequence[Span]) -> bool:
        """Whether the jaw is open where the voice is, and rests before and after, as far as nothing else is said."""
        time, early, late = self._face.time, run.start - EDGE, run.end + EDGE
        inside = (time >= run.start) & (time <= run.end) & self._usable
        before, after = (time >= early - PAUSE) & (time < early), (time > late) & (time <= late + PAUSE)
        silent = ~within((Span(each.start - EDGE, each.end + EDGE) for each in others), time)
        beside = (before | after) & silent & self._usable
        if not inside.any() or not beside.any() or float(np.ptp(self._jaw[beside])) > RESTS:
            return False
        return float(np.mean(self._jaw[inside]) - np.mean(self._jaw[beside])) > OPENS

    def gapes(self, run: Span) -> bool:
        """Whether the mouth stays wide open for longer than a syllable."""
        beside = (self._face.time >= run.start - EDGE) & (self._face.time <= run.end + EDGE)
        return bool(joined(spans((self._jaw > GAPE) & beside, self._face.time, SAMPLE), SAMPLE, SYLLABLE))

    def _syllables(self, least: float) -> NDArray[np.float64]:
        """The middles of the swings that are as quick as those of speech, in seconds."""
        found = swings(self._face.time, self._jaw, least)
        middles = np.array([(each.onset + each.end) / 2 for each in found if each.end - each.onset <= SYLLABLE])
        return middles[self._alive[np.searchsorted(self._face.time, middles)]] if len(middles) else middles

    def _living(self) -> NDArray[np.bool_]:
        """Where head and face move as those of who speaks do in the seconds around each picture, n."""
        face, count = self._face, len(self._face.time)
        seen = face.present
        if int(seen.sum()) <= 2 * STEADY:
            return np.ones(count, np.bool_)
        kernel = np.ones(STEADY) / STEADY
        pose = np.stack([np.convolve(axis, kernel, mode="valid") for axis in face.pose[seen].T])
        turns = _spread(np.convolve(face.time[seen], kernel, mode="valid"), pose, face.time)
        moves = _spread(face.time[seen], face.shapes[seen].T, face.time)
        expressive = (moves[INDEX["jawOpen"]] > MOVING_JAW) | (moves.mean(axis=0) > MOVING_FACE)
        return np.asarray((np.sqrt((turns * turns).sum(axis=0)) > ALIVE) & expressive)


def _spread(time: NDArray[np.float64], rows: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each of k rows over time changes in the seconds around n moments (standard deviation), k×n."""
    sums = np.pad(np.cumsum([rows, rows * rows], axis=2), ((0, 0), (0, 0), (1, 0)))
    # At an end of what is known, the seconds next to it.
    begin = np.maximum(np.minimum(at - AROUND, time[-1] - 2 * AROUND), time[0])
    first = np.searchsorted(time, begin - SAMPLE / 2)
    last = np.maximum(np.searchsorted(time, begin + 2 * AROUND, "right"), first + 1)
    mean, square = (sums[:, :, last] - sums[:, :, first]) / (last - first)
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0)))
