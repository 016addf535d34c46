"""A job's bodies, and what may be asked of one."""

from __future__ import annotations

from typing import Any

import pytest

from interhuman_stream.analysis.quality import quality
from interhuman_stream.analysis.windows import windows
from interhuman_stream.findings import Findings
from interhuman_stream.protocol.jobs import (
    INCLUDES,
    Asked,
    envelope,
    medium,
    merged,
    read_include,
    read_model,
    read_wait,
    result,
    told,
)
from interhuman_stream.protocol.v2 import MODELS
from interhuman_stream.signals import EngagementSpan, EngagementState, Modality, Observation, Probability, SignalType
from interhuman_stream.signals import Signal as Found

LOW, MEDIUM, HIGH = Probability.LOW, Probability.MEDIUM, Probability.HIGH


def found_signal(
    kind: SignalType, start: float, end: float, band: Probability = LOW, *because: tuple[float, float]
) -> Found:
    reasons = because or ((start, end),)
    seen = tuple(Observation(f"nodded at {one:g}", one, other, Modality.VIDEO, "nod") for one, other in reasons)
    return Found(kind, start, end, band, seen)


def findings(*signals: Found, end: float = 12.0, engaged_until: float = 6.0) -> Findings:
    spans = (
        EngagementSpan(0.0, engaged_until, EngagementState.ENGAGED),
        EngagementSpan(engaged_until, end, EngagementState.NEUTRAL),
    )
    return Findings(0.0, end, signals, spans, quality(signals, 0.0, end), has_video=True, has_audio=True)


def written(found: Findings, *include: str, model: str = "inter-2") -> dict[str, Any]:
    return result(found, windows(found, 5.0), Asked(model, include, 0))


@pytest.mark.parametrize(
    ("length", "edges"),
    [
        (3.0, [0, 3]),
        (5.0, [0, 5]),
        (5.9, [0, 5.9]),
        (6.0, [0, 5, 6]),
        (12.0, [0, 5, 10, 12]),
        (15.02, [0, 5, 10, 15.02]),
    ],
)
def test_windows_cover_the_file_and_none_is_next_to_nothing(length: float, edges: list[float]) -> None:
    body = written(findings(end=length))
    assert [each["start_seconds"] for each in body["windows"]] == edges[:-1]
    assert [each["end_seconds"] for each in body["windows"]] == edges[1:]
    assert [each["index"] for each in body["windows"]] == [*range(len(edges) - 1)]
    assert (body["duration_seconds"], body["window_seconds"]) == (length, 5.0)


def test_a_signal_is_in_every_window_in_which_it_shows_with_what_was_seen_there() -> None:
    body = written(findings(found_signal(SignalType.AGREEMENT, 4.0, 11.0, HIGH, (4.0, 4.5), (10.2, 11.0))))
    assert [[signal["start"] for signal in each["signals"]] for each in body["windows"]] == [[0.0], [5.0], [10.0]]
    assert body["windows"][0]["signals"][0] == {
        "type": "agreement",
        "start": 0.0,
        "end": 5.0,
        "probability": "high",
        "rationale": "Nodded at 4 (4.0–4.5 s).",
    }
    assert body["windows"][2]["signals"][0]["rationale"] == "Nodded at 10.2 (10.2–11.0 s)."


def test_the_edge_of_a_signal_is_no_part_of_the_next_window() -> None:
    edge, short = found_signal(SignalType.AGREEMENT, 3.0, 5.1), found_signal(SignalType.STRESS, 7.0, 7.1)
    body = written(findings(edge, short))
    assert [[signal["type"] for signal in each["signals"]] for each in body["windows"]] == [
        ["agreement"],
        ["stress"],
        [],
    ]


def test_of_two_in_one_window_the_surer_is_told() -> None:
    one, other = found_signal(SignalType.AGREEMENT, 0.5, 1.0), found_signal(SignalType.AGREEMENT, 3.0, 4.0, HIGH)
    (signal,) = written(findings(one, other))["windows"][0]["signals"]
    assert signal["probability"] == "high"
    assert "3" in signal["rationale"]


def test_the_engagement_of_a_window_is_what_holds_for_most_of_it() -> None:
    body = written(findings(engaged_until=7.0))
    assert [each["engagement_status"] for each in body["windows"]] == ["engaged", "neutral", "neutral"]


