"""Where the picture stands still: a frozen stream, or a photo, shows a face, but nothing that somebody does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.lasting import SAMPLE
from interhuman_stream.analysis.perception.tracks import joined, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from interhuman_stream.analysis.perception.tracks import FaceTrack, Span
    from interhuman_stream.findings import Cue

# From one picture to the next: the mean change of the blendshapes, and degrees of the head about any axis. A codec
# makes less of most pictures that stand; of 44 clips of people and drawn ones none stays below both for over 0.6 s.
LEAST_CHANGE: Final = 0.002
LEAST_TURN: Final = 0.3
SHORTEST: Final = 1.0
"""Seconds."""
MOST: Final = 0.5
"""The share of a cue that lies in a picture that stands still."""


def frozen(face: FaceTrack) -> list[Span]:
    """When the picture stands still."""
    if len(face.time) < 2:  # noqa: PLR2004 - nothing to compare
        return []
    change = np.abs(np.diff(face.shapes, axis=0)).mean(axis=1)
    turn = np.abs(np.diff(face.pose, axis=0)).max(axis=1)
    same = np.concatenate(([False], (change < LEAST_CHANGE) & (turn < LEAST_TURN)))  # false where no face is
    return joined(spans(same, face.time, SAMPLE), SAMPLE, SHORTEST)


def moving(face: FaceTrack, still: Sequence[Span]) -> FaceTrack:
    """The face without what is seen of it while the picture stands still."""
    for span in still:
        inside = (face.time >= span.start) & (face.time <= span.end)
        blank = {
            name: np.where(inside if values.ndim == 1 else inside[:, None], np.nan, values)
            for name in ("pose", "gaze", "shapes", "brow", "aperture", "width", "box")
            for values in (getattr(face, name),)
        }
        face = replace(face, **blank)
    return face


def outside(cues: Iterable[Cue], still: Sequence[Span]) -> Iterator[Cue]:
    """The cues that lie mostly outside: a face turned away when the picture stopped is not lost in the turn."""
    for cue in cues:
        inside = sum(max(0.0, min(each.end, cue.end) - max(each.start, cue.start)) for each in still)
        if inside <= MOST * (cue.end - cue.start):
            yield cue
