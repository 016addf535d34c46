"""The sample clip is what its ground truth says it is, seen and heard by the engine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from interhuman_stream.analysis.media.stream import MediaStream, Picture
from interhuman_stream.analysis.perception.face import FaceTracker
from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.analysis.perception.voice import VoiceTracker
from interhuman_stream.analysis.perception.words import recognise
from interhuman_stream.faults import ModelMissing
from interhuman_stream.signals import SignalType

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from interhuman_stream.analysis.perception.tracks import FaceTrack, Span
    from interhuman_stream.findings import Word

LARGEST = 800_000
SEEN = {"nod", "shake", "look_away", "tilt", "gaze_aside", "frown", "brow_raise", "smile", "blink", "eyes_closed"}
HEARD = {"speech", "filled_pause"}
# A blink lasts three of the ten pictures a second that the engine looks at, and can fall between two of them.
BLINK_EDGE = 0.06


@dataclass(frozen=True, slots=True)
class Perceived:
    """What the engine's perceptions make of the clip."""

    face: FaceTrack
    speech: list[Span]
    words: list[Word]


@pytest.fixture(scope="module")
def truth(sample: Path) -> list[dict[str, Any]]:
    """The ground truth."""
    return list(json.loads(sample.with_suffix(".json").read_text()))


@pytest.fixture(scope="module")
def perceived(sample: Path) -> Perceived:
    """The clip as the engine sees and hears it."""
    try:
        models = load_models()
    except ModelMissing as error:
        pytest.skip(str(error))
    stream, tracker, sounds = MediaStream(), FaceTracker(models.face), []
    for item in stream.feed(sample.read_bytes()):
        if isinstance(item, Picture):
            tracker.observe(item)
        elif item:
            sounds.append(item)
    stream.close()
    start = sounds[0].time
    sound = np.concatenate([each.samples for each in sounds])
    voice = VoiceTracker(models.voice)
    voice.hear(sound, start)
    voice.flush()
    face, heard = tracker.track(), voice.track()
    assert face is not None
    assert heard is not None
    speech = voice.speech()
    return Perceived(face, speech, recognise(models.words, sound, start, speech).words)


def inside(face: FaceTrack, event: dict[str, Any], edge: float = 0.0) -> NDArray[np.bool_]:
    start, end = float(event["start"]), float(event["end"])
    return (face.time >= start - edge) & (face.time <= end + edge)


def at_rest(face: FaceTrack, truth: list[dict[str, Any]]) -> NDArray[np.bool_]:
    busy = np.zeros(len(face.time), bool)
    for event in truth:
        busy |= inside(face, event, edge=0.1)
    return ~busy


