"""A whole file in one request, in both versions, and everything that can be wrong with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.analysis.conftest import clip
from tests.analysis.media.test_listening import sound_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Running


def post(running: Running, version: str, **form: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {running.token()}"}
    return httpx.post(f"{running.url}/{version}/upload/analyze", headers=headers, timeout=60, **form)


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_a_file_is_analysed_whole(running: Running, short: Path, sample_segments: list[bytes], version: str) -> None:
    file, types = (sample_segments[0], 1) if version == "v0" else (short.read_bytes(), 3)
    answer = post(running, version, files={"file": ("talk.webm", file)}, data={"unknown": "ignored"})
    assert answer.status_code == 200
    body = answer.json()
    assert len({signal["type"] for signal in body["signals"]}) >= types
    assert all(0 <= signal["start"] < signal["end"] <= 31 for signal in body["signals"])
    first = body["signals"][0]
    if version == "v0":
        assert [*body] == ["signals"]
        assert [*first] == ["type", "start", "end"]
    else:
        assert [*body] == ["signals", "engagement_state"]
        assert [*first] == ["type", "start", "end", "probability", "rationale", "modality"]


@pytest.mark.slow
def test_more_is_given_when_asked(running: Running, sample_segments: list[bytes]) -> None:
    asked = {"include[]": ["conversation_quality_overall", "conversation_quality_timeline"]}
    body = post(running, "v1", files={"file": sample_segments[0]}, data=asked).json()
    assert [*body["conversation_quality"]["overall"]] == [
        "quality_index",
        "clarity",
        "authority",
        "energy",
        "rapport",
        "learning",
    ]
    (span,) = body["conversation_quality"]["timeline"]
    assert [*span] == ["start", "end", "values"]
    assert [*span["values"]] == [*body["conversation_quality"]["overall"]]
    # What is not known is not asked for; what is known and not served is taken.
    others = {"include[]": "everything", "goal_dimensions[]": ["clarity", "rapport"], "conversation_context": "A talk."}
    assert [*post(running, "v1", files={"file": sample_segments[0]}, data=others).json()] == [
        "signals",
        "engagement_state",
    ]


@pytest.mark.slow
def test_the_timeline_alone_comes_with_the_whole(running: Running, sample: Path) -> None:
    asked = {"include[]": "conversation_quality_timeline"}
    quality = post(running, "v1", files={"file": sample.read_bytes()}, data=asked).json()["conversation_quality"]
    assert [*quality] == ["overall", "timeline"]
    assert [(entry["start"], round(entry["end"])) for entry in quality["timeline"]] == [(0, 10), (10, 20), (20, 30)]
    assert len({tuple(entry["values"].values()) for entry in quality["timeline"]}) > 1


@pytest.mark.parametrize(
    ("file", "status", "identity"),
    [
        (lambda: b"x" * 100, 400, "ih4002"),
        (bytes, 400, "ih4001"),
        (partial(clip, "webm", "libvpx", "libopus", seconds=2.0), 400, "ih4007"),
        (partial(sound_file, "webm"), 422, "ih5001"),
        (partial(sound_file, "wav"), 400, "ih4002"),
    ],
)
def test_v1_wants_three_seconds_of_video(
    running: Running, file: Callable[[], bytes], status: int, identity: str
) -> None:
    answer = post(running, "v1", files={"file": ("video", file())})
    assert (answer.status_code, answer.json()["error_id"]) == (status, identity)


@pytest.mark.parametrize(
    ("form", "status", "identity"),
    [
        ({}, 400, "ih4001"),
        ({"json": {"file": "x"}}, 400, "ih4001"),
        ({"files": {"other": b"x" * 20_000}}, 400, "ih4001"),
        ({"data": {"file": "text"}, "files": {"other": b"x"}}, 400, "ih4001"),
        ({"files": {"file": b"x" * 9_999}}, 400, "ih4000"),
        ({"files": {"file": b"\x89PNG" + bytes(20_000)}}, 400, "ih4002"),
        ({"files": {"file": b"\x1a\x45\xdf\xa3" + bytes(20_000)}}, 422, "ih5002"),
        ({"files": {"file": bytes(33_554_433)}}, 413, "ih4003"),
        ({"files": {"file": bytes(40_000_000)}}, 413, "ih4003"),
        ({"files": [("file", b"x" * 20_000), ("file", b"x" * 20_000)]}, 422, "ih4000"),
        ({"content": b"junk", "headers": {}}, 400, "ih4001"),
    ],
)
def test_what_is_wrong_is_said(running: Running, form: dict[str, Any], status: int, identity: str) -> None:
    form.pop("headers", None)
    answer = post(running, "v0", **form)
    assert (answer.status_code, answer.json()["error_id"]) == (status, identity)
    assert answer.json()["message"]


def test_a_form_that_breaks_off_is_malformed(running: Running) -> None:
    headers = {
        "Authorization": f"Bearer {running.token()}",
        "Content-Type": "multipart/form-data; boundary=abc",
    }
    url = f"{running.url}/v0/upload/analyze"
    broken = b'--abc\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n' + b"x" * 20_000
    assert httpx.post(url, headers=headers, content=broken).status_code in {400, 422}
    no_boundary = headers | {"Content-Type": "multipart/form-data"}
    assert httpx.post(url, headers=no_boundary, content=broken).status_code == 422


def test_a_file_name_reaches_nothing(running: Running, sample_segments: list[bytes]) -> None:
    name = "../../../../etc/passwd\r\nX-Injected: yes"
    answer = post(running, "v0", files={"file": (name, sample_segments[0])})
    assert answer.status_code in {200, 422}
    assert "x-injected" not in answer.headers
