"""What a cue is by the company it keeps: a scowl in speech, a smile in distress, teeth without a smile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.analysis.cues.test_speaking import talk
from tests.analysis.tracks import NEUTRAL, face, find_cues, show, tracks

if TYPE_CHECKING:
    from interhuman_stream.analysis.perception.tracks import FaceTrack

LIPS = ("mouthUpperUpLeft", "mouthUpperUpRight")
SMILE = ("mouthSmileLeft", "mouthSmileRight")
BROWS = ("browDownLeft", "browDownRight")


def strengths(track: FaceTrack, name: str) -> list[float]:
    return [cue.strength for cue in find_cues(tracks(track), NEUTRAL) if cue.name == name]


def scowling(start: float, end: float) -> FaceTrack:
    track = face()
    track.brow[(track.time >= start) & (track.time < end)] = 0.15
    return track


def test_a_short_scowl_stresses_what_is_said_and_a_long_one_is_meant() -> None:
    short, long = scowling(1.0, 2.0), scowling(1.0, 4.0)
    assert strengths(short, "scowl") == [1.0]
    for track in (short, long):
        talk(track)
    (stress,), (meant,) = strengths(short, "scowl"), strengths(long, "scowl")
    assert stress < 0.5
    assert meant == pytest.approx(1.0)


def test_a_mouth_that_distress_draws_up_does_not_smile() -> None:
    track = scowling(1.0, 4.0)
    show(track, 1.0, 4.0, 0.6, *SMILE)
    assert strengths(track, "smile")
    track.aperture[10:40] = 0.12
    assert strengths(track, "distress")
    assert not strengths(track, "smile")


def test_teeth_are_bared_under_drawn_brows_and_not_in_a_smile() -> None:
    track = face()
    show(track, 1.0, 2.0, 0.4, *LIPS)
    assert not strengths(track, "bared_teeth")
    show(track, 1.0, 2.0, 0.8, *BROWS)
    track.brow[10:20] = 0.16
    assert strengths(track, "bared_teeth")
    show(track, 1.0, 2.0, 0.6, *SMILE)
    assert not strengths(track, "bared_teeth")


@pytest.mark.parametrize(("seconds", "found"), [(2.0, False), (4.5, True)])
def test_a_long_look_at_something_else_is_told_from_a_glance(seconds: float, found: bool) -> None:
    track = face(8.0)
    track.gaze[10 : 10 + int(seconds * 10), 1] = 25.0
    elsewhere = [cue for cue in find_cues(tracks(track, now=8.0), NEUTRAL) if cue.name == "looks_elsewhere"]
    assert bool(elsewhere) is found
