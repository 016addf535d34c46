"""The conversation of v1 and v2, driven without a socket."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from interhuman_stream.faults import AnalysisBroke, EngineError, MalformedSegment
from interhuman_stream.findings import Findings, Limit, Limited, Look, Perceived
from interhuman_stream.medium import TALKING_FACE, VOICE, raw_voice
from interhuman_stream.protocol import errors, v1, v2
from interhuman_stream.protocol.dialect import Close, Media, Output
from interhuman_stream.protocol.limits import LARGEST_FRAME
from interhuman_stream.protocol.live import Envelopes, Live, Offer, refusal
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

ENVELOPES = Envelopes("c0ffee", lambda: "2026-11-28T12:00:00.000Z")
BOTH = ["conversation_quality_overall", "conversation_quality_timeline"]
MODELS = ("inter-2", "inter-2-audio")


def opened(version: str = "v2", model: str | None = None) -> Live:
    own = v2.VERSION if version == "v2" else v1.VERSION
    live = Live(own, Offer(300.0, 3600.0, MODELS if version == "v2" else ()), ENVELOPES, model)
    assert live.opened().texts
    return live


def said(output: Output) -> list[tuple[str, dict[str, Any]]]:
    return [(message["type"], message["data"]) for message in map(json.loads, output.texts)]


def seen(start: float, end: float, *types: SignalType, pictures: bool = True) -> Findings:
    because = (Observation("nodded twice", start, end, Modality.VIDEO, "nod"),)
    signals = tuple(Signal(each, start, end, Probability.MEDIUM, because) for each in types)
    limits = () if pictures else (Limited(Limit.NO_PICTURE, start, end),)
    level = (EngagementSpan(start, end, EngagementState.NEUTRAL),)
    return Findings(start, end, signals, level, ConversationQuality(), pictures, perceived=Perceived(limits=limits))


def test_the_service_says_what_there_is_to_have() -> None:
    live = Live(v2.VERSION, Offer(300.0, 3600.0, MODELS), ENVELOPES)
    message = json.loads(live.opened().texts[0])
    assert message == {
        "type": "session.ready",
        "timestamp": "2026-11-28T12:00:00.000Z",
        "correlation_id": "c0ffee",
        "data": {
            "session_idle_timeout_seconds": 300,
            "session_max_duration_seconds": 3600,
            "max_segment_duration_seconds": None,
            "min_segment_size_bytes": 1,
            "max_segment_size_bytes": 33554432,
            "supported_session_config_options": {"include": BOTH, "goal_dimensions": None, "model": list(MODELS)},
        },
    }
    ready = said(Live(v1.VERSION, Offer(1.0, 2.0, ()), ENVELOPES).opened())[0][1]
    assert "model" not in ready["supported_session_config_options"]


def test_what_is_wanted_is_read_anew_each_time_and_the_model_kept() -> None:
    live = opened()
    assert said(live.text_came(json.dumps({"include": BOTH, "model": "inter-2-audio"}))) == [
        ("session.updated", {"include": BOTH, "goal_dimensions": None, "model": "inter-2-audio"})
    ]
    assert said(live.text_came("{}")) == [
        ("session.updated", {"include": [], "goal_dimensions": None, "model": "inter-2-audio"})
    ]
    assert live.terms.medium == VOICE
    raw = {"audio_format": {"encoding": "pcm_s16le", "sample_rate": 16000, "channels": 1}}
    assert said(live.text_came(json.dumps(raw)))[0][0] == "session.updated"
    assert live.terms.medium == raw_voice(16_000)
    assert opened("v1").terms.medium == TALKING_FACE
    assert said(opened("v1").text_came('{"include":[]}'))[0][1]["model"] is None


@pytest.mark.parametrize(
    ("version", "text", "code"),
    [
        ("v2", "hello", "ih6001"),
        ("v2", "[]", "ih6001"),
        ("v2", "[" * 50_000, "ih6001"),
        ("v2", '"' + "x" * 70_000 + '"', "ih6001"),
        ("v2", '{"type":"session.open"}', "ih6001"),
        ("v2", '{"session_id":"x"}', "ih6001"),
        ("v2", '{"include":["everything"]}', "ih6001"),
        ("v2", '{"include":"conversation_quality_overall"}', "ih6001"),
        ("v2", '{"include":[1]}', "ih6001"),
        ("v2", '{"include":[[]]}', "ih6001"),
        ("v2", '{"goal_dimensions":["rapport"]}', "ih6001"),
        ("v2", '{"model":"inter-3"}', "ih6001"),
        ("v2", '{"model":{}}', "ih6001"),
        ("v2", '{"model":"inter-2-deep"}', "ih2003"),
        ("v2", '{"audio_format":{"encoding":"pcm_s16le","sample_rate":16000,"channels":1}}', "ih6001"),
        (
            "v2",
            '{"model":"inter-2-audio","audio_format":{"encoding":"mp3","sample_rate":16000,"channels":1}}',
            "ih6001",
        ),
        ("v2", '{"model":"inter-2-audio","audio_format":{"sample_rate":true}}', "ih6001"),
        ("v1", '{"model":"inter-2"}', "ih6001"),
    ],
)
def test_what_cannot_be_had_is_told_and_ends_nothing(version: str, text: str, code: str) -> None:
    live = opened(version)
    output = live.text_came(text)
    [(kind, data)] = said(output)
    assert (kind, data["code"], output.close) == ("error", code, None)
    assert data["link"].startswith("https://")
    assert live.bytes_came(b"x").outcome == "taken"


def test_the_model_is_settled_with_the_first_media() -> None:
    live = opened()
    assert live.bytes_came(b"x") == Output((Media(b"x", 1, "watch"),), outcome="taken")
    assert said(live.text_came('{"model":"inter-2-audio"}'))[0][1]["code"] == "ih6001"
    assert said(live.text_came('{"model":"inter-2"}'))[0][0] == "session.updated"


def test_signals_are_told_in_the_times_of_the_session() -> None:
    live = opened("v1")
    live.bytes_came(b"x")
    texts = said(live.found(seen(3.0, 6.0, SignalType.AGREEMENT), 1))
    rationale = "Nodded twice (3.0–6.0 s)."
    detected = {"signal_type": "agreement", "start": 3.0, "probability": "medium", "rationale": rationale}
    assert texts == [
        ("coverage.dropped", {"ranges": [{"start": 0.0, "end": 3.0}]}),
        ("signal.detected", {**detected, "modality": ["video"]}),
        ("engagement.updated", {"state": "neutral", "start": 3.0}),
    ]
    live.text_came('{"type":"session.close"}')
    assert said(live.through(2)) == [
        ("signal.ended", {"signal_type": "agreement", "end": 6.0}),
        ("session.ended", {"reason": "client_shutdown"}),
    ]


def test_v2_tells_no_levels_as_signals_and_no_modality() -> None:
    live = opened()
    live.bytes_came(b"x")
    texts = said(live.found(seen(0.0, 2.0, SignalType.ENGAGEMENT, SignalType.STRESS), 1))
    assert [data["signal_type"] for kind, data in texts if kind == "signal.detected"] == ["stress"]
    assert "modality" not in texts[0][1]


def test_the_model_that_listens_tells_six_signals_and_misses_no_pictures() -> None:
    live = opened(model="inter-2-audio")
    live.bytes_came(b"x")
    found = seen(0.0, 5.0, SignalType.STRESS, SignalType.INTEREST, pictures=False)
    assert [kind for kind, _ in said(live.found(found, 1))] == ["signal.detected", "engagement.updated"]
    assert [kind for kind, _ in said(live.found(seen(5.0, 5.5), 1))] == []


def test_quality_comes_with_the_sections_that_were_asked_for() -> None:
    live = opened()
    live.text_came(json.dumps({"include": BOTH[1:]}))
    live.bytes_came(b"x")
    [(kind, data)] = [each for each in said(live.found(seen(0.0, 5.0), 1)) if "quality" in each[0]]
    assert kind == "conversation_quality.updated"
    values = dict.fromkeys(("quality_index", "clarity", "authority", "energy", "rapport", "learning"), 50.0)
    assert data == {"timeline": [{"start": 0.0, "end": 5.0, "values": values}]}


def test_what_there_was_to_go_by_is_told_of_every_stretch_to_who_asks() -> None:
    live = opened()
    assert said(live.text_came('{"include":["perception"]}'))[0][1]["include"] == ["perception"]
    live.bytes_came(b"x")
    look = Look((0.25, 0.1, 0.5, 0.43219), (1.0, -2.04, 0.0), (3.0, 4.0))
    there = Perceived(0.5, 0.2, 0.3, 2, None, (Limited(Limit.DARK, 0.0, 0.5),), look)
    found = replace(seen(0.0, 0.5), perceived=there)
    assert said(live.found(found, 1))[-1] == (
        "perception.updated",
        {
            "start": 0.0,
            "end": 0.5,
            "face": 0.5,
            "speaking": 0.2,
            "voice": 0.3,
            "words": 2,
            "language": None,
            "limits": [{"why": "dark", "start": 0.0, "end": 0.5, "sentence": Limit.DARK.sentence}],
            "look": {"box": [0.25, 0.1, 0.5, 0.4322], "pose": [1.0, -2.0, 0.0], "gaze": [3.0, 4.0]},
        },
    )
    [(_, data)] = said(live.found(seen(0.5, 1.0, pictures=False), 1))
    assert data["look"] is None
    assert data["limits"][0]["start"] == 0.5
    live.text_came('{"include":[]}')
    assert said(live.found(seen(1.0, 1.5), 1)) == []


def test_without_pictures_it_is_said_once() -> None:
    live = opened()
    live.bytes_came(b"x")
    kinds = [each for at in range(5) for each in said(live.found(seen(at, at + 1.0, pictures=False), 1))]
    assert [data["code"] for kind, data in kinds if kind == "error"] == ["ih5001"]


def test_what_is_wrong_with_a_frame_names_it() -> None:
    live = opened()
    large = live.bytes_came(bytes(LARGEST_FRAME + 1))
    assert [media.work for media in large.media] == ["take", "take"]
    assert said(large)[0][1] | {"message": ""} == {
        "code": "ih6002", "message": "", "link": errors.SEGMENT_TOO_LARGE.link, "segment": 1
    }  # fmt: skip
    assert said(live.bytes_came(b""))[0][1]["segment"] == 2
    live.bytes_came(b"x")
    for fault, code in ((MalformedSegment("it is damaged"), "ih5004"), (EngineError("lost"), "ih1001")):
        [(_, data)] = said(live.failed(fault, 3))
        assert (data["code"], data["segment"]) == (code, 3)
    assert said(live.failed(MalformedSegment("it is damaged"), 3))[0][1]["message"] == "It is damaged."
    assert "secret" not in live.failed(AnalysisBroke("secret"), 3).texts[0]


def test_a_close_waits_for_what_was_taken_and_takes_nothing_more() -> None:
    live = opened()
    live.bytes_came(b"x")
    closing = live.text_came('{"type":"session.close"}')
    assert closing.media == (Media(b"", 2, "rest"),)
    assert said(closing) == [("session.closing", {"max_drain_seconds": 60})]
    assert said(live.bytes_came(b"y"))[0][1]["code"] == "ih6001"
    assert live.text_came("{}") == Output()
    assert live.through(1) == Output()
    done = live.through(2)
    assert said(done) == [("session.ended", {"reason": "client_shutdown"})]
    assert done.close == Close(1000, "the session has ended as the client asked")
    assert live.state == "closed"


def test_a_close_without_media_ends_at_once() -> None:
    output = opened().text_came('{"type":"session.close"}')
    assert [kind for kind, _ in said(output)] == ["session.closing", "session.ended"]
    assert output.close
    assert output.media == ()


@pytest.mark.parametrize(("why", "code", "closes"), [("idle", "ih6003", 1001), ("long", "ih6004", 1001)])
def test_the_service_ends_it_with_all_that_goes_on(why: Any, code: str, closes: int) -> None:
    live = opened()
    live.bytes_came(b"x")
    live.found(seen(0.0, 2.0, SignalType.STRESS), 1)
    assert live.ends(why).media == (Media(b"", 2, "rest"),)
    output = live.through(2)
    assert [kind for kind, _ in said(output)] == ["signal.ended", "error"]
    assert said(output)[-1][1]["code"] == code
    assert output.close
    assert output.close.code == closes


def test_a_revoked_key_ends_it_at_once_and_a_late_drain_too() -> None:
    live = opened()
    live.bytes_came(b"x")
    output = live.ends("revoked")
    assert output.close
    assert (said(output)[0][1]["code"], output.close.code) == ("ih2014", 1008)
    late = opened()
    late.bytes_came(b"x")
    late.text_came('{"type":"session.close"}')
    assert [kind for kind, _ in said(late.ends("overdue"))] == ["session.ended"]
    assert late.ends("overdue") == Output()


def test_a_restart_is_no_error() -> None:
    output = opened().ends("stopping")
    assert said(output) == []
    assert output.close
    assert output.close.code == 1012


def test_a_used_up_key_is_told_so() -> None:
    live = opened()
    live.bytes_came(b"x")
    live.found(seen(0.0, 2.0, SignalType.STRESS), 1)
    output = live.denied(errors.KEY_USE, "Wait 5 s.")
    assert [kind for kind, _ in said(output)] == ["error", "signal.ended"]
    assert output.outcome == "denied"
    assert output.close
    assert output.close.code == 1013


def test_who_may_not_have_a_session_is_told_why() -> None:
    output = refusal(errors.SCOPE_MISSING, ENVELOPES)
    assert said(output)[0][1]["code"] == "ih2003"
    assert output.close == Close(4003, errors.SCOPE_MISSING.message)
