"""How good the picture and the sound were: a cue seen or heard badly counts less, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.cues.cue import ramp
from interhuman_stream.analysis.cues.kind import Lane

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import FaceTrack, Tracks, VoiceTrack
    from interhuman_stream.findings import Cue

# Below this a cue is left out.
LEAST_QUALITY = 0.3
# Face width in pixels. The head's pose holds on faces down to 40 pixels; brows, lids and lips need more.
HEAD_LOST, HEAD_FINE = 30.0, 45.0
FEATURES_LOST, FEATURES_FINE = 42.0, 80.0
FACE_WIDTHS = {Lane.HEAD: (HEAD_LOST, HEAD_FINE), Lane.FACE: (FEATURES_LOST, FEATURES_FINE)}
# Share of the face that is inside the picture: of one cut in half the model guesses the rest.
CUT, WHOLE = 0.65, 0.85
# Fine structure of the face (perception.detail). None of 46 clips of people and drawn ones is below 0.4 at its median,
# down to faces of 40 pixels; ten that were blurred by a 25th of the face's width, and show scowls that are none, are
# below 0.28.
BLURRED, SHARP = 0.22, 0.42
# How much eyes and mouth stand out (FaceTrack.shown). In 46 clips of people and drawn ones it is above 0.32 in 19 of 20
# pictures; with half of the face under black, the skin's colour or a smooth piece of it 0.16 at most (medians).
HIDDEN, SHOWN = 0.15, 0.3
# Mean brightness of the face, 0 to 255.
TOO_DARK, DARK, BRIGHT, TOO_BRIGHT = 10.0, 32.0, 225.0, 248.0
# Speech over the noise floor, dB; share of frames cut off at full scale.
NOISY, CLEAR = 4.0, 12.0
CLIPPED, OVERDRIVEN = 0.05, 0.3
NOISE_FLOOR, SPEECH_LEVEL = 5, 50  # percentiles of loudness
LEAST_SPEECH = 0.5
# Seconds before and after a cue whose sound says how good the line is (there is a pause between words in them), and
# whose pictures say whether something lies over the face.
AROUND = 2.0


def judged(cues: Iterable[Cue], tracks: Tracks, lanes: Mapping[str, Lane]) -> Iterator[Cue]:
    """Weigh each cue by how well its lane was perceived, and leave out those not seen or heard well enough."""
    for cue in cues:
        lane = lanes[cue.name]
        quality = 1.0  # what was recognised brings its own probability, and a pause is heard in spite of a bad line
        if lane in FACE_WIDTHS and tracks.face:
            quality = _picture(tracks.face, cue, *FACE_WIDTHS[lane])
        elif lane is Lane.VOICE and tracks.voice:
            quality = clearness(tracks.voice, cue.start, cue.end)
        if quality >= LEAST_QUALITY:
            yield replace(cue, quality=cue.quality * quality)


def _picture(face: FaceTrack, cue: Cue, lost: float, fine: float) -> float:
    inside = (face.time >= cue.start) & (face.time <= cue.end) & face.present
    if not inside.any():
        return 1.0  # that nobody is there is seen well enough
    width, light = float(np.median(face.width[inside])), float(np.median(face.light[inside]))
    whole, detail = float(np.median(face.inside[inside])), float(np.median(face.detail[inside]))
    around = (face.time >= cue.start - AROUND) & (face.time <= cue.end + AROUND) & face.present
    shown = float(np.median(face.shown[around]))  # half a face that is guessed seems to turn now and then
    return (
        ramp(whole, CUT, WHOLE)
        * ramp(detail, BLURRED, SHARP)
        * ramp(shown, HIDDEN, SHOWN)
        * ramp(width, lost, fine)
        * ramp(light, TOO_DARK, DARK)
        * ramp(-light, -TOO_BRIGHT, -BRIGHT)
    )


def clearness(voice: VoiceTrack, start: float, end: float) -> float:
    """How clearly a voice was heard, 0 to 1: its level over the noise between words, and how much was cut off."""
    around = (voice.time >= start - AROUND) & (voice.time <= end + AROUND)
    speech = around & (voice.speech >= LEAST_SPEECH)
    if not speech.any():
        return 1.0
    level = _percentile(voice.loudness[speech], SPEECH_LEVEL)
    floor = _percentile(voice.loudness[around], NOISE_FLOOR)
    share = float(voice.clipped[speech].mean())
    return ramp(level - floor, NOISY, CLEAR) * ramp(-share, -OVERDRIVEN, -CLIPPED)


def _percentile(values: NDArray[np.float64], share: float) -> float:
    """The value below which ``share`` percent lie; numpy's own, which interpolates, takes ten times as long."""
    at = int(share / 100 * (len(values) - 1))
    return float(np.partition(values, at)[at])
