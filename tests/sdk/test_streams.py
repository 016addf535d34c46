"""The official SDK and sessions of v1 and v2: whatever way media is sent, configurations, endings, refusals."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from interhuman_stream.protocol.limits import SCOPES, UPLOAD_SCOPE
from tests.pcm import pcm

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

    from tests.conftest import Running

interhumanai = pytest.importorskip("interhumanai", reason="the official SDK is not installed (requirements/dev.txt)")
BOTH = ("conversation_quality_overall", "conversation_quality_timeline")
VERSIONS = pytest.mark.parametrize("version", ["v1", "v2"])


def stream(running: Running, version: str, *scopes: str, model: str | None = None) -> Any:
    """A client of the SDK for one session."""
    key = running.service.store.create(scopes or SCOPES)
    client = interhumanai.InterhumanClient(access_token=key.api_key, base_url=running.url)
    return client.stream(api_version=version, model=model)


async def nothing(_session: Any) -> None:
    """No configuration."""


async def told(
    session: Any, frames: Iterable[bytes], configure: Callable[[Any], Awaitable[None]] = nothing
) -> list[Any]:
    """All events of a session that is sent frames and closed gracefully; the SDK validates each strictly."""
    async with session:
        await configure(session)

        async def send() -> None:
            for frame in frames:
                await session.send_video(frame)
            await session.request_close()

        sending = asyncio.create_task(send())
        events = [event async for event in session]  # raises for what the SDK cannot validate
        await sending
    assert session.close_info.code == 1000
    assert not any(isinstance(event, interhumanai.UnknownEvent) for event in events)
    assert kinds(events)[0] == "session.ready"
    assert kinds(events)[-1] == "session.ended"
    return events


def kinds(events: Iterable[Any]) -> list[str]:
    return [event.type for event in events]


def balanced(events: Iterable[Any]) -> set[str]:
    """Every signal is detected before it is ended, one of a type at a time, and all end; which there were."""
    active: set[str] = set()
    seen: set[str] = set()
    for event in events:
        if event.type == "signal.detected":
            assert event.data.signal_type not in active
            active.add(event.data.signal_type)
            seen.add(str(event.data.signal_type.value))
        elif event.type in {"signal.updated", "signal.ended"}:
            assert event.data.signal_type in active
            if event.type == "signal.ended":
                active.discard(event.data.signal_type)
    assert not active
    return seen


@VERSIONS
async def test_one_whole_clip_closed_at_once(running: Running, short: Path, version: str) -> None:
    data = await asyncio.to_thread(short.read_bytes)
    events = await told(stream(running, version), [data])
    assert balanced(events) >= {"agreement", "disagreement"}
    modalities = [event.data.modality for event in events if event.type == "signal.detected"]
    assert all(modalities) if version == "v1" else not any(modalities)
    closing = kinds(events).index("session.closing")
    assert "signal.detected" in kinds(events)[closing:]  # the answer to what was sent before


@VERSIONS
async def test_complete_files(running: Running, sample_segments: list[bytes], version: str) -> None:
    events = await told(stream(running, version), sample_segments[:2])
    assert balanced(events) >= {"agreement", "disagreement"}
    starts = [event.data.start for event in events if event.type == "signal.detected"]
    assert any(start > 5.0 for start in starts)  # times run on over the files


@VERSIONS
@pytest.mark.parametrize(
    "kind",
    ["vp8_opus_webm", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("vp9_opus_webm", "vp9_opus_fmp4"))],
)
async def test_what_a_browser_records(running: Running, shared_data: Path, version: str, kind: str) -> None:
    blobs = [each.read_bytes() for each in sorted((shared_data / "browser" / kind).glob("blob_*.bin"))][:2]
    events = await told(stream(running, version), blobs)
    balanced(events)
    assert "engagement.updated" in kinds(events)
    assert "error" not in kinds(events)


@VERSIONS
async def test_configurations(running: Running, sample_segments: list[bytes], version: str) -> None:
    async def configure(session: Any) -> None:
        await session.update_config(include=BOTH)
        await session.update_config(include=["no such section"])
        await session.update_config(include=[BOTH[0]])

    events = await told(stream(running, version), sample_segments[:1], configure)
    updates = [event.data for event in events if event.type == "session.updated"]
    assert [[flag.value for flag in data.include] for data in updates] == [[*BOTH], [BOTH[0]]]
    assert {data.model and data.model.value for data in updates} == {"inter-2" if version == "v2" else None}
    assert [event.data.code for event in events if event.type == "error"] == ["ih6001"]
    qualities = [event.data for event in events if event.type == "conversation_quality.updated"]
    assert qualities
    assert all(data.overall and data.timeline is None for data in qualities)


async def test_all_of_it_is_reset_by_an_empty_configuration(running: Running, sample_segments: list[bytes]) -> None:
    async def configure(session: Any) -> None:
        await session.update_config(include=BOTH)
        await session.update_config()

    events = await told(stream(running, "v2"), sample_segments[:1], configure)
    assert "conversation_quality.updated" not in kinds(events)


async def test_raw_sound(running: Running, sample: Path) -> None:
    data = await asyncio.to_thread(sample.read_bytes)
    sound = pcm(data, 16_000)

    async def configure(session: Any) -> None:
        form = interhumanai.RawAudioFormat(encoding="pcm_s16le", sample_rate=16_000, channels=1)
        await session.update_config(audio_format=form)

    session = stream(running, "v2", model="inter-2-audio")
    events = await told(session, (sound[at : at + 9_999] for at in range(0, len(sound), 9_999)), configure)
    assert "uncertainty" in balanced(events)
    assert "error" not in kinds(events)


async def test_damage_is_an_event_and_the_session_goes_on(running: Running, sample_segments: list[bytes]) -> None:
    events = await told(stream(running, "v2"), [sample_segments[0], b"no video " * 2000, sample_segments[1]])
    errors = [event.data for event in events if event.type == "error"]
    assert ("ih5004", 2) in {(data.code, data.segment) for data in errors}


@VERSIONS
async def test_who_lacks_the_scope_is_told_why(running: Running, version: str) -> None:
    session = stream(running, version, UPLOAD_SCOPE)
    with pytest.raises(interhumanai.InterhumanError, match=r"code 4003.*ih2003"):
        async with session:
            await session.wait_for_session_ready()


async def test_a_model_that_is_not_there_is_told(running: Running) -> None:
    session = stream(running, "v2", model="inter-9")
    with pytest.raises(interhumanai.InterhumanError, match=r"code 1008.*ih4005"):
        async with session:
            await session.wait_for_session_ready()


@VERSIONS
async def test_a_bad_credential_fails_the_handshake(running: Running, version: str) -> None:
    client = interhumanai.InterhumanClient(access_token="ih_live_no", base_url=running.url)
    with pytest.raises(interhumanai.InterhumanError, match="handshake"):
        async with client.stream(api_version=version):
            pass


async def test_a_model_that_the_credential_lacks_leaves_the_session_as_it_was(
    running: Running, sample_segments: list[bytes]
) -> None:
    async def configure(session: Any) -> None:
        await session.update_config(model="inter-2-deep")

    events = await told(stream(running, "v2"), sample_segments[:1], configure)
    assert [event.data.code for event in events if event.type == "error"] == ["ih2003"]
    assert balanced(events)


async def test_quality_is_what_the_models_of_the_sdk_take(running: Running, sample_segments: list[bytes]) -> None:
    async def configure(session: Any) -> None:
        await session.update_config(include=BOTH)

    events = await told(stream(running, "v1"), sample_segments[:1], configure)
    qualities = [event.data for event in events if event.type == "conversation_quality.updated"]
    assert all(data.overall and len(data.timeline) == 1 for data in qualities)
    assert {len(json.loads(data.timeline[0].values.model_dump_json())) for data in qualities} == {6}
