"""What the face does: smiles, brows raised, lowered or uneven, lips pressed, mouth shrugged, yawns.

Every expression is measured against the person's own usual face: blendshapes of different people rest at different
levels (`mouthSmile` reads 0.5 and more on some faces at rest, or crying).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.cue import head_level, ramp
from interhuman_stream.analysis.cues.kind import CueKind, Lane
from interhuman_stream.analysis.cues.lasting import SAMPLE, lasting
from interhuman_stream.analysis.perception.tracks import INDEX, joined, spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import FaceTrack, Tracks
    from interhuman_stream.findings import Cue


@dataclass(frozen=True, slots=True)
class Expression:
    """How one expression shows.

    Attributes:
        name: Of the cue.
        phrase: What it looks like.
        shapes: The blendshapes whose mean carries it (action unit in brackets in ``unit``).
        unit: The action unit of the Facial Action Coding System (Ekman & Friesen 1978).
        rise: Least rise of that mean over the person's usual level.
        clear: Rise at which it is plain.
        floor: Least level of the mean itself.
        shortest: Seconds it must last.
        always: Level that counts where the usual one is over it as well: who smiles all the time has a smile for usual,
            and smiles. Only there: a face in too much light, or in a compressed picture, reads as high now and then.
    """

    name: str
    phrase: str
    shapes: tuple[str, ...]
    unit: str
    rise: float
    clear: float
    floor: float
    shortest: float
    always: float = math.inf

    @property
    def kind(self) -> CueKind:
        """The cue it is."""
        return CueKind(
            self.name,
            Lane.FACE,
            f"mean of {', '.join(self.shapes)} at least {self.rise} over the person's usual and {self.floor} in all, "
            f"for {self.shortest} s{f', or {self.always} where that is usual' * math.isfinite(self.always)}",
            f"{self.unit} (Ekman & Friesen 1978)",
        )


EXPRESSIONS = (
    Expression("smile", "smiled", ("mouthSmileLeft", "mouthSmileRight"), "AU12", 0.22, 0.55, 0.35, 0.4, 0.4),
    Expression(
        "brow_raise",
        "raised the brows",
        ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
        "AU1+2",
        0.18,
        0.5,
        0.25,
        0.3,
    ),
    Expression("lip_press", "pressed the lips", ("mouthPressLeft", "mouthPressRight"), "AU24", 0.2, 0.5, 0.25, 0.5),
    Expression(
        "mouth_shrug", "shrugged the mouth", ("mouthShrugLower", "mouthShrugUpper"), "AU17", 0.22, 0.5, 0.3, 0.5
    ),
)
# A chin that goes down draws `mouthSmile` up with it: 0.2 at 10°, 0.5 at 14°, without a smile.
CHIN_DOWN = 9.0
LASTING = 0.33  # what is usual counts as so much of a rise: a smile that lasts less than one that is an answer
# `mouthSmile` rises on crying and anger as well: there the brows come down further than the smile goes.
OVER_BROWS = 0.2
# `browDown` hardly moves on many faces (0.01 to 0.09 on a plain frown), so a frown is read from the landmarks: brows
# this share lower than usual (AU4). Closing the eyes takes them down 8 %, nodding 7 %; a frown, 15 %.
LOW_BROW, CLEAR_LOW_BROW = 0.095, 0.18
SHORTEST_LOW_BROW = 0.5
# Where both the landmarks and the blendshapes have moved, less of each will do.
LOW_BROW_SHOWN, BROW_DOWN_RISE = 0.06, 0.15
HIGH_BROW_SHOWN, BROW_UP_RISE = 0.18, 0.15
BROW_DOWN = ("browDownLeft", "browDownRight")
OPEN_EYES = 0.45
# A yawn opens the mouth wide for 4 to 7 s (Provine 1986); speech opens it wide for a syllable.
YAWN, SHORTEST_YAWN, LONGEST_YAWN = 0.55, 1.5, 9.0
MOST_SPEECH = 0.3
ONE_BROW, CLEAR_ONE_BROW = 0.2, 0.45
SHORTEST_ONE_BROW = 0.4
# A head turned this far hides one side of the face: what shows there is guessed by the model.
FRONTAL_YAW = 22.0


BROW_LOWER: Final = CueKind(
    "brow_lower",
    Lane.FACE,
    f"inner brows {LOW_BROW:.1%} or more lower over the eyes than usual for {SHORTEST_LOW_BROW} s "
    f"({LOW_BROW_SHOWN:.0%} where `browDown` shows it too), "
    "eyes open, head level",
    "AU4 (Ekman & Friesen 1978)",
)
UNEVEN_BROWS: Final = CueKind(
    "one_brow",
    Lane.FACE,
    f"brows uneven by {ONE_BROW} more than usual",
    "AU2 on one side; Poggi 2007",
)
YAWNING: Final = CueKind(
    "yawn",
    Lane.FACE,
    f"mouth wide open for {SHORTEST_YAWN} s or longer, without speech",
    "Provine 1986",
)
KINDS: Final = (*(each.kind for each in EXPRESSIONS), BROW_LOWER, UNEVEN_BROWS, YAWNING)


def mimic_cues(tracks: Tracks, baseline: Baseline) -> Iterator[Cue]:
    """Find the expressions of ``EXPRESSIONS``, lowered brows and a brow raised on one side."""
    face = tracks.face
    if face is None or not face.present.any():
        return
    frontal = np.abs(face.pose[:, 1]) < FRONTAL_YAW
    for expression in EXPRESSIONS:
        level = face.shape(*expression.shapes)
        usual = float(baseline.shapes[[INDEX[name] for name in expression.shapes]].mean())
        rise = level - usual
        if usual > expression.always:
            rise = np.where(level > expression.always, np.maximum(rise, LASTING), rise)
        shown = (rise > expression.rise) & (level > expression.floor) & frontal
        if expression.name == "smile":
            shown &= _smiles(face) & (face.pose[:, 0] - baseline.pose[0] > -CHIN_DOWN)
        if expression.name == "brow_raise" and baseline.brow:
            higher = face.brow / baseline.brow - 1
            shown |= (rise > BROW_UP_RISE) & (higher > HIGH_BROW_SHOWN) & head_level(face, baseline) & frontal
        strong = (expression.rise * 0.5, expression.clear)
        yield from lasting(expression.kind, expression.phrase, face.time, rise, shown, expression.shortest, strong)
    if baseline.brow:
        lower = 1 - face.brow / baseline.brow
        down = face.shape(*BROW_DOWN) - float(baseline.shapes[[INDEX[name] for name in BROW_DOWN]].mean())
        lowered = (lower > LOW_BROW) | ((lower > LOW_BROW_SHOWN) & (down > BROW_DOWN_RISE))
        open_eyes = face.shape("eyeBlinkLeft", "eyeBlinkRight") < OPEN_EYES
        shown = lowered & frontal & head_level(face, baseline) & open_eyes
        strong = (LOW_BROW * 0.5, CLEAR_LOW_BROW)
        # A blink inside a frown is no gap in it, and closes the eyes for longer than they are shut.
        yield from lasting(
            BROW_LOWER, "lowered the brows", face.time, lower, shown, SHORTEST_LOW_BROW, strong, gap=0.45
        )
    yield from _yawns(face, tracks)
    uneven = np.abs(face.shape("browOuterUpLeft") - face.shape("browOuterUpRight"))
    usual = abs(float(baseline.shapes[INDEX["browOuterUpLeft"]] - baseline.shapes[INDEX["browOuterUpRight"]]))
    more = uneven - usual
    strong = (ONE_BROW * 0.5, CLEAR_ONE_BROW)
    yield from lasting(
        UNEVEN_BROWS, "raised one brow", face.time, more, (more > ONE_BROW) & frontal, SHORTEST_ONE_BROW, strong
    )


def _smiles(face: FaceTrack) -> NDArray[np.bool_]:
    """Where a smile would be one, and not crying or baring the teeth, n."""
    return np.asarray(face.shape("mouthSmileLeft", "mouthSmileRight") - face.shape(*BROW_DOWN) > OVER_BROWS)


def _yawns(face: FaceTrack, tracks: Tracks) -> Iterator[Cue]:
    for span in joined(spans(face.shape("jawOpen") > YAWN, face.time, SAMPLE), 0.25, SHORTEST_YAWN):
        spoken = sum(max(0.0, min(each.end, span.end) - max(each.start, span.start)) for each in tracks.speech)
        if span.length <= LONGEST_YAWN and spoken < MOST_SPEECH * span.length:
            strength = ramp(span.length, SHORTEST_YAWN * 0.6, 4.0)
            yield YAWNING.found(span.start, span.end, strength, "yawned")
