"""The wrappers and the service, each the other's far end, with the real engine between."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.client import (
    AuthClient,
    ConnectionLost,
    Delivery,
    Forbidden,
    KeyPair,
    StreamClient,
    Unauthorized,
    UploadClient,
    sync,
)
from interhuman_stream.client.sources.file import segments
from interhuman_stream.protocol.limits import SCOPES, STREAM_SCOPE, UPLOAD_SCOPE
from tests import warm
from tests.client.test_delivery import Basket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
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


@pytest.mark.slow
async def test_the_events_of_v2(running: Running, sample: Path, tmp_path: Path) -> None:
    """What is in the sample is told as it comes, in seconds of the sample, however it is cut."""
    report = tmp_path / "report.json"
    arguments = ["--api", "v2", "--fast", "--segment-seconds", 2, "--include", "conversation_quality_timeline"]
    code, out, err = await run(running, (STREAM_SCOPE,), "stream", sample, *arguments, "--report", report)
    assert code == 0, err
    said = [json.loads(line) for line in out.splitlines()]
    assert [each["type"] for each in said[:2]] == ["session.ready", "session.updated"]
    assert said[-1]["type"] == "session.ended"
    found = {each["data"]["signal_type"]: each["data"] for each in said if each["type"] == "signal.detected"}
    assert 0 <= found["agreement"]["start"] < 5 <= found["disagreement"]["start"] < 10
    assert not any("modality" in each for each in found.values())
    assert {"conversation_quality.updated", "engagement.updated"} <= {each["type"] for each in said}
    document = json.loads(report.read_bytes())
    assert (document["completed"], document["connections"]) == (document["segments"], 1)
    assert document["session"]["signals"]["disagreement"] >= 1
    # How far it has come is told on the way: the first segments are over long before the end.
    first, *_, last = document["records"]
    assert first["completed"] < last["completed"]


async def test_the_events_of_v1(running: Running, sample_segments: list[bytes]) -> None:
    key = running.service.store.create([STREAM_SCOPE])
    async with StreamClient(running.url, token=key.api_key, version="v1") as client:
        await client.send(sample_segments[0])
        await client.configure({"include": ["no such thing"]})
        await client.finish()
        events = [message.event async for message in client]
    signals = [each["data"] for each in events if each["type"] == "signal.detected"]
    assert signals
    assert all(each["modality"] for each in signals)
    assert [each["data"]["code"] for each in events if each["type"] == "error"] == ["ih6001"]
    assert events[-1]["type"] == "session.ended"


async def test_a_session_that_may_not_be_had(running: Running) -> None:
    for scopes, model, close, code in (
        ([UPLOAD_SCOPE], None, 4003, "ih2003"),
        ([STREAM_SCOPE], "inter-9", 1008, "ih4005"),
    ):
        key = running.service.store.create(scopes)
        async with StreamClient(running.url, token=key.api_key, version="v2", model=model) as client:
            said = (await anext(client)).event
            assert said["type"] == "error"
            assert said["data"]["code"] == code
            with pytest.raises(ConnectionLost) as caught:
                await anext(client)
        assert caught.value.code == close


@contextlib.asynccontextmanager
async def breaking(url: str, at: bytes) -> AsyncIterator[str]:
    """Stand before a server and break the first connection once it has said something."""
    first = True

    async def pump(source: asyncio.StreamReader, drain: asyncio.StreamWriter, *, breaks: bool) -> None:
        seen = b""
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                drain.write(data)
                await drain.drain()
                seen = (seen + data)[-100_000:] if breaks else b""
                if at in seen:
                    break
        drain.transport.abort() if at in seen else drain.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal first
        breaks, first = first, False
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        await asyncio.gather(pump(reader, far_writer, breaks=False), pump(far_reader, writer, breaks=breaks))

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.slow
async def test_a_session_that_breaks_goes_on_where_it_is_known_to_be(running: Running, sample: Path) -> None:
    """At some 15 s of the sample a hesitation is told: what lies well before is not sent again, all else is."""
    key, basket = running.service.store.create([STREAM_SCOPE]), Basket()
    async with breaking(running.url, b'"hesitation"') as url:
        client = StreamClient(url, token=key.api_key, version="v2")
        report = await Delivery(client, basket).run(segments(sample, 5.0))
    assert report.good
    assert report.connections == 2
    sends = [record.sends for record in report.records]
    assert sends == sorted(sends)
    assert (sends[0], sends[-1]) == (1, 2)
    events = [message.event for message in basket.messages]
    assert [each["type"] for each in events].count("session.ended") == 1
    told = {each["data"]["signal_type"] for each in events if each["type"] == "signal.detected"}
    assert {"agreement", "disagreement", "hesitation", "interest"} <= told
