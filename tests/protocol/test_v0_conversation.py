"""v0's conversation, driven without a socket: whatever comes in whatever order, each frame is answered once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.faults import AnalysisBroke, EngineError, MalformedSegment, UnknownContainer
from interhuman_stream.findings import Findings
from interhuman_stream.protocol import errors, v0
from interhuman_stream.protocol.dialect import Close, Media, Output
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT
from interhuman_stream.signals import ConversationQuality, Modality, Observation, Probability, Signal, SignalType

GOOD, SMALL, LARGE = bytes(SMALLEST_SEGMENT), bytes(SMALLEST_SEGMENT - 1), bytes(LARGEST_SEGMENT + 1)
FOUND = Findings(10.0, 15.0, (), (), ConversationQuality())
FAULTS = (
    MalformedSegment("Nothing in it decodes."),
    UnknownContainer("It begins no container."),
    EngineError("The worker was lost."),
    AnalysisBroke("a trace that is nobody's business"),
    ZeroDivisionError("neither is this"),
)


def opened(extended: v0.Extension | None = None) -> v0.V0:
    conversation = v0.V0(extended)
    assert stands(conversation) == "new"
    assert conversation.opened() == Output()
    assert stands(conversation) == "open"
    return conversation


def stands(conversation: v0.V0) -> str:
    return conversation.state  # which mypy takes to stay as it was last compared


def messages(output: Output) -> list[dict[str, Any]]:
    return [json.loads(text) for text in output.texts]


def test_a_segment_is_taken_at_once_and_answered_when_it_is_analysed() -> None:
    conversation = opened()
    taken = conversation.bytes_came(GOOD)
    assert taken == Output((Media(GOOD, 1),), ('{"status":"processing","segment":1,"bytes":10000}',), outcome="taken")
    seen = (Observation("nodded twice", 11.0, 12.5, Modality.VIDEO),)
    signal = Signal(SignalType.AGREEMENT, 11.0, 12.5, Probability.HIGH, seen)
    answer = conversation.found(Findings(10.0, 15.0, (signal,), (), ConversationQuality()), 1)
    assert answer.texts == (
        '{"status":"result","segment":1,"signals":[{"type":"agreement","start":1.0,"end":2.5}]}',
        '{"status":"completed","segment":1}',
    )


def test_what_is_refused_for_its_size_has_a_number_and_its_bytes_belong_to_the_stream() -> None:
    conversation = opened()
    small, large = conversation.bytes_came(SMALL), conversation.bytes_came(LARGE)
    assert small.media == (Media(SMALL, None, "take"),)
    assert large.media == (Media(LARGE[:-1], None, "take"), Media(LARGE[-1:], None, "take"))
    assert messages(small)[0]["error"] == "Video chunk too small: 9999 bytes (minimum: 10000 bytes)"
    assert messages(large)[0]["error"] == "Video chunk too large: 20971521 bytes (maximum: 20971520 bytes)"
    text = conversation.text_came("{}")
    assert "binary frame" in messages(text)[0]["error"]
    assert [messages(each)[0]["segment"] for each in (small, large, text)] == [1, 2, 3]
    assert {each.outcome for each in (small, large, text)} == {"refused"}
    assert [conversation.wants(len(each)) for each in (SMALL, GOOD, LARGE)] == [True, True, True]
    assert not conversation.wants(0)
    assert (nothing := conversation.bytes_came(b"")).outcome == "refused"
    assert nothing.media == ()
    assert messages(conversation.bytes_came(GOOD))[0]["segment"] == 5


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_fault_says_what_it_is_about_and_a_defect_says_nothing_of_itself(fault: Exception) -> None:
    plain, extended = opened(), opened(v0.Extension("c0ffee", overall=False, timeline=False))
    for conversation in (plain, extended):
        conversation.bytes_came(GOOD)
    said = str(fault) if isinstance(fault, MalformedSegment | EngineError) else errors.INTERNAL.message
    assert messages(plain.failed(fault, 1)) == [{"status": "error", "segment": 1, "error": said}]
    identity = "ih5004" if isinstance(fault, MalformedSegment) else "ih1001"
    (message,) = messages(extended.failed(fault, 1))
    assert (message["error_id"], message["message"], message["correlation_id"]) == (identity, said, "c0ffee")


def test_an_ending_waits_for_what_was_taken_and_takes_nothing_more() -> None:
    conversation = opened()
    conversation.bytes_came(GOOD)
    conversation.bytes_came(GOOD)
    assert conversation.ends("stopping") == Output()
    assert stands(conversation) == "ending"
    assert not conversation.wants(len(GOOD))
    assert conversation.bytes_came(GOOD) == conversation.text_came("") == conversation.ends("idle") == Output()
    assert conversation.found(FOUND, 1).close is None
    last = conversation.failed(FAULTS[0], 2)
    assert messages(last)[-1]["segment"] == 2
    assert last.close == Close(1012, "the service restarts; come back in a moment")
    assert stands(conversation) == "closed"


@pytest.mark.parametrize(("why", "code"), [("idle", 1001), ("long", 1001), ("stopping", 1012), ("revoked", 1008)])
def test_an_ending_with_nothing_open_closes_at_once(why: Any, code: int) -> None:
    close = opened().ends(why).close
    assert close is not None
    assert close.code == code
    assert len(close.reason.encode()) <= 123  # RFC 6455, 5.5


@pytest.mark.parametrize(("why", "code"), [(errors.KEY_USE, 1013), (errors.KEY_REVOKED, 1008)])
def test_a_key_that_may_send_no_more_ends_it_when_the_rest_is_answered(why: errors.Error, code: int) -> None:
    conversation = opened()
    conversation.bytes_came(GOOD)
    denied = conversation.denied(why, "No more, in 9 s.")
    assert messages(denied) == [{"status": "error", "segment": 2, "error": "No more, in 9 s."}]
    assert (denied.outcome, denied.media, denied.close) == ("denied", (), None)
    assert conversation.denied(why, "again") == Output()
    assert conversation.found(FOUND, 1).close == Close(code, why.message)


def test_findings_of_an_answered_segment_or_of_none_are_a_defect() -> None:
    conversation = opened()
    conversation.bytes_came(GOOD)
    conversation.found(FOUND, 1)
    assert conversation.through(1) == Output()
    for number in (1, 2):
        with pytest.raises(KeyError):
            conversation.found(FOUND, number)
        with pytest.raises(KeyError):
            conversation.failed(FAULTS[0], number)


EVENTS = st.lists(st.sampled_from(["good", "small", "large", "text", "found", "failed"]), max_size=40) | st.lists(
    st.sampled_from(
        ["good", "good", "good", "small", "large", "text", "found", "failed", "through", "denied", "idle", "revoked"]
    ),
    max_size=40,
)


class Driven:
    """A conversation, what its engine has still to do, and what was said."""

    def __init__(self) -> None:
        self.conversation = opened()
        self.engine: list[int] = []
        self.sent = 0
        self.analysed: list[int] = []
        self.taken = 0
        self.said: list[dict[str, Any]] = []
        self.closed: Close | None = None

    def tell(self, event: str, fault: Exception) -> None:
        """One event, as the service would tell it."""
        conversation, was_open = self.conversation, self.conversation.state == "open"
        if event in {"good", "small", "large"}:
            self.sent += was_open
            data = {"good": GOOD, "small": SMALL, "large": LARGE}[event]
            assert conversation.wants(len(data)) == was_open
            self.do(conversation.bytes_came(data))
        elif event == "text":
            self.sent += was_open
            self.do(conversation.text_came("{}"))
        elif event == "denied":
            self.sent += was_open
            self.do(conversation.denied(errors.KEY_USE, "No more."))
        elif event == "through":
            self.do(conversation.through(self.sent))
        elif event in {"idle", "revoked"}:
            self.do(conversation.ends("idle" if event == "idle" else "revoked"))
        elif self.engine:
            number = self.engine.pop(0)
            self.do(conversation.found(FOUND, number) if event == "found" else conversation.failed(fault, number))

    def do(self, output: Output) -> None:
        """Do what it says, and see that nothing comes after the last."""
        assert self.closed is None or output == Output()
        for media in output.media:
            if media.number is None:
                self.taken += 1
                assert media.data is SMALL or len(media.data) in {1, LARGEST_SEGMENT}
            else:
                self.engine.append(media.number)
                self.analysed.append(media.number)
                assert media.data is GOOD
        self.said += messages(output)
        self.closed = self.closed or output.close
        assert (self.closed is not None) == (self.conversation.state == "closed")


@given(EVENTS, st.sampled_from(FAULTS))
def test_numbers_come_in_order_and_each_frame_is_answered_once(events: list[str], fault: Exception) -> None:
    driven = Driven()
    for event in events:
        driven.tell(event, fault)
    while driven.engine:
        driven.tell("found", fault)
    first: dict[int, list[str]] = {}
    for message in driven.said:
        first.setdefault(message["segment"], []).append(message["status"])
    # Each frame that came while it was open has the next number, and is heard of in that order.
    assert list(first) == list(range(1, driven.sent + 1))
    for number, statuses in first.items():
        if number in driven.analysed:
            assert statuses in (["processing", "result", "completed"], ["processing", "error"])
        else:
            assert statuses == ["error"]
    # What is analysed is handed out and answered in order.
    assert driven.analysed == sorted(driven.analysed)
    ends = [each["segment"] for each in driven.said if each["status"] in {"completed", "error"}]
    assert [number for number in ends if number in driven.analysed] == driven.analysed
    assert (driven.conversation.state == "closed") == any(each in events for each in ("denied", "idle", "revoked"))
    # Told anything after that, it says nothing.
    if driven.closed:
        for event in ("good", "small", "large", "text", "denied", "window", "idle"):
            driven.tell(event, fault)
