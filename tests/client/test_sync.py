"""The blocking face: the same names as the async one, and the same behaviour on real sockets."""

from __future__ import annotations

import asyncio
import inspect
import io
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from interhuman_stream import client as async_face
from interhuman_stream.client import (
    ConnectionFailed,
    ConnectionLost,
    HttpOptions,
    InvalidAddress,
    Message,
    MissingCredentials,
    Report,
    Segment,
    SinkClosed,
    SourceError,
    StreamOptions,
    Unauthorized,
    sync,
)
from interhuman_stream.client.events import Event, Sent
from tests.client import far_end

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response

SEGMENT = bytes(12_000)
GRANT = b'{"access_token": "tok.%d", "expires_in": 9e2, "scope": "interhumanai.stream", "new": 3.0}'


OWN = (
    "ApiKey",
    "AuthClient",
    "Delivery",
    "FileSink",
    "JobClient",
    "KeyPair",
    "StaticToken",
    "StreamClient",
    "TokenCommand",
    "UploadClient",
)


def statuses(client: sync.StreamClient) -> list[str]:
    return [message.parsed["status"] for message in client]


@pytest.mark.parametrize("name", OWN)
def test_both_faces_have_the_same_names_and_arguments(name: str) -> None:
    def face(cls: type) -> dict[str, list[str]]:
        methods = inspect.getmembers(cls, inspect.isfunction)
        return {name: list(inspect.signature(method).parameters) for name, method in methods if name[0] != "_"}

    blocking, other = getattr(sync, name), getattr(async_face, name)
    assert face(blocking) == face(other)
    assert list(inspect.signature(blocking).parameters) == list(inspect.signature(other).parameters)
    assert hasattr(blocking, "__enter__") == hasattr(other, "__aenter__")


def test_what_does_not_wait_is_the_same_in_both() -> None:
    protocols = {"Sink", "TokenProvider"}
    shared = {name for name in sync.__all__ if getattr(sync, name) is getattr(async_face, name)}
    assert set(sync.__all__) - shared == set(OWN) | protocols


async def test_send_all_then_read_all() -> None:
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


async def test_one_thread_sends_while_another_reads() -> None:
    def talk(url: str) -> list[str]:
        with sync.StreamClient(url) as client, ThreadPoolExecutor(1) as pool:
            reading = pool.submit(statuses, client)
            for _ in range(20):
                client.send(SEGMENT)
            client.finish()
            return reading.result(timeout=20)

    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        assert await asyncio.to_thread(talk, url) == ["processing", "result", "completed"] * 20


async def test_closing_loses_nothing_that_nobody_has_read_yet() -> None:
    def talk(url: str) -> list[str]:
        with sync.StreamClient(url, options=StreamOptions(close_timeout=3)) as client:
            client.send(SEGMENT)
            first = next(client).text
            assert said.wait(60)
            client.close()
            return [first, *(message.text for message in client)]

    said = threading.Event()
    async with far_end.websocket(far_end.talks_much(said)) as url:
        assert await asyncio.to_thread(talk, url) == far_end.MUCH


async def test_finish_ends_a_reader_who_waits() -> None:
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


async def test_messages_come_byte_for_byte() -> None:
    texts = [
        '{"z":3,"a":3.0,"m":3e0,"status":"\\u00e9\\ud83d\\ude00"}',
        "no json",
        json.dumps({"pad": "é" * 2_500_000}, ensure_ascii=False),
    ]

    async def handler(connection: ServerConnection) -> None:
        for text in texts:
            await connection.send(text)

    def talk(url: str) -> list[bytes]:
        with sync.StreamClient(url) as client:
            return [message.data for message in client]

    async with far_end.websocket(handler) as url:
        assert await asyncio.to_thread(talk, url) == [text.encode() for text in texts]


async def test_a_stream_that_ends_too_early_is_lost() -> None:
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


async def test_sending_on_a_lost_stream_says_so() -> None:
    def talk(url: str) -> None:
        with sync.StreamClient(url) as client:
            client.send(SEGMENT)
            with pytest.raises(ConnectionLost, match="1013: enough"):
                next(client)
            with pytest.raises(ConnectionLost):
                client.send(SEGMENT)

    async with far_end.websocket(far_end.v0(far_end.Session(), leaves_after=0, code=1013)) as url:
        await asyncio.to_thread(talk, url)


async def test_a_refused_upgrade_carries_the_servers_body() -> None:
    def refuse(connection: ServerConnection, _request: Request) -> Response:
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


def test_what_cannot_be_opened() -> None:
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


def test_a_key_pair_is_exchanged_once_and_renewed_in_time() -> None:
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


def test_a_grant_keeps_the_servers_bytes() -> None:
    with far_end.http() as server:
        server.body = GRANT % 7
        grant = sync.AuthClient(server.url).grant("id", "hush")
    assert grant.body == GRANT % 7
    assert (grant.access_token, grant.expires_in) == ("tok.7", 900)


def test_upload(tmp_path: Path) -> None:
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


def test_requests_inside_with_share_a_connection(tmp_path: Path) -> None:
    """Connections are told apart by the client's port, which the far end's own connections have not."""
    file = tmp_path / "talk.webm"
    file.write_bytes(SEGMENT)
    with far_end.http() as server:
        server.body = GRANT % 1
        with sync.UploadClient(server.url) as uploads, sync.AuthClient(server.url) as auth:
            assert uploads.analyze(file).body == uploads.analyze(file).body
            assert auth.grant("id", "hush").access_token == auth.grant("id", "hush").access_token
        assert uploads.analyze(file).status == 200  # and behind it, over one of its own
    assert len({*server.clients[:2]}) == len({*server.clients[2:4]}) == 1
    assert len({*server.clients}) == 3


