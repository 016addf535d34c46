"""What is in any stretch of what was perceived: tracks in, signals out, at any moment and as often as one likes.

A stretch is looked at with the seconds before it, always the same number of them, so that what is found in it does not
depend on how long it is. Some things are understood only later: a nod across its end, a word that was cut. They are
reported with the next stretch, in its time, once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.cues import find_cues, listen
from interhuman_stream.analysis.evidence import SCALES
from interhuman_stream.analysis.fusion import STEP, fuse
from interhuman_stream.analysis.perceived import perceived
from interhuman_stream.analysis.perception.baseline import WARM_UP
from interhuman_stream.analysis.perception.tracks import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.analysis.fusion import Stretch, Weighed
    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import Tracks
    from interhuman_stream.findings import Cue, Perceived
    from interhuman_stream.signals import Signal, SignalType

LOOK_BACK: Final = 16.0
"""Seconds before a stretch that are known with it: over them mouth and voice are compared."""
RECENT: Final = 8.0
"""Seconds before a stretch in which a nod, a phrase, a look away may have begun."""
LATE: Final = 3.0
"""Seconds before a stretch in which something may still be understood with it; speech is heard again as far back."""
ONE_FRAME: Final = 0.04
"""Seconds: what is left of a signal in a stretch is no shorter."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a signal was reported for: a cue by its name, and when it was."""

    signal: SignalType
    cue: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is in one stretch.

    Attributes:
        signals: In order of start; every one lies inside the stretch, or from ``floor`` on where one was given.
        cues: What was seen and heard in it, and what was understood late.
        told: What has been reported for now, as the next stretch needs to know.
        perceived: What there was to go by.
    """

    signals: tuple[Signal, ...]
    cues: tuple[Cue, ...]
    told: tuple[Told, ...]
    perceived: Perceived


def usual_for(span: Span) -> float:
    """The time by which what is usual for the person is taken: before the stretch, but for the first seconds.

    Every five seconds, so that it is the same for neighbouring stretches. In the first seconds of a session they
    themselves are all that is known.
    """
    return max(math.floor(span.start / WARM_UP) * WARM_UP, min(WARM_UP, math.floor(span.end)))


def judge(
    tracks: Tracks,
    usual: Baseline,
    span: Span,
    told: Sequence[Told] = (),
    floor: float | None = None,
    heard: float | None = None,
) -> Judgement:
    """Say what is in a stretch.

    Args:
        tracks: What was perceived, from ``LOOK_BACK`` before the stretch on.
        usual: What is usual for the person, by the time that ``usual_for`` gives.
        span: The stretch, in seconds of the session.
        told: What was reported for before.
        floor: Where signals may begin, if they may begin before the stretch: what was understood late is then said in
            its own time, and else at the beginning of the stretch.
        heard: From where words are counted, where those before the stretch that were understood with it are wanted.
    """
    floor = span.start if floor is None else floor
    voices = listen(tracks)
    tracks = tracks.since(span.start - RECENT)
    cues = [cue for cue in find_cues(tracks, usual, voices) if cue.start < span.end]
    known = [each for each in told if each.end > span.start - RECENT]
    reported: list[Signal] = []
    reasons: set[Cue] = set()
    for stretch in fuse(cues, Span(max(0.0, span.start - RECENT), span.end)):
        if stretch.end - stretch.start < min(SCALES[stretch.signal].shortest, span.end - floor) - STEP / 2:
            continue
        if signal := _report(stretch, span, floor, known):
            reported.append(signal)
            speaking = {each.cue for each in stretch.evidence}
            known += [Told(stretch.signal, cue.name, cue.start, cue.end) for cue in speaking]
            reasons |= speaking
    seen = [cue for cue in cues if cue.end > span.start or cue in reasons]
    return Judgement(
        tuple(sorted(reported, key=lambda each: (each.start, each.type))),
        tuple(seen),
        tuple(dict.fromkeys(known)),
        perceived(tracks, voices, cues, span, heard),
    )


def _report(stretch: Stretch, span: Span, floor: float, told: Sequence[Told]) -> Signal | None:
    """The signal as it is said of ``span``; None where nothing of it is new, or lasts."""
    lasts = any(each.cue.end > span.start for each in stretch.evidence)
    recent = stretch.end > span.start - LATE  # what was over before is not understood late because a cue goes on
    late = recent and any(each.cue.end > span.start - LATE and not _is_told(each, told) for each in stretch.evidence)
    within = min(stretch.end, span.end) - span.start >= ONE_FRAME
    if not (late or (lasts and within)):
        return None
    since = max(stretch.start, floor if late else span.start)
    if within:
        signal = stretch.report(since, stretch.end)
        if signal or not late or any(_is_told(each, told) for each in stretch.evidence):
            return signal
    signal = stretch.report(stretch.start, stretch.end)
    if signal is None or (not within and signal.end - since >= ONE_FRAME):
        return signal
    # It was over before the time that may be spoken of, or but for its fading: it is said where that begins, as long as
    # it was.
    return replace(signal, start=span.start, end=min(span.end, span.start + stretch.end - stretch.start))


def _is_told(weighed: Weighed, told: Sequence[Told]) -> bool:
    cue = weighed.cue
    return any(
        each.signal is weighed.row.signal and each.cue == cue.name and each.start < cue.end and cue.start < each.end
        for each in told
    )
