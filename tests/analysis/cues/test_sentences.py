"""Sentences and what their words alone should show: the tables beside this file, and the scope of what is denied."""

from __future__ import annotations

import pytest

from interhuman_stream.analysis.cues.wording import lexicon_strength
from interhuman_stream.evaluation.words_alone import heard_alone, timed
from interhuman_stream.signals import Probability, SignalType
from tests.analysis.cues.sentences import UNCOUNTED, table

TABLES = [
    ("sentences.md", 0.9),
    ("sentences_held_out.md", 0.9),
    ("sentences_widened.md", 0.9),
    ("sentences_widened_held_out.md", 0.9),
    ("sentences_held_out_2.md", 0.9),
    ("sentences_held_out_3.md", 0.9),
    ("sentences_held_out_4.md", 0.9),
]
"""Each with the share that must be right; what they gave when they were held out stands in them."""
BLIND = [
    ("sentences_held_out_5.md", 0.8),
    ("sentences_held_out_6.md", 0.74),
    ("sentences_held_out_7.md", 0.64),
    ("sentences_held_out_8.md", 0.8),
]
"""For which no wording was added, but false friends were taken out: each with the share that was right unseen."""
OPPOSITE = {SignalType.AGREEMENT: SignalType.DISAGREEMENT, SignalType.DISAGREEMENT: SignalType.AGREEMENT}


@pytest.mark.parametrize(("name", "share"), TABLES + BLIND)
def test_most_sentences_show_what_they_should(name: str, share: float) -> None:
    found = [(each, each.shown) for each in table(name)]
    wrong = [each.judged(shown) for each, shown in found if not each.right(shown)]
    print(f"{name}: {len(found) - len(wrong)} of {len(found)} right", *wrong, sep="\n")  # noqa: T201
    assert len(wrong) <= (1 - share) * len(found), "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name, _ in TABLES])
def test_no_sentence_shows_what_it_does_not_say(name: str) -> None:
    false = [each.judged(shown) for each in table(name) if (shown := each.shown) - each.shows - each.may - UNCOUNTED]
    assert not false, "\n".join(false)


@pytest.mark.parametrize(("text", "shown"), [("I know.", False), ("Oh, I know.", False), ("Yes, I know.", True)])
def test_to_know_is_not_yet_to_agree(text: str, *, shown: bool) -> None:
    assert bool(heard_alone(timed(text, 0.0), 0.0).signals) is shown


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("I completely agree with you.", SignalType.AGREEMENT),
        ("I strongly disagree.", SignalType.DISAGREEMENT),
        ("I'm absolutely certain.", SignalType.CONFIDENCE),
        ("I'm not sure.", SignalType.UNCERTAINTY),
        ("I'm so confused.", SignalType.CONFUSION),
        ("I'm really curious about that.", SignalType.INTEREST),
        ("I doubt it.", SignalType.SKEPTICISM),
        ("I'm so frustrated with this.", SignalType.FRUSTRATION),
        ("I'm so stressed out.", SignalType.STRESS),
        ("I don't care.", SignalType.DISENGAGEMENT),
    ],
)
def test_what_is_declared_outright_is_medium_by_words_alone(text: str, signal: SignalType) -> None:
    found = {each.type: each.probability for each in heard_alone(timed(text, 0.0), 0.0).signals}
    assert found[signal] is Probability.MEDIUM


def test_the_tables_hold_twelve_families() -> None:
    families = {each.family for each in table("sentences.md")}
    assert len(families - {"nothing of the kind"}) == 12
    assert not {each.text for each in table("sentences.md")} & {each.text for each in table("sentences_held_out.md")}


@pytest.mark.parametrize(
    ("name", "meant", "not_meant"),
    [
        ("says_agreement", "you're right", "i never said you're right"),
        ("says_agreement", "nobody helps. you're right", "nobody says you're right"),
        ("says_agreement", "not today, but you're right", "i doubt whether you're right"),
        ("says_agreement", "yeah, what time is it?", "you're right?"),
        ("says_agreement", "you're right, aren't you?", "if you're right we leave"),
        ("says_agreement", "i can't believe it, you're right", "i'm not saying you're right"),
        ("says_strain", "i'm so nervous", "i wouldn't say i'm nervous"),
        ("says_blocked_effort", "i can't believe it doesn't work", "if it doesn't work we call him"),
        ("says_disagreement", "yeah but it's too far", "yeah but i agree"),
        ("says_disagreement", "no. i won't", "no problem"),
        ("says_doubt", "are you sure?", "i don't doubt it"),
        ("says_agreement", "you're right", "you're right next to the door"),
        ("says_agreement", "i agree", "he said i agree"),
        ("says_agreement", "i agree", "i thought i agree"),
        ("says_strain", "i'm so worried", "they told me i'm so worried"),
        ("says_blocked_effort", "i'm so angry", "he's so angry"),
        ("says_disagreement", "that may be true, but we're late", "that may be late"),
        ("says_searching", "let me think", "let me go"),
        ("says_strain", "i'm so nervous", "are you so nervous"),
        ("says_blocked_effort", "i'm really annoyed", "i was really annoyed at first"),
        ("says_indifference", "i lost interest", "he lost interest"),
        ("says_disagreement", "i'm not confused i disagree", "i don't think i disagree"),
        ("says_disagreement", "no, no, it's too far", "no, no, you're right"),
        ("says_interest", "i'm dying to know what he said", "i'm dying to know, he said"),
        ("says_agreement", "you're not wrong", "you're wrong"),
        ("says_assurance", "i couldn't be more sure", "i couldn't be sure"),
        ("says_indifference", "sure, sure, whatever you say", "sure, whatever the reason is"),
        ("says_disagreement", "why on earth would we do that", "what on earth is that"),
        ("says_doubt", "yeah right, like that's ever going to work", "yeah right, i like that"),
        ("says_reluctance", "i'm not sure i should tell you", "i should tell you"),
        ("says_attending", "you have my full attention", "attention please"),
        ("says_blocked_effort", "i'm fed up with school", "he told the doctor i'm fed up"),
        ("says_blocked_effort", "it annoyed me off and on, it's frustrating", "that would have annoyed me"),
        ("says_agreement", "you're right", "you're right handed"),
        ("says_not_understanding", "i'm lost", "i got lost in rome"),
        ("says_strain", "my blood pressure is through the roof", "my blood pressure is fine"),
    ],
)
def test_a_wording_counts_where_it_is_meant(name: str, meant: str, not_meant: str) -> None:
    assert lexicon_strength(meant, name) > 0.6
    assert lexicon_strength(not_meant, name) == 0


@pytest.mark.parametrize(
    ("short", "full"),
    [("I don't agree.", "I do not agree."), ("I'm confused.", "I am confused."), ("I can't cope.", "I can not cope.")],
)
def test_full_forms_say_what_short_ones_do(short: str, full: str) -> None:
    """A recogniser writes either; what is quoted are the words as they came."""
    found = [heard_alone(timed(text, 0.0), 0.0).signals for text in (short, full)]
    assert found[0]
    assert [(each.type, each.probability) for each in found[0]] == [(each.type, each.probability) for each in found[1]]


def test_dots_within_an_utterance_are_a_hesitation() -> None:
    drawn, plain = (
        {each.type for each in heard_alone(timed(text, 0.0), 0.0).signals}
        for text in ("Well... it was... a good day.", "Well, it was a good day...")
    )
    assert SignalType.HESITATION in drawn
    assert SignalType.HESITATION not in plain
