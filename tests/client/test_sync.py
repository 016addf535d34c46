"""The blocking face: the same names as the async one, and the same behaviour on real sockets."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from interhuman_stream import client as async_face
from interhuman_stream.client import (
    ConnectionFailed,
    ConnectionLost,
    HttpOptions,
    InvalidAddress,
    MissingCredentials,
    SourceError,
    StreamOptions,
    Unauthorized,
    sync,
)
from tests.client import far_end

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.http11 import Response

SEGMENT = bytes(12_000)
GRANT = b'{"access_token": "tok.%d", "expires_in": 9e2, "scope": "interhumanai.stream", "new": 3.0}'


def statuses(client: sync.StreamClient) -> list[str]:
    return [message.parsed["status"] for message in client]


@pytest.mark.parametrize("name", ["StreamClient", "AuthClient", "UploadClient", "KeyPair", "ApiKey", "StaticToken"])
def test_both_faces_have_the_same_names_and_arguments(name):
    def face(cls: type) -> dict[str, list[str]]:
        methods = inspect.getmembers(cls, inspect.isfunction)
        return {name: list(inspect.signature(method).parameters) for name, method in methods if name[0] != "_"}

    blocking, other = getattr(sync, name), getattr(async_face, name)
    assert face(blocking) == face(other)
    assert list(inspect.signature(blocking).parameters) == list(inspect.signature(other).parameters)


async def test_send_all_then_read_all():
    def talk(url: str) -> list[str]:
        options = StreamOptions(headers={"X-Client-Request-Id": "r-1"})
        with sync.StreamClient(url, token="tok.1", options=options) as client:
            assert [client.send(SEGMENT) for _ in range(3)] == [1, 2, 3]
            assert client.sent == 3
            client.finish()
            with pytest.raises(RuntimeError, match="finishing"):
                client.send(SEGMENT)
            return statuses(client)

    session = far_end.Session()
    async with far_end.websocket(far_end.v0(session, fails=(2,))) as url:
        said = await asyncio.to_thread(talk, url)
    assert said == ["processing", "result", "completed", "error", "processing", "result", "completed"]
    assert session.frames == [SEGMENT] * 3
    assert session.headers["Authorization"] == "Bearer tok.1"
    assert session.headers["X-Client-Request-Id"] == "r-1"


async def test_one_thread_sends_while_another_reads():
    def talk(url: str) -> list[str]:
        with sync.StreamClient(url) as client, ThreadPoolExecutor(1) as pool:
            reading = pool.submit(statuses, client)
            for _ in range(20):
                client.send(SEGMENT)
            client.finish()
            return reading.result(timeout=20)

    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        assert await asyncio.to_thread(talk, url) == ["processing", "result", "completed"] * 20


async def test_closing_loses_nothing_that_nobody_has_read_yet():
    def talk(url: str) -> list[str]:
        with sync.StreamClient(url, options=StreamOptions(close_timeout=3)) as client:
            client.send(SEGMENT)
            first = next(client).text
            time.sleep(0.1)
            client.close()
            return [first, *(message.text for message in client)]

    async with far_end.websocket(far_end.talks_much) as url:
        assert await asyncio.to_thread(talk, url) == far_end.MUCH


async def test_finish_ends_a_reader_who_waits():
    def talk(url: str) -> list[str]:
        with sync.StreamClient(url) as client, ThreadPoolExecutor(1) as pool:
            first = threading.Event()
            said: list[str] = []

            def read() -> None:
                for message in client:
                    said.append(message.parsed["status"])
                    if said[-1] == "completed":
                        first.set()

            reading = pool.submit(read)
            client.send(SEGMENT)
            first.wait(10)
            client.finish()
            reading.result(timeout=20)
            return said

    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        assert await asyncio.to_thread(talk, url) == ["processing", "result", "completed"]


async def test_messages_come_byte_for_byte():
    texts = [
        '{"z":3,"a":3.0,"m":3e0,"status":"\\u00e9\\ud83d\\ude00"}',
        "no json",
        json.dumps({"pad": "é" * 2_500_000}, ensure_ascii=False),
    ]

    async def handler(connection) -> None:
        for text in texts:
            await connection.send(text)

    def talk(url: str) -> list[bytes]:
        with sync.StreamClient(url) as client:
            return [message.data for message in client]

    async with far_end.websocket(handler) as url:
        assert await asyncio.to_thread(talk, url) == [text.encode() for text in texts]


async def test_a_stream_that_ends_too_early_is_lost():
    def talk(url: str) -> int:
        with sync.StreamClient(url) as client:
            client.send(SEGMENT)
            client.send(SEGMENT)
            client.finish()
            with pytest.raises(ConnectionLost) as caught:
                statuses(client)
            return caught.value.code

    for code in (1000, 1011):
        async with far_end.websocket(far_end.v0(far_end.Session(), leaves_after=1, code=code)) as url:
            assert await asyncio.to_thread(talk, url) == code


async def test_sending_on_a_lost_stream_says_so():
    def talk(url: str) -> None:
        with sync.StreamClient(url) as client:
            client.send(SEGMENT)
            with pytest.raises(ConnectionLost, match="1013: enough"):
                next(client)
            with pytest.raises(ConnectionLost):
                client.send(SEGMENT)

    async with far_end.websocket(far_end.v0(far_end.Session(), leaves_after=0, code=1013)) as url:
        await asyncio.to_thread(talk, url)


async def test_a_refused_upgrade_carries_the_servers_body():
    def refuse(connection, _request) -> Response:
        return connection.respond(401, '{"error_id":"ih2002","message":"Invalid token"}')

    def talk(url: str) -> None:
        with (
            pytest.raises(Unauthorized, match="ih2002: Invalid token") as caught,
            sync.StreamClient(url, token="tok.s"),
        ):
            pass
        assert "tok.s" not in str(caught.value)

    async with far_end.websocket(far_end.v0(far_end.Session()), process_request=refuse) as url:
        await asyncio.to_thread(talk, url)


def test_what_cannot_be_opened():
    client = sync.StreamClient("http://127.0.0.1:9")
    assert repr(client) == "StreamClient('ws://127.0.0.1:9/v0/stream/analyze')"
    client.close()
    with pytest.raises(RuntimeError, match="with StreamClient"):
        client.send(SEGMENT)
    with pytest.raises(ConnectionFailed, match="cannot be reached"), client:
        pass
    with pytest.raises(MissingCredentials), sync.StreamClient("http://127.0.0.1:9", token="a b"):
        pass
    with pytest.raises(InvalidAddress):
        sync.StreamClient("nowhere")


def test_a_key_pair_is_exchanged_once_and_renewed_in_time():
    now = 100.0
    with far_end.http() as server:
        server.body = GRANT % 1
        pair = sync.KeyPair(sync.AuthClient(server.url), "id", "hush", scopes=["s"], clock=lambda: now)
        assert "hush" not in repr(pair)
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: pair.token(), range(8))) == {"tok.1"}
        assert len(server.requests) == 1
        server.body = GRANT % 2
        now += 839
        assert pair.token() == "tok.1"
        now += 2
        assert pair.token() == "tok.2"
    path, _headers, body = server.requests[0]
    assert path == "/v0/auth"
    assert json.loads(body) == {"key_id": "id", "key_secret": "hush", "scopes": ["s"]}


def test_a_grant_keeps_the_servers_bytes():
    with far_end.http() as server:
        server.body = GRANT % 7
        grant = sync.AuthClient(server.url).grant("id", "hush")
    assert grant.body == GRANT % 7
    assert (grant.access_token, grant.expires_in) == ("tok.7", 900)


def test_upload(tmp_path: Path):
    file = tmp_path / "talk.webm"
    file.write_bytes(SEGMENT)
    with far_end.http() as server:
        server.body = b'{"signals": [ ], "n": 3.0}'
        client = sync.UploadClient(server.url, token=sync.ApiKey("ih_live_1"), version="v1")
        assert client.analyze(file, include=["conversation_quality_overall"]).body == server.body
        path, headers, body = server.requests[0]
        assert path == "/v1/upload/analyze"
        assert headers["authorization"] == "Bearer ih_live_1"
        assert SEGMENT in body
        assert b'name="include[]"\r\n\r\nconversation_quality_overall' in body
        server.status, server.body = 401, b'{"error_id":"ih2002","message":"no"}'
        with pytest.raises(Unauthorized):
            sync.UploadClient(server.url, token=sync.StaticToken("t")).analyze(file)
    assert repr(client) == f"UploadClient('{server.url}/v1/upload/analyze')"
    with pytest.raises(ConnectionFailed):
        sync.UploadClient(server.url, options=HttpOptions(timeout=2)).analyze(file)
    with pytest.raises(SourceError, match="cannot be read"):
        sync.UploadClient(server.url).analyze(tmp_path / "none")
