"""A clip in which a portrait nods, shakes its head, hums and says yes, each some times and at known moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.signals import SignalType
from tools.make_sample import POSTURE
from tools.puppet.encode import write_webm
from tools.puppet.performance import Event, Performance
from tools.puppet.portraits import astronaut
from tools.puppet.render import Puppet
from tools.puppet.voice import RATE, mouth, say, sound_track

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FRAMES_PER_SECOND: Final = 25
LEAD: Final = 3.0
APART: Final = 3.4
"""Seconds from one to the next, and up to half a second more: no gesture always falls on the same part of a second."""
MEANS: Final = {
    "nod": SignalType.AGREEMENT,
    "shake": SignalType.DISAGREEMENT,
    "yes": SignalType.AGREEMENT,
    "filled pause": SignalType.HESITATION,
}
ORDER: Final = ("nod", "shake", "filled pause", "yes", "shake", "filled pause")
"""What means the same is never next to each other: it would be one signal that goes on."""


def act(path: Path, rounds: int, seed: int) -> list[Event]:
    """Write the clip; give what is acted in it, in order.

    Args:
        path: Of the WebM file.
        rounds: How often all of ``ORDER`` is acted.
        seed: Of the moments, and of how the head drifts.
    """
    random = np.random.default_rng(seed)
    acted = ORDER * rounds
    seconds = LEAD + len(acted) * (APART + 0.5) + LEAD
    performance = Performance(np.arange(round(seconds * FRAMES_PER_SECOND)) / FRAMES_PER_SECOND)
    performance.idle(random)
    performance.add("pitch", np.full(len(performance.time), POSTURE))
    spoken: list[tuple[float, NDArray[np.float64]]] = []
    start = LEAD
    for what in acted:
        performance.events.append(_one(performance, spoken, what, start))
        start += APART + random.uniform(0, 0.5)
    track = sound_track(seconds, spoken, random)
    performance.speak(*mouth(track, performance.time))
    puppet = Puppet(astronaut(load_models().face))
    write_webm(path, (puppet.draw(pose) for pose in performance.poses()), track, FRAMES_PER_SECOND, RATE)
    return performance.events


def _one(performance: Performance, spoken: list[tuple[float, NDArray[np.float64]]], what: str, start: float) -> Event:
    if what == "nod":
        end = performance.nod(start, 3, 1.9, 14)
    elif what == "shake":
        end = performance.shake(start, 3, 1.6, 34)
    else:
        samples = say("Yes.") if what == "yes" else 0.7 * say("Uhm", speed=0.5, pitch=152, range_hz=1)
        spoken.append((start, samples))
        end = start + len(samples) / RATE
    return Event(start, end, what)
