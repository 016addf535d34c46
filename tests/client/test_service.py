"""The wrappers and the service, each the other's far end, with the real engine between."""

from __future__ import annotations

import asyncio
import json
import os
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.client import AuthClient, Forbidden, KeyPair, StreamClient, Unauthorized, UploadClient, sync
from interhuman_stream.protocol.limits import SCOPES, STREAM_SCOPE, UPLOAD_SCOPE
from tests import warm

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Running


async def run(running: Running, scopes: tuple[str, ...], *arguments: object) -> tuple[int, bytes, str]:
    """Run a command with a new key of these scopes."""
    key = running.service.store.create(scopes)
    credentials = {
        "INTERHUMAN_API_URL": running.url,
        "INTERHUMAN_API_KEY_ID": key.key_id,
        "INTERHUMAN_API_KEY_SECRET": key.key_secret,
    }
    done = await asyncio.to_thread(warm.run, [*map(str, arguments)], {**os.environ, **credentials})
    assert key.key_secret.encode() not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr.decode()


async def test_stream(running: Running, short: Path) -> None:
    code, out, err = await run(running, (STREAM_SCOPE,), "stream", short, "--fast")
    assert code == 0, err
    messages = [json.loads(line) for line in out.splitlines()]
    sent = err.count(" sent: ")
    assert sent >= 2
    for number in range(1, sent + 1):
        said = [message["status"] for message in messages if message["segment"] == number]
        assert said == ["processing", "result", "completed"]
    assert f"{sent} of {sent} segments completed" in err


async def test_token_and_upload(running: Running, short: Path) -> None:
    code, out, err = await run(running, SCOPES, "token", "--scope", UPLOAD_SCOPE)
    assert code == 0, err
    assert json.loads(out)["scope"] == UPLOAD_SCOPE
    code, out, err = await run(running, SCOPES, "upload", short, "--v1")
    assert code == 0, err
    assert {"type", "start", "end", "probability", "rationale", "modality"} <= json.loads(out)["signals"][0].keys()


async def test_a_key_without_the_scope_makes_3(running: Running, sample: Path) -> None:
    code, out, err = await run(running, (UPLOAD_SCOPE,), "stream", sample)
    assert (code, out) == (3, b"")
    assert "ih2003" in err


async def test_the_async_clients(running: Running, sample_segments: list[bytes]) -> None:
    key = running.service.store.create([STREAM_SCOPE])
    pair = KeyPair(AuthClient(running.url), key.key_id, key.key_secret)
    async with StreamClient(running.url, token=pair, include=["conversation_quality_overall"]) as client:
        await client.send(sample_segments[0])
        await client.send(b"too small")
        await client.finish()
        messages = [message.parsed async for message in client]
    # A segment that is refused for its size is answered at once, the one before it when it is analysed.
    ends = {each["segment"]: each["status"] for each in messages if each["status"] in {"completed", "error"}}
    assert ends == {1: "completed", 2: "error"}
    assert all("correlation_id" in each for each in messages)
    with pytest.raises(Unauthorized):
        await AuthClient(running.url).grant(key.key_id, "wrong")
    with pytest.raises(Forbidden):
        await AuthClient(running.url).grant(key.key_id, key.key_secret, [UPLOAD_SCOPE])
    with pytest.raises(Unauthorized):
        async with StreamClient(running.url, token="wrong"):
            pass


async def test_the_blocking_clients(running: Running, short: Path, sample_segments: list[bytes]) -> None:
    key = running.service.store.create(SCOPES)

    def talk() -> list[str]:
        pair = sync.KeyPair(sync.AuthClient(running.url), key.key_id, key.key_secret, scopes=SCOPES)
        with sync.StreamClient(running.url, token=pair) as client:
            for data in sample_segments[:2]:
                client.send(data)
            client.finish()
            said: list[str] = [message.parsed["status"] for message in client]
        blocking = sync.UploadClient(running.url, token=pair).analyze(short)
        assert list(json.loads(blocking.body)) == ["signals"]
        return said

    assert sorted(await asyncio.to_thread(talk)) == sorted(["processing", "result", "completed"] * 2)
    with pytest.raises(Forbidden):
        await UploadClient(running.url, token=running.token(STREAM_SCOPE)).analyze(short)
