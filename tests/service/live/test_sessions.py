"""Which streams are let in, and how the service ends one: full, idle, too long, or about to stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from interhuman_stream.analysis.model_files import WHISPER, locate
from interhuman_stream.client import Delivery, StreamClient, backoff
from interhuman_stream.client.sources.segment import Segment
from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.faults import ModelMissing
from interhuman_stream.service.access.auth import authorize
from interhuman_stream.service.live import standing, stream
from interhuman_stream.service.run import Server
from interhuman_stream.service.settings import Settings
from tests.conftest import Running
from tests.service.serving import IdleEngine, NoEngine, emptied

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Strict:
    """A service that lets one stream in, or is strict in other ways."""

    def __init__(self, folder: Path, port: int = 0, **changes: Any) -> None:
        limits: dict[str, Any] = {"max_sessions": 1, "idle_seconds": 300.0} | changes
        self.server = Server(Settings(folder, port=port, **limits), LocalEngine(workers=1))
        self.thread = threading.Thread(target=self.server.serve_until_stopped)
        self.thread.start()
        while not self.server.started and self.thread.is_alive():
            time.sleep(0.02)
        self.running = Running(self.server.url, self.server.service)

    def opened(self, credential: str | None = None) -> connect:
        """Open a stream."""
        headers = {"Authorization": f"Bearer {credential or self.running.token()}"}
        return connect(self.running.socket_url, additional_headers=headers, max_size=None)

    def ready(self) -> tuple[int, dict[str, Any]]:
        """Ask whether it is ready."""
        answer = httpx.get(f"{self.running.url}/readyz")
        return answer.status_code, answer.json()

    def metrics(self) -> str:
        """Read what it has counted."""
        return httpx.get(f"{self.running.url}/metrics").text

    def stop(self) -> None:
        """Stop it, and wait until it has stopped."""
        self.server.should_exit = True
        self.thread.join(30)


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Strict]:
    try:
        locate(WHISPER)
    except ModelMissing as error:
        pytest.skip(str(error))
    service = Strict(tmp_path)
    yield service
    service.stop()


async def ending(socket: Any) -> tuple[int, str, list[dict[str, Any]]]:
    """Listen until the service ends the stream; give the close code, its reason, and what was said before."""
    said: list[dict[str, Any]] = []

    async def listen() -> None:
        while True:
            said.append(json.loads(await socket.recv()))

    async with asyncio.timeout(30):
        with pytest.raises(ConnectionClosed) as closed:
            await listen()
    received = closed.value.rcvd
    assert received is not None
    return received.code, received.reason, said


async def test_who_is_let_in(strict: Strict) -> None:
    assert strict.ready() == (200, {"status": "ready", "sessions": 0, "capacity": 1})
    async with strict.opened():
        assert strict.ready() == (503, {"status": "full", "sessions": 1, "capacity": 1})
        with pytest.raises(InvalidStatus) as refused:
            await strict.opened()
        response = refused.value.response
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert error_id(response.body) == "ih1003"
        assert 'interhuman_sessions_refused_total{reason="full"} 1.0' in strict.metrics()
    await asyncio.to_thread(emptied, strict.running)
    async with strict.opened():
        pass


async def test_who_is_idle_is_answered_and_then_ended(tmp_path: Path, sample_segments: list[bytes]) -> None:
    strict = await asyncio.to_thread(Strict, tmp_path, idle_seconds=0.5)
    try:
        async with strict.opened() as socket:
            await socket.send(sample_segments[0])
            code, reason, said = await ending(socket)
        assert (code, [each["status"] for each in said]) == (1001, ["processing", "result", "completed"])
        assert "no segment came" in reason
    finally:
        strict.stop()


async def test_who_never_stops_is_ended_when_it_has_lasted_long_enough(tmp_path: Path) -> None:
    server = Server(Settings(tmp_path, port=0, session_seconds=1.0), IdleEngine())
    serving = asyncio.create_task(server.serve(sockets=[server.listener]))
    await server.ready.wait()
    running = Running(server.url, server.service)
    headers = {"Authorization": f"Bearer {running.token()}"}
    async with connect(running.socket_url, additional_headers=headers) as socket:

        async def talk() -> None:
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await socket.send(b"too small")
                    await asyncio.sleep(0.05)

        talking = asyncio.create_task(talk())
        code, reason, said = await ending(socket)
        await talking
    assert (code, {each["status"] for each in said}) == (1001, {"error"})
    assert "lasted as long" in reason
    server.should_exit = True
    await serving


async def test_a_key_gets_what_it_may_have_and_no_more(tmp_path: Path, sample_segments: list[bytes]) -> None:
    first, second = sample_segments[:2]
    limits: dict[str, Any] = {
        "max_sessions": 9,
        "key_sessions": 1,
        "key_bytes_per_hour": len(first) + 1,
    }
    strict = await asyncio.to_thread(Strict, tmp_path, **limits)
    try:
        key = strict.running.service.store.create(["interhumanai.stream", "interhumanai.upload"])
        async with strict.opened(key.api_key) as socket:
            with pytest.raises(InvalidStatus) as refused:
                await strict.opened(key.api_key)
            assert (refused.value.response.status_code, error_id(refused.value.response.body)) == (429, "ih3002")
            async with strict.opened():  # somebody else's key
                pass
            for segment in (first, second, first):
                await socket.send(segment)
            code, reason, said = await ending(socket)
        assert [each["segment"] for each in said if each["status"] == "completed"] == [1, 2]
        assert [each["segment"] for each in said if each["status"] == "error"] == [3]
        assert (code, "used up" in reason) == (1013, True)
        await asyncio.to_thread(emptied, strict.running)
        with pytest.raises(InvalidStatus) as refused:
            await strict.opened(key.api_key)
        response = refused.value.response
        assert (response.status_code, error_id(response.body)) == (429, "ih3003")
        assert 3500 < int(response.headers["Retry-After"]) <= 3600
        headers = {"Authorization": f"Bearer {key.api_key}"}
        url = f"{strict.running.url}/v1/upload/analyze"
        answer = await asyncio.to_thread(httpx.post, url, headers=headers, files={"file": first})
        assert (answer.status_code, answer.json()["error_id"]) == (429, "ih3003")
        assert answer.headers["Retry-After"]
        assert 'interhuman_sessions_refused_total{reason="key_use"} 2.0' in strict.metrics()
    finally:
        strict.stop()


@pytest.mark.parametrize("sends_on", [True, False], ids=["sends on", "is silent"])
@pytest.mark.parametrize("end", ["revoke", "rotate"])
async def test_a_key_that_is_good_no_longer_ends_its_stream(
    running: Running, sample_segments: list[bytes], monkeypatch: pytest.MonkeyPatch, end: str, sends_on: bool
) -> None:
    monkeypatch.setattr(standing, "KEY_LOOK_SECONDS", 60.0 if sends_on else 0.2)
    store = running.service.store
    key = store.create(["interhumanai.stream"])
    headers = {"Authorization": f"Bearer {key.api_key}"}
    async with connect(running.socket_url, additional_headers=headers, max_size=None) as socket:
        await socket.send(sample_segments[0])
        assert json.loads(await socket.recv())["status"] == "processing"
        getattr(store, end)(key.key_id)
        if sends_on:
            await socket.send(sample_segments[1])
        code, reason, said = await ending(socket)
    assert (code, "revoked" in reason) == (1008, True)
    # What was taken before is answered.
    answers = sorted((each["segment"], each["status"]) for each in said)
    assert answers == [(1, "completed"), (1, "result"), *([(2, "error")] if sends_on else [])]


async def test_a_database_that_goes_away_ends_no_stream(tmp_path: Path, sample_segments: list[bytes]) -> None:
    strict = await asyncio.to_thread(Strict, tmp_path, max_sessions=2)
    try:
        key = strict.running.service.store.create(["interhumanai.stream"])

        def run(change: str) -> None:
            with contextlib.closing(sqlite3.connect(tmp_path / "interhuman.sqlite3")) as database:
                database.execute(change)

        async with strict.opened(key.api_key) as socket:
            run("ALTER TABLE keys RENAME TO gone")
            with pytest.raises(InvalidStatus) as refused:
                await strict.opened(key.api_key)
            response = refused.value.response
            assert (response.status_code, error_id(response.body)) == (503, "ih1003")
            assert response.headers["Retry-After"]
            pair = {"key_id": key.key_id, "key_secret": key.key_secret, "scopes": ["interhumanai.stream"]}
            answer = await asyncio.to_thread(httpx.post, f"{strict.running.url}/v0/auth", json=pair)
            assert (answer.status_code, answer.json()["error_id"]) == (503, "ih1003")
            await socket.send(sample_segments[0])
            assert [json.loads(await socket.recv())["status"] for _ in range(3)][-1] == "completed"
            run("ALTER TABLE gone RENAME TO keys")
            async with strict.opened(key.api_key):
                pass
    finally:
        strict.stop()


def error_id(body: bytes | bytearray) -> str:
    """The id an error answer carries."""
    return str(json.loads(body)["error_id"])


async def test_a_service_that_is_to_stop_answers_what_it_took(strict: Strict, sample_segments: list[bytes]) -> None:
    async with strict.opened() as socket:
        for segment in sample_segments[:2]:
            await socket.send(segment)
        before: list[dict[str, Any]] = []
        while [each["status"] for each in before].count("processing") < 2:
            before.append(json.loads(await socket.recv()))
        strict.server.should_exit = True
        while strict.ready()[1]["status"] != "draining":  # noqa: ASYNC110 - seen from outside
            await asyncio.sleep(0.02)
        with pytest.raises(InvalidStatus) as refused:
            await strict.opened()
        assert refused.value.response.status_code == 503
        code, reason, said = await ending(socket)
    assert code == 1012
    assert "come back" in reason
    assert [each["segment"] for each in [*before, *said] if each["status"] == "completed"] == [1, 2]
    await asyncio.to_thread(strict.thread.join, 20)
    assert not strict.thread.is_alive()


async def test_who_comes_while_it_stops_is_told_to_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(*arguments: Any) -> Any:
        asked.set()
        assert go_on.wait(30)
        return authorize(*arguments)

    monkeypatch.setattr(stream, "authorize", slow)
    server = Server(Settings(tmp_path, port=0), NoEngine())
    running = asyncio.create_task(server.serve(sockets=[server.listener]))
    await server.ready.wait()
    headers = {"Authorization": f"Bearer {Running(server.url, server.service).token()}"}
    coming = asyncio.create_task(_refused(Running(server.url, server.service).socket_url, headers))
    await asyncio.to_thread(asked.wait, 30)
    server.should_exit = True
    await server.service.sessions.draining.wait()
    go_on.set()
    assert await coming == (503, "5")
    await running


async def _refused(url: str, headers: dict[str, str]) -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as refused:
        await connect(url, additional_headers=headers)
    return refused.value.response.status_code, refused.value.response.headers["Retry-After"]


async def test_what_is_not_analysed_in_time_is_answered_before_the_service_stops(
    tmp_path: Path, sample_segments: list[bytes]
) -> None:
    drain = 4.0
    strict = await asyncio.to_thread(Strict, tmp_path, max_sessions=3, drain_seconds=drain)
    try:
        async with strict.opened() as first, strict.opened() as second, strict.opened() as mute:
            engine = strict.server.service.engine
            assert isinstance(engine, LocalEngine)
            worker = engine.supervisors[0].pid
            assert worker
            for socket in (first, second):
                await socket.send(sample_segments[0])
                assert json.loads(await socket.recv())["status"] == "processing"
            os.kill(worker, signal.SIGSTOP)  # it would go on for 30 s
            await second.send(sample_segments[1])
            mute.transport.pause_reading()
            strict.server.should_exit = True
            began = time.monotonic()
            for socket, segments in ((first, [1]), (second, [1, 2])):
                code, reason, said = await ending(socket)
                assert (code, "come back" in reason) == (1012, True)
                failed = [each for each in said if each["status"] == "error"]
                done = [each["segment"] for each in said if each["status"] == "completed"]
                assert sorted(done + [each["segment"] for each in failed]) == segments
                assert all("stopping" in each["error"] for each in failed)
            await asyncio.to_thread(strict.thread.join, 20)
            assert time.monotonic() - began < 25  # not the 30 that the worker would have had
            mute.transport.resume_reading()
    finally:
        strict.stop()


async def test_a_client_stays_with_a_service_that_restarts(
    tmp_path: Path, sample_segments: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two services behind each other at one address: 1012 from the first, and the rest goes to the second."""
    monkeypatch.setattr(backoff, "LONGEST", 0.5)
    strict = await asyncio.to_thread(Strict, tmp_path)
    port = int(strict.server.url.rsplit(":", 1)[1])
    key = strict.server.service.store.create(["interhumanai.stream"])

    class Basket:
        async def write(self, message: Any) -> None:
            """Let it go."""

    def source() -> Iterator[Segment]:
        for number, data in enumerate(sample_segments[:4]):
            if number == 2:
                strict.server.should_exit = True
            yield Segment(data, number * 5.0, number * 5.0 + 5.0)

    delivery = Delivery(StreamClient(f"http://127.0.0.1:{port}", token=key.api_key), Basket())
    running = asyncio.create_task(delivery.run(source()))
    await asyncio.to_thread(strict.thread.join, 30)
    again = await asyncio.to_thread(Strict, tmp_path, port)
    report = await running
    again.stop()
    assert report.good
    assert report.connections == 2
