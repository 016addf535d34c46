"""What is usual for this person: robust running levels that every cue is measured against."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis.perception.face_model import BLENDSHAPES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import FaceTrack, VoiceTrack

# About the last two minutes of face (10 a second) and of voiced speech (62 a second).
FACE_MEMORY = 1200
VOICE_MEMORY = 4000
# Warm: enough of the person to say what is usual. Before it, the face leans on what is usual for people
# (a neutral face: no expression, facing the camera) and nothing is said about pitch and loudness at all.
WARM_FACE = 50
WARM_VOICE = 300
# Consistent with a normal distribution's standard deviation (Rousseeuw & Croux 1993).
MAD_TO_DEVIATION = 1.4826
LEAST_SPEECH = 0.35


@dataclass(frozen=True, slots=True)
class Level:
    """A median and a robust standard deviation."""

    median: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual for the person so far.

    Attributes:
        pose: Median pitch, yaw and roll of the head, degrees.
        gaze: Median gaze up and sideways, degrees.
        shapes: Median of the 52 blendshapes.
        brow: Median height of the brows, in eye distances; None until warm.
        aperture: Median openness of the eyes; None until warm.
        width: Median width of the face, in pixels; None until warm.
        pitch: Of the voice, semitones over 55 Hz; None until warm.
        loudness: Of speech, dB; None until warm.
        sharpness: Of the voice, dB; None until warm.
    """

    pose: NDArray[np.float64]
    gaze: NDArray[np.float64]
    shapes: NDArray[np.float64]
    brow: float | None
    aperture: float | None
    width: float | None
    pitch: Level | None
    loudness: Level | None
    sharpness: Level | None


class BaselineMemory:
    """Remembers a person's recent frames, a bounded number of them."""

    def __init__(self) -> None:
        self._face: deque[NDArray[np.float64]] = deque(maxlen=FACE_MEMORY)
        self._voice: deque[tuple[float, float, float]] = deque(maxlen=VOICE_MEMORY)

    def add_face(self, face: FaceTrack) -> None:
        """Remember new pictures."""
        rows = np.column_stack((face.pose, face.gaze, face.shapes, face.brow, face.aperture, face.width))
        self._face.extend(rows[face.present])

    def add_voice(self, voice: VoiceTrack) -> None:
        """Remember new voiced frames."""
        voiced = ~np.isnan(voice.pitch) & (voice.speech >= LEAST_SPEECH)
        values = (voice.pitch, voice.loudness, voice.sharpness)
        self._voice.extend(zip(*(each[voiced].tolist() for each in values), strict=True))

    def baseline(self) -> Baseline:
        """What is usual by now."""
        usual = np.zeros(8 + len(BLENDSHAPES))
        brow = aperture = width = None
        if self._face:
            seen = np.median(np.array(self._face), axis=0)
            share = min(1.0, len(self._face) / WARM_FACE)
            usual = share * seen + (1 - share) * usual
            if share == 1:
                brow, aperture, width = seen[-3:].tolist()
        pitch = loudness = sharpness = None
        if len(self._voice) >= WARM_VOICE:
            pitch, loudness, sharpness = (_level(column) for column in np.array(self._voice).T)
        return Baseline(usual[:3], usual[3:5], usual[5:-3], brow, aperture, width, pitch, loudness, sharpness)


def _level(values: NDArray[np.float64]) -> Level:
    median = float(np.median(values))
    return Level(median, float(np.median(np.abs(values - median))) * MAD_TO_DEVIATION)
