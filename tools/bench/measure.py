"""What the engine finds in a clip, against what was done in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.session import AnalysisSession
from interhuman_stream.client.sources.file import segments

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from interhuman_stream.analysis.perception.models import Models
    from tools.bench.script import Done

SECONDS_PER_SEGMENT = 5.0
# A finding belongs to what was done if they overlap or are no further apart.
SLACK = 0.3
# Found again with the next segment: the same thing, if no further apart.
SAME = 0.15


@dataclass(frozen=True, slots=True)
class Found:
    """One cue in the engine's answer: name, and seconds."""

    cue: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Missed:
    """What went wrong once: the cue, when (seconds), and whether it was done and not found, or found and not done."""

    cue: str
    at: float
    hertz: float
    done: bool


@dataclass(slots=True)
class Score:
    """One cue, over any number of clips.

    Attributes:
        done: How often it was done.
        hit: How often that was found.
        wrong: How often it was found where nothing like it was done.
        late: Of every hit, seconds from the true onset to the found one.
    """

    done: int = 0
    hit: int = 0
    wrong: int = 0
    late: list[float] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Count another clip's in."""
        self.done += other.done
        self.hit += other.hit
        self.wrong += other.wrong
        self.late += other.late

    @property
    def recall(self) -> float:
        """The share found of what was done."""
        return self.hit / self.done if self.done else float("nan")

    @property
    def precision(self) -> float:
        """The share done of what was found."""
        return self.hit / (self.hit + self.wrong) if self.hit + self.wrong else float("nan")

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.hit / (self.done + self.hit + self.wrong) if self.done else float("nan")

    def onset(self, percentile: float) -> float:
        """How far off the onset is, in seconds, at a percentile of the hits."""
        return float(np.percentile(np.abs(self.late), percentile)) if self.late else float("nan")


def find(clip: Path, models: Models) -> tuple[list[Found], float]:
    """Stream a file through the engine in segments.

    Returns:
        All cues, each once; and how many seconds the clip is long.
    """
    session = AnalysisSession(models)
    raw: list[Found] = []
    seconds = 0.0
    try:
        for segment in segments(clip, SECONDS_PER_SEGMENT):
            analysis = session.feed(segment.data)
            raw += [Found(cue.name, cue.start, cue.end) for cue in analysis.cues]
            seconds = analysis.end
    finally:
        session.close()
    found: list[Found] = []
    for cue in sorted(raw, key=lambda each: (each.cue, each.start)):
        last = found[-1] if found else None
        if last and last.cue == cue.cue and cue.start <= last.end + SAME:
            found[-1] = Found(cue.cue, last.start, max(last.end, cue.end))
        else:
            found.append(cue)
    return found, seconds


def score(cue: str, done: Iterable[Done], found: Iterable[Found], slack: float = SLACK) -> tuple[Score, list[Missed]]:
    """Compare one cue's. A thing done counts once however many pieces it is found in.

    What is found no further than ``slack`` seconds from what was done belongs to it.
    """
    own = [one for one in done if one.cue == cue]
    pieces = [one for one in found if one.cue == cue]
    result, missed = Score(done=len(own)), []
    used: set[int] = set()
    for one in own:
        near = [
            at for at, piece in enumerate(pieces) if piece.start < one.end + slack and one.start - slack < piece.end
        ]
        if near:
            result.hit += 1
            result.late.append(min(pieces[at].start for at in near) - one.onset)
            used.update(near)
        else:
            missed.append(Missed(cue, one.start, one.hertz, done=True))
    for at, piece in enumerate(pieces):
        if at not in used:
            result.wrong += 1
            missed.append(Missed(cue, piece.start, 0.0, done=False))
    return result, missed
