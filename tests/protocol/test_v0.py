"""v0 on the wire: the documents' own examples to the letter, and what must hold for every finding."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from interhuman_stream.analysis.windows import windows
from interhuman_stream.findings import Findings, Limit, Limited, Perceived
from interhuman_stream.protocol import errors, tokens, v0, v1
from interhuman_stream.protocol.limits import INCLUDES
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


def finding(start: float = 10.0, length: float = 5.0, *signals: Signal) -> Findings:
    end = start + length
    spans = (EngagementSpan(start, end, EngagementState.NEUTRAL),)
    return Findings(start, end, signals, spans, ConversationQuality())


def signal(start: float, end: float, kind: SignalType = SignalType.AGREEMENT) -> Signal:
    return Signal(kind, start, end, Probability.HIGH, (Observation("nodded twice", start, end, Modality.VIDEO),))


@st.composite
def findings(draw: st.DrawFn) -> Findings:
    start = draw(st.floats(0, 1e5))
    length = draw(st.floats(0.04, 600))
    found = []
    for _ in range(draw(st.integers(0, 5))):
        begin = draw(st.floats(0, 1)) * length
        end = begin + draw(st.floats(0.001, 1)) * (length - begin)
        found.append(signal(start + begin, start + end, draw(st.sampled_from(SignalType))))
    return finding(start, length, *found)


def test_the_four_messages_are_the_documents_own() -> None:
    assert v0.processing(1, 1200000) == '{"status":"processing","segment":1,"bytes":1200000}'
    found = finding(10.0, 5.0, signal(10.0, 15.0))
    assert v0.result(1, found) == (
        '{"status":"result","segment":1,"signals":[{"type":"agreement","start":0.0,"end":5.0}]}'
    )
    assert v0.completed(1) == '{"status":"completed","segment":1}'
    assert v0.error(2, errors.SEGMENT_TOO_LARGE, v0.too_large(31000000)) == (
        '{"status":"error","segment":2,"error":"Video chunk too large: 31000000 bytes (maximum: 20971520 bytes)"}'
    )
    assert v0.result(3, finding()) == '{"status":"result","segment":3,"signals":[]}'


def test_what_there_was_to_go_by_is_said_where_it_is_asked_for() -> None:
    limits = (Limited(Limit.DARK, 12.0, 15.0),)
    found = replace(finding(), perceived=Perceived(2.0, 1.5, 3.0, 7, None, limits))
    asked = v0.extension(["perception"], "c0ffee")
    assert asked
    assert json.loads(v0.result(1, found, asked))["perception"] == {
        "face": 2.0,
        "speaking": 1.5,
        "voice": 3.0,
        "words": 7,
        "language": None,
        "limits": [{"why": "dark", "start": 2.0, "end": 5.0, "sentence": Limit.DARK.sentence}],
    }
    assert v1.upload(found, asked)["perception"]["words"] == 7
    quality = v0.extension(["conversation_quality_overall"], "c0ffee")
    assert "perception" not in json.loads(v0.result(1, found, quality))
    assert "perception" not in v1.upload(found)


@given(findings())
def test_times_lie_inside_the_segment_and_begin_before_they_end(found: Findings) -> None:
    length = round(found.end - found.start, 2)
    message = json.loads(v0.result(1, found))
    assert [*message] == ["status", "segment", "signals"]
    assert len(message["signals"]) == len(found.signals)
    for each in message["signals"]:
        assert [*each] == ["type", "start", "end"]
        assert 0 <= each["start"] < each["end"] <= length
    assert "-0.0" not in v0.result(1, found, v0.Extension("c0ffee", overall=True, timeline=True))


@given(findings(), st.text(), st.integers(1, 10**9))
def test_every_message_is_one_line_of_json(found: Findings, words: str, number: int) -> None:
    extended = v0.Extension("c0ffee", overall=True, timeline=True)
    for text in (
        v0.result(number, found),
        v0.result(number, found, extended),
        v0.error(number, errors.INTERNAL, words),
        v0.error(number, errors.INTERNAL, words, extended),
        v0.completed(number, extended),
        v0.processing(number, number, extended),
    ):
        assert "\n" not in text
        assert json.loads(text)["segment"] == number


def test_the_later_dialect_carries_more_and_only_when_asked() -> None:
    extended = v0.extension(["conversation_quality_overall"], "c0ffee")
    message: dict[str, Any] = json.loads(v0.result(1, finding(10.0, 5.0, signal(11.0, 12.0)), extended))
    assert message["correlation_id"] == "c0ffee"
    assert message["signals"] == [
        {
            "type": "agreement",
            "start": 1.0,
            "end": 2.0,
            "probability": "high",
            "rationale": "Nodded twice (1.0–2.0 s).",
        }
    ]
    assert message["engagement_state"] == [{"start": 0.0, "end": 5.0, "state": "neutral"}]
    assert message["conversation_quality"] == {
        "overall": {
            "quality_index": 50.0,
            "clarity": 50.0,
            "authority": 50.0,
            "energy": 50.0,
            "rapport": 50.0,
            "learning": 50.0,
        }
    }
    refused = json.loads(v0.error(2, errors.SEGMENT_MALFORMED, "No.", extended))
    assert [*refused] == ["status", "segment", "correlation_id", "error_id", "link", "message"]
    both = json.loads(v0.result(1, finding(), v0.extension(INCLUDES, "c0ffee")))
    assert [*both["conversation_quality"]] == ["overall", "timeline"]
    assert v0.extension([], "c0ffee") is None
    assert both["conversation_quality"]["timeline"] == [
        {"start": 0.0, "end": 5.0, "values": both["conversation_quality"]["overall"]}
    ]


def test_what_is_not_known_is_not_included() -> None:
    assert v0.extension(["everything"], "c0ffee") is None
    some = v0.extension(["everything", "conversation_quality_overall"], "c0ffee")
    assert some == v0.Extension("c0ffee", overall=True, timeline=False)


def test_uploads_answer_in_the_shape_of_their_version() -> None:
    found = finding(0.0, 8.0, signal(1.0, 2.5))
    assert v0.upload(found) == {"signals": [{"type": "agreement", "start": 1.0, "end": 2.5}]}
    one = v1.upload(found)
    assert one["signals"][0]["modality"] == ["video"]
    assert [*one] == ["signals", "engagement_state"]
    asked = v1.upload(found, v0.Extension("c0ffee", overall=True, timeline=False))
    assert [*asked["conversation_quality"]] == ["overall"]
    over_time = v1.upload(found, v0.Extension("c0ffee", overall=False, timeline=True), windows(found, 5.0))
    assert [*over_time["conversation_quality"]] == ["overall", "timeline"]
    assert [(each["start"], each["end"]) for each in over_time["conversation_quality"]["timeline"]] == [(0, 5), (5, 8)]
    assert over_time["conversation_quality"]["timeline"][1]["values"]["rapport"] == 50


def test_a_token_answer_has_the_documents_fields() -> None:
    assert tokens.token("abc", ["interhumanai.stream"]) == {
        "access_token": "abc",
        "token_type": "Bearer",
        "expires_in": 900,
        "scope": "interhumanai.stream",
    }


def test_errors_come_in_both_shapes_on_v0() -> None:
    new = errors.body(errors.CREDENTIAL_INVALID, "c0ffee")
    assert [*new] == ["error_id", "correlation_id", "link", "message"]
    old = errors.body_v0(errors.CREDENTIAL_INVALID, "c0ffee", "Expired.")
    assert old["message"] == old["detail"] == "Expired."
    assert old["status_code"] == 401
    assert old["link"] == "https://docs.interhuman.ai/api-reference/error-handling#ih2002-invalid-credentials"


def test_errors_lead_to_the_published_page() -> None:
    page = "https://docs.interhuman.ai/api-reference/error-handling"
    assert errors.SECRET_MISSING.link == f"{page}#ih2005-missing-key-secret"
    assert errors.UNREADABLE.link == f"{page}#ih5002-corrupted-video"
    assert errors.SEGMENT_TOO_LARGE.link == f"{page}#ih6002-message-too-large"
    assert errors.NOT_FOUND.link == page  # it has no such id
    for error in vars(errors).values():
        if isinstance(error, errors.Error) and error.id != errors.NOT_FOUND.id:
            assert error.link.startswith(f"{page}#{error.id}-")
