"""The cues: plain functions from tracks to what a person did, one module a family, each cue declared where found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.cues import eyes, head, mimic, pauses, prosody, wording
from interhuman_stream.analysis.cues.conditions import judged

if TYPE_CHECKING:
    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import Tracks
    from interhuman_stream.findings import Cue

__all__ = ["KINDS", "find_cues"]

KINDS: Final = (*head.KINDS, *eyes.KINDS, *mimic.KINDS, *pauses.KINDS, *prosody.KINDS, *wording.KINDS)
"""Every cue there is."""
FAMILIES: Final = (
    head.head_cues,
    eyes.eye_cues,
    mimic.mimic_cues,
    pauses.pause_cues,
    prosody.prosody_cues,
    wording.wording_cues,
)
LANES: Final = {kind.name: kind.lane for kind in KINDS}


def find_cues(tracks: Tracks, baseline: Baseline) -> list[Cue]:
    """Everything the person did in the time of the tracks, in order of time.

    What was not seen or heard well enough is left out.
    """
    found = [cue for family in FAMILIES for cue in family(tracks, baseline)]
    return sorted(judged(found, tracks, LANES), key=lambda cue: (cue.start, cue.name))
