"""The official SDK, unmodified, against this service: uploads of v1 and upload jobs of v2, with everything they ask."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from interhuman_stream.protocol.limits import UPLOAD_SCOPE
from interhuman_stream.signals import Modality, Observation, Probability, Signal, SignalType
from tests.analysis.media.test_listening import sound_file
from tests.service.jobs.test_routes import WEBM, Told
from tests.service.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Running

sdk: Any = pytest.importorskip("interhumanai", reason="the official SDK is not installed (pip install interhumanai)")

QUALITY = ("conversation_quality_overall", "conversation_quality_timeline")
JOB_FLAGS = ("signals", *QUALITY)


@pytest.fixture(scope="module")
def engine() -> Told:
    """Finds agreement in everything."""
    engine = Told()
    nod = Observation("nodded", 1.0, 3.0, Modality.VIDEO)
    engine.signals = (Signal(SignalType.AGREEMENT, 1.0, 3.0, Probability.HIGH, (nod,)),)
    return engine


@pytest.fixture(scope="module")
def told(engine: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service whose engine does as it is told."""
    with serving(tmp_path_factory.mktemp("told"), engine) as running:
        yield running
        engine.go.set()


def subsets(flags: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [some for count in range(len(flags) + 1) for some in itertools.combinations(flags, count)]


def client(running: Running, *scopes: str) -> Any:
    """A client with an API key of its own."""
    key = running.service.store.create(scopes or (UPLOAD_SCOPE,))
    return sdk.InterhumanClient(access_token=key.api_key, base_url=running.url)


@pytest.mark.parametrize("flags", subsets(QUALITY))
async def test_an_upload_of_v1_is_read(running: Running, sample_segments: list[bytes], flags: tuple[str, ...]) -> None:
    found = await client(running).upload.analyze(
        sample_segments[0],
        include=list(flags),
        goal_dimensions=["clarity"],
        conversation_context="An interview.",
    )
    assert found.signals
    assert found.engagement_state
    assert all(signal.rationale and signal.probability and signal.modality for signal in found.signals)
    assert (found.conversation_quality is not None) == bool(flags)
    if flags:
        assert bool(found.conversation_quality.timeline) == (QUALITY[1] in flags)


@pytest.mark.parametrize("flags", subsets(JOB_FLAGS))
async def test_a_job_of_v2_is_read(told: Running, flags: tuple[str, ...]) -> None:
    upload = client(told).upload
    taken = await upload.submit(WEBM, model=sdk.UploadModel.INTER_2, include=list(flags))
    assert not taken.is_terminal
    job = await upload.wait_for_job(taken, poll_interval=0.01)
    assert (job.status.value, job.error, job.model.value) == ("completed", None, "inter-2")
    assert (job.job_id, job.created_at, job.expires_at) == (taken.job_id, taken.created_at, taken.expires_at)
    assert (job.result.signals is not None) == ("signals" in flags)
    quality = job.result.conversation_quality
    assert (quality is not None) == bool(set(flags) & set(QUALITY))
    if quality:
        assert (quality.overall is not None) == (QUALITY[0] in flags)
        assert (quality.timeline is not None) == (QUALITY[1] in flags)
    agreed(job)


def agreed(job: Any) -> None:
    """The first window has signals, and those of the whole are the same where they were asked for."""
    assert job.result.windows[0].signals
    assert {signal.type for signal in job.result.windows[0].signals} == {
        signal.type for signal in job.result.signals or job.result.windows[0].signals
    }


async def test_what_is_really_found_is_read(running: Running, sample_segments: list[bytes]) -> None:
    upload = client(running).upload
    taken = await upload.submit(sample_segments[0], model="inter-2", include=list(JOB_FLAGS))
    job = await upload.wait_for_job(taken, poll_interval=0.05)
    assert job.result.signals
    assert job.result.conversation_quality.timeline
    agreed(job)


async def test_a_held_submit_comes_back_done_and_a_path_is_a_file(running: Running, short: Path) -> None:
    upload = client(running).upload
    job = await upload.submit(short, model="inter-2", wait_seconds=120, include=[sdk.UploadJobIncludeFlag.SIGNALS])
    assert job.is_terminal
    assert await upload.wait_for_job(job) is job
    assert await upload.get_job(job.job_id) == job
    assert len(job.result.windows) == 2


async def test_a_voice_alone_is_a_job_too(running: Running) -> None:
    upload = client(running).upload
    job = await upload.submit(sound_file("ogg"), model=sdk.UploadModel.INTER_2_AUDIO, wait_seconds=120)
    assert (job.status.value, job.model.value) == ("completed", "inter-2-audio")


async def test_refusals_raise_what_the_sdk_says(running: Running, sample_segments: list[bytes]) -> None:
    upload, video = client(running).upload, sample_segments[0]
    refused = (
        (upload.submit(video, model="inter-3"), 400, "ih4005"),
        (upload.submit(video, model="inter-2", wait_seconds=121), 400, "ih4005"),
        (upload.submit(video, model="inter-2-deep"), 403, "ih2003"),
        (upload.submit(sound_file("ogg", 1.0), model="inter-2-audio"), 400, "ih4007"),
        (upload.get_job("0" * 32), 404, "ih4021"),
        (upload.analyze(b"no video"), 400, "ih4002"),
        (client(running, "interhumanai.stream").upload.submit(video, model="inter-2"), 403, "ih2003"),
        (sdk.InterhumanClient(access_token="ih_live_x", base_url=running.url).upload.get_job("0" * 32), 401, "ih2002"),
    )
    for call, status, identity in refused:
        with pytest.raises(sdk.InterhumanAPIError) as raised:
            await call
        assert (raised.value.status, raised.value.error_id) == (status, identity)
        assert raised.value.correlation_id
        assert raised.value.link


async def test_a_job_that_takes_longer_than_one_waits_goes_on(told: Running, engine: Told) -> None:
    upload = client(told).upload
    engine.go.clear()
    taken = await upload.submit(WEBM, model="inter-2")
    with pytest.raises(sdk.UploadJobTimeoutError) as raised:
        await upload.wait_for_job(taken, timeout=0.0)
    assert raised.value.job.job_id == taken.job_id
    engine.go.set()
    assert (await upload.wait_for_job(taken, poll_interval=0.01)).status.value == "completed"


async def test_one_http_client_may_serve_all(told: Running) -> None:
    key = told.service.store.create([UPLOAD_SCOPE])
    async with httpx.AsyncClient(timeout=60) as http:
        one = sdk.InterhumanClient(access_token=key.api_key, base_url=f"{told.url}/", http_client=http)
        taken = await one.upload.submit(WEBM, model="inter-2")
        assert (await one.upload.wait_for_job(taken, poll_interval=0.01)).result.windows
