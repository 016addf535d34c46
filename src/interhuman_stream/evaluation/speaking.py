"""Whether the person seen speaks, by the simplest measure that works: how much the jaw moves. A baseline, no more.

`jawOpen`'s standard deviation over two seconds around a moment: .01 where the sound has speech (it is more in 98.7 % of
talkers' speech and 0.000 for a closed mouth), .02 where it has none or there is no sound, since a mouth moves for other
reasons as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import Tracks

JAW: Final = "jawOpen"
WINDOW: Final = 2.0
MOVES_IN_SPEECH: Final = 0.01
MOVES: Final = 0.02
FEWEST_PICTURES: Final = 3


@dataclass(frozen=True, slots=True)
class Mouth:
    """How far the mouth was open, and where somebody was heard to speak.

    Attributes:
        time: n, seconds.
        jaw: n, `jawOpen` from 0 to 1; NaN where no face was.
        speech: Beginnings and ends in seconds.
    """

    time: NDArray[np.float64]
    jaw: NDArray[np.float64]
    speech: tuple[tuple[float, float], ...] = ()

    def speaking(self, moments: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether the person speaks at each moment (seconds)."""
        heard = np.zeros(len(moments), np.bool_)
        for start, end in self.speech:
            heard |= (moments >= start) & (moments < end)
        moves = np.array([self._movement(moment) for moment in moments.tolist()])
        return np.asarray(moves >= np.where(heard, MOVES_IN_SPEECH, MOVES))

    def _movement(self, moment: float) -> float:
        first, last = np.searchsorted(self.time, (moment - WINDOW / 2, moment + WINDOW / 2))
        seen = self.jaw[first:last]
        seen = seen[~np.isnan(seen)]
        return float(seen.std()) if len(seen) >= FEWEST_PICTURES else 0.0


NOBODY: Final = Mouth(np.zeros(0), np.zeros(0))


def mouth(tracks: Sequence[Tracks]) -> Mouth:
    """Put together what the tracks after each piece of a stream say; what several hold counts once."""
    time: list[float] = []
    jaw: list[float] = []
    speech: set[tuple[float, float]] = set()
    for each in tracks:
        speech.update((span.start, span.end) for span in each.speech)
        if each.face is not None:
            new = each.face.time > (time[-1] if time else -np.inf)
            time += each.face.time[new].tolist()
            jaw += each.face.shape(JAW)[new].tolist()
    return Mouth(np.array(time), np.array(jaw), tuple(sorted(speech)))