def of_kind(truth: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    found = [event for event in truth if event["what"] == what]
    assert found
    return found


def test_is_a_small_seekable_webm(sample: Path) -> None:
    assert sample.stat().st_size <= LARGEST
    with av.open(str(sample)) as file:
        (video,), (audio,) = file.streams.video, file.streams.audio
        assert (video.codec_context.name, audio.codec_context.name) == ("vp8", "opus")
        assert (video.width, video.height, video.average_rate) == (640, 480, Fraction(25))
        assert file.duration is not None
        assert 25 <= file.duration / av.time_base <= 31
        packets = [(packet.pts, packet.time_base) for packet in file.demux(video) if packet.is_keyframe]
        keys = {round(float(pts * base), 3) for pts, base in packets if pts is not None and base is not None}
    assert keys >= {0, 5, 10, 15, 20, 25}
    with av.open(str(sample)) as file:
        file.seek(17_000_000)
        assert 16 < next(file.decode(video=0)).time <= 17


def test_the_ground_truth_is_well_formed(sample: Path, truth: list[dict[str, Any]]) -> None:
    with av.open(str(sample)) as file:
        assert file.duration is not None
        duration = file.duration / av.time_base
    for event in truth:
        assert set(event) - {"text"} == {"start", "end", "what", "expect", "forbid"}
        assert 0 <= event["start"] < event["end"] <= duration
        assert event["what"] in SEEN | HEARD
        assert bool(event.get("text")) == (event["what"] in HEARD)
        expect, forbid = ({SignalType(name) for name in event[list_]} for list_ in ("expect", "forbid"))
        assert not expect & forbid
    assert truth == sorted(truth, key=lambda event: event["start"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "axis", "least", "times"), [("nod", 0, 10.0, 3), ("shake", 1, 18.0, 3)], ids=["nod", "shake"]
)
def test_the_head_swings(
    perceived: Perceived, truth: list[dict[str, Any]], what: str, axis: int, least: float, times: int
) -> None:
    face = perceived.face
    rest = face.pose[at_rest(face, truth)]
    for event in of_kind(truth, what):
        moved = face.pose[inside(face, event)]
        assert np.ptp(moved[:, axis]) > least
        assert np.ptp(moved[:, 1 - axis]) < 0.4 * np.ptp(moved[:, axis])
        below = moved[:, axis] < np.median(rest[:, axis]) - least / 3
        assert np.sum(below[1:] & ~below[:-1]) == times
    assert np.ptp(rest[:, axis]) < 7


def test_the_head_turns_away_and_comes_back(perceived: Perceived, truth: list[dict[str, Any]]) -> None:
    face = perceived.face
    yaw = face.pose[:, 1] - np.median(face.pose[at_rest(face, truth), 1])
    for event in of_kind(truth, "look_away"):
        assert np.sum(np.abs(yaw[inside(face, event)]) > 25) * 0.1 > 2
        assert np.abs(yaw[inside(face, event, edge=1.0) & (face.time > event["end"] + 0.2)]).max() < 5
        assert not any(span.start < event["end"] and event["start"] < span.end for span in perceived.speech)


@pytest.mark.parametrize(
    ("what", "shapes", "least"),
    [
        ("frown", ("browDownLeft", "browDownRight"), 0.2),
        ("brow_raise", ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"), 0.3),
        ("smile", ("mouthSmileLeft", "mouthSmileRight"), 0.4),
        ("eyes_closed", ("eyeBlinkLeft", "eyeBlinkRight"), 0.5),
    ],
)
def test_expressions_are_held(
    perceived: Perceived, truth: list[dict[str, Any]], what: str, shapes: tuple[str, ...], least: float
) -> None:
    face = perceived.face
    level = face.shape(*shapes)
    for event in of_kind(truth, what):
        assert np.median(level[inside(face, event)]) - np.median(level[at_rest(face, truth)]) > least


def test_every_blink_is_seen_and_no_other(perceived: Perceived, truth: list[dict[str, Any]]) -> None:
    face = perceived.face
    closed = face.shape("eyeBlinkLeft", "eyeBlinkRight")
    explained = np.zeros(len(face.time), bool)
    for event in [*of_kind(truth, "blink"), *of_kind(truth, "eyes_closed")]:
        now = inside(face, event, edge=BLINK_EDGE)
        assert closed[now].max() > 0.3
        explained |= now
    assert closed[~explained].max() < 0.3


def test_the_eyes_and_the_head_go_to_one_side(perceived: Perceived, truth: list[dict[str, Any]]) -> None:
    face = perceived.face
    rest = at_rest(face, truth)
    for event in of_kind(truth, "gaze_aside"):
        now = inside(face, event)
        assert np.abs(np.median(face.gaze[now, 1]) - np.median(face.gaze[rest, 1])) > 15
        assert np.abs(np.median(face.pose[now, 1]) - np.median(face.pose[rest, 1])) < 4
    for event in of_kind(truth, "tilt"):
        assert np.abs(np.median(face.pose[inside(face, event), 2]) - np.median(face.pose[rest, 2])) > 9


def test_the_mouth_moves_with_the_voice(perceived: Perceived, truth: list[dict[str, Any]]) -> None:
    face = perceived.face
    jaw = face.shape("jawOpen")
    assert jaw[at_rest(face, truth)].max() < 0.05
    spoken = [event for event in truth if event["what"] in HEARD]
    for event in spoken:
        assert jaw[inside(face, event)].max() > 0.08
        assert any(span.start < event["start"] + 0.3 and span.end > event["start"] + 0.1 for span in perceived.speech)
    for span in perceived.speech:
        assert any(event["start"] - 0.2 < span.start and span.end < event["end"] + 0.2 for event in spoken)


def test_the_sentences_are_understood(perceived: Perceived, truth: list[dict[str, Any]]) -> None:
    for event in of_kind(truth, "speech"):
        heard = [word.text for word in perceived.words if event["start"] - 0.5 < word.start < event["end"]]
        wanted = event["text"].lower().translate(str.maketrans("", "", ".,?!")).split()
        assert sum(word in heard for word in wanted) >= 0.8 * len(wanted), heard
