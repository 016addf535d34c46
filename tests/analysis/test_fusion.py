"""From cues to signals: what a table of evidence must never do, and what it must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.analysis.cues import KINDS
from interhuman_stream.analysis.cues.speaking import VOICE_ALONE
from interhuman_stream.analysis.evidence import OPPOSITES, SCALES, TABLE
from interhuman_stream.analysis.fusion import STEP, Stretch, fuse
from interhuman_stream.analysis.level import engagement
from interhuman_stream.analysis.perception.tracks import Span
from interhuman_stream.analysis.quality import quality
from interhuman_stream.findings import Cue
from interhuman_stream.signals import ConversationQuality, EngagementState, Modality, Probability, Signal, SignalType

NAMES = sorted({row.cue for row in TABLE})
SEGMENT = Span(10.0, 15.0)


def cue(name: str, start: float = 11.0, end: float = 13.0, strength: float = 1.0) -> Cue:
    modality = Modality.AUDIO if name.startswith(("says", "voice")) else Modality.VIDEO
    return Cue(name, start, end, strength, f"did {name}", modality)


@st.composite
def cues(draw: st.DrawFn) -> list[Cue]:
    found = []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.floats(5, 15))
        length = draw(st.floats(0.05, 6))
        found.append(cue(draw(st.sampled_from(NAMES)), start, start + length, draw(st.floats(0, 1))))
    return found


def said(found: list[Cue], span: Span = SEGMENT) -> list[Signal]:
    """The signals of all of a span."""
    stretches: list[Stretch] = fuse(found, span)
    return [signal for each in stretches if (signal := each.report(each.start, each.end))]


@given(cues(), st.floats(0.05, 30))
def test_every_signal_lies_inside_the_span_and_has_its_reasons(found: list[Cue], length: float) -> None:
    span = Span(10.0, 10.0 + length)
    signals = said(found, span)
    for signal in signals:
        assert span.start <= signal.start < signal.end <= span.end + 1e-9
        assert signal.because
        assert signal.modality
        assert signal.rationale(span.start).endswith(").")
    spans = engagement(signals, found, span)
    assert spans[0].start == span.start
    assert spans[-1].end == pytest.approx(span.end, abs=0.06)
    rated = quality(signals, span.start, span.end)
    assert 0 <= rated.quality_index <= 100


@given(cues())
def test_opposites_are_never_reported_for_the_same_moment(found: list[Cue]) -> None:
    signals = said(found)
    for one, other in OPPOSITES:
        for first in (signal for signal in signals if signal.type is one):
            for second in (signal for signal in signals if signal.type is other):
                assert first.end <= second.start + 1e-9 or second.end <= first.start + 1e-9


@given(cues(), st.integers(0, 49))
def test_a_moment_is_weighed_the_same_in_whichever_span_it_lies(found: list[Cue], steps: int) -> None:
    begin = 10.0 + steps * STEP
    whole = {
        (each.signal, round(moment, 3)): odds
        for each in fuse(found, Span(5.0, 20.0))
        for moment, odds in zip(each.moments, each.odds, strict=True)
    }
    part = {
        (each.signal, round(moment, 3)): odds
        for each in fuse(found, Span(5.0, begin + 4.0))
        for moment, odds in zip(each.moments, each.odds, strict=True)
    }
    for key in whole.keys() & part.keys():
        if key[1] < begin + 3.5:  # the smoothing looks a quarter of a second ahead
            assert part[key] == pytest.approx(whole[key])


def test_nothing_seen_gives_nothing() -> None:
    assert fuse([], SEGMENT) == []
    assert quality([], 0, 5) == ConversationQuality()
    assert [span.state for span in engagement([], [], SEGMENT)] == [EngagementState.NEUTRAL]


def test_a_nod_with_yes_is_surer_than_either_and_says_both() -> None:
    nod, yes = cue("nod", strength=0.8), cue("says_agreement", 11.5, 12.0, 0.9)
    (both,) = [signal for signal in said([nod, yes]) if signal.type is SignalType.AGREEMENT]
    assert both.probability is Probability.HIGH
    assert both.rationale(10.0) == "Did says_agreement (1.5–2.0 s) and did nod (1.0–3.0 s)."
    assert both.modality == (Modality.VIDEO, Modality.AUDIO)
    (alone,) = [signal for signal in said([nod]) if signal.type is SignalType.AGREEMENT]
    assert alone.probability is Probability.LOW


def test_a_nod_against_a_no_is_no_agreement() -> None:
    found = {signal.type for signal in said([cue("nod"), cue("says_disagreement")])}
    assert SignalType.AGREEMENT not in found


def test_looking_away_is_not_engagement() -> None:
    found = {signal.type for signal in said([cue("face_away", 10.0, 15.0), cue("nod")])}
    assert SignalType.ENGAGEMENT not in found


def levels(*found: Cue) -> list[tuple[float, float, EngagementState]]:
    return [(each.start, each.end, each.state) for each in engagement(said(list(found)), found, SEGMENT)]


def test_who_speaks_is_engaged_wherever_they_look_and_through_a_breath() -> None:
    engaged = EngagementState.ENGAGED
    assert levels(cue("speaks", 10.0, 12.0), cue("speaks", 13.0, 15.0)) == [(10.0, 15.0, engaged)]
    assert levels(cue("speaks", 10.0, 15.0), cue("gaze_away", 11.0, 13.0)) == [(10.0, 15.0, engaged)]


def test_a_face_to_the_camera_is_neutral_until_it_responds() -> None:
    assert [state for _, _, state in levels(cue("attention", 10.0, 15.0))] == [EngagementState.NEUTRAL]
    smiling = levels(cue("attention", 10.0, 15.0), cue("smile", 10.0, 15.0, 0.4))
    assert smiling == [(10.0, 15.0, EngagementState.ENGAGED)]


def test_who_turns_away_without_a_word_is_disengaged() -> None:
    assert EngagementState.DISENGAGED in [state for _, _, state in levels(cue("face_away", 11.0, 14.0))]


@pytest.mark.parametrize(
    ("signal", "names"),
    [
        (SignalType.ENGAGEMENT, ("speaks", "attention")),
        (SignalType.ENGAGEMENT, ("attention", "smile")),
        (SignalType.CONFIDENCE, ("speaks", "attention")),
        (SignalType.FRUSTRATION, ("scowl",)),
        (SignalType.STRESS, ("distress",)),
        (SignalType.SKEPTICISM, ("doubtful_pout",)),
        (SignalType.SKEPTICISM, ("tight_lips",)),
        (SignalType.INTEREST, ("attention", "brow_raise", "lean_in")),
        (SignalType.INTEREST, ("attention", "brow_raise", "smile")),
        (SignalType.CONFUSION, ("brow_lower", "narrowed_eyes")),
        (SignalType.UNCERTAINTY, ("mouth_shrug", "brow_raise", "gaze_away")),
        (SignalType.DISENGAGEMENT, ("looks_elsewhere",)),
        (SignalType.DISENGAGEMENT, ("eyes_closed",)),
        (SignalType.DISENGAGEMENT, ("yawn",)),
    ],
)
def test_a_face_alone_reaches(signal: SignalType, names: tuple[str, ...]) -> None:
    assert signal in {each.type for each in said([cue(name) for name in names])}


@pytest.mark.parametrize(
    ("signal", "names"),
    [
        (SignalType.INTEREST, ("attention", "brow_raise", "smile")),
        (SignalType.CONFUSION, ("brow_lower", "narrowed_eyes")),
        (SignalType.DISENGAGEMENT, ("looks_elsewhere",)),
    ],
)
def test_a_speakers_face_goes_with_the_words(signal: SignalType, names: tuple[str, ...]) -> None:
    assert signal not in {each.type for each in said([cue(name) for name in (*names, "speaks")])}


def test_rage_is_told_surer_by_the_teeth_and_weeping_is_no_engagement() -> None:
    (rage,) = [each for each in said([cue("scowl"), cue("bared_teeth")]) if each.type is SignalType.FRUSTRATION]
    assert rage.probability is Probability.MEDIUM
    weeps = said([cue("speaks"), cue("attention"), cue("distress")])
    assert SignalType.ENGAGEMENT not in {each.type for each in weeps}


def test_who_left_disengaged_is_never_more_than_low() -> None:
    (signal,) = said([cue("absent", 10.0, 15.0)])
    assert (signal.type, signal.probability) == (SignalType.DISENGAGEMENT, Probability.LOW)


def test_a_cue_found_twice_counts_once() -> None:
    once = said([cue("nod", strength=0.7)])
    twice = said([cue("nod", strength=0.7), cue("nod", strength=0.7)])
    assert [signal.probability for signal in once] == [signal.probability for signal in twice]


def test_every_signal_has_evidence_of_its_own_and_a_source() -> None:
    for signal in SCALES:
        rows = [row for row in TABLE if row.signal is signal]
        best = sum(max(row.weight, 0.0) for row in rows)
        assert best > -SCALES[signal].prior
        assert all(row.source for row in rows)
    assert set(SCALES) == set(SignalType)


def test_every_cue_is_weighed_and_every_row_weighs_one_that_is_found() -> None:
    weighed = {row.cue for row in TABLE} | {name for row in TABLE for name in row.needs}
    level_alone = {VOICE_ALONE.name}  # that somebody takes part where nobody is seen
    assert weighed == {kind.name for kind in KINDS} - level_alone
    assert len({kind.name for kind in KINDS}) == len(KINDS)
