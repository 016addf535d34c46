"""The cues: plain functions from tracks to what a person did, one module a family, each cue declared where found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.cues import eyes, head, mimic, norms, pauses, prosody, speaking, wording
from interhuman_stream.analysis.cues.company import in_company
from interhuman_stream.analysis.cues.conditions import judged
from interhuman_stream.analysis.cues.frozen import frozen, moving, outside
from interhuman_stream.analysis.cues.speaking import attributed, listen, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.analysis.cues.speaking import Voices
    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import Span, Tracks
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

    What was not seen or heard well enough is left out, what somebody else said, and a picture that stood still.

    Args:
        tracks: What was perceived.
        baseline: What is usual for the person.
        voices: Whose voice is heard in them, as ``listen`` tells.
    """
    mine = own(tracks, voices)
    spoke = list(speaking.speaking_cues(tracks, voices))
    still = frozen(tracks.face) if tracks.face else []
    live, mine_live = (_moving(each, still) for each in (tracks, mine))
    seen = [*spoke, *head.head_cues(mine_live, baseline, spoke)]
    seen += [cue for family in SEEN for cue in family(live, baseline)]
    seen = list(outside(seen, still))
    said = [each for family in HEARD for cue in family(mine, baseline) for each in attributed(cue, voices)]
    return sorted(judged((*in_company(seen), *said), tracks, LANES), key=lambda cue: (cue.start, cue.name))


def _moving(tracks: Tracks, still: Sequence[Span]) -> Tracks:
    return replace(tracks, face=moving(tracks.face, still)) if tracks.face and still else tracks
