"""Whole evaluations: the sample's own ground truth as spans, dialogue acts, acted voices, what is printed and drawn."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from typer.testing import CliRunner

from interhuman_stream.cli import app
from interhuman_stream.evaluation.arousal import MEASURED, against_own_usual, leaving_out, voice_values
from interhuman_stream.evaluation.corpora import Rated
from interhuman_stream.evaluation.fit_wording import fit_wording
from interhuman_stream.evaluation.measures import Figure
from interhuman_stream.evaluation.report import Row, picture
from interhuman_stream.evaluation.sparse_logistic import design, fit
from interhuman_stream.evaluation.watching import Watched, rated_rows
from interhuman_stream.sample import CLIP
from interhuman_stream.signals import Modality, Observation, Probability, Signal, SignalType
from tests.conftest import beginning


@pytest.fixture(scope="module")
def acts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Talk in which one word gives each purpose away, long enough for four folds of whole conversations."""
    folder = tmp_path_factory.mktemp("acts")
    random = np.random.default_rng(3)
    kinds = (
        ("exactly right.", "S|s|aa"),
        ("no i don't think so.", "S|s|ar"),
        ("i'm not sure.", "S|s|am"),
        ("so um", "F|fh|fh"),
        ("the table is here.", "S|s|s"),
    )
    lines = [
        f"s{random.integers(4)}|{text}|{tags}"
        for text, tags in (kinds[at] for at in random.choice(5, 16_000, p=(0.05, 0.05, 0.05, 0.05, 0.8)))
    ]
    (folder / "train_set.txt").write_text("\n".join(lines[:15_000]), encoding="utf-8")
    (folder / "val_set.txt").write_text("\n".join(lines[15_000:]), encoding="utf-8")
    return folder


@pytest.mark.slow
def test_weights_are_few_and_name_what_gives_a_purpose_away(acts: Path) -> None:
    text = fit_wording(acts / "train_set.txt")
    agreement = text.split("[says_agreement.weights]\n")[1].split("\n[")[0]
    assert "exactly" in agreement.splitlines()[0]
    assert "GPL-3.0" in text


@pytest.mark.slow
def test_dialogue_acts_as_json(acts: Path, tmp_path: Path) -> None:
    picture = tmp_path / "figures.svg"
    done = CliRunner().invoke(app, ["evaluate", str(acts), "--json", "--plot", str(picture)])
    assert done.exit_code == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["what"] for row in rows][:4] == [
        "says_agreement",
        "says_disagreement",
        "says_hedge",
        "says_floor_holder",
    ]
    for row in rows[:4]:
        auc = row["figures"]["AUC"]
        assert 0.9 < auc["low"] <= auc["value"] <= auc["high"] <= 1
        assert "always yes" in row["baselines"]
    assert ET.fromstring(picture.read_text(encoding="utf-8")).tag.endswith("svg")  # noqa: S314 - our own file


@pytest.mark.slow
def test_labelled_spans_of_the_sample(tmp_path: Path) -> None:
    beginning(CLIP, tmp_path / "sample.webm", 10.0)
    (tmp_path / "spans.csv").write_text(
        "file,start,end,signal\nsample.webm,1.2,4.2,agreement\nsample.webm,5.7,8.6,disagreement\n", encoding="utf-8"
    )
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.stderr
    rows = {row["what"]: row["figures"] for row in json.loads(done.stdout)}
    assert set(rows) == {"agreement", "disagreement"}
    assert all(figures["AUC"]["value"] > 0.9 for figures in rows.values())
    (tmp_path / "spans.csv").unlink()
    table = CliRunner().invoke(app, ["evaluate", str(tmp_path)])
    assert "| agreement reported |" in table.stdout
    assert "alarms a minute" in table.stdout


def test_a_confound_is_shown_and_taken_out() -> None:
    # The question gives the answer away, and the reports follow the question alone: within it they know nothing.
    rated = [
        Rated(Path(f"{at}.mp4"), str(at), {"question": float(at % 2), "ah": float(at % 2 if at < 14 else 1 - at % 2)})
        for at in range(20)
    ]
    seen = (Observation("paused", 0.0, 2.0, Modality.AUDIO),)
    report = (Signal(SignalType.HESITATION, 0.0, 2.0, Probability.LOW, seen),)
    watched = [Watched(each.path, 10.0, report if each.ratings["question"] else ()) for each in rated]
    (row,) = rated_rows("bah", rated, watched, {"ah": (SignalType.HESITATION, 1.0)}, "question")
    assert row.figures["AUC"].value == pytest.approx(0.7)
    assert row.figures["AUC within question"].value == 0.5
    assert row.baselines["question alone"] == "AUC 0.70"


def test_an_unknown_folder_ends_with_a_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path)])
    assert done.exit_code == 1
    assert "holds no data set" in done.stderr


def test_what_the_voice_is_measured_by_does_not_know_how_loud_it_is() -> None:
    from interhuman_stream.analysis.perception.voice import load_voice_models  # noqa: PLC0415 - loads models
    from interhuman_stream.evaluation.sound import read_sound  # noqa: PLC0415 - as above

    models = load_voice_models()
    samples = read_sound(CLIP)[: 8 * 16_000]
    values, quieter = voice_values(samples, models), voice_values(samples * 0.7, models)
    assert len(values) == len(MEASURED)
    assert values == pytest.approx(quieter, abs=0.5)


def test_subjects_are_left_out_whole() -> None:
    random = np.random.default_rng(1)
    subject = np.repeat(np.arange(6), 40)
    label = random.random(240) < 0.5
    told = leaving_out(against_own_usual(random.normal(size=(240, 3)) + label[:, None], subject), label, subject)
    assert ((told > 0.5) == label).mean() > 0.75
    guessed = leaving_out(random.normal(size=(240, 3)), subject > 2, subject)
    assert ((guessed > 0.5) == (subject > 2)).mean() < 0.65


def test_a_sparse_fit_leaves_noise_at_nothing() -> None:
    random = np.random.default_rng(2)
    rows = [{name for name in "abcdefgh" if random.random() < 0.5} for _ in range(2000)]
    label = np.array([("a" in row) != (random.random() < 0.1) for row in rows])
    bias, weights = fit(design(rows, tuple("abcdefgh")), label, 30.0)
    assert weights[0] == pytest.approx(4, abs=0.7)
    assert bias == pytest.approx(-2, abs=0.5)
    assert (np.abs(weights[1:]) < 0.1).all()


def test_the_picture_escapes_and_shows_what_is_known() -> None:
    drawn = picture([Row("a < b", "data", "3", {"AUC": Figure(0.7, 0.6, 0.8), "F1": Figure(*[float("nan")] * 3)})])
    assert "a &lt; b" in drawn
    assert drawn.count("<circle") == 1
