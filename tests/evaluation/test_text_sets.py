"""Texts with labels, in the layouts their makers published: read, and judged by their words alone."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from interhuman_stream.cli import app
from interhuman_stream.evaluation.errors import EvaluationError
from interhuman_stream.evaluation.text_sets import emotyda, goemotions, mended, text_sets
from interhuman_stream.evaluation.words_alone import heard_alone, text_rows, timed
from interhuman_stream.signals import SignalType

if TYPE_CHECKING:
    from pathlib import Path

REDDIT = "text\tlabel\tid\nI don’t understand what you mean.\t6\ta\nThe bus is red.\t27\tb\nHmm\t3,10\tc\n"
FRIENDS = (
    "Sr No.,Utterance,Speaker,Emotion,Dialogue_ID,Dialogue Act\n"
    '1,"You¬íre absolutely right, I agree.",Joey,neutral,0,ag\n'
    '2,"No, I don¬ít think so.",Ross,anger,0,dag\n'
    "3,The table is here.,Ross,neutral,1,s\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, file, text in (("reddit", "test.tsv", REDDIT), ("friends", "MELD.csv", FRIENDS)):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(text, encoding="utf-8")
    return tmp_path


def test_goemotions_by_number(folder: Path) -> None:
    found = goemotions(folder / "reddit" / "test.tsv")
    assert found.texts[0] == "I don't understand what you mean."
    assert [set(each) for each in found.signals] == [
        {SignalType.CONFUSION},
        set(),
        {SignalType.FRUSTRATION, SignalType.DISAGREEMENT},
    ]
    assert found.neutral == (False, True, False)
    (folder / "reddit" / "test.tsv").write_text("text\tlabel\tid\nnothing\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 2"):
        goemotions(folder / "reddit" / "test.tsv")


def test_emotyda_with_its_quotes_put_right(folder: Path) -> None:
    found = emotyda(folder / "friends" / "MELD.csv")
    assert found.texts[1] == "No, I don't think so."
    assert [set(each) for each in found.signals] == [
        {SignalType.AGREEMENT},
        {SignalType.DISAGREEMENT, SignalType.FRUSTRATION},
        set(),
    ]
    assert found.neutral == (False, False, True)
    assert found.group == (0, 0, 1)
    (folder / "friends" / "MELD.csv").write_text("Utterance\nhi\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="Dialogue Act"):
        emotyda(folder / "friends" / "MELD.csv")


def test_only_what_went_wrong_is_mended() -> None:
    assert mended("you¬íve had ‚Äúfun‚Äù¬Ö") == "you’ve had “fun”…"
    assert mended("a café, “as it was”") == "a café, “as it was”"
    assert mended("plain") == "plain"


def test_words_come_as_from_a_recogniser() -> None:
    words = timed("Um, well, I agree.", 2.0)
    assert [word.raw for word in words] == ["well,", "I", "agree."]
    assert words[0].start == 2.0
    assert words[-1].end == pytest.approx(3.0)


def test_earlier_words_are_known_but_not_judged_again() -> None:
    before, after = timed("I completely agree.", 0.0), timed("The table is here.", 20.0)
    assert any(signal.type is SignalType.AGREEMENT for signal in heard_alone(before, 0.0).signals)
    assert not heard_alone([*before, *after], 20.0).signals


def test_rows_of_both_sets(folder: Path) -> None:
    reddit, friends = sorted(text_sets(folder), key=lambda each: each.name, reverse=True)
    rows = {row.what: row for row in text_rows(reddit)}
    assert rows["confusion by words"].figures["F1"].value == 1
    assert rows["confusion by words"].figures["AUC"].value == 1
    assert rows["frustration by words"].figures["recall"].value == 0
    assert rows["anything by words, on neutral text"].figures["share"].value == 0
    rows = {row.what: row for row in text_rows(friends)}
    assert rows["agreement by words"].figures["F1"].value == 1
    assert rows["disagreement by words"].figures["F1"].value == 1


def test_the_command_finds_them_and_says_what_was_looked_at(folder: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", str(folder), "--json"])
    assert done.exit_code == 0, done.stderr
    assert {row["data"].split(" (")[0] for row in json.loads(done.stdout)} == {"reddit", "friends"}
    table = CliRunner().invoke(app, ["evaluate", str(folder)]).stdout
    assert "| looked at while building |" in table
    assert "| confusion by words | reddit (test): confusion | its figures, not its texts |" in table


def test_the_real_sets(shared_data: Path) -> None:
    folder = shared_data / "text"
    if not folder.is_dir():
        pytest.skip("the labelled texts are not among the shared data")
    counts = {each.name: len(each.texts) for each in text_sets(folder)}
    assert counts == {"emotyda (MELD)": 9989, "goemotions (test)": 5427}


def test_weights_for_feelings_are_fitted_on_texts_and_bounded_by_speech(tmp_path: Path) -> None:
    lines = ["text\tlabel\tid"]
    for at in range(40):
        lines += [f"this is so annoying {at}\t3\ta", f"i'm scared of [NAME] {at}\t14\tb", f"the bus is red {at}\t27\tc"]
    texts, speech, weights = tmp_path / "train.tsv", tmp_path / "train_set.txt", tmp_path / "emotions.toml"
    texts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    speech.write_text("a|the bus is red.|S|s|s\nb|annoying.|S|s|ba\n" * 50, encoding="utf-8")
    done = CliRunner().invoke(app, ["fit-emotions", str(texts), str(speech), str(weights)])
    assert done.exit_code == 0, done.stderr
    found = tomllib.loads(weights.read_text(encoding="utf-8"))
    assert found["says_blocked_effort"]["weights"]["annoying"] > 0
    assert found["says_strain"]["weights"]["scared"] > 0
    assert not any("name" in feature for each in found.values() for feature in each["weights"])
    assert 0 < found["says_strain"]["find"] <= 1
