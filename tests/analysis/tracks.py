"""Tracks made by hand: a still, attentive face and a quiet voice, to be moved by each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from interhuman_stream.analysis import cues
from interhuman_stream.analysis.perception.baseline import Baseline, Level
from interhuman_stream.analysis.perception.face_model import BLENDSHAPES
from interhuman_stream.analysis.perception.tracks import INDEX, FaceTrack, Span, Tracks, VoiceTrack
from interhuman_stream.findings import Cue, Word

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEUTRAL = Baseline(
    np.zeros(3),
    np.zeros(2),
    np.zeros(len(BLENDSHAPES)),
    0.25,
    0.3,
    150.0,
    Level(12.0, 1.5),
    Level(-25.0, 3.0),
    Level(-10.0, 6.0),
    0.25,
)


def find_cues(track: Tracks, baseline: Baseline) -> list[Cue]:
    """What is found in tracks, whosever voice is heard in them."""
    return cues.find_cues(track, baseline, cues.listen(track))


def face(seconds: float = 5.0, rate: float = 10.0) -> FaceTrack:
    count = int(seconds * rate)
    rng = np.random.default_rng(0)
    pose = rng.normal(0, 0.3, (count, 3))
    pose[:, 2] += 1.2 * np.sin(2 * np.pi * 0.25 * np.arange(count) / rate)  # a living head is never quite still
    return FaceTrack(
        time=np.arange(count) / rate,
        pose=pose,
        gaze=rng.normal(0, 1.0, (count, 2)),
        shapes=np.full((count, len(BLENDSHAPES)), 0.02),
        brow=np.full(count, 0.25),
        aperture=np.full(count, 0.3),
        light=np.full(count, 120.0),
        detail=np.full(count, 0.6),
        shown=np.full(count, 0.6),
        width=np.full(count, 150.0),
        vacant=np.full(count, np.nan),
        box=np.tile((0.4, 0.3, 0.6, 0.7), (count, 1)),
    )


def show(track: FaceTrack, start: float, end: float, level: float, *names: str) -> None:
    inside = (track.time >= start) & (track.time < end)
    for name in names:
        track.shapes[inside, INDEX[name]] = level


def swing(track: FaceTrack, axis: int, start: float, end: float, hertz: float, degrees: float) -> None:
    inside = (track.time >= start) & (track.time < end)
    track.pose[inside, axis] += degrees / 2 * np.sin(2 * np.pi * hertz * (track.time[inside] - start))


def voice(seconds: float = 5.0) -> VoiceTrack:
    time: NDArray[np.float64] = np.asarray(np.arange(int(seconds / 0.016)) * 0.016 + 0.008, np.float64)
    return VoiceTrack(
        time=time,
        speech=np.zeros(len(time)),
        pitch=np.full(len(time), np.nan),
        loudness=np.full(len(time), -60.0),
        change=np.full(len(time), 0.25),
        sharpness=np.full(len(time), -10.0),
        clipped=np.zeros(len(time)),
    )


def speak(track: VoiceTrack, start: float, end: float, pitch: float | NDArray[np.float64] = 12.0) -> Span:
    inside = (track.time >= start) & (track.time < end)
    track.speech[inside] = 0.95
    wave = 1.5 * np.sin(2 * np.pi * 1.3 * track.time[inside])
    track.pitch[inside] = pitch + wave
    track.loudness[inside] = -25.0
    return Span(start, end)


def say(text: str, start: float = 0.0, each: float = 0.3) -> tuple[Word, ...]:
    return tuple(
        Word(raw.strip(".,?!").lower(), start + index * each, start + (index + 1) * each, 0.95, raw)
        for index, raw in enumerate(text.split())
    )


def tracks(
    face: FaceTrack | None = None,
    voice: VoiceTrack | None = None,
    speech: tuple[Span, ...] = (),
    words: tuple[Word, ...] = (),
    now: float = 5.0,
) -> Tracks:
    return Tracks(now, face, voice, speech, words)
