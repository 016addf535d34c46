"""From cues to signals by the evidence table: log-odds over time, switched with hysteresis, said with their reasons."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.evidence import OPPOSITES, SCALES, TABLE, Evidence
from interhuman_stream.signals import MOST_REASONS, Observation, Probability, Signal, SignalType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import Span
    from interhuman_stream.findings import Cue

# The moments that are weighed are multiples of this in every session, whatever is asked about.
STEP = 0.1
# On above even odds, off again below nine in twenty: no flicker where the sum hovers about the threshold.
ON, OFF = 0.0, -0.2
SMOOTHING = 5  # steps
# Log-odds at the highest moment; 1.1 is 75 %, 1.9 is 87 %. Words that show something come to 1.0 at most, and are right
# in .44 to .57 of the reports where that was measured; words that declare it outright are a little above 1.1, and are
# right in .74 (docs/accuracy.md). What lies above rests on more than words.
MEDIUM, HIGH = 1.1, 1.9
LEAST_REASON = 0.25
LONGEST_GAP = 0.5
ROWS = {signal: tuple(row for row in TABLE if row.signal is signal) for signal in SCALES}


@dataclass(frozen=True, slots=True)
class Weighed:
    """One row of the table met by one cue: ``value`` is the log-odds it adds, over ``start`` to ``end`` seconds."""

    row: Evidence
    cue: Cue
    value: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which a signal shows.

    Attributes:
        signal: Which.
        start: Seconds of the session.
        end: Seconds of the session.
        moments: n, seconds: the middles of the steps in it.
        odds: n, log-odds at each.
        evidence: What speaks for it there, the weightiest first.
    """

    signal: SignalType
    start: float
    end: float
    moments: NDArray[np.float64]
    odds: NDArray[np.float64]
    evidence: tuple[Weighed, ...]

    def report(self, start: float, end: float) -> Signal | None:
        """The part from ``start`` to ``end`` as a signal with its weightiest reasons; None where it hardly shows."""
        inside = self.odds[(self.moments > start - STEP / 2) & (self.moments < end + STEP / 2)]
        peak = float(inside.max()) if len(inside) else ON
        phrases: dict[tuple[str, float], Observation] = {}
        for each in self.evidence:
            if each.start < end and start < each.end:
                cue = each.cue
                phrases.setdefault(
                    (cue.phrase, cue.start), Observation(cue.phrase, cue.start, cue.end, cue.modality, cue.name)
                )
        if peak <= ON or not phrases:
            return None
        band = Probability.HIGH if peak > HIGH else Probability.MEDIUM if peak > MEDIUM else Probability.LOW
        return Signal(self.signal, start, end, band, tuple(phrases.values())[:MOST_REASONS])


def fuse(cues: Sequence[Cue], span: Span) -> list[Stretch]:
    """Find where each signal shows from ``span.start`` to ``span.end``, in order of start."""
    first, last = math.floor(span.start / STEP + 1e-6), max(1, math.ceil(span.end / STEP - 1e-6))
    grid: NDArray[np.float64] = np.asarray((np.arange(first, max(last, first + 1)) + 0.5) * STEP, np.float64)
    # What nothing speaks for stays below even odds: every prior is.
    named = _named(cues)
    evidence = {signal: weighed for signal in SCALES if _any_speaks(weighed := _weighed(signal, named))}
    odds = {signal: _added(signal, weighed, grid) for signal, weighed in evidence.items()}
    on = {signal: _switched(odds[signal]) for signal in evidence}
    for one, other in OPPOSITES:
        if one in on and other in on:
            # Both can only stand where each has reasons of its own and neither is clearly stronger: keep the stronger.
            both = on[one] & on[other]
            on[one] &= ~(both & (odds[one] <= odds[other]))
            on[other] &= ~(both & (odds[other] < odds[one]))
    found = [
        stretch
        for signal in evidence
        for stretch in _stretches(signal, on[signal], odds[signal], grid, evidence[signal], span)
    ]
    return sorted(found, key=lambda each: (each.start, each.signal))


