"""What is usual for this person: robust running levels that every cue is measured against."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from interhuman_stream.analysis.perception.face_model import BLENDSHAPES

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import FaceTrack, VoiceTrack

    Memory: TypeAlias = deque[tuple[NDArray[np.float64], NDArray[np.float64]]]

# About the last two minutes of face (10 a second) and of voiced speech (62 a second).
FACE_MEMORY: Final = 1200
VOICE_MEMORY: Final = 4000
# What may still be asked for: the baseline of a moment some seconds ago.
ASKED_BACK: Final = 20.0
# Warm: enough of the person to say what is usual. Before it, what is usual for people counts for the rest: of five
# seconds' pictures and of as much voice.
WARM_FACE: Final = 50
WARM_VOICE: Final = 300
WARM_UP: Final = 5.0
"""Seconds of a session whose own content says what is usual in them: of somebody nobody has seen before."""
# Of a level that differs from one person to the next by more than what is looked for, nothing is said before this many
# frames of the person's own are known: a second of pictures, a third of a second of voice.
LEAST_FACE: Final = 10
LEAST_VOICE: Final = 20
# Consistent with a normal distribution's standard deviation (Rousseeuw & Croux 1993).
MAD_TO_DEVIATION: Final = 1.4826
LEAST_SPEECH: Final = 0.35


@dataclass(frozen=True, slots=True)
class Level:
    """A median and a robust standard deviation."""

    median: float
    deviation: float


# How much one speaker's voice varies, the median of 16 recordings of talk: semitones, dB, dB.
PITCH_DEVIATION: Final = 3.2
LOUDNESS_DEVIATION: Final = 4.6
SHARPNESS_DEVIATION: Final = 7.2


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual for the person so far.

    Attributes:
        pose: Median pitch, yaw and roll of the head, degrees.
        gaze: Median gaze up and sideways, degrees.
        shapes: Median of the 52 blendshapes.
        brow: Median height of the brows, in eye distances; None before any is known.
        aperture: Median openness of the eyes; None likewise.
        width: Median width of the face, in pixels; None likewise.
        pitch: Of the voice, semitones over 55 Hz; None likewise.
        loudness: Of speech, dB; None likewise.
        sharpness: Of the voice, dB; None likewise.
        change: Median spectral change of the voice; None likewise.
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
    change: float | None = None


class BaselineMemory:
    """Remembers a person's recent frames, a bounded number of them."""

    def __init__(self) -> None:
        self._face: Memory = deque()  # times, and rows of values
        self._voice: Memory = deque()
        self._known: tuple[float, Baseline] | None = None

    def add_face(self, face: FaceTrack) -> None:
        """Remember new pictures."""
        rows = np.column_stack((face.pose, face.gaze, face.shapes, face.brow, face.aperture, face.width))
        self._add(self._face, face.time[face.present], rows[face.present], FACE_MEMORY)

    def add_voice(self, voice: VoiceTrack) -> None:
        """Remember new voiced frames."""
        voiced = ~np.isnan(voice.pitch) & (voice.speech >= LEAST_SPEECH)
        rows = np.column_stack((voice.pitch, voice.loudness, voice.sharpness, voice.change))
        self._add(self._voice, voice.time[voiced], rows[voiced], VOICE_MEMORY)

    def baseline(self, at: float = np.inf) -> Baseline:
        """What was usual by ``at`` seconds, whatever has been remembered since."""
        if self._known is None or self._known[0] != at:
            self._known = at, self._baseline(at)
        return self._known[1]

    def _add(self, memory: Memory, time: NDArray[np.float64], rows: NDArray[np.float64], most: int) -> None:
        if not len(time):
            return
        _remember(memory, time, rows, most)
        if self._known and time[0] < self._known[0]:
            self._known = None

    def _baseline(self, at: float) -> Baseline:
        face, voice = _recent(self._face, at, FACE_MEMORY), _recent(self._voice, at, VOICE_MEMORY)
        usual = np.zeros(5 + len(BLENDSHAPES))
        brow = aperture = width = None
        if len(face):
            seen = np.median(face, axis=0)
            share = min(1.0, len(face) / WARM_FACE)
            usual = share * seen[:-3]  # a face at rest that looks into the camera: no expression, no angle
            if len(face) >= LEAST_FACE:
                brow, aperture, width = seen[-3:].tolist()
        pitch = loudness = sharpness = change = None
        if len(voice) >= LEAST_VOICE:
            pitch = _level(voice[:, 0], PITCH_DEVIATION)
            loudness = _level(voice[:, 1], LOUDNESS_DEVIATION)
            sharpness = _level(voice[:, 2], SHARPNESS_DEVIATION)
            change = float(np.median(voice[:, 3]))
        return Baseline(usual[:3], usual[3:5], usual[5:], brow, aperture, width, pitch, loudness, sharpness, change)


def _remember(
    memory: Memory,
    time: NDArray[np.float64],
    rows: NDArray[np.float64],
    most: int,
) -> None:
    memory.append((time, rows))
    # Beside the most recent, those are kept that were the most recent a while ago.
    count = sum(len(times) for times, _ in memory if times[-1] <= time[-1] - ASKED_BACK)
    while len(memory) > 1 and count - len(memory[0][0]) >= most:
        count -= len(memory.popleft()[0])


def _recent(memory: Memory, at: float, most: int) -> NDArray[np.float64]:
    """The last ``most`` rows before ``at`` seconds."""
    parts = [rows[times < at] for times, rows in memory]
    return np.concatenate(parts)[-most:] if parts else np.zeros((0, 0))


def _level(values: NDArray[np.float64], usual_deviation: float) -> Level:
    """The person's own level; of how much it varies, what is usual for people fills up what is not known yet."""
    median = float(np.median(values))
    own = float(np.median(np.abs(values - median))) * MAD_TO_DEVIATION
    share = min(1.0, len(values) / WARM_VOICE)
    return Level(median, share * own + (1 - share) * usual_deviation)
