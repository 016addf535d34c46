"""What was found in a whole file, once more window by window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.quality import quality
from interhuman_stream.findings import Window
from interhuman_stream.signals import EngagementState

if TYPE_CHECKING:
    from interhuman_stream.findings import Findings
    from interhuman_stream.signals import Signal

LEAST_SHOWN: Final = 0.2
"""Seconds of a signal that must lie in a window for it to be said of that one, where it goes on beyond it."""
LEAST_WINDOW: Final = 1.0
"""Seconds; what is left of a file at its end and shorter belongs to the window before it."""


def windows(found: Findings, length: float) -> tuple[Window, ...]:
    """Cut what was found into windows of ``length`` seconds, the last of them shorter or up to a second longer.

    A signal is in every window in which it shows, with those of its reasons that were seen or heard there.
    """
    edges = [found.start]
    while found.end - edges[-1] >= length + LEAST_WINDOW:
        edges.append(found.start + length * len(edges))
    return tuple(
        _window(found, start, end) for start, end in zip(edges, [*edges[1:], found.end], strict=True) if end > start
    )


def _window(found: Findings, start: float, end: float) -> Window:
    signals = [part for signal in found.signals if (part := _part(signal, start, end))]
    return Window(start, end, tuple(signals), _state(found, start, end), quality(found.signals, start, end))


def _part(signal: Signal, start: float, end: float) -> Signal | None:
    """What of a signal lies in a window; None where that is next to nothing."""
    begin, stop = max(signal.start, start), min(signal.end, end)
    if stop - begin < min(LEAST_SHOWN, signal.end - signal.start) or stop <= begin:
        return None
    there = tuple(each for each in signal.because if each.start < end and start < each.end)
    return replace(signal, start=begin, end=stop, because=there or signal.because)


def _state(found: Findings, start: float, end: float) -> EngagementState:
    """The level that holds for most of a window."""
    seconds = dict.fromkeys((EngagementState.NEUTRAL, EngagementState.ENGAGED, EngagementState.DISENGAGED), 0.0)
    for span in found.engagement:
        seconds[span.state] += max(0.0, min(span.end, end) - max(span.start, start))
    return max(seconds, key=seconds.__getitem__)
