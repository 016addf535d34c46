"""One stream: what goes out, what comes in, how it ends."""

from __future__ import annotations

import asyncio
import http as status
import json
from typing import TYPE_CHECKING

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from interhuman_stream.client import (
    ApiError,
    ClientError,
    ConnectionFailed,
    ConnectionLost,
    Forbidden,
    InvalidAddress,
    Message,
    NotJson,
    Progress,
    StreamClient,
    StreamOptions,
    Unauthorized,
    progress,
)
from tests.client import far_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from websockets.asyncio.server import ServerConnection

SEGMENT = bytes(12_000)


async def test_segments_out_messages_in() -> None:
    session = far_end.Session()
    async with (
        far_end.websocket(far_end.v0(session)) as url,
        StreamClient(
            url,
            token="tok.1",
            include=["conversation_quality_overall"],
            options=StreamOptions(headers={"X-Client-Request-Id": "r-1"}),
        ) as client,
    ):
        assert await client.send(SEGMENT) == 1
        messages = [await anext(client) for _ in range(3)]
        assert await client.send(b"second") == 2
        assert client.sent == 2
        assert [message.parsed["status"] for message in messages] == ["processing", "result", "completed"]
        assert str(messages[0]) == messages[0].text == '{"status": "processing", "segment": 1, "bytes": 12000}'
    assert session.frames == [SEGMENT, b"second"]
    assert session.headers["Authorization"] == "Bearer tok.1"
    assert session.headers["X-Client-Request-Id"] == "r-1"
    assert session.path == "/v0/stream/analyze?include[]=conversation_quality_overall"


async def test_a_segment_of_20_mb_and_a_message_of_5_mb_pass() -> None:
    text = json.dumps({"status": "result", "segment": 1, "padding": "x" * 5_000_000})

    async def handler(connection: ServerConnection) -> None:
        assert len(await connection.recv()) == 20_971_520
        await connection.send(text)

    async with far_end.websocket(handler) as url, StreamClient(url) as client:
        await client.send(bytes(20_971_520))
        assert (await anext(client)).data == text.encode()


@pytest.mark.parametrize(("code", "kind"), [(401, Unauthorized), (403, Forbidden), (429, ApiError), (503, ApiError)])
async def test_a_refused_upgrade_carries_the_servers_body(code: int, kind: type[ApiError]) -> None:
    body = b'{"error_id":"ih2001","correlation_id":"c","link":"l","message":"missing credential"}'

    def refuse(_connection: ServerConnection, _request: Request) -> Response:
        headers = Headers({"Content-Length": str(len(body)), "Content-Type": "application/json"})
        return Response(code, status.HTTPStatus(code).phrase, headers, body)

    async with far_end.websocket(far_end.v0(far_end.Session()), process_request=refuse) as url:
        with pytest.raises(kind, match="missing credential") as caught:
            async with StreamClient(url, token="secret-token"):
                pass
    assert type(caught.value) is kind
    assert caught.value.body == body
    assert "secret-token" not in str(caught.value)


async def test_the_server_ends_in_good_order_or_not() -> None:
    leaves = far_end.v0(far_end.Session(), leaves_after=0, code=1000)
    async with far_end.websocket(leaves) as url, StreamClient(url) as client:
        await client.send(SEGMENT)
        assert [message async for message in client] == []
    leaves = far_end.v0(far_end.Session(), leaves_after=0, code=1013)
    async with far_end.websocket(leaves) as url, StreamClient(url) as client:
        await client.send(SEGMENT)
        with pytest.raises(ConnectionLost, match="1013: enough") as caught:
            await anext(client)
        assert (caught.value.code, caught.value.reason) == (1013, "enough")
        with pytest.raises(ConnectionLost):
            await client.send(SEGMENT)


async def test_closing_loses_nothing_that_nobody_has_read_yet() -> None:
    options, said = StreamOptions(close_timeout=3), asyncio.Event()
    async with far_end.websocket(far_end.talks_much(said)) as url, StreamClient(url, options=options) as client:
        await client.send(SEGMENT)
        assert (await anext(client)).text == far_end.MUCH[0]
        await said.wait()
        await client.close()
        assert [message.text async for message in client] == far_end.MUCH[1:]


