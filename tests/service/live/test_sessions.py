"""The sockets of v1 and v2, spoken to by a plain `websockets` client: ways of sending, refusals, endings, raw sound."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
from typing import TYPE_CHECKING, Any

import av
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from interhuman_stream.protocol.limits import LARGEST_FRAME, UPLOAD_SCOPE
from interhuman_stream.protocol.paths import STREAM_V1, STREAM_V2
from tests.pcm import pcm
from tests.service.serving import IdleEngine, emptied, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from pathlib import Path

    from tests.conftest import Running

CLOSE = '{"type":"session.close"}'
Message = tuple[str, dict[str, Any]]


def opened(running: Running, path: str = STREAM_V2, *scopes: str, **options: Any) -> connect:
    options = {"additional_headers": {"Authorization": f"Bearer {running.token(*scopes)}"}} | options
    return connect(running.url.replace("http", "ws", 1) + path, max_size=None, **options)


async def told(socket: ClientConnection) -> AsyncIterator[Message]:
    """Every message until the connection closes."""
    try:
        while True:
            message = json.loads(await asyncio.wait_for(socket.recv(), 120))
            assert list(message) == ["type", "timestamp", "correlation_id", "data"]
            yield message["type"], message["data"]
    except ConnectionClosed:
        return


async def session(running: Running, frames: Iterable[bytes | str], path: str = STREAM_V2) -> list[Message]:
    """All that is said of some frames, and their graceful end."""
    async with opened(running, path) as socket:

        async def send() -> None:
            for frame in frames:
                await socket.send(frame)
            await socket.send(CLOSE)

        sending = asyncio.create_task(send())
        said = [message async for message in told(socket)]
        await sending
    assert socket.close_code == 1000
    assert said[0][0] == "session.ready"
    assert said[-1] == ("session.ended", {"reason": "client_shutdown"})
    return said


def signals(said: Iterable[Message]) -> list[tuple[str, str, float]]:
    """What began and ended, and when."""
    kinds = {"signal.detected": "start", "signal.ended": "end"}
    return [(kind, data["signal_type"], data[kinds[kind]]) for kind, data in said if kind in kinds]


def spans(said: Iterable[Message]) -> dict[str, list[tuple[float, float]]]:
    """Of each signal, from when to when; every one has begun before it ended, one at a time."""
    begun: dict[str, float] = {}
    found: dict[str, list[tuple[float, float]]] = {}
    for kind, name, at in signals(said):
        if kind == "signal.detected":
            assert name not in begun
            begun[name] = at
        else:
            found.setdefault(name, []).append((begun.pop(name), at))
    assert not begun
    return found


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    """The same bytes in frames of so many."""
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.fixture(scope="module")
def data(sample: Path) -> bytes:
    """The sample."""
    return sample.read_bytes()


@pytest.fixture(scope="module")
def whole(running: Running, data: bytes) -> list[Message]:
    """What is said of it in one frame."""
    return asyncio.run(session(running, [data]))


def test_what_goes_on_in_the_sample_is_told(whole: list[Message]) -> None:
    found = spans(whole)
    for name, (start, end) in {
        "agreement": (1.5, 3.7),
        "disagreement": (5.8, 8.6),
        "uncertainty": (17.0, 19.2),
    }.items():
        assert any(one < end and other > start for one, other in found[name]), name
    assert not {"engagement", "disengagement"} & set(found)  # levels, in v2
    levels = [data for kind, data in whole if kind == "engagement.updated"]
    assert levels[0]["start"] == 0.0
    assert [data["start"] for data in levels] == sorted(data["start"] for data in levels)
    assert all(one["state"] != other["state"] for one, other in itertools.pairwise(levels))
    assert not any(kind.startswith("coverage") or kind == "error" for kind, _ in whole)
    details = [data for kind, data in whole if kind == "signal.detected"]
    assert all(set(data) == {"signal_type", "start", "probability", "rationale"} for data in details)


async def test_it_is_the_same_wherever_the_stream_is_cut(running: Running, sample_segments: list[bytes]) -> None:
    data = sample_segments[0]
    whole = signals(await session(running, [data]))
    assert whole
    assert signals(await session(running, pieces(data, 40_000))) == whole


@pytest.mark.long
@pytest.mark.parametrize("size", [997, 40_000])
async def test_the_whole_sample_is_the_same_wherever_it_is_cut(
    running: Running, data: bytes, whole: list[Message], size: int
) -> None:
    assert signals(await session(running, pieces(data, size))) == signals(whole)


@pytest.mark.slow
async def test_complete_files_and_repeated_headers_have_the_same_times(
    running: Running, sample_segments: list[bytes], whole: list[Message]
) -> None:
    """Each segment is a file whose times begin at 0; a client of the examples puts the header before each part."""
    files = spans(await session(running, sample_segments))
    for name, times in spans(whole).items():
        for start, end in times:
            assert any(a < end + 0.5 and b > start - 0.5 for a, b in files.get(name, [])), (name, start, end)


@pytest.mark.slow
async def test_v1_says_in_which_modality_and_tells_all_twelve(running: Running, data: bytes) -> None:
    said = await session(running, [json.dumps({"include": ["conversation_quality_overall"]}), data], STREAM_V1)
    details = [data for kind, data in said if kind == "signal.detected"]
    assert {modality for data in details for modality in data["modality"]} == {"video", "audio"}
    assert "disengagement" in {data["signal_type"] for data in details}
    qualities = [data for kind, data in said if kind == "conversation_quality.updated"]
    assert all(set(data) == {"overall"} for data in qualities)
    assert len(qualities) > 5


@pytest.mark.slow
async def test_raw_sound_is_heard_in_frames_cut_anywhere(running: Running, data: bytes) -> None:
    sound = pcm(data, 16_000)
    raw = {"encoding": "pcm_s16le", "sample_rate": 16_000, "channels": 1}
    config = json.dumps({"model": "inter-2-audio", "audio_format": raw})
    said = await session(running, [config, *(sound[at : at + 7_777] for at in range(0, len(sound), 7_777))])
    found = spans(said)
    assert any(start < 19.2 and end > 17.0 for start, end in found["uncertainty"])
    assert set(found) <= {"agreement", "confidence", "frustration", "hesitation", "interest", "uncertainty"}
    assert not any(kind in {"error", "coverage.degraded"} for kind, _ in said)


@pytest.mark.slow
async def test_damage_is_told_with_the_number_of_its_frame_and_ends_nothing(
    running: Running, sample_segments: list[bytes]
) -> None:
    said = await session(running, [sample_segments[0], b"no video at all" * 100, b"", sample_segments[1]])
    errors = [data for kind, data in said if kind == "error"]
    assert {(data["code"], data["segment"]) for data in errors} >= {("ih5004", 3)}
    assert "disagreement" in spans(said)


async def test_a_large_frame_is_refused_and_the_session_goes_on(running: Running, sample_segments: list[bytes]) -> None:
    async with opened(running) as socket:
        await socket.send(bytes(LARGEST_FRAME + 1))
        await socket.send(sample_segments[0])
        await socket.send(CLOSE)
        said = [message async for message in told(socket)]
    codes = [data["code"] for kind, data in said if kind == "error"]
    assert codes[0] == "ih6002"
    assert said[-1][0] == "session.ended"


@pytest.mark.slow
async def test_without_pictures_it_is_said(running: Running, shared_data: Path) -> None:
    with av.open(str(shared_data / "clips" / "jfk_audio_only.flac")) as source:
        out = io.BytesIO()
        with av.open(out, "w", format="webm") as file:
            voice = file.add_stream("libopus", rate=48_000)
            resampler = av.AudioResampler("s16", "mono", 48_000, frame_size=960)
            for frame in (*source.decode(audio=0), None):
                for part in resampler.resample(frame):
                    file.mux(voice.encode(part))
            file.mux(voice.encode(None))
    said = await session(running, [out.getvalue()])
    assert [data["code"] for kind, data in said if kind == "error"] == ["ih5001"]


async def test_what_was_asked_before_it_is_ready_is_answered(running: Running) -> None:
    async with opened(running) as socket:
        await socket.send('{"include":["conversation_quality_timeline"]}')
        await socket.send(CLOSE)
        said = [message async for message in told(socket)]
    assert [kind for kind, _ in said] == ["session.ready", "session.updated", "session.closing", "session.ended"]


@pytest.mark.parametrize("path", [STREAM_V1, STREAM_V2])
async def test_who_lacks_the_scope_is_told_on_an_open_connection(running: Running, path: str) -> None:
    async with opened(running, path, UPLOAD_SCOPE) as socket:
        said = [message async for message in told(socket)]
    assert [(kind, data["code"]) for kind, data in said] == [("error", "ih2003")]
    assert socket.close_code == 4003


async def test_a_model_that_is_not_there_is_refused_and_what_is_unknown_in_the_query_ignored(running: Running) -> None:
    async with opened(running, f"{STREAM_V2}?model=inter-9") as socket:
        said = [message async for message in told(socket)]
    assert (said[0][1]["code"], socket.close_code) == ("ih4005", 1008)
    async with opened(running, f"{STREAM_V2}?model=inter-2-audio&ih_sdk=python&whatever=1") as socket:
        await socket.send("{}")
        said = [message async for message in told(socket) if message[0] != "session.updated" or await _over(socket)]
    assert said[0][0] == "session.ready"


async def _over(socket: ClientConnection) -> bool:
    await socket.close()
    return True


@pytest.mark.parametrize("path", [STREAM_V1, STREAM_V2])
async def test_a_bad_credential_is_401(running: Running, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await opened(running, path, additional_headers={"Authorization": "Bearer ih_live_no"})
    assert refused.value.response.status_code == 401


async def test_a_browser_is_answered_with_its_subprotocol(running: Running) -> None:
    offered = [Subprotocol("access_token"), Subprotocol(running.token())]
    async with opened(running, STREAM_V2, additional_headers={}, subprotocols=offered) as socket:
        assert socket.subprotocol == "access_token"
        assert json.loads(await socket.recv())["type"] == "session.ready"


async def test_a_full_service_says_so_and_closes(tmp_path: Path) -> None:
    with serving(tmp_path, IdleEngine(), max_sessions=1) as running:
        async with opened(running) as first:
            await first.recv()
            async with opened(running) as second:
                said = [message async for message in told(second)]
            assert [(kind, data["code"]) for kind, data in said] == [("error", "ih1003")]
            assert second.close_code == 1013
        await asyncio.to_thread(emptied, running)


async def test_an_idle_session_is_ended_and_a_restart_closes_it(tmp_path: Path) -> None:
    with serving(tmp_path, IdleEngine(), idle_seconds=0.2) as running:
        async with opened(running) as socket:
            said = [message async for message in told(socket)]
        assert [kind for kind, _ in said] == ["session.ready", "error"]
        assert (said[1][1]["code"], socket.close_code) == ("ih6003", 1001)
    with serving(tmp_path, IdleEngine()) as running:
        async with opened(running) as socket:
            await socket.recv()
            running.service.sessions.draining.set()
            assert [message async for message in told(socket)] == []
        assert socket.close_code == 1012


async def test_who_leaves_leaves_nothing(tmp_path: Path) -> None:
    engine = IdleEngine()
    with serving(tmp_path, engine) as running:
        async with opened(running) as socket:
            await socket.recv()
            await socket.send(b"x" * 1000)
            while not engine.began:  # noqa: ASYNC110 - the service lives in another thread
                await asyncio.sleep(0.01)
            assert engine.terms
            assert engine.terms.every == 0.5
            socket.transport.abort()
        await asyncio.to_thread(emptied, running)
        assert (engine.open, engine.abandoned) == (0, 1)


async def test_pongs_come_while_it_analyses(running: Running, data: bytes) -> None:
    async with opened(running) as socket:
        await socket.send(data)
        for _ in range(5):
            await asyncio.wait_for(await socket.ping(), 60)


@pytest.fixture
def recorded(shared_data: Path) -> Callable[[str], list[bytes]]:
    """The blobs of a browser's recording."""

    def read(kind: str) -> list[bytes]:
        return [
            each.read_bytes() for each in sorted((shared_data / "browser" / kind).iterdir()) if each.suffix != ".md"
        ]

    return read


@pytest.mark.parametrize("kind", [pytest.param("vp8_opus_webm", marks=pytest.mark.long), "vp9_opus_fmp4"])
async def test_what_a_browser_records_is_told_as_it_comes(
    running: Running, recorded: Callable[[str], list[bytes]], kind: str
) -> None:
    header, media, *_ = recorded(kind)
    said = await session(running, [header, media[:600_000]])
    assert [kind for kind, _ in said if kind in {"error", "coverage.dropped"}] == []
    assert "engagement.updated" in {kind for kind, _ in said}
