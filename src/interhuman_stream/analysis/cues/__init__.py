"""The cues: plain functions from tracks to what a person did, one module a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interhuman_stream.analysis.cues.conditions import judged
from interhuman_stream.analysis.cues.eyes import eye_cues
from interhuman_stream.analysis.cues.head import head_cues
from interhuman_stream.analysis.cues.mimic import mimic_cues
from interhuman_stream.analysis.cues.pauses import pause_cues
from interhuman_stream.analysis.cues.prosody import prosody_cues
from interhuman_stream.analysis.cues.wording import wording_cues
from interhuman_stream.findings import Cue

if TYPE_CHECKING:
    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import Tracks

__all__ = ["Cue", "find_cues"]

FAMILIES = (head_cues, eye_cues, mimic_cues, pause_cues, prosody_cues, wording_cues)


def find_cues(tracks: Tracks, baseline: Baseline) -> list[Cue]:
    """Everything the person did in the time of the tracks, in order of time.

    What was not seen or heard well enough is left out.
    """
    found = [cue for family in FAMILIES for cue in family(tracks, baseline)]
    return sorted(judged(found, tracks), key=lambda cue: (cue.start, cue.name))
