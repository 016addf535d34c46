"""What goes on in a session: signals, levels and gaps that begin, change and end, without flicker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.findings import Findings, Limit, Limited, Perceived
from interhuman_stream.protocol.tracking import GAP, HOLD, Detected, Ended, Gap, Level, Quality, Tracker, Updated
from interhuman_stream.signals import (
    ConversationQuality,
    EngagementSpan,
    EngagementState,
    Modality,
    Observation,
    Probability,
    Signal,
    SignalType,
)

if TYPE_CHECKING:
    from interhuman_stream.protocol.tracking import Event

AGREEMENT = SignalType.AGREEMENT
NEUTRAL, ENGAGED = EngagementState.NEUTRAL, EngagementState.ENGAGED


def signal(start: float, end: float, cue: str = "nod", probability: Probability = Probability.LOW) -> Signal:
    because = (Observation(f"showed {cue}", start, end, Modality.VIDEO, cue),)
    return Signal(AGREEMENT, start, end, probability, because)


def stretch(
    start: float, end: float, *signals: Signal, state: EngagementState = NEUTRAL, dark: bool = False
) -> Findings:
    limits = (Limited(Limit.NO_PICTURE, start, end),) if dark else ()
    return Findings(
        start,
        end,
        signals,
        (EngagementSpan(start, end, state),),
        ConversationQuality(clarity=100.0 if signals else 50.0),
        perceived=Perceived(limits=limits),
    )


def tracked(*found: Findings) -> list[Event]:
    """All events but those on quality."""
    tracker = Tracker(frozenset(SignalType))
    events = [event for each in found for event in tracker.saw(each)] + tracker.over()
    return [event for event in events if not isinstance(event, Quality)]


def of_signals(events: list[Event]) -> list[Detected | Updated | Ended]:
    return [event for event in events if isinstance(event, Detected | Updated | Ended)]


def halves(until: float, *signals: Signal) -> list[Findings]:
    """Stretches of half a second, each with what of the signals is in it."""
    found = []
    for number in range(round(until * 2)):
        start, end = number / 2, number / 2 + 0.5
        inside = [
            Signal(each.type, max(each.start, start), min(each.end, end), each.probability, each.because)
            for each in signals
            if each.start < end and each.end > start
        ]
        found.append(stretch(start, end, *inside))
    return found


def test_a_signal_begins_once_and_ends_where_it_was_last_seen() -> None:
    said = of_signals(tracked(*halves(8.0, signal(1.0, 3.2))))
    assert [type(each) for each in said] == [Detected, Ended]
    assert isinstance(said[0], Detected)
    assert isinstance(said[1], Ended)
    assert (said[0].signal.start, said[1].signal.end) == (1.0, 3.2)


def test_what_comes_again_soon_has_not_ended() -> None:
    soon, late = signal(4.0, 5.0), signal(4.5, 5.0)
    assert len(of_signals(tracked(*halves(9.0, signal(1.0, 4.0 - GAP + 0.1), soon)))) == 2
    assert len(of_signals(tracked(*halves(9.0, signal(1.0, 4.5 - GAP - 0.1), late)))) == 4


def test_it_becomes_surer_and_never_less_sure() -> None:
    parts = [
        stretch(0.0, 0.5, signal(0.0, 0.5)),
        stretch(0.5, 1.0, signal(0.5, 1.0, probability=Probability.HIGH)),
        stretch(1.0, 1.5, signal(1.0, 1.5)),
        stretch(1.5, 2.0, signal(1.5, 2.0)),
    ]
    said = of_signals(tracked(*parts))
    assert [type(each) for each in said] == [Detected, Updated, Ended]
    assert isinstance(said[1], Updated)
    assert said[1].signal.probability is Probability.HIGH
    assert said[1].signal.start == 0.0


def test_another_reason_is_told_but_not_more_often_than_once_a_second() -> None:
    parts = [stretch(at / 2, at / 2 + 0.5, signal(at / 2, at / 2 + 0.5, f"cue {at}")) for at in range(8)]
    updates = [each for each in tracked(*parts) if isinstance(each, Updated)]
    assert len(updates) == 4  # at 1.5, 2.5 and 3.5 s, and what had changed since at the end
    assert "cue 7" in updates[-1].signal.rationale()


def test_what_is_understood_late_is_told_in_its_own_time_and_never_twice() -> None:
    said = of_signals(tracked(*halves(4.0, signal(1.0, 2.0)), stretch(4.0, 4.5, signal(1.2, 3.0))))
    assert [type(each) for each in said] == [Detected, Ended]
    assert said[-1] == Ended(said[-1].signal)
    assert said[-1].signal.end == 3.0


def test_what_is_over_before_it_is_known_begins_and_ends() -> None:
    said = of_signals(tracked(*halves(4.0), stretch(4.0, 5.5, signal(2.0, 2.6))))
    assert [type(each) for each in said] == [Detected, Ended]
    assert said[0].signal.start == 2.0


def test_too_short_to_be_told() -> None:
    assert of_signals(tracked(*halves(3.0, signal(1.1, 1.3)))) == []


def test_levels_change_once_they_last() -> None:
    parts = [stretch(at / 2, at / 2 + 0.5, state=ENGAGED if 2 <= at < 8 or at == 9 else NEUTRAL) for at in range(16)]
    levels = [each for each in tracked(*parts) if isinstance(each, Level)]
    assert levels == [Level(NEUTRAL, 0.0), Level(ENGAGED, 1.0), Level(NEUTRAL, 5.0)]


def test_gaps_are_told_where_they_are_and_nowhere_else() -> None:
    seen = tracked(stretch(0.0, 1.0), *(stretch(at, at + 0.5, dark=True) for at in (1.0, 1.5, 2.0)), stretch(2.5, 3.0))
    assert [each for each in seen if isinstance(each, Gap)] == [Gap(1.0, 2.5, seen=True)]
    missed = tracked(stretch(0.0, 1.0), stretch(3.0, 4.0), stretch(4.0, 4.5, dark=True), stretch(4.5, 5.0))
    assert [each for each in missed if isinstance(each, Gap)] == [Gap(1.0, 3.0, seen=False)]
    at_the_end = tracked(stretch(0.0, 1.0), stretch(1.0, 3.0, dark=True))
    assert at_the_end[-1] == Gap(1.0, 3.0, seen=True)


def test_quality_is_of_all_and_of_the_last_seconds() -> None:
    tracker = Tracker(frozenset(SignalType))
    parts = [stretch(float(at), at + 1.0, *([signal(at, at + 1.0)] if at < 6 else [])) for at in range(18)]
    told = [event for each in parts for event in tracker.saw(each) if isinstance(event, Quality)]
    assert [each.end for each in told] == [3.0, 6.0, 9.0, 12.0, 15.0, 18.0]
    assert told[1].overall.clarity == 100.0
    assert told[-1].overall.clarity == pytest.approx(50 + 50 / 3)
    assert told[-1].window.clarity == 50.0
    assert told[-1].start == 10.0


spans = st.tuples(st.floats(0, 20), st.floats(0.01, 5), st.sampled_from(list(Probability)), st.sampled_from("abc"))


@given(st.lists(spans, max_size=6), st.sampled_from([0.5, 1.0, 3.0]))
def test_every_signal_is_detected_once_and_ended_once(
    drawn: list[tuple[float, float, Probability, str]], every: float
) -> None:
    signals = [signal(start, start + length, cue, band) for start, length, band, cue in drawn]
    found, at = [], 0.0
    while at < 26.0:
        inside = [each for each in signals if each.start < at + every and each.end > at - 3.0]
        cut = [Signal(e.type, e.start, min(e.end, at + every), e.probability, e.because) for e in inside]
        found.append(stretch(at, at + every, *cut))
        at += every
    active: Signal | None = None
    last = 0.0
    for event in of_signals(tracked(*found)):
        if isinstance(event, Detected):
            assert active is None
            assert event.signal.start >= last
            active = event.signal
        elif isinstance(event, Updated):
            assert active
            assert list(Probability).index(event.signal.probability) <= list(Probability).index(active.probability)
            assert event.signal.start == active.start
            active = event.signal
        else:
            assert isinstance(event, Ended)
            assert active
            assert event.signal.end >= active.start
            last, active = event.signal.end, None
    assert active is None
    assert HOLD > GAP
