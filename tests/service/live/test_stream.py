"""The v0 socket, spoken to by a plain `websockets` client: messages, limits, order, damage, and how soon."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from statistics import median
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.medium import TALKING_FACE
from interhuman_stream.protocol.dialect import Media
from interhuman_stream.protocol.limits import UPLOAD_SCOPE
from interhuman_stream.service.live.backlog import Waiting
from interhuman_stream.service.run import Server
from interhuman_stream.service.settings import Settings
from interhuman_stream.terms import USUAL, Terms
from tests.conftest import Running
from tests.service.serving import NoEngine, emptied

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from interhuman_stream.findings import Findings
    from interhuman_stream.medium import Medium


def opened(running: Running, query: str = "", **options: Any) -> connect:
    headers = {"Authorization": f"Bearer {running.token()}"}
    return connect(running.socket_url + query, additional_headers=headers, max_size=None, **options)


async def answers(socket: ClientConnection, segments: int) -> list[dict[str, Any]]:
    """Everything until so many segments are finished."""
    said: list[dict[str, Any]] = []
    while sum(each["status"] in {"completed", "error"} for each in said) < segments:
        said.append(json.loads(await asyncio.wait_for(socket.recv(), 60)))
    return said


async def test_segments_are_answered_in_order(running: Running, sample_segments: list[bytes]) -> None:
    async with opened(running) as socket:
        for segment in sample_segments:
            await socket.send(segment)
        said = await answers(socket, len(sample_segments))
    for number, segment in enumerate(sample_segments, 1):
        own = [each for each in said if each["segment"] == number]
        assert [each["status"] for each in own] == ["processing", "result", "completed"]
        assert own[0]["bytes"] == len(segment)
        for signal in own[1]["signals"]:
            assert 0 <= signal["start"] < signal["end"] <= 5.1
    results = [each["segment"] for each in said if each["status"] == "result"]
    assert results == sorted(results)
    types = [{signal["type"] for signal in each["signals"]} for each in said if each["status"] == "result"]
    assert "agreement" in types[0]
    assert "disagreement" in types[1]
    assert "engagement" not in types[2]
    assert types[3] & {"hesitation", "uncertainty"}


@pytest.mark.parametrize(
    "name", ["vp8_opus_webm", "vp9_opus_fmp4", pytest.param("vp9_opus_webm", marks=pytest.mark.long)]
)
async def test_what_a_recorder_sends_completes(running: Running, shared_data: Path, name: str) -> None:
    blobs = [path.read_bytes() for path in sorted((shared_data / "browser" / name).glob("blob_*.bin"))][:3]
    async with opened(running) as socket:
        for blob in blobs:
            await socket.send(blob)
        said = await answers(socket, len(blobs))
    for number, blob in enumerate(blobs, 1):
        last = [each for each in said if each["segment"] == number][-1]
        if len(blob) < 10_000:  # the header of an MP4 alone: refused, and still the beginning of the stream
            assert last["error"] == "Video chunk too small: 1181 bytes (minimum: 10000 bytes)"
        else:
            assert last["status"] == "completed"


async def test_bad_frames_are_answered_and_the_next_good_one_works(
    running: Running, sample_segments: list[bytes]
) -> None:
    good = sample_segments[4]
    frames: list[bytes | str] = [
        bytes(31_000_000),
        b"x" * 9_999,
        "a text frame",
        bytes(20_000_000),
        b"\x89PNG\r\n\x1a\n" + bytes(30_000),
        good[:30] + bytes(20_000),
        b"",
    ]
    async with opened(running) as socket:
        for frame in frames:
            await socket.send(frame)
        await socket.send(good)
        said = await answers(socket, len(frames) + 1)
    errors = {each["segment"]: each["error"] for each in said if each["status"] == "error"}
    assert set(errors) == set(range(1, len(frames) + 1))
    assert errors[1] == "Video chunk too large: 31000000 bytes (maximum: 20971520 bytes)"
    assert errors[2] == "Video chunk too small: 9999 bytes (minimum: 10000 bytes)"
    assert "binary frame" in errors[3]
    assert said[-1] == {"status": "completed", "segment": len(frames) + 1}
    assert all([*each] == ["status", "segment", "error"] for each in said if each["status"] == "error")


async def test_the_limits_themselves_are_legal(running: Running) -> None:
    async with opened(running) as socket:
        for size in (10_000, 20_971_520, 20_971_521):
            await socket.send(bytes(size))
        said = await answers(socket, 3)
    assert [each["segment"] for each in said if each["status"] == "processing"] == [1, 2]
    (third,) = [each for each in said if each["segment"] == 3]
    assert third["error"] == "Video chunk too large: 20971521 bytes (maximum: 20971520 bytes)"


async def test_a_subprotocol_carries_the_token_and_is_answered_exactly(running: Running) -> None:
    offered = [Subprotocol("access_token"), Subprotocol(running.token())]
    async with connect(running.socket_url, subprotocols=offered) as socket:
        assert socket.subprotocol == "access_token"
        assert socket.response is not None
        assert socket.response.headers["X-Correlation-ID"]
        assert "Sec-WebSocket-Extensions" not in socket.response.headers


@pytest.mark.parametrize(
    ("headers", "status", "identity"),
    [
        ({}, 401, "ih2001"),
        ({"Authorization": "Bearer nonsense"}, 401, "ih2002"),
        ({"Authorization": "Basic abc"}, 401, "ih2001"),
        ({"Sec-WebSocket-Protocol": "access_token"}, 401, "ih2001"),
        ({"Sec-WebSocket-Protocol": "access_token, nonsense"}, 401, "ih2002"),
    ],
)
async def test_who_may_not_is_refused_on_the_upgrade(
    running: Running, headers: dict[str, str], status: int, identity: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(running.socket_url, additional_headers=headers)
    response = refused.value.response
    assert response.status_code == status
    body = json.loads(response.body or b"")
    assert body["error_id"] == identity
    assert body["correlation_id"] == response.headers["X-Correlation-ID"]


async def test_a_token_without_the_scope_is_forbidden(running: Running) -> None:
    headers = {"Authorization": f"Bearer {running.token(UPLOAD_SCOPE)}"}
    with pytest.raises(InvalidStatus) as refused:
        await connect(running.socket_url, additional_headers=headers)
    assert refused.value.response.status_code == 403


async def test_the_later_dialect_is_spoken_when_asked(running: Running, sample_segments: list[bytes]) -> None:
    async with opened(running, "?include[]=conversation_quality_overall") as socket:
        await socket.send(b"short")
        await socket.send(sample_segments[0])
        said = await answers(socket, 2)
    assert len({each["correlation_id"] for each in said}) == 1
    refused = next(each for each in said if each["status"] == "error")
    assert refused["error_id"] == "ih5004"
    (result,) = [each for each in said if each["status"] == "result"]
    (agreement,) = [each for each in result["signals"] if each["type"] == "agreement"]
    assert "nodded" in agreement["rationale"].lower()
    assert agreement["probability"] in {"low", "medium", "high"}
    assert result["engagement_state"][0]["start"] == 0
    assert result["conversation_quality"]["overall"]["quality_index"] >= 0
    async with opened(running, "?include[]=everything") as socket:  # not known, and so not asked for
        await socket.send(b"short")
        assert "correlation_id" not in (await answers(socket, 1))[0]


@pytest.mark.slow
async def test_handshakes_and_receipts_are_quick_while_segments_are_analysed(
    running: Running, sample_segments: list[bytes]
) -> None:
    """Nine strangers are served while both workers have three segments each: nobody waits for an analysis."""
    handshakes, receipts = [], []
    async with opened(running) as one, opened(running) as other:
        for socket in (one, other):
            for segment in sample_segments[:3]:
                await socket.send(segment)
        token = running.token()
        small = bytes(10_000)
        through = asyncio.gather(answers(one, 3), answers(other, 3))
        for _ in range(9):
            begun = time.perf_counter()
            async with connect(running.socket_url, additional_headers={"Authorization": f"Bearer {token}"}) as third:
                handshakes.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                await third.send(small)
                assert json.loads(await third.recv())["status"] == "processing"
                receipts.append(time.perf_counter() - begun)
        assert not through.done()
        assert all(each[-1]["status"] == "completed" for each in await through)
    print(f"handshake {median(handshakes) * 1000:.0f} ms, receipt {median(receipts) * 1000:.0f} ms (medians of nine)")  # noqa: T201


@pytest.mark.slow
async def test_a_full_backlog_holds_the_client_back_and_drops_nothing(running: Running, brief: bytes) -> None:
    count = 12
    async with opened(running) as socket:
        sending = asyncio.create_task(_send_all(socket, brief, count))
        said = await answers(socket, count)
        await sending
    assert [each["segment"] for each in said if each["status"] == "completed"] == list(range(1, count + 1))
    ahead = [
        sum(each["status"] == "processing" for each in said[:at])
        - sum(each["status"] == "result" for each in said[:at])
        for at in range(len(said))
    ]
    assert max(ahead) <= running.service.settings.queued_segments + 2


@pytest.mark.slow
async def test_a_client_held_back_for_long_is_not_taken_for_dead(sample_segments: list[bytes], tmp_path: Path) -> None:
    server = Server(Settings(tmp_path, port=0, queued_segments=1), LocalEngine(workers=1))
    server.config.ws_ping_interval = 0.2
    serving = asyncio.create_task(server.serve(sockets=[server.listener]))
    await server.ready.wait()
    held = Running(server.url, server.service)
    async with opened(held) as socket:
        sending = asyncio.create_task(_send_all(socket, sample_segments[3], 4))
        said = await answers(socket, 4)
        await sending
    server.should_exit = True
    await serving
    assert [each["segment"] for each in said if each["status"] == "completed"] == [1, 2, 3, 4]


async def test_a_failure_nobody_foresaw_is_one_segments_error(sample_segments: list[bytes], tmp_path: Path) -> None:
    server = Server(Settings(tmp_path, port=0), FailingEngine())
    serving = asyncio.create_task(server.serve(sockets=[server.listener]))
    await server.ready.wait()
    failing = Running(server.url, server.service)
    async with opened(failing) as socket:
        await socket.send(b"too small, and taken")
        await socket.send(sample_segments[0])
        said = await answers(socket, 2)
    assert said[-1]["error"].startswith("Something went wrong")
    headers = {"Authorization": f"Bearer {failing.token()}"}
    async with httpx.AsyncClient(headers=headers) as client:
        answer = await client.post(f"{server.url}/v0/upload/analyze", files={"file": sample_segments[0]})
    assert (answer.status_code, answer.json()["error_id"]) == (500, "ih1001")
    assert answer.headers["x-correlation-id"] == answer.json()["correlation_id"]
    server.should_exit = True
    await serving


class FailingEngine(NoEngine):
    """An engine with a bug in it, which is also its session."""

    async def session(self, terms: Terms = USUAL) -> FailingEngine:
        """Give itself."""
        del terms
        return self

    async def take(self, piece: bytes) -> None:
        """Fail."""
        raise ZeroDivisionError(len(piece))

    async def analyze(self, file: bytes, medium: Medium = TALKING_FACE) -> Findings:  # noqa: ARG002 - likewise
        """Fail."""
        raise ZeroDivisionError(len(file))

    async def watch(self, piece: bytes) -> AsyncGenerator[Findings, None]:
        """Fail."""
        yield await self.analyze(piece)

    async def rest(self) -> AsyncGenerator[Findings, None]:
        """Fail."""
        yield await self.analyze(b"")

    async def close(self) -> None:
        """Close nothing."""


async def _send_all(socket: ClientConnection, segment: bytes, count: int) -> None:
    for _ in range(count):
        await socket.send(segment)


@pytest.mark.slow
async def test_nothing_of_a_stream_is_kept_when_it_is_over(running: Running, sample_segments: list[bytes]) -> None:
    gc.collect()
    gc.disable()  # what only a search for circles would find would stay for minutes
    try:
        for goes_early in (True, False):
            async with opened(running) as socket:
                for segment in sample_segments[:2]:
                    await socket.send(segment)
                if goes_early:
                    socket.transport.abort()
                else:
                    await answers(socket, 2)
            await asyncio.to_thread(emptied, running)
        began = time.monotonic()
        while kept := sum(type(each) in {Waiting, Media} for each in gc.get_objects()):
            assert time.monotonic() - began < 10, f"{kept} are left"
            await asyncio.sleep(0.02)  # the service's own task ends a moment after its place is free
    finally:
        gc.enable()
