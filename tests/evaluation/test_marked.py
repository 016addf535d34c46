"""Clips that several people marked: small made-up folders in their layout, and the real ones where they are present."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from typer.testing import CliRunner

from interhuman_stream.cli import app
from interhuman_stream.evaluation.errors import EvaluationError
from interhuman_stream.evaluation.marked import compare, marked_rows, moments
from interhuman_stream.evaluation.marked_events import event_rows, merged
from interhuman_stream.evaluation.markings import Marked, markings
from interhuman_stream.evaluation.speaking import Mouth
from interhuman_stream.evaluation.watching import Watched
from interhuman_stream.findings import Cue
from interhuman_stream.signals import (
    EngagementSpan,
    EngagementState,
    Modality,
    Observation,
    Probability,
    Signal,
    SignalType,
)

if TYPE_CHECKING:
    from pathlib import Path

    from interhuman_stream.evaluation.report import Row

SECONDS = 4.0
SEEN = (Observation("looked here", 0.0, 1.0, Modality.VIDEO),)


def mark(folder: Path, marker: str, clip: str, **marks: list[dict[str, Any]]) -> None:
    path = folder / "marks" / marker / f"{clip}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    everything = {"clip": clip, "seconds": SECONDS, "signals": [], "engagement": [], "events": []}
    path.write_text(json.dumps(everything | marks), encoding="utf-8")
    (folder / "clips").mkdir(exist_ok=True)
    (folder / "clips" / f"{clip}.mp4").touch()


def signal(kind: SignalType, start: float, end: float) -> Signal:
    return Signal(kind, start, end, Probability.LOW, SEEN)


def marks(kind: str, start: float, end: float, sure: int = 2) -> dict[str, Any]:
    return {"type": kind, "start": start, "end": end, "sure": sure, "why": "seen"}


def level(state: str) -> list[dict[str, Any]]:
    return [{"start": 0, "end": SECONDS, "state": state}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two clips of one person and one of another, marked by three."""
    for marker, start in (("A", 0.0), ("B", 1.0), ("C", 3.0)):
        mark(
            tmp_path,
            marker,
            "andrew_clip_1",
            signals=[marks("confidence", start, 4.0)],
            engagement=level("engaged" if marker != "C" else "neutral"),
            events=[{"what": "nod", "start": start, "end": start + 1}],
        )
        mark(tmp_path, marker, "andrew_clip_2", engagement=level("neutral"))
        mark(tmp_path, marker, "muse_sun", signals=[marks("stress", 0, 1, sure=1)], engagement=level("neutral"))
    return tmp_path


def watched(clips: list[Marked], *found: tuple[Signal, ...], cues: tuple[Cue, ...] = ()) -> list[Watched]:
    states = (EngagementSpan(0.0, 2.0, EngagementState.ENGAGED), EngagementSpan(2.0, 4.0, EngagementState.NEUTRAL))
    return [
        Watched(clip.path, SECONDS, signals, states, cues if at == 0 else ())
        for at, (clip, signals) in enumerate(zip(clips, found, strict=True))
    ]


def by_name(rows: list[Row]) -> dict[str, Row]:
    return {row.what: row for row in rows}


def test_clips_of_one_person_are_one_person_and_a_still_is_known(folder: Path) -> None:
    one, two, still = markings(folder)
    assert one.person == two.person != still.person
    assert [clip.drawn for clip in (one, two, still)] == [False, False, True]
    assert [len(clip.markers) for clip in (one, two, still)] == [3, 3, 3]
    (folder / "people.csv").write_text("clip,person\nandrew_clip_2,somebody\n", encoding="utf-8")
    (folder / "drawn.txt").write_text("andrew_clip_1\n", encoding="utf-8")
    one, two, still = markings(folder)
    assert two.person == "somebody" != one.person
    assert [clip.drawn for clip in (one, two, still)] == [True, False, False]