async def test_closing_while_another_task_reads_keeps_the_order() -> None:
    options, said = StreamOptions(close_timeout=3), asyncio.Event()
    async with far_end.websocket(far_end.talks_much(said)) as url, StreamClient(url, options=options) as client:
        texts = []

        async def read() -> None:
            async for message in client:
                texts.append(message.text)
                await asyncio.sleep(0.001)

        reading = asyncio.create_task(read())
        await client.send(SEGMENT)
        await said.wait()
        await client.close()
        await reading
    assert texts == far_end.MUCH


async def test_a_connection_that_breaks_is_1006() -> None:
    async def handler(connection: ServerConnection) -> None:
        connection.transport.abort()

    async with far_end.websocket(handler) as url, StreamClient(url) as client:
        with pytest.raises(ConnectionLost) as caught:
            await anext(client)
    assert caught.value.code == 1006


async def test_nobody_there() -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        pass
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        await StreamClient(url).__aenter__()


async def test_a_server_that_is_none() -> None:
    with far_end.http() as server, pytest.raises(ClientError):
        await StreamClient(server.url).__aenter__()


async def test_a_server_that_does_not_answer() -> None:
    async def mute(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with pytest.raises(ConnectionFailed, match=r"within 0\.2 s"):
        await StreamClient(url, options=StreamOptions(open_timeout=0.2)).__aenter__()
    server.close()


async def test_a_stream_must_be_open() -> None:
    client = StreamClient("http://127.0.0.1:1")
    with pytest.raises(RuntimeError, match="async with"):
        await client.send(SEGMENT)
    await client.close()
    assert repr(client) == "StreamClient('ws://127.0.0.1:1/v0/stream/analyze')"
    with pytest.raises(InvalidAddress):
        StreamClient("nowhere")


class Tape:
    """A connection that plays what it was given: the transport seam."""

    def __init__(self, frames: list[bytes]) -> None:
        self.frames = frames
        self.sent: list[bytes | str] = []
        self.closed = False

    async def send(self, frame: bytes | str) -> None:
        """Keep the frame."""
        self.sent.append(frame)

    async def receive(self) -> bytes | None:
        """Give the next frame."""
        return self.frames.pop(0) if self.frames else None

    async def close(self) -> None:
        """Note it."""
        self.closed = True


async def test_any_transport_will_do() -> None:
    tape = Tape([b"a", b"b"])

    async def connect(_address: str, _headers: Mapping[str, str], _options: StreamOptions) -> Tape:
        return tape

    async with StreamClient("http://h", connect=connect) as client:
        await client.send(b"x")
        assert [message.text async for message in client] == ["a", "b"]
    assert tape.sent == [b"x"]
    assert tape.closed


def test_a_message_that_is_no_json_keeps_its_bytes() -> None:
    message = Message(b"\xff not json")
    assert message.text.encode(errors="surrogateescape") == message.data
    with pytest.raises(NotJson, match="10 bytes"):
        _ = message.parsed
    with pytest.raises(NotJson):
        _ = Message(b"[" * 100_000).parsed
    with pytest.raises(NotJson, match="a JSON list, where the API has objects"):
        _ = Message(b"[3]").parsed


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"status":"processing","segment":1,"bytes":5}', Progress(1, "processing")),
        (b'{"status":"completed","segment":2}', Progress(2, "completed")),
        (b'{"status":"error","segment":3,"error":"too large"}', Progress(3, "error", "too large")),
        (b'{"status":"error","segment":3,"message":"too large"}', Progress(3, "error", "too large")),
        (b'{"status":"error","segment":3,"error":7}', Progress(3, "error")),
        (b'{"status":"result","segment":4,"signals":[{"type":"a"},{"type":"b"},3]}', Progress(4, "result", "a, b")),
        (b'{"status":"later","segment":5}', Progress(5, "later")),
        (b'{"status":"completed","segment":true}', None),
        (b'{"status":"completed","segment":"1"}', None),
        (b'{"status":1,"segment":1}', None),
        (b'{"type":"session.ready"}', None),
        (b"[]", None),
        (b"no json", None),
    ],
)
def test_what_a_message_says_of_its_segment(data: bytes, said: Progress | None) -> None:
    assert progress(Message(data)) == said


def test_which_statuses_finish_a_segment() -> None:
    finished = {status: Progress(1, status).finished for status in ("processing", "result", "completed", "error", "x")}
    assert [status for status, ends in finished.items() if ends] == ["completed", "error"]
