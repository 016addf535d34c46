"""What a cue is by the company it keeps: the same face means another thing in distress, and while somebody speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.cues.cue import ramp
from interhuman_stream.analysis.cues.mimic import EXPRESSIONS
from interhuman_stream.analysis.cues.norms import DISTRESS, OUTLASTS, SCOWL, STRESS
from interhuman_stream.analysis.cues.speaking import SPEAKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from interhuman_stream.findings import Cue

SMILE: Final = EXPRESSIONS[0].name
# The share of a cue that lies in what changes its meaning.
MOST: Final = 0.5


def in_company(seen: Sequence[Cue]) -> Iterator[Cue]:
    """Yield what was seen, as it is to be read beside all else that was.

    Corners of the mouth that distress draws up are no smile; a short scowl of who speaks stresses what is said.
    """
    distress = [cue for cue in seen if cue.name == DISTRESS.name]
    speech = [cue for cue in seen if cue.name == SPEAKS.name]
    for cue in seen:
        if cue.name == SMILE and _shared(cue, distress) > MOST:
            continue
        if cue.name == SCOWL.name and _shared(cue, speech) > MOST:
            yield replace(cue, strength=cue.strength * ramp(cue.end - cue.start, STRESS, OUTLASTS))
            continue
        yield cue


def _shared(cue: Cue, others: Iterable[Cue]) -> float:
    """The share of a cue that lies in others, which do not overlap."""
    inside = sum(max(0.0, min(each.end, cue.end) - max(each.start, cue.start)) for each in others)
    return inside / max(cue.end - cue.start, 1e-6)