def test_clips_may_stand_beside_the_folder(folder: Path) -> None:
    (folder.parent / "clips").mkdir(exist_ok=True)
    moved = folder.parent / "clips" / "muse_sun.mp4"
    (folder / "clips" / "muse_sun.mp4").rename(moved)
    assert markings(folder)[2].path == moved
    moved.unlink()
    with pytest.raises(EvaluationError, match="muse_sun"):
        markings(folder)


def test_what_is_wrong_with_a_mark_is_said(folder: Path) -> None:
    mark(folder, "B", "muse_sun", signals=[{"type": "joy", "start": 0, "end": 1, "sure": 3}])
    with pytest.raises(EvaluationError, match=r"muse_sun\.json.*joy"):
        markings(folder)
    mark(folder, "B", "another")
    with pytest.raises(EvaluationError, match=r"different clips: another"):
        markings(folder)


def test_times_are_rounded_to_quarters_of_a_second() -> None:
    assert moments([(0.1, 0.4), (0.9, 9.0)], 6).tolist() == [True, True, False, False, True, True]
    assert moments([(-1.0, 0.0)], 2).tolist() == [False, False]


def test_reports_are_held_against_most_markers_and_against_any(folder: Path) -> None:
    clips = markings(folder)
    # Most have confidence from 1 to 4 s; one has it from 0 on.
    seen = watched(clips, (signal(SignalType.CONFIDENCE, 0.0, 2.0),), (signal(SignalType.STRESS, 0.0, 1.0),), ())
    rows = by_name(list(marked_rows("made up", compare(clips, seen), "yes")))
    figures = {name: figure.value for name, figure in rows["confidence"].figures.items()}
    assert figures == pytest.approx(
        {
            "marked, share": 12 / 48,
            "reported, share": 8 / 48,
            "precision": 0.5,
            "precision, any marker": 1.0,
            "recall": 1 / 3,
            "F1": 0.4,
        }
    )
    assert rows["confidence"].size == "marked 3.0 s of 1, reported 2.0 s of 1"
    # What the two others share is 1 s of A's 4 and of B's 3; C has 1 s of the 3 that A and B share: .4, .5 and .5.
    assert rows["confidence"].baselines["one marker against the others"] == "F1 0.47"
    assert rows["confidence"].baselines["always"] == "F1 0.40"
    assert rows["stress"].figures["precision"].value == 0
    assert rows["reported where nobody marked anything"].figures["seconds"].value == 1.0
    assert "stress 1.0 s of 1" in rows["reported where nobody marked anything"].size
    assert all(row.looked_at == "yes" for row in rows.values())


def test_a_level_is_what_most_say_and_silence_is_counted_where_all_saw_one_thing(folder: Path) -> None:
    clips = markings(folder)
    rows = by_name(list(marked_rows("made up", compare(clips, watched(clips, (), (), ())), "yes")))
    # Engaged in the first clip, neutral in the others; said: half engaged, half neutral in each.
    assert rows["engagement level"].figures["agreement"].value == pytest.approx(0.5)
    assert rows["engagement level"].baselines["always engaged"] == "0.33"
    # Nobody is sure of the still's stress, and the second clip has no mark.
    assert rows["nothing reported at all"].size.startswith("1 of 1 clips")
    spoke = watched(clips, (signal(SignalType.INTEREST, 3.0, 3.5),), (), ())
    rows = by_name(list(marked_rows("made up", compare(clips, spoke), "yes")))
    assert rows["nothing reported at all"].figures["silent share"].value == 0


def test_without_a_majority_no_level_is_right(folder: Path) -> None:
    for marker, state in (("A", "engaged"), ("B", "neutral"), ("C", "disengaged")):
        mark(folder, marker, "muse_sun", engagement=level(state))
    clips = markings(folder)
    rows = by_name(list(marked_rows("made up", compare(clips, watched(clips, (), (), ())), "yes")))
    assert rows["engagement level"].size.startswith("8 s")


