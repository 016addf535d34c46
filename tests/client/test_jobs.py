"""Jobs of v2: sent, read until they are over, each answer as it came; in Python and on the command line."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from interhuman_stream.client import (
    Answer,
    ApiError,
    ConnectionFailed,
    InvalidAddress,
    JobClient,
    JobPending,
    NotJson,
    SourceError,
    sync,
)
from tests.client import far_end
from tests.client.test_cli import run

if TYPE_CHECKING:
    from pathlib import Path

ID = "3f1c2b7a9d4e4c8fa1b2c3d4e5f60718"


def job(status: str, **more: Any) -> bytes:
    """A job's envelope; its spaces are what a parser would not give back."""
    fields = {
        "job_id": ID,
        "status": status,
        "model": "inter-2",
        "created_at": "2026-09-11T10:00:00Z",
        "expires_at": "2026-09-11T11:00:00Z",
        "status_url": f"/v2/upload/jobs/{ID}",
    }
    return json.dumps({**fields, **more}, separators=(" , ", ":  ")).encode()


QUEUED, RUNNING = job("queued"), job("running")
DONE = job("completed", result={"duration_seconds": 9e0, "window_seconds": 5.0, "windows": []}, new=None)
FAILED = job("failed", error={"error_id": "ih5002", "message": "It cannot be read."})
AWAY = b'{"error_id":"ih1003","message":"Away."}'
GONE = b'{"error_id":"ih4021","message":"No such job."}'


MEDIA = bytes(range(256)) * 100


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.webm"
    path.write_bytes(MEDIA)
    return path


async def test_a_job_is_sent_and_read_until_it_is_over(clip: Path) -> None:
    seen: list[bytes] = []
    with far_end.http() as server:
        server.answers = [(202, QUEUED), (200, RUNNING), (503, AWAY), (429, AWAY), (200, DONE)]
        async with JobClient(server.url, token="tok.1") as client:
            submitted = await client.submit(
                clip, "inter-2-audio", wait_seconds=30, include=["signals", "conversation_quality_overall"]
            )
            over = await client.wait(submitted, every=0.01, told=lambda each: seen.append(each.body))
        requests = server.requests
        clients = set(server.clients)
    assert (submitted.status, submitted.body) == (202, QUEUED)
    assert over.body == DONE
    assert seen == [QUEUED, RUNNING, DONE]
    path, headers, body = requests[0]
    assert path == "/v2/upload/analyze"
    assert headers["authorization"] == "Bearer tok.1"
    for name, value in (("model", "inter-2-audio"), ("wait_seconds", "30"), ("include[]", "signals")):
        assert f'name="{name}"\r\n\r\n{value}\r\n'.encode() in body
    assert body.count(b'name="include[]"') == 2
    assert MEDIA in body
    assert [path for path, _, _ in requests[1:]] == [f"/v2/upload/jobs/{ID}"] * 4
    assert all(headers["authorization"] == "Bearer tok.1" for _, headers, _ in requests)
    assert len(clients) == 1


async def test_what_is_not_asked_for_is_not_sent(clip: Path) -> None:
    with far_end.http() as server:
        server.answers = [(200, DONE)]
        client = JobClient(f"{server.url}/behind/a/proxy")
        assert (await client.wait(await client.submit(clip))).body == DONE
        path, headers, body = server.requests[0]
        assert path == "/behind/a/proxy/v2/upload/analyze"
        assert "authorization" not in headers
        assert b"wait_seconds" not in body
        assert b'name="model"\r\n\r\ninter-2\r\n' in body
        server.body = RUNNING
        assert (await client.read("a/b?c")).body == RUNNING
        assert server.requests[1][0] == "/behind/a/proxy/v2/upload/jobs/a%2Fb%3Fc"


async def test_a_job_that_takes_too_long_goes_on(clip: Path) -> None:
    with far_end.http() as server:
        server.body = RUNNING
        client = JobClient(server.url)
        with pytest.raises(JobPending, match=f"job {ID} is still running") as caught:
            await client.wait(await client.submit(clip), timeout=0.1, every=0.03)
    assert caught.value.job.body == RUNNING


