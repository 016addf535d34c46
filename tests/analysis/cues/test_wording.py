"""Whole utterances: how they are cut, what is looked at, what the fitted weights add to the lexicon."""

from __future__ import annotations

import math

import pytest

from interhuman_stream.analysis.cues import wording
from interhuman_stream.analysis.cues.phrasing import ORDINARY
from interhuman_stream.analysis.cues.utterances import Utterance, features, purposes, utterances
from interhuman_stream.findings import Word
from tests.analysis.cues.test_cues import found
from tests.analysis.tracks import say


def timed(*words: tuple[str, float, float]) -> tuple[Word, ...]:
    return tuple(Word(raw.lower().strip(".,?!"), start, end, 0.9, raw) for raw, start, end in words)


def test_utterances_end_with_sentences_and_with_pauses() -> None:
    words = timed(("Yes.", 1.0, 1.3), ("I", 1.4, 1.5), ("think", 1.5, 1.8), ("so", 3.0, 3.2))
    cut = [(u.words, u.end, round(u.before, 1), round(u.after, 1), u.previous) for u, _ in utterances(words, 5.2)]
    assert cut == [
        (("yes",), ".", math.inf, 0.1, ""),
        (("i", "think"), "", 0.1, 1.2, "yes."),
        (("so",), "", 1.2, 2.0, "i think"),
    ]


def test_nothing_said_is_no_utterance() -> None:
    assert list(utterances((), 5.0)) == []


def test_features_can_be_read() -> None:
    seen = features(Utterance(("maybe", "so"), ".", 0.5, 30.0, "no."))
    assert {"[ maybe", "so ]", "maybe so", "2 words", "ends .", "silent 1", "then more", "“maybe so” ."} <= seen


def test_every_purpose_is_a_small_readable_model() -> None:
    assert set(purposes()) >= {"says_agreement", "says_disagreement", "says_hedge", "says_floor_holder"}
    for purpose in purposes().values():
        assert 50 < len(purpose.weights) < 1000
        assert purpose.threshold <= purpose.find <= 1


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("says_agreement", "that's right", "that's a table"),
        ("says_disagreement", "no it isn't", "so it is"),
        ("says_hedge", "i'm not sure", "i'm at home"),
        ("says_floor_holder", "so um", "that is all"),
    ],
)
def test_the_probability_follows_the_words(name: str, more: str, less: str) -> None:
    def probability(text: str) -> float:
        return purposes()[name].probability(features(Utterance(tuple(text.split()), ".", 3.0, 3.0, "")))

    assert probability(more) > 3 * probability(less)


def test_a_purpose_no_wording_shows_is_quoted_by_its_weightiest_words() -> None:
    cues = found("says_floor_holder", words=say("We went there. So um"))
    assert cues
    assert all(cue.phrase.lower() in {"said “so”", "said “um”", "said “so um”"} for cue in cues)


def test_a_wording_in_passing_weighs_less_than_one_that_is_unmistakable() -> None:
    (passing,) = found("says_hedge", words=say("We could maybe go there next week with all of them"))
    (plain,) = found("says_hedge", words=say("I really don't know"))
    assert passing.strength < plain.strength


def test_a_word_the_weights_never_met_is_left_to_the_lexicon() -> None:
    assert not purposes()["says_disagreement"].knows(("nope",))
    (cue,) = found("says_disagreement", words=say("We were there. Nope."))
    assert cue.strength == pytest.approx(0.75 * ORDINARY)


def test_the_lexicon_stands_without_any_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_likely", lambda _utterance: ())  # as with an empty file
    (cue,) = found("says_agreement", words=say("Yes."))
    assert cue.strength == pytest.approx(0.75 * ORDINARY)
    assert not found("says_floor_holder", words=say("We went there. So um"))