def test_signals_of_adjacent_windows_are_one_as_sure_as_the_surest() -> None:
    body = written(
        findings(
            found_signal(SignalType.AGREEMENT, 1.0, 2.0, MEDIUM),
            found_signal(SignalType.AGREEMENT, 6.0, 7.0, HIGH),
            found_signal(SignalType.STRESS, 1.0, 2.0),
            found_signal(SignalType.STRESS, 10.5, 11.5),
        ),
        "signals",
    )
    assert [(each["type"], each["start"], each["end"], each["probability"]) for each in body["signals"]] == [
        ("agreement", 0.0, 10.0, "high"),
        ("stress", 0.0, 5.0, "low"),
        ("stress", 10.0, 12.0, "low"),
    ]
    assert "6" in body["signals"][0]["rationale"]
    assert [signal["end"] for signal in body["windows"][0]["signals"]] == [5.0, 5.0]  # they are as they were


def test_of_equally_sure_windows_the_first_gives_the_reason() -> None:
    one = {"type": "agreement", "start": 0.0, "end": 5.0, "probability": "low", "rationale": "One."}
    other = {"type": "agreement", "start": 5.0, "end": 10.0, "probability": "low", "rationale": "Other."}
    assert merged([{"signals": [one]}, {"signals": [other]}]) == [one | {"end": 10.0}]


@pytest.mark.parametrize("flags", [(), *((flag,) for flag in INCLUDES), INCLUDES])
def test_a_result_has_the_sections_that_were_asked_for_and_no_others(flags: tuple[str, ...]) -> None:
    body = written(findings(), *flags)
    assert ("signals" in body) == ("signals" in flags)
    quality_flags = {"conversation_quality_overall": "overall", "conversation_quality_timeline": "timeline"}
    sections = {section for flag, section in quality_flags.items() if flag in flags}
    assert set(body.get("conversation_quality", {})) == sections
    if "overall" in sections:
        assert set(body["conversation_quality"]["overall"].values()) == {50.0}
    if "timeline" in sections:
        assert [[*entry] for entry in body["conversation_quality"]["timeline"]] == [["start", "end", "values"]] * 3


def test_each_model_tells_of_its_own_signals() -> None:
    every = findings(*(found_signal(kind, 0.0, 5.0) for kind in SignalType))
    for model, count in (("inter-2", 10), ("inter-2-deep", 10), ("inter-2-audio", 6)):
        body = written(every, "signals", model=model)
        assert len(body["signals"]) == len(body["windows"][0]["signals"]) == count
    assert SignalType.ENGAGEMENT not in told("inter-2")
    assert [medium(model).looks for model in MODELS] == [True, False, True]


def test_an_envelope_leaves_out_what_there_is_not() -> None:
    known = ("a" * 32, "queued", "inter-2", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z")
    body = envelope(*known)  # type: ignore[arg-type]
    assert [*body] == ["job_id", "status", "model", "created_at", "expires_at", "status_url"]
    assert body["status_url"] == f"/v2/upload/jobs/{'a' * 32}"


@pytest.mark.parametrize("value", [None, "", "inter-3", "INTER-2", "inter-2 "])
def test_a_model_that_is_not_known_is_said_with_those_that_are(value: str | None) -> None:
    with pytest.raises(ValueError, match="inter-2-audio"):
        read_model(value)


@pytest.mark.parametrize(("value", "seconds"), [(None, 0), ("", 0), ("0", 0), ("120", 120), ("007", 7)])
def test_how_long_to_wait_is_whole_seconds(value: str | None, seconds: int) -> None:
    assert read_wait(value) == seconds


@pytest.mark.parametrize("value", ["-1", "121", "1.5", "x", "٣", "1" * 5000, " 1"])
def test_how_long_to_wait_has_bounds(value: str) -> None:
    with pytest.raises(ValueError, match="wait_seconds must be"):
        read_wait(value)


def test_what_a_job_would_not_give_is_said_before() -> None:
    assert read_include(["signals", "signals"]) == ("signals",)
    with pytest.raises(ValueError, match="everything is not known"):
        read_include(["signals", "everything"])