class Slow:
    """A sink and a token provider that block, as a user of the blocking face writes them."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.asked = 0

    def write(self, message: Message) -> None:
        """Keep a message."""
        threading.Event().wait(0.01)
        self.heard.append(message.text)

    def token(self) -> str:
        """Give a token."""
        self.asked += 1
        threading.Event().wait(0.01)
        return f"tok.{self.asked}"


async def test_a_delivery_with_a_sink_and_a_provider_of_ones_own() -> None:
    slow, session, told = Slow(), far_end.Session(), list[Event]()

    def deliver(url: str) -> Report:
        client = sync.StreamClient(url, token=slow)
        with sync.Delivery(client, slow, watcher=told.append) as delivery:
            report = delivery.run(Segment(SEGMENT, at, at + 1.0) for at in range(4))
            assert report is delivery.report
        return report

    async with far_end.websocket(far_end.v0(session)) as url:
        report = await asyncio.to_thread(deliver, url)
    assert report.good
    assert [json.loads(text)["status"] for text in slow.heard] == ["processing", "result", "completed"] * 4
    assert session.headers["Authorization"] == "Bearer tok.1"
    assert sum(isinstance(event, Sent) for event in told) == 4


async def test_a_delivery_into_a_file_and_what_ends_it() -> None:
    def deliver(url: str) -> tuple[bytes, list[int]]:
        file = io.BytesIO()
        with sync.Delivery(sync.StreamClient(url), sync.FileSink(file)) as delivery:
            with pytest.raises(ConnectionLost):
                delivery.run(Segment(SEGMENT, at, at + 1.0) for at in range(3))
            with pytest.raises(RuntimeError, match="make another"):
                delivery.run([])
        return file.getvalue(), delivery.report.of("completed")

    session = far_end.Session()
    async with far_end.websocket(far_end.v0(session, leaves_after=2, code=1008)) as url:
        written, completed = await asyncio.to_thread(deliver, url)
    assert written.count(b"\n") == 6
    assert completed == [1, 2]


async def test_a_sink_that_is_closed_ends_a_delivery() -> None:
    class Closed:
        def write(self, _message: Message) -> None:
            raise SinkClosed

    def deliver(url: str) -> None:
        with pytest.raises(SinkClosed), sync.Delivery(sync.StreamClient(url), Closed()) as delivery:
            delivery.run(iter([Segment(SEGMENT, 0, 1)]))

    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        await asyncio.to_thread(deliver, url)


async def test_blocking_where_nothing_may_block_is_refused() -> None:
    def deliver(url: str) -> None:
        with sync.StreamClient(url) as other:
            delivery = sync.Delivery(sync.StreamClient(url), Slow(), watcher=lambda _: other.finish())
            with pytest.raises(RuntimeError, match="hand the work to another thread"):
                delivery.run(iter([Segment(SEGMENT, 0, 1)]))

    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        await asyncio.to_thread(deliver, url)


def test_a_program_gives_the_token() -> None:
    command = sync.TokenCommand([sys.executable, "-c", "print('tok.9')"])
    assert command.token() == "tok.9"
    for wrong, words in (([], "cannot be run"), (["nonesuch-program"], "cannot be run"), (["false"], "exit code 1")):
        with pytest.raises(MissingCredentials, match=words):
            sync.TokenCommand(wrong).token()


PROGRAM = """
import logging, os, signal, sys, threading
logging.getLogger("asyncio").setLevel(logging.ERROR)  # that a busy machine makes a callback slow is a warning
from interhuman_stream.client.sync import Delivery, FileSink, Segment, StreamClient

def source():
    yield Segment(bytes(12_000), 0.0, 1.0)
    threading.Event().wait()

def interrupt(_event=None):
    os.kill(os.getpid(), signal.SIGINT)

try:
    with StreamClient(sys.argv[1]) as client:
        client.send(bytes(12_000))
        threading.Timer(0.3, interrupt).start()
        next(client)
except KeyboardInterrupt:
    print("stream")
try:
    with Delivery(StreamClient(sys.argv[1]), FileSink(sys.stdout.buffer), watcher=interrupt) as delivery:
        delivery.run(source())
except KeyboardInterrupt:
    print("delivery", delivery.report.of("sent"))
sys.stdout.flush()
if os.fork() == 0:
    with StreamClient(sys.argv[1]) as client:
        print("fork", client.send(bytes(12_000)), flush=True)
    os._exit(0)
os.wait()
left_open = StreamClient(sys.argv[1]).__enter__()
"""


UNNOTICED = """
import os, signal, sys, threading
from interhuman_stream.client.sync import StreamClient

try:
    with StreamClient(sys.argv[1]) as client:
        client.send(bytes(12_000))
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # now another thread gets it, and wakes nobody
        next(client)
except KeyboardInterrupt:
    print("interrupted")
"""


async def test_an_interrupt_that_wakes_nobody_comes_through_all_the_same() -> None:
    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with far_end.websocket(silent) as url:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", UNNOTICED, url, stdout=subprocess.PIPE)
        out, _ = await process.communicate()
    assert (process.returncode, out) == (0, b"interrupted\n")


async def test_interrupts_forks_and_programs_that_end() -> None:
    """Ctrl-C comes through whatever blocks, a fork has a loop of its own, and what was left open keeps nobody."""

    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with far_end.websocket(silent) as url:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "dev", "-c", PROGRAM, url), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.splitlines() == [b"stream", b"delivery [1]", b"fork 1"]