def weigh(signal: SignalType, cues: Sequence[Cue]) -> list[Weighed]:
    """Look the cues up in the table's rows for ``signal``."""
    return _weighed(signal, _named(cues))


def _named(cues: Sequence[Cue]) -> dict[str, list[Cue]]:
    named: dict[str, list[Cue]] = {}
    for cue in cues:
        named.setdefault(cue.name, []).append(cue)
    return named


def _weighed(signal: SignalType, named: Mapping[str, Sequence[Cue]]) -> list[Weighed]:
    weighed = []
    for row in ROWS[signal]:
        company = [each for name in row.needs for each in named.get(name, ())]
        for cue in named.get(row.cue, ()):
            start, end = cue.start - row.reach, cue.end + row.reach
            if not row.needs or any(each.start < end and start < each.end for each in company):
                weighed.append(Weighed(row, cue, row.weight * cue.strength * cue.quality, start, end))
    return weighed


def log_odds(signal: SignalType, cues: Sequence[Cue], moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the cues add up to for a signal at n moments, evenly spaced and in order (seconds)."""
    return _added(signal, weigh(signal, cues), moments)


def _added(signal: SignalType, weighed: list[Weighed], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    return SCALES[signal].prior + _sum(weighed, grid)


def _sum(weighed: list[Weighed], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add the rows up over time; within a row the strongest cue of each moment counts, once."""
    total = np.zeros(len(grid))
    for _, same in groupby(weighed, key=lambda each: id(each.row)):  # rows come one after the other
        strongest = np.zeros(len(grid))
        for each in same:
            inside = slice(int(np.searchsorted(grid, each.start)), int(np.searchsorted(grid, each.end, "right")))
            there = strongest[inside]
            there[np.abs(there) < abs(each.value)] = each.value
        total += strongest
    if not weighed:
        return total
    kernel = np.full(SMOOTHING, 1 / SMOOTHING)
    return np.convolve(np.pad(total, SMOOTHING // 2, mode="edge"), kernel, mode="valid")


def _switched(odds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where the switch is on; the way in is as long as the way out."""
    if odds.max(initial=OFF) <= ON:
        return np.zeros(len(odds), np.bool_)
    return _forwards(odds) | _forwards(odds[::-1])[::-1]


def _forwards(odds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """On from where the odds rise above ``ON`` until they are no longer above ``OFF``."""
    at = np.arange(1, len(odds) + 1)
    turned_on = np.maximum.accumulate(np.where(odds > ON, at, 0))
    turned_off = np.maximum.accumulate(np.where(odds <= OFF, at, 0))
    return turned_on > turned_off


def _stretches(
    signal: SignalType,
    on: NDArray[np.bool_],
    odds: NDArray[np.float64],
    grid: NDArray[np.float64],
    evidence: list[Weighed],
    span: Span,
) -> list[Stretch]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], on.astype(np.int8), [0]))))
    joined: list[list[int]] = []
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if joined and (begin - joined[-1][1]) * STEP < LONGEST_GAP:
            joined[-1][1] = end
        else:
            joined.append([begin, end])
    stretches = []
    for begin, end in joined:
        start = max(span.start, float(grid[begin]) - STEP / 2)
        stop = min(span.end, float(grid[end - 1]) + STEP / 2)
        speaking = _speaking(evidence, start, stop)
        if speaking and stop > start:
            stretches.append(Stretch(signal, start, stop, grid[begin:end], odds[begin:end], speaking))
    return stretches


def _any_speaks(evidence: list[Weighed]) -> bool:
    return any(each.value > 0 for each in evidence)


def _speaking(evidence: list[Weighed], start: float, end: float) -> tuple[Weighed, ...]:
    """What speaks for the signal in its time, the weightiest first."""
    there = [each for each in evidence if each.value > LEAST_REASON and each.start < end and start < each.end]
    return tuple(sorted(there, key=lambda each: -each.value))
