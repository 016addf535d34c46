"""What a face shows whatever is usual for it: a scowl, distress, lips held tight, a doubtful pout.

Who scowls all the time has a scowl for usual, and scowls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.kind import CueKind, Lane
from interhuman_stream.analysis.cues.lasting import lasting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import FaceTrack, Tracks
    from interhuman_stream.findings import Cue

# Height of the inner brows over the eyes, in eye distances: .20 to .35 on faces at rest and in talk.
LOW_BROWS, LOWEST_BROWS = 0.18, 0.16
# A head far down, or turned far, brings the brows nearer to the eyes in the picture.
MOST_PITCH, MOST_TURN = 35.0, 40.0
# Less low, and `browDown`: brows that are drawn.
DRAWN, DRAWN_DOWN = 0.2, 0.4
# Openness of the eyes: .25 to .35, in talk and smiles; .1 is all but shut.
SQUEEZED: Final = 0.17
STRETCHED: Final = 0.35
SHORTEST: Final = 0.5
# Speakers lower their brows to stress a word or a few (Ekman 1979): what is said in one breath takes one or two seconds
# (Chafe 1994). A scowl that outlasts it is less and less a stress.
STRESS, OUTLASTS = 0.5, 2.0
# `mouthRoll` of both lips, or `mouthPress`.
TIGHT, CLEARLY_TIGHT = 0.35, 0.7
RAISED, POUTED = 0.55, 0.3
# `mouthUpperUp` in talk: .0 to .15 at its median. A smile (`mouthSmile`) bares the teeth as well, and means something
# else.
BARED, WIDELY_BARED, SMILING = 0.15, 0.5, 0.4
SHORTEST_BARED: Final = 0.3
# A jaw that moves less than this in a second before and after does not speak or sing.
STILL_JAW = 0.1

SCOWL: Final = CueKind(
    "scowl",
    Lane.FACE,
    f"inner brows within {LOW_BROWS} eye distances of the eyes, for {SHORTEST} s, whatever is usual; of who speaks, "
    f"fully from {OUTLASTS} s on, since shorter ones stress words (Ekman 1979)",
    "AU4 (Ekman & Friesen 1978)",
)
DISTRESS: Final = CueKind(
    "distress",
    Lane.FACE,
    f"brows drawn (a scowl, or within {DRAWN} with `browDown` {DRAWN_DOWN}), the eyes squeezed (openness below "
    f"{SQUEEZED}), the mouth stretched (`mouthSmile` or `mouthStretch` over {STRETCHED}), for {SHORTEST} s",
    "AU4+6/7 with AU12 or AU20, as in pain (Prkachin 1992)",
)
TIGHT_LIPS: Final = CueKind(
    "tight_lips",
    Lane.FACE,
    f"both lips rolled in or pressed by {TIGHT} or more, for {SHORTEST} s, whatever is usual",
    "AU24, AU28 (Ekman & Friesen 1978)",
)
POUT: Final = CueKind(
    "doubtful_pout",
    Lane.FACE,
    f"brows raised ({RAISED}) and lips pushed out ({POUTED}) over a still jaw, for {SHORTEST} s",
    "AU1+2+18 (Ekman & Friesen 1978); as in a shrug (Debras 2017)",
)
BARED_TEETH: Final = CueKind(
    "bared_teeth",
    Lane.FACE,
    f"the upper lip raised (`mouthUpperUp` over {BARED}) under drawn brows (within {DRAWN} with `browDown` "
    f"{DRAWN_DOWN}) without a smile (below {SMILING}), for {SHORTEST_BARED} s, with breaks of 0.5 s, as in speech",
    "AU4+10+25, as in anger (Ekman & Friesen 1975, 1978)",
)
KINDS: Final = (SCOWL, DISTRESS, TIGHT_LIPS, POUT, BARED_TEETH)


def norm_cues(tracks: Tracks, baseline: Baseline) -> Iterator[Cue]:
    """Find what a face shows whatever is usual for it."""
    del baseline
    face = tracks.face
    if face is None or not face.present.any():
        return
    frontal = (np.abs(face.pose[:, 1]) < MOST_TURN) & (np.abs(face.pose[:, 0]) < MOST_PITCH)
    scowls = (face.brow < LOW_BROWS) & frontal
    low, strong = -face.brow, (-DRAWN, -LOWEST_BROWS)
    yield from lasting(SCOWL, "scowled", face.time, low, scowls, SHORTEST, strong, gap=0.5)
    smile, down = face.shape("mouthSmileLeft", "mouthSmileRight"), face.shape("browDownLeft", "browDownRight")
    stretched = np.maximum(smile, face.shape("mouthStretchLeft", "mouthStretchRight")) > STRETCHED
    drawn = (face.brow < DRAWN) & (down > DRAWN_DOWN)
    wept = (scowls | drawn) & frontal & (face.aperture < SQUEEZED) & stretched
    yield from lasting(
        DISTRESS, "grimaced as in distress", face.time, -face.aperture, wept, SHORTEST, (-0.2, -0.12), gap=0.5
    )
    lip = face.shape("mouthUpperUpLeft", "mouthUpperUpRight")
    bared, strong = (lip > BARED) & drawn & (smile < SMILING) & frontal, (0.0, WIDELY_BARED)
    yield from lasting(BARED_TEETH, "bared the teeth", face.time, lip, bared, SHORTEST_BARED, strong, gap=0.5)
    yield from _mouth(face, frontal)


def _mouth(face: FaceTrack, frontal: NDArray[np.bool_]) -> Iterator[Cue]:
    rolled = np.minimum(face.shape("mouthRollLower"), face.shape("mouthRollUpper"))
    tight = np.maximum(rolled, face.shape("mouthPressLeft", "mouthPressRight"))
    strong = (TIGHT * 0.6, CLEARLY_TIGHT)
    yield from lasting(TIGHT_LIPS, "held the lips tight", face.time, tight, (tight > TIGHT) & frontal, SHORTEST, strong)
    raised = np.minimum(face.shape("browInnerUp"), face.shape("browOuterUpLeft", "browOuterUpRight"))
    pout = (raised > RAISED) & (face.shape("mouthPucker") > POUTED) & frontal
    if pout.any():
        pout &= _still(face)
    yield from lasting(
        POUT, "raised the brows and pushed out the lips", face.time, raised, pout, SHORTEST, (RAISED * 0.6, 0.9)
    )


def _still(face: FaceTrack) -> NDArray[np.bool_]:
    """Where the jaw is still, n."""
    jaw = face.shape("jawOpen")
    first, last = np.searchsorted(face.time, face.time - 1), np.searchsorted(face.time, face.time + 1, "right")
    return np.array([np.ptp(jaw[a:b]) < STILL_JAW for a, b in zip(first, last, strict=True)], np.bool_)