def test_cues_meet_events_within_half_a_second(folder: Path) -> None:
    clips = markings(folder)
    for marker in "AB":
        mark(folder, marker, "andrew_clip_1", events=[{"what": "nod", "start": 2.0, "end": 3.0}])
    clips = markings(folder)
    cues = tuple(
        Cue(name, start, end, 1.0, "nodded", Modality.VIDEO)
        for name, start, end in (("speech_nod", 0.0, 1.75), ("nod", 3.75, 3.9), ("nod", 3.8, 4.0), ("smile", 2.0, 3.0))
    )
    rows = by_name(list(event_rows("made up", clips, watched(clips, (), (), (), cues=cues), "yes")))
    assert set(rows) == {"event nod", "event nod, who does not speak", "event smile"}
    assert rows["event nod, who does not speak"].figures["precision"].value == 0
    nod = rows["event nod"].figures
    # Of the two nods found, the first is near the one of most markers, the second near C's from 3 to 4 s.
    assert (nod["precision"].value, nod["precision, any marker"].value, nod["recall"].value) == (0.5, 1.0, 1.0)
    assert nod["recall by time"].value == 0
    assert merged(iter([(1.0, 2.0), (0.0, 1.0), (3.0, 4.0)])) == ((0.0, 2.0), (3.0, 4.0))


def test_a_mouth_that_moves_speaks_and_needs_less_where_speech_is_heard() -> None:
    time = np.arange(0.0, 8.0, 0.1)
    jaw = np.where(time < 4, 0.2, 0.2 + 0.015 * np.sign(np.sin(time * 20)))
    moments_ = np.array([1.0, 6.0])
    assert Mouth(time, jaw, ((0.0, 8.0),)).speaking(moments_).tolist() == [False, True]
    assert Mouth(time, jaw).speaking(moments_).tolist() == [False, False]
    assert Mouth(time, 0.2 + 2 * (jaw - 0.2)).speaking(moments_).tolist() == [False, True]
    assert Mouth(time, np.full(len(time), np.nan), ((0.0, 8.0),)).speaking(moments_).tolist() == [False, False]


@pytest.mark.slow
def test_the_sample_is_watched_and_its_rows_are_printed(tmp_path: Path, short: Path) -> None:
    nod = {"what": "nod", "start": 1.2, "end": 4.2}
    for marker in "ABC":
        mark(tmp_path, marker, "sample", signals=[marks("agreement", 1.2, 4.2)], events=[nod])
    (tmp_path / "clips" / "sample.mp4").unlink()
    shutil.copy(short, tmp_path / "clips" / "sample.webm")
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path), "--json", "--unseen"])
    assert done.exit_code == 0, done.stderr
    rows = {row["what"]: row for row in json.loads(done.stdout)}
    assert rows["agreement"]["figures"]["recall"]["value"] > 0.5
    assert rows["event nod"]["figures"]["recall"]["value"] == 1
    assert rows["nothing reported at all"]["figures"]["silent share"]["value"] == 0
    assert {row["looked_at"] for row in rows.values()} == {"no"}


def test_the_real_marks_agree_as_far_as_is_known(shared_data: Path) -> None:
    folder = shared_data / "natural"
    if not folder.is_dir():
        pytest.skip("the marked clips are not among the shared data")
    clips = markings(folder)
    assert len(clips) == 42
    silent = [Watched(clip.path, clip.seconds, ()) for clip in clips]
    rows = by_name(list(marked_rows("natural", compare(clips, silent), "yes")))
    assert rows["engagement"].size == "marked 388.8 s of 21, reported 0 s"
    assert rows["nothing reported at all"].size.startswith("35 of 35 clips")
    known = {"engagement": 0.96, "confidence": 0.91, "frustration": 0.89, "disagreement": 0.83, "skepticism": 0.58}
    for kind, agreed in known.items():
        assert rows[kind].baselines["one marker against the others"] == f"F1 {agreed:.2f}"
