"""What the eyes do: look at the camera or away from it, blink, stay closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.cues.cue import head_level, ramp
from interhuman_stream.analysis.cues.head import AWAY_PITCH, AWAY_YAW
from interhuman_stream.analysis.cues.kind import CueKind, Lane
from interhuman_stream.analysis.cues.lasting import SAMPLE, lasting
from interhuman_stream.analysis.perception.tracks import INDEX, joined, spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.baseline import Baseline
    from interhuman_stream.analysis.perception.tracks import FaceTrack, Tracks
    from interhuman_stream.findings import Cue

# Gaze from eyeLook blendshapes is good to some 8° at best; attention targets are 20 to 30° apart (Ba & Odobez 2009).
GAZE_ON, GAZE_AWAY, FAR_GAZE = 13.0, 17.0, 32.0
SHORTEST_GLANCE = 0.5
# Glances away while thinking last a second or two (Doherty-Sneddon & Phelps 2005); longer, somebody looks at something.
SHORTEST_ELSEWHERE, LONG_ELSEWHERE = 4.0, 6.0
# Whoever looks at a picture on a screen looks below its camera, or beside it: what is usual counts as the camera as far
# as here. Further off somebody looks away, however usual that is.
ASIDE, DOWN, UP = 15.0, 20.0, 12.0
TURNED = 28.0
SHORTEST_ATTENTION = 1.5
CLOSED, SURELY_CLOSED = 0.5, 0.7
# Closing that lasts 400 ms and more is no blink (Schleicher et al. 2008); at ten pictures a second 600 ms is sure.
SHORTEST_CLOSURE = 0.6
# Lids that meet leave little more than a tenth of the usual opening, also on faces whose `eyeBlink` stays below 0.6.
MEETING = 0.3
# Share by which the eyes are less open than usual (AU7). `eyeSquint` alone is excited by lowered brows (AU4) as well.
NARROW, CLEAR_NARROW = 0.25, 0.5
SHORTEST_NARROW = 0.6
BLINK_WINDOW = 5.0
LEAST_WATCHED = 0.8
# Blinks a minute: 15 to 20 at rest, 26 in conversation (Bentivoglio et al. 1997); well above it under strain.
MANY_BLINKS, VERY_MANY_BLINKS = 36.0, 60.0
LEAST_BLINK_RISE = 0.25


ATTENTION: Final = CueKind(
    "attention",
    Lane.FACE,
    f"gaze within {ASIDE:.0f}° of the camera to the side, {DOWN:.0f}° below and {UP:.0f}° above it, or within "
    f"{GAZE_ON}° of what is usual inside that; head turned by less than {TURNED:.0f}°; for {SHORTEST_ATTENTION} s; "
    "blinks do not end it",
    "Ba & Odobez 2009",
)
AVERTED: Final = CueKind(
    "gaze_away",
    Lane.FACE,
    f"gaze {GAZE_AWAY}° or more from usual for {SHORTEST_GLANCE} s, the head not turned away",
    "Ba & Odobez 2009",
)
EYES_CLOSED: Final = CueKind(
    "eyes_closed",
    Lane.FACE,
    f"lids closed for {SHORTEST_CLOSURE} s or longer",
    "Schleicher et al. 2008",
)
NARROWED_EYES: Final = CueKind(
    "narrowed_eyes",
    Lane.FACE,
    f"eyes {NARROW:.0%} less open than usual for {SHORTEST_NARROW} s, not looking down",
    "AU7; Lee & Anderson 2017",
)
ELSEWHERE: Final = CueKind(
    "looks_elsewhere",
    Lane.FACE,
    f"gaze {GAZE_AWAY}° or more from usual, for {SHORTEST_ELSEWHERE} s; blinks do not end it",
    "who listens looks at the other (Kendon 1967); who looks elsewhere for long does not (Nakano & Ishii 2010)",
)
FREQUENT_BLINKS: Final = CueKind(
    "frequent_blinks",
    Lane.FACE,
    f"more than {MANY_BLINKS:.0f} blinks a minute over {BLINK_WINDOW:.0f} s",
    "Bentivoglio et al. 1997; Haak et al. 2009",
)
KINDS: Final = (ATTENTION, AVERTED, ELSEWHERE, EYES_CLOSED, NARROWED_EYES, FREQUENT_BLINKS)


def eye_cues(tracks: Tracks, baseline: Baseline) -> Iterator[Cue]:
    """Find attention to the camera, averted gaze, closed and narrowed eyes, frequent blinking."""
    face = tracks.face
    if face is None or not face.present.any():
        return
    blink = face.shape("eyeBlinkLeft", "eyeBlinkRight")
    usual_blink = float(baseline.shapes[[INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]].mean())
    open_eyes = blink < CLOSED
    off = np.hypot(face.gaze[:, 0] - baseline.gaze[0], face.gaze[:, 1] - baseline.gaze[1])
    facing = (np.abs(face.pose[:, 1] - baseline.pose[1]) < AWAY_YAW) & (
        np.abs(face.pose[:, 0] - baseline.pose[0]) < AWAY_PITCH
    )
    away = (off > GAZE_AWAY) & open_eyes & facing
    yield from lasting(AVERTED, "looked away", face.time, off, away, SHORTEST_GLANCE, (GAZE_AWAY - 5, FAR_GAZE))
    blinking = blink >= CLOSED  # a blink is no loss of attention
    for span in joined(spans(away, face.time, SAMPLE), 0.5, SHORTEST_ELSEWHERE):
        strength = ramp(span.length, 0.0, LONG_ELSEWHERE)
        yield ELSEWHERE.found(span.start, span.end, strength, f"looked elsewhere for {span.length:.1f} s")
    toward = (_looks_here(face, baseline) | blinking) & (np.abs(face.pose[:, 1]) < TURNED) & ~away
    for span in joined(spans(toward, face.time, SAMPLE), 0.35, SHORTEST_ATTENTION):
        strength = 0.5 + 0.5 * ramp(span.length, SHORTEST_ATTENTION, 5.0)
        phrase = f"faced the camera and kept looking at it for {span.length:.1f} s"
        yield ATTENTION.found(span.start, span.end, strength, phrase)
    closed = (blink > CLOSED) & (blink > usual_blink + LEAST_BLINK_RISE) & facing
    for span in joined(spans(closed, face.time, SAMPLE), 0.15, SHORTEST_CLOSURE):
        inside = (face.time >= span.start) & (face.time <= span.end)
        # Looking down lowers the lids as well: only lids that meet count.
        meet = float(np.nanmedian(face.aperture[inside])) < MEETING * (baseline.aperture or 0.0)
        if float(np.nanmedian(blink[inside])) < (CLOSED + SURELY_CLOSED) / 2 and not meet:
            continue
        phrase = f"kept the eyes closed for {span.length:.1f} s"
        yield EYES_CLOSED.found(span.start, span.end, ramp(span.length, 0.3, 1.5), phrase)
    yield from _narrowed(face, blink, baseline)
    yield from _frequent_blinks(face, blink, usual_blink)


def _looks_here(face: FaceTrack, baseline: Baseline) -> NDArray[np.bool_]:
    """Where the eyes are on the camera, n: in degrees, and round what is usual where that is near it."""
    up, aside = face.gaze.T
    near = (np.abs(aside) < ASIDE) & (up > -DOWN) & (up < UP)
    centre_up, centre_aside = np.clip(baseline.gaze[0], -DOWN, UP), np.clip(baseline.gaze[1], -ASIDE, ASIDE)
    return np.asarray(near | (np.hypot(up - centre_up, aside - centre_aside) < GAZE_ON))


def _narrowed(face: FaceTrack, blink: NDArray[np.float64], baseline: Baseline) -> Iterator[Cue]:
    """Yield eyes held narrower than usual, open all the same, the head level: looking down lowers the lids as well."""
    if baseline.aperture is None:
        return
    narrow = 1 - face.aperture / baseline.aperture
    ahead = face.gaze[:, 0] - baseline.gaze[0] > -GAZE_ON
    shown = (narrow > NARROW) & (blink < CLOSED) & head_level(face, baseline) & ahead
    strong = (NARROW * 0.6, CLEAR_NARROW)
    yield from lasting(NARROWED_EYES, "narrowed the eyes", face.time, narrow, shown, SHORTEST_NARROW, strong)


def _frequent_blinks(face: FaceTrack, blink: NDArray[np.float64], usual: float) -> Iterator[Cue]:
    """Count blinks over windows of five seconds, one every second; windows that overlap are one cue."""
    shut = spans(blink - usual > LEAST_BLINK_RISE, face.time, SAMPLE)
    blinks_at = np.array([(each.start + each.end) / 2 for each in shut if each.length < SHORTEST_CLOSURE])
    found: list[Cue] = []
    for end in np.arange(np.ceil(face.time[0] + BLINK_WINDOW), face.time[-1] + 1.5 * SAMPLE):
        inside = (face.time > end - BLINK_WINDOW) & (face.time <= end)
        watched = float((inside & face.present).sum()) * SAMPLE
        if watched < LEAST_WATCHED * BLINK_WINDOW:
            continue
        blinks = int(((blinks_at > end - BLINK_WINDOW) & (blinks_at <= end)).sum())
        strength = ramp(blinks * 60 / watched, MANY_BLINKS, VERY_MANY_BLINKS)
        if strength <= 0:
            continue
        phrase = f"blinked {blinks} times in {watched:.0f} s"
        cue = FREQUENT_BLINKS.found(float(end) - BLINK_WINDOW, float(end), strength, phrase)
        if found and cue.start < found[-1].end:
            strongest = max(cue, found[-1], key=lambda each: each.strength)
            found[-1] = replace(strongest, start=found[-1].start, end=cue.end)
        else:
            found.append(cue)
    yield from found
