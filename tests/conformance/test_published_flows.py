"""Flows of published clients of v1 and v2, written from how they are described: what they send, and what breaks them.

None of them closes gracefully but the newest skill.
"""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any

import av
import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Running

QUALITY = frozenset({"quality_index", "clarity", "authority", "energy", "rapport", "learning"})
BOTH = ["conversation_quality_overall", "conversation_quality_timeline"]


def address(running: Running, version: str) -> str:
    return running.url.replace("http", "ws", 1) + f"/{version}/stream/analyze"


def bearer(running: Running) -> dict[str, str]:
    return {"Authorization": f"Bearer {running.token()}"}


def without_cues(data: bytes) -> tuple[bytes, bytes]:
    """A WebM's header, and what follows it: from the first cluster on."""
    at = data.index(b"\x1f\x43\xb6\x75")
    return data[:at], data[at:]


def silent_file(data: bytes) -> bytes:
    """The same pictures as a file of its own without a track of sound."""
    out = io.BytesIO()
    with av.open(io.BytesIO(data), "r") as source, av.open(out, "w", format="webm") as file:
        copy = file.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = copy
                file.mux(packet)
    return out.getvalue()


async def test_the_vision_agents_plugin(running: Running, sample_segments: list[bytes]) -> None:
    """It configures before anything is said, sends whole WebM files, some without sound, and counts on six keys."""
    said: list[dict[str, Any]] = []
    async with connect(address(running, "v1"), additional_headers=bearer(running), max_size=64 * 1024 * 1024) as socket:
        await socket.send(json.dumps({"include": BOTH}))
        for data in (sample_segments[0], silent_file(sample_segments[1])):
            await socket.send(data)
        while sum(each["type"] == "conversation_quality.updated" for each in said) < 2:
            said.append(json.loads(await asyncio.wait_for(socket.recv(), 60)))
    qualities = [each["data"] for each in said if each["type"] == "conversation_quality.updated"]
    for data in qualities:
        assert set(data["overall"]) == QUALITY
        assert set(data["timeline"][0]["values"]) == QUALITY
    assert {"signal.detected", "engagement.updated"} <= {each["type"] for each in said}
    assert "error" not in {each["type"] for each in said}


async def test_the_plugin_uploads_with_file_like_parts(running: Running, sample_segments: list[bytes]) -> None:
    parts: list[tuple[str, Any]] = [("file", ("upload.bin", sample_segments[0], "application/octet-stream"))]
    parts += [("include[]", (None, name.encode())) for name in BOTH]
    async with httpx.AsyncClient(headers=bearer(running), timeout=120) as client:
        answer = await client.post(
            f"{running.url}/v1/upload/analyze", files=parts, headers={"X-Client-Request-Id": "plugin-1"}
        )
    assert answer.status_code == 200
    assert answer.headers["X-Correlation-ID"]
    assert {*answer.json()["conversation_quality"]["timeline"][0]["values"]} == QUALITY


async def test_the_examples_analyze_blob(running: Running, short: Path) -> None:
    """The first part as it is, each later one behind the header again; back to back; done after silence."""
    data = await asyncio.to_thread(short.read_bytes)
    header, media = without_cues(data)
    third = len(media) // 3
    frames = [header + media[:third], *(header + media[at : at + third] for at in range(third, len(media), third))]
    async with connect(address(running, "v1"), additional_headers=bearer(running), max_size=None) as socket:
        await socket.send(json.dumps({"include": BOTH}))
        for frame in frames:
            await socket.send(frame)
        said: list[dict[str, Any]] = []
        judged = 0.0
        while judged < 8.5:
            said.append(json.loads(await asyncio.wait_for(socket.recv(), 60)))
            if said[-1]["type"] == "conversation_quality.updated":
                judged = said[-1]["data"]["timeline"][-1]["end"]
    assert not [each for each in said if each["type"] == "error"]
    begun = {
        each["data"]["signal_type"]: each["data"]["start"]
        for each in reversed(said)
        if each["type"] == "signal.detected"
    }
    assert begun["disagreement"] == pytest.approx(5.8, abs=1.5)  # cluster times go on: nothing starts anew


@pytest.mark.parametrize("browser", [False, True])
async def test_the_skill_of_v2(running: Running, sample_segments: list[bytes], browser: bool) -> None:
    """Media only once it is ready; one clip, then the close at once; every later event is read."""
    options: dict[str, Any] = (
        {"subprotocols": [Subprotocol("access_token"), Subprotocol(running.token())]}
        if browser
        else {"additional_headers": bearer(running)}
    )
    async with connect(f"{address(running, 'v2')}?model=inter-2", **options) as socket:  # its usual limit of 1 MiB
        ready = json.loads(await asyncio.wait_for(socket.recv(), 60))
        assert ready["type"] == "session.ready"
        await socket.send(json.dumps({"include": [BOTH[0]]}))
        await socket.send(sample_segments[0])
        await socket.send('{"type":"session.close"}')
        said = [json.loads(text)["type"] async for text in socket]
    assert said[:2] == ["session.updated", "session.closing"]
    assert "signal.detected" in said
    assert said[-1] == "session.ended"


async def test_a_client_that_just_leaves_and_one_that_idles_until_it_is_ready(
    running: Running, sample_segments: list[bytes]
) -> None:
    async with connect(address(running, "v2"), additional_headers=bearer(running)) as socket:
        await socket.send(sample_segments[0])
        await socket.recv()
    async with connect(address(running, "v2"), additional_headers=bearer(running)) as socket:
        assert json.loads(await asyncio.wait_for(socket.recv(), 60))["type"] == "session.ready"
