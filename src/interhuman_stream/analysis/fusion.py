"""From cues to signals by the evidence table: log-odds over time, switched with hysteresis, said with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.evidence import OPPOSITES, SCALES, TABLE, Evidence
from interhuman_stream.signals import (
    EngagementSpan,
    EngagementState,
    Observation,
    Probability,
    Signal,
    SignalType,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import Span
    from interhuman_stream.findings import Cue

STEP = 0.1
# On above even odds, off again below nine in twenty: no flicker where the sum hovers about the threshold.
ON, OFF = 0.0, -0.2
SMOOTHING = 5  # steps
# Log-odds at the highest moment. Words alone come to 1.0 at most, and are right in .46 to .65 of the reports where that
# was measured (docs/accuracy.md): low. What lies above rests on more than words: 1.1 is 75 %, 1.9 is 87 %.
MEDIUM, HIGH = 1.1, 1.9
MOST_REASONS = 4
LEAST_REASON = 0.25
LONGEST_GAP = 0.5
LEAST_SPAN = 0.05
ONE_FRAME = 0.04


@dataclass(frozen=True, slots=True)
class Weighed:
    """One row of the table met by one cue: ``value`` is the log-odds it adds, over ``start`` to ``end`` seconds."""

    row: Evidence
    cue: Cue
    value: float
    start: float
    end: float


def fuse(cues: Sequence[Cue], segment: Span) -> list[Signal]:
    """Report the signals of a segment, in order of start. Every one lies inside the segment."""
    steps = max(1, round(segment.length / STEP))
    grid: NDArray[np.float64] = np.asarray(
        segment.start + (np.arange(steps) + 0.5) * (segment.length / steps), np.float64
    )
    odds: dict[SignalType, NDArray[np.float64]] = {}
    evidence: dict[SignalType, list[Weighed]] = {}
    for signal, scale in SCALES.items():
        evidence[signal] = weigh(signal, cues)
        odds[signal] = scale.prior + _sum(evidence[signal], grid)
    on = {signal: _switched(odds[signal]) for signal in SCALES}
    for one, other in OPPOSITES:
        # Both can only stand where each has reasons of its own and neither is clearly stronger: then keep the stronger.
        both = on[one] & on[other]
        on[one] &= ~(both & (odds[one] <= odds[other]))
        on[other] &= ~(both & (odds[other] < odds[one]))
    found = [
        report
        for signal in SCALES
        for report in _reports(signal, on[signal], odds[signal], grid, evidence[signal], segment)
    ]
    return sorted(found, key=lambda report: (report.start, report.type))


def weigh(signal: SignalType, cues: Sequence[Cue]) -> list[Weighed]:
    """Look the cues up in the table's rows for ``signal``."""
    weighed = []
    for row in TABLE:
        if row.signal is not signal:
            continue
        for cue in cues:
            if cue.name != row.cue:
                continue
            start, end = cue.start - row.reach, cue.end + row.reach
            company = [each for each in cues if each.name in row.needs and each.start < end and start < each.end]
            if row.needs and not company:
                continue
            weighed.append(Weighed(row, cue, row.weight * cue.strength * cue.quality, start, end))
    return weighed


def engagement(signals: Sequence[Signal], segment: Span) -> tuple[EngagementSpan, ...]:
    """The engagement level over the whole segment: what is neither engaged nor disengaged is neutral."""
    states = {SignalType.ENGAGEMENT: EngagementState.ENGAGED, SignalType.DISENGAGEMENT: EngagementState.DISENGAGED}
    spans: list[EngagementSpan] = []
    at = segment.start
    for signal in sorted((each for each in signals if each.type in states), key=lambda each: each.start):
        start, end = max(at, signal.start), signal.end
        if end <= start:
            continue
        if start - at > LEAST_SPAN:
            spans.append(EngagementSpan(at, start, EngagementState.NEUTRAL))
        spans.append(EngagementSpan(start, end, states[signal.type]))
        at = end
    if segment.end - at > LEAST_SPAN or not spans:
        spans.append(EngagementSpan(at, segment.end, EngagementState.NEUTRAL))
    return tuple(spans)


def _sum(weighed: list[Weighed], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add the rows up over time; within a row the strongest cue of each moment counts, once."""
    total = np.zeros(len(grid))
    for row in {each.row for each in weighed}:
        strongest = np.zeros(len(grid))
        for each in weighed:
            if each.row == row:
                inside = (grid >= each.start) & (grid <= each.end)
                strongest[inside] = np.where(np.abs(strongest[inside]) < abs(each.value), each.value, strongest[inside])
        total += strongest
    kernel = np.full(SMOOTHING, 1 / SMOOTHING)
    padded = np.pad(total, SMOOTHING // 2, mode="edge")
    return np.asarray(np.convolve(padded, kernel, mode="valid")) if len(total) >= SMOOTHING else total


def _switched(odds: NDArray[np.float64]) -> NDArray[np.bool_]:
    on = np.zeros(len(odds), bool)
    state = False
    for at, value in enumerate(odds):
        state = value > (OFF if state else ON)
        on[at] = state
    # The way in is as long as the way out.
    state = False
    for at in range(len(odds) - 1, -1, -1):
        state = bool(odds[at] > (OFF if state else ON))
        on[at] |= state
    return on


def _reports(
    signal: SignalType,
    on: NDArray[np.bool_],
    odds: NDArray[np.float64],
    grid: NDArray[np.float64],
    evidence: list[Weighed],
    segment: Span,
) -> list[Signal]:
    step = segment.length / len(grid)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], on.astype(np.int8), [0]))))
    stretches: list[list[int]] = []
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if stretches and (begin - stretches[-1][1]) * step < LONGEST_GAP:
            stretches[-1][1] = end
        else:
            stretches.append([begin, end])
    reports = []
    for begin, end in stretches:
        start, stop = segment.start + begin * step, min(segment.end, segment.start + end * step)
        if stop - start < max(ONE_FRAME, min(SCALES[signal].shortest, segment.length)):
            continue
        peak = float(odds[begin:end].max())
        reasons = _reasons(evidence, start, stop)
        if peak <= ON or not reasons:
            continue
        probability = Probability.HIGH if peak > HIGH else Probability.MEDIUM if peak > MEDIUM else Probability.LOW
        reports.append(Signal(signal, start, stop, probability, reasons))
    return reports


def _reasons(evidence: list[Weighed], start: float, end: float) -> tuple[Observation, ...]:
    """What spoke for the signal in its time, the weightiest first, each thing once."""
    speaking = [each for each in evidence if each.value > LEAST_REASON and each.start < end and start < each.end]
    phrases: dict[tuple[str, float], Observation] = {}
    for each in sorted(speaking, key=lambda each: -each.value):
        cue = each.cue
        phrases.setdefault((cue.phrase, cue.start), Observation(cue.phrase, cue.start, cue.end, cue.modality))
    return tuple(phrases.values())[:MOST_REASONS]
