"""What is said of a stretch, and what of it only with the next one: late, in its time, and once."""

from __future__ import annotations

import pytest

from interhuman_stream.analysis.judge import LATE, judge, usual_for
from interhuman_stream.analysis.perception.tracks import Span, Tracks
from interhuman_stream.signals import SignalType
from tests.analysis.tracks import NEUTRAL, face, say, swing, tracks


def heard(text: str, start: float, now: float) -> Tracks:
    return tracks(words=say(text, start), now=now)


def test_what_is_understood_with_the_next_stretch_is_said_in_its_time_and_once() -> None:
    first = judge(heard("", 0.0, 5.0), NEUTRAL, Span(0.0, 5.0))
    assert first.signals == ()
    late = heard("Yes, exactly.", 3.8, 10.0)
    second = judge(late, NEUTRAL, Span(5.0, 10.0), first.told)
    (signal,) = second.signals
    assert signal.type is SignalType.AGREEMENT
    assert 5.0 <= signal.start < signal.end <= 6.5
    assert any("exactly" in seen.phrase and seen.end < 5.0 for seen in signal.because)
    assert judge(late, NEUTRAL, Span(10.0, 15.0), second.told).signals == ()


@pytest.mark.parametrize("start", [3.5 + step / 20 for step in range(17)])
def test_what_is_understood_late_is_not_lost_where_it_only_fades_into_the_stretch(start: float) -> None:
    late = heard("Yes, exactly.", start, 10.0)
    second = judge(late, NEUTRAL, Span(5.0, 10.0))
    (signal,) = second.signals
    assert signal.type is SignalType.AGREEMENT
    assert 5.0 <= signal.start < signal.end <= 10.0
    assert judge(late, NEUTRAL, Span(10.0, 15.0), second.told).signals == ()


def test_what_was_reported_is_not_reported_again_for_its_reach() -> None:
    words = heard("Yes, exactly.", 4.0, 5.0)
    first = judge(words, NEUTRAL, Span(0.0, 5.0))
    assert [signal.type for signal in first.signals] == [SignalType.AGREEMENT]
    assert judge(heard("Yes, exactly.", 4.0, 10.0), NEUTRAL, Span(5.0, 10.0), first.told).signals == ()


def test_what_lasts_over_the_border_is_said_on_both_sides() -> None:
    track = face(10.0)
    swing(track, 0, 4.0, 6.5, 1.2, 14.0)
    first = judge(Tracks(5.0, track.since(0.0).until(5.0), None, (), ()), NEUTRAL, Span(0.0, 5.0))
    second = judge(Tracks(10.0, track, None, (), ()), NEUTRAL, Span(5.0, 10.0), first.told)
    assert [signal.type for signal in second.signals if signal.type is SignalType.AGREEMENT]


def test_what_is_long_past_is_past() -> None:
    words = heard("Yes, exactly.", 1.0, 10.0)
    assert words.words[-1].end < 5.0 - LATE
    assert judge(words, NEUTRAL, Span(5.0, 10.0)).signals == ()


def test_where_signals_may_begin_earlier_they_keep_their_own_time() -> None:
    second = judge(heard("Yes, exactly.", 3.8, 10.0), NEUTRAL, Span(5.0, 10.0), (), 0.0)
    (signal,) = second.signals
    assert signal.start == pytest.approx(3.5, abs=0.2)


def test_where_they_may_begin_in_the_midst_of_one_it_keeps_its_own_time() -> None:
    words = heard("Yes, exactly.", 3.0, 10.0)
    (whole,) = judge(words, NEUTRAL, Span(5.0, 10.0), (), 0.0).signals
    assert whole.end < 5.0
    (signal,) = judge(words, NEUTRAL, Span(5.0, 10.0), (), (whole.start + whole.end) / 2).signals
    assert (signal.start, signal.end) == (whole.start, whole.end)


@pytest.mark.parametrize(
    ("span", "at"),
    [
        (Span(0.0, 5.0), 5.0),
        (Span(0.0, 0.9), 0.0),
        (Span(2.2, 3.4), 3.0),
        (Span(4.0, 9.0), 5.0),
        (Span(21.3, 22.3), 20.0),
    ],
)
def test_usual_is_what_was_before_but_for_the_first_seconds(span: Span, at: float) -> None:
    assert usual_for(span) == at