async def test_what_ends_the_waiting(clip: Path) -> None:
    with far_end.http() as server:
        client = JobClient(server.url)
        submitted = Answer(202, {}, RUNNING)
        server.answers = [(404, GONE)]
        with pytest.raises(ApiError, match="404 ih4021"):
            await client.wait(submitted, every=0.01)
        server.status, server.body = 503, AWAY
        with pytest.raises(ApiError, match="503 ih1003"):
            await client.wait(submitted, timeout=0.05, every=0.01)
        server.status, server.body = 200, b'{"signals":[]}'
        with pytest.raises(NotJson, match="no job_id and status"):
            await client.wait(submitted, every=0.01)
        server.status, server.body = 400, b'{"error_id":"ih4005","message":"No such model."}'
        with pytest.raises(ApiError, match="400 ih4005: No such model"):
            await client.submit(clip, "inter-9")
    with pytest.raises(ConnectionFailed):
        await client.wait(submitted, timeout=0.05, every=0.01)
    with pytest.raises(SourceError, match="cannot be read"):
        await client.submit(clip.with_name("missing"))
    with pytest.raises(InvalidAddress, match="query"):
        JobClient("http://h?x=1")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"job_id":1,"status":"queued"}', b'{"job_id":"a"}', b"[" * 9999]
)
async def test_an_answer_that_is_no_job(body: bytes) -> None:
    with pytest.raises(NotJson):
        await JobClient("http://h").wait(Answer(200, {}, body))


async def test_the_blocking_face(clip: Path) -> None:
    def talk(url: str) -> bytes:
        with sync.JobClient(url, token="t") as client:
            client.wait(client.read(ID), every=0.01)
            return client.wait(client.submit(clip), every=0.01).body

    with far_end.http() as server:
        server.answers = [(200, RUNNING), (200, DONE), (202, QUEUED), (200, FAILED)]
        assert await asyncio.to_thread(talk, server.url) == FAILED


# The command


async def test_the_job_is_printed_as_it_came_and_progress_is_not(clip: Path) -> None:
    with far_end.http() as server:
        server.answers = [(202, QUEUED), (200, RUNNING), (200, DONE)]
        arguments = ["--job", "--include", "signals", "--wait-seconds", 1, "--model", "inter-2-audio"]
        code, out, err = await run("upload", clip, *arguments, "--url", server.url, "--token", "t")
        form = server.requests[0][2]
    assert (code, out) == (0, DONE)
    assert err.splitlines() == [f"job {ID} {status}" for status in ("queued", "running", "completed")]
    assert b"inter-2-audio" in form


async def test_a_job_that_failed_or_is_not_over_makes_1(clip: Path) -> None:
    with far_end.http() as server:
        server.answers = [(200, FAILED), (202, QUEUED)]
        code, out, err = await run("upload", clip, "--job", "--url", server.url, "--token", "t")
        assert (code, out) == (1, FAILED)
        assert "ih5002: It cannot be read." in err
        code, out, err = await run("upload", clip, "--job", "--wait-for", 0, "--url", server.url, "--token", "t")
        assert (code, out) == (1, QUEUED)
        assert f"job {ID} is still queued" in err


async def test_refusals_have_the_exit_codes_of_an_upload(clip: Path) -> None:
    with far_end.http() as server:
        for status, code in ((401, 3), (403, 3), (413, 1), (503, 1), (307, 2)):
            server.status, server.body = status, AWAY
            done = await run("upload", clip, "--job", "--url", server.url, "--token", "t")
            assert done[:2] == (code, b""), done
    done = await run("upload", clip, "--job", "--url", server.url, "--token", "t")
    assert done[:2] == (4, b"")
    for arguments in (["--job", "--api", "v1"], ["--model", "inter-2"], ["--wait-seconds", 3], ["--api", "v2"]):
        assert (await run("upload", clip, *arguments, "--token", "t"))[0] == 2
