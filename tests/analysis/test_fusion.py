"""From cues to signals: what a table of evidence must never do, and what it must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.analysis.evidence import OPPOSITES, SCALES, TABLE
from interhuman_stream.analysis.fusion import engagement, fuse
from interhuman_stream.analysis.perception.tracks import Span
from interhuman_stream.analysis.quality import quality
from interhuman_stream.findings import Cue
from interhuman_stream.signals import ConversationQuality, EngagementState, Modality, Probability, SignalType

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


@given(cues(), st.floats(0.05, 30))
def test_every_signal_lies_inside_the_segment_and_has_its_reasons(found: list[Cue], length: float) -> None:
    segment = Span(10.0, 10.0 + length)
    signals = fuse(found, segment)
    for signal in signals:
        assert segment.start <= signal.start < signal.end <= segment.end + 1e-9
        assert signal.because
        assert signal.modality
        assert signal.rationale(segment.start).endswith(").")
    spans = engagement(signals, segment)
    assert spans[0].start == segment.start
    assert spans[-1].end == pytest.approx(segment.end, abs=0.06)
    rated = quality(signals, segment.start, segment.end)
    assert 0 <= rated.quality_index <= 100


@given(cues())
def test_opposites_are_never_reported_for_the_same_moment(found: list[Cue]) -> None:
    signals = fuse(found, SEGMENT)
    for one, other in OPPOSITES:
        for first in (signal for signal in signals if signal.type is one):
            for second in (signal for signal in signals if signal.type is other):
                assert first.end <= second.start + 1e-9 or second.end <= first.start + 1e-9


def test_nothing_seen_gives_nothing() -> None:
    assert fuse([], SEGMENT) == []
    assert quality([], 0, 5) == ConversationQuality()
    assert [span.state for span in engagement([], SEGMENT)] == [EngagementState.NEUTRAL]


def test_a_nod_with_yes_is_surer_than_either_and_says_both() -> None:
    nod, yes = cue("nod", strength=0.8), cue("says_agreement", 11.5, 12.0, 0.9)
    (both,) = [signal for signal in fuse([nod, yes], SEGMENT) if signal.type is SignalType.AGREEMENT]
    assert both.probability is Probability.HIGH
    assert both.rationale(10.0) == "Did says_agreement (1.5–2.0 s) and did nod (1.0–3.0 s)."
    assert both.modality == (Modality.VIDEO, Modality.AUDIO)
    (alone,) = [signal for signal in fuse([nod], SEGMENT) if signal.type is SignalType.AGREEMENT]
    assert alone.probability is Probability.LOW


def test_a_nod_against_a_no_is_no_agreement() -> None:
    found = {signal.type for signal in fuse([cue("nod"), cue("says_disagreement")], SEGMENT)}
    assert SignalType.AGREEMENT not in found


def test_looking_away_is_not_engagement() -> None:
    found = {signal.type for signal in fuse([cue("face_away", 10.0, 15.0), cue("nod")], SEGMENT)}
    assert SignalType.ENGAGEMENT not in found


def test_a_cue_found_twice_counts_once() -> None:
    once = fuse([cue("nod", strength=0.7)], SEGMENT)
    twice = fuse([cue("nod", strength=0.7), cue("nod", strength=0.7)], SEGMENT)
    assert [signal.probability for signal in once] == [signal.probability for signal in twice]


def test_every_signal_has_evidence_of_its_own_and_a_source() -> None:
    for signal in SCALES:
        rows = [row for row in TABLE if row.signal is signal]
        best = sum(max(row.weight, 0.0) for row in rows)
        assert best > -SCALES[signal].prior
        assert all(row.source for row in rows)
    assert set(SCALES) == set(SignalType)
