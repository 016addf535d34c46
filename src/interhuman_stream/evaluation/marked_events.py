"""What cues are found against the plain events that markers marked: a nod, a smile, lowered brows.

A cue is right where it lies over an event of its kind, or misses it by less than half a second: markers time to about a
quarter of a second, and so do cues. An event of most markers is a stretch that most of them marked. Long states are not
told by that alone, so that the same is also said moment by moment, without any tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.evaluation.marked import MOMENT, length, moments, most
from interhuman_stream.evaluation.measures import over_groups, precision, recall
from interhuman_stream.evaluation.report import Row, single

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from interhuman_stream.evaluation.markings import Marked
    from interhuman_stream.evaluation.measures import Figure
    from interhuman_stream.evaluation.watching import Watched

    Stretch = tuple[float, float]

TOLERANCE: Final = 0.5
"""Seconds by which an event and a cue may miss each other."""
EVENTS: Final[dict[str, tuple[str, ...]]] = {
    "nod": ("nod", "speech_nod"),
    "shake": ("shake", "speech_shake"),
    "tilt": ("tilt",),
    "head_away": ("face_away",),
    "gaze_away": ("gaze_away",),
    "eyes_closed": ("eyes_closed",),
    "smile": ("smile",),
    "laugh": ("laugh",),
    "brow_raise": ("brow_raise",),
    "brow_lower": ("brow_lower", "scowl"),
    "one_brow": ("one_brow",),
    "lip_press": ("lip_press", "tight_lips"),
    "lean_in": ("lean_in",),
    "lean_out": ("lean_out",),
    "yawn": ("yawn",),
    "filled_pause": ("filled_pause",),
    "silent_pause": ("silent_pause",),
}
"""The markers' events, and the cues that stand for each; a shrug of the shoulders is no cue."""
LISTENERS: Final = ("nod", "shake")
"""Also counted without what a speaker's head does in time with the words, which counts for less."""


@dataclass(frozen=True, slots=True)
class _Clip:
    """One clip's stretches in seconds: cues, events of most markers, events of any; and the three moment by moment."""

    person: int
    cues: tuple[Stretch, ...]
    most: tuple[Stretch, ...]
    anybody: tuple[Stretch, ...]
    found: NDArray[np.bool_]
    there: NDArray[np.bool_]


def event_rows(name: str, marked: Sequence[Marked], watched: Sequence[Watched], looked_at: str) -> Iterator[Row]:
    """A row for each kind of event that was marked or found."""
    people = sorted({clip.person for clip in marked})
    kinds = [(what, what, cues) for what, cues in EVENTS.items()]
    kinds += [(f"{what}, who does not speak", what, (what,)) for what in LISTENERS]
    for label, what, cues in kinds:
        clips = [
            _clip(people.index(clip.person), clip, seen, what, cues) for clip, seen in zip(marked, watched, strict=True)
        ]
        if any(clip.cues or clip.anybody for clip in clips):
            yield _row(f"event {label}", name, clips, looked_at)


def _clip(person: int, clip: Marked, seen: Watched, what: str, cues: tuple[str, ...]) -> _Clip:
    count = length(clip)
    events = [[(mark.start, mark.end) for mark in marker.events if mark.what == what] for marker in clip.markers]
    there = most(np.array([moments(each, count) for each in events]))
    found = merged((cue.start, cue.end) for cue in seen.cues if cue.name in cues and cue.start < clip.seconds)
    return _Clip(
        person,
        found,
        _stretches(there),
        tuple(each for marker in events for each in marker),
        moments(found, count),
        there,
    )


def _row(what: str, name: str, clips: list[_Clip], looked_at: str) -> Row:
    right = [(clip.person, _met(cue, clip.most)) for clip in clips for cue in clip.cues]
    right_for_any = [(clip.person, _met(cue, clip.anybody)) for clip in clips for cue in clip.cues]
    found = [(clip.person, _met(event, clip.cues)) for clip in clips for event in clip.most]
    behind = len({who for who, _ in found})
    person = np.repeat([clip.person for clip in clips], [len(clip.there) for clip in clips])
    said = np.concatenate([clip.found for clip in clips])
    there = np.concatenate([clip.there for clip in clips])
    return Row(
        what,
        name,
        f"{len(right)} found; most markers saw {len(found)}, of {behind} people, {there.sum() * MOMENT:.1f} s",
        {
            "precision": _share(right),
            "precision, any marker": _share(right_for_any),
            "recall": _share(found),
            "precision by time": over_groups(lambda rows: precision(said[rows], there[rows]), person),
            "recall by time": over_groups(lambda rows: recall(said[rows], there[rows]), person),
        },
        looked_at=looked_at,
    )


def merged(spans: Iterator[Stretch]) -> tuple[Stretch, ...]:
    """The spans in order, those that touch each other as one: a cue is found again as long as it is remembered."""
    out: list[Stretch] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def _stretches(there: NDArray[np.bool_]) -> tuple[Stretch, ...]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], there.astype(np.int8), [0])))) * MOMENT
    return tuple(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _met(one: Stretch, others: tuple[Stretch, ...]) -> bool:
    return any(one[0] < end + TOLERANCE and start - TOLERANCE < one[1] for start, end in others)


def _share(hits: list[tuple[int, bool]]) -> Figure:
    """The share of hits, with an interval by person."""
    if not hits:
        return single(float("nan"))
    person, hit = np.array([who for who, _ in hits]), np.array([each for _, each in hits])
    return over_groups(lambda rows: float(hit[rows].mean()), person)
