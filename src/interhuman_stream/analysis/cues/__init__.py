"""The cues: plain functions from tracks to what a person did, one module a family, each cue declared where found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.cues import eyes, head, mimic, norms, pauses, prosody, speaking, wording
from interhuman_stream.analysis.cues.company import in_company
from interhuman_stream.analysis.cues.conditions import judged
from interhuman_stream.analysis.cues.speaking import attributed, listen, own

if TYPE_CHECKING:
    from interhuman_stream.analysis.cues.speaking import Voices
    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import Tracks
    from interhuman_stream.findings import Cue

__all__ = ["KINDS", "find_cues", "listen"]

KINDS: Final = (
    *head.KINDS,
    *eyes.KINDS,
    *mimic.KINDS,
    *norms.KINDS,
    *speaking.KINDS,
    *pauses.KINDS,
    *prosody.KINDS,
    *wording.KINDS,
)
"""Every cue there is."""
SEEN: Final = (eyes.eye_cues, mimic.mimic_cues, norms.norm_cues)
HEARD: Final = (pauses.pause_cues, prosody.prosody_cues, wording.wording_cues)
LANES: Final = {kind.name: kind.lane for kind in KINDS}


def find_cues(tracks: Tracks, baseline: Baseline, voices: Voices | None) -> list[Cue]:
    """Everything the person did in the time of the tracks, in order of time.

    What was not seen or heard well enough is left out, and so is what somebody else said.

    Args:
        tracks: What was perceived.
        baseline: What is usual for the person.
        voices: Whose voice is heard in them, as ``listen`` tells.
    """
    mine = own(tracks, voices)
    spoke = list(speaking.speaking_cues(tracks, voices))
    seen = [*spoke, *head.head_cues(mine, baseline, spoke)]
    seen += [cue for family in SEEN for cue in family(tracks, baseline)]
    said = [each for family in HEARD for cue in family(mine, baseline) for each in attributed(cue, voices)]
    return sorted(judged((*in_company(seen), *said), tracks, LANES), key=lambda cue: (cue.start, cue.name))
