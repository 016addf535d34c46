"""Data sets are read in the layouts their makers published: tiny made-up folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interhuman_stream.evaluation import corpora
from interhuman_stream.evaluation.dialogue_acts import labels, read
from interhuman_stream.evaluation.errors import EvaluationError
from interhuman_stream.evaluation.folders import rows
from interhuman_stream.signals import SignalType

if TYPE_CHECKING:
    from pathlib import Path

ACTS = """\
a1|so um|F|fh|fh
a1|i was there.|S|s|s
b2|yeah.|S|s|aa
b2|maybe|S|s|am
a1|no that's|wrong.|S|s|ar
"""


def put(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_dialogue_acts_know_each_speakers_own_silences(tmp_path: Path) -> None:
    acts = read(put(tmp_path / "val_set.txt", ACTS))
    assert [act.utterance.words for act in acts][-1] == ("no", "that's", "wrong")
    assert acts[1].utterance.before == 0
    assert acts[1].utterance.previous == "so um"
    assert acts[4].utterance.before == pytest.approx(2 / 3)  # b2 said two words meanwhile, three a second
    assert acts[1].utterance.after == acts[4].utterance.before
    for purpose, at in (("says_floor_holder", 0), ("says_agreement", 2), ("says_hedge", 3), ("says_disagreement", 4)):
        assert labels(acts, purpose).nonzero()[0].tolist() == [at]


def test_fillers_can_be_left_out(tmp_path: Path) -> None:
    acts = read(put(tmp_path / "val_set.txt", ACTS), fillers=False)
    assert acts[0].utterance.words == ("so",)


def test_switchboard_has_one_tag_a_line(tmp_path: Path) -> None:
    path = put(
        tmp_path / "test_set.txt", "A|I don't know.|no\nB|Maybe.|aap_am\nA|Well, not really.|arp_nd\nB|Right.|aa\n"
    )
    acts = read(path)
    assert [act.tag for act in acts] == ["no", "am", "nd", "aa"]
    measured = list(rows(tmp_path))
    assert {row.what for row in measured} >= {"says_agreement", "says_disagreement", "says_hedge"}
    assert "says_floor_holder" not in {row.what for row in measured}
    assert {row.looked_at for row in measured} == {"no"}


def test_a_line_in_another_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="line 2"):
        read(put(tmp_path / "val_set.txt", "a|hi|S|s|s\nnothing\n"))


def test_ravdess_names(tmp_path: Path) -> None:
    put(tmp_path / "Actor_04" / "03-01-05-02-01-01-04.wav")
    put(tmp_path / "03-01-06-01-01-01-01.flac")
    put(tmp_path / "notes.wav")
    assert [(clip.subject, clip.label) for clip in corpora.ravdess(tmp_path)] == [("01", "fearful"), ("04", "angry")]


def test_crema_d_names(tmp_path: Path) -> None:
    put(tmp_path / "AudioWAV" / "1001_DFA_ANG_XX.wav")
    assert [(clip.subject, clip.label) for clip in corpora.crema_d(tmp_path)] == [("1001", "angry")]


def test_daisee_joins_labels_and_clips(tmp_path: Path) -> None:
    put(
        tmp_path / "Labels" / "AllLabels.csv",
        "ClipID,Boredom,Engagement,Confusion,Frustration \n1100011002.avi,0,2,1,3\n",
    )
    put(tmp_path / "DataSet" / "Train" / "110001" / "1100011002" / "1100011002.avi")
    (rated,) = corpora.daisee(tmp_path)
    assert rated.subject == "110001"
    assert rated.ratings == {"Boredom": 0, "Engagement": 2, "Confusion": 1, "Frustration": 3}


def test_mit_interview_ratings_are_averaged_but_cannot_be_watched(tmp_path: Path) -> None:
    put(
        tmp_path / "Labels" / "turker_scores_full_interview.csv",
        "Participant,Worker,Overall,Engaged\nP1,w1,4,6\nP1,w2,6,6\nPP1,w1,5,5\n",
    )
    rated = corpora.mit_interview(tmp_path)
    assert [(each.subject, each.ratings["Overall"]) for each in rated] == [("1", 5), ("1", 5)]
    with pytest.raises(EvaluationError, match="not public"):
        list(rows(tmp_path))


def test_first_impressions_and_bah(tmp_path: Path) -> None:
    put(tmp_path / "a" / "annotation.csv", "video,interview,extraversion\nabc.003.mp4,0.6,0.4\n")
    put(tmp_path / "a" / "abc.003.mp4")
    (rated,) = corpora.first_impressions(tmp_path / "a")
    assert (rated.subject, rated.ratings["interview"]) == ("abc", 0.6)
    put(tmp_path / "b" / "labels.csv", "video,participant,question,label\nv.mp4,7,3,1\n")
    (rated,) = corpora.bah(tmp_path / "b")
    assert (rated.subject, rated.ratings) == ("7", {"question": 3, "ah": 1})


def test_spans_name_files_that_are_there(tmp_path: Path) -> None:
    table = put(tmp_path / "spans.csv", "file,start,end,signal\na.mp4,1.0,2.5,agreement\n")
    with pytest.raises(EvaluationError, match=r"a\.mp4"):
        corpora.labelled_spans(table)
    put(tmp_path / "a.mp4")
    assert [(span.start, span.end, span.signal) for span in corpora.labelled_spans(table)] == [
        (1.0, 2.5, SignalType.AGREEMENT)
    ]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="signal missing"):
        corpora.labelled_spans(put(tmp_path / "spans.csv", "file,start,end\n"))


def test_a_folder_with_nothing_known_says_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"spans\.csv"):
        list(rows(tmp_path))
