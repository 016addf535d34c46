"""The engagement level, a decision of its own: who takes part is engaged, also while no signal stands out."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.speaking import SPEAKS, VOICE_ALONE
from interhuman_stream.analysis.fusion import STEP
from interhuman_stream.analysis.perception.tracks import Span, joined
from interhuman_stream.signals import EngagementSpan, EngagementState, SignalType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from interhuman_stream.findings import Cue
    from interhuman_stream.signals import Signal

LONGEST_BREATH: Final = 1.5
"""Seconds for which who takes part may pause for breath or thought."""
SPEAKING: Final = (SPEAKS.name, VOICE_ALONE.name)
RESPONDING: Final = ("attention", "smile")
"""Who looks and smiles listens. A face that is merely turned to the camera is neutral (Whitehill et al. 2014)."""
LEAST_LEVEL: Final = 0.35
"""Seconds; what is shorter is the edge of another level."""


def engagement(signals: Sequence[Signal], cues: Sequence[Cue], span: Span) -> tuple[EngagementSpan, ...]:
    """The engagement level over all of a span, without gaps.

    Engaged is who speaks, shows engagement, or looks and smiles; disengaged, who shows disengagement and does none of
    these; else the level is neutral.
    """
    first, last = math.floor(span.start / STEP), math.ceil(span.end / STEP)
    middles: NDArray[np.float64] = np.asarray((np.arange(first, max(last, first + 1)) + 0.5) * STEP, np.float64)
    active = _taking_part(signals, cues)
    engaged = _within(joined(active, LONGEST_BREATH, 0.0), middles)
    away = [Span(each.start, each.end) for each in signals if each.type is SignalType.DISENGAGEMENT]
    disengaged = _within(away, middles) & ~_within(active, middles)
    states = [
        EngagementState.DISENGAGED if gone else EngagementState.ENGAGED if here else EngagementState.NEUTRAL
        for gone, here in zip(disengaged, engaged, strict=True)
    ]
    return tuple(_spans(states, middles, span))


def _taking_part(signals: Sequence[Signal], cues: Sequence[Cue]) -> list[Span]:
    """When somebody speaks, shows engagement, or looks and smiles, in order of start."""
    found = [Span(each.start, each.end) for each in signals if each.type is SignalType.ENGAGEMENT]
    found += [Span(each.start, each.end) for each in cues if each.name in SPEAKING]
    looks, smiles = ([each for each in cues if each.name == name] for name in RESPONDING)
    both = [Span(max(a.start, b.start), min(a.end, b.end)) for a in looks for b in smiles]
    return sorted((*found, *(each for each in both if each.length > 0)), key=lambda each: each.start)


def _within(found: Sequence[Span], moments: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the moments lie in one of the spans, n."""
    inside = np.zeros(len(moments), np.bool_)
    for each in found:
        inside |= (moments >= each.start) & (moments < each.end)
    return inside


def _spans(states: list[EngagementState], middles: NDArray[np.float64], span: Span) -> list[EngagementSpan]:
    """The runs of equal states; one too short to be a level goes to its neighbour."""
    spans: list[EngagementSpan] = []
    for state, same in groupby(zip(states, middles.tolist(), strict=True), key=lambda each: each[0]):
        start, end = spans[-1].end if spans else span.start, min(span.end, max(at for _, at in same) + STEP / 2)
        if spans and end - start < LEAST_LEVEL:
            spans[-1] = EngagementSpan(spans[-1].start, end, spans[-1].state)
        elif spans and spans[-1].state is state:
            spans[-1] = EngagementSpan(spans[-1].start, end, state)
        elif len(spans) == 1 and start - span.start < LEAST_LEVEL:
            spans = [EngagementSpan(span.start, end, state)]
        else:
            spans.append(EngagementSpan(start, end, state))
    spans[-1] = EngagementSpan(spans[-1].start, span.end, spans[-1].state)
    return spans
