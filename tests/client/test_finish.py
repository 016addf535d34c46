"""How a stream ends: v0 has no message for it, so all that was sent must first be answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.client import (
    ConnectionLost,
    Delivery,
    DeliveryOptions,
    StreamClient,
)
from interhuman_stream.client.sources.segment import Segment
from tests.client import far_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.asyncio.server import ServerConnection

    from interhuman_stream.client.message import Message

SEGMENT = bytes(12_000)


class Ear:
    """A sink that takes its time, with the first message."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    async def write(self, _message: Message) -> None:
        """Take a message."""
        await asyncio.sleep(self.seconds)
        self.seconds = 0.0


def source(count: int) -> Iterator[Segment]:
    return (Segment(SEGMENT, float(at), at + 1.0) for at in range(count))


async def test_send_all_then_read_all() -> None:
    async with far_end.websocket(far_end.v0(far_end.Session(), fails=(2,))) as url, StreamClient(url) as client:
        for _ in range(3):
            await client.send(SEGMENT)
        await client.finish()
        said = [message.parsed["status"] async for message in client]
        with pytest.raises(RuntimeError, match="finishing"):
            await client.send(SEGMENT)
    assert said == ["processing", "result", "completed", "error", "processing", "result", "completed"]


async def test_finish_ends_a_reader_who_has_read_everything() -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url, StreamClient(url) as client:
        reader = asyncio.create_task(_statuses(client))
        await client.send(SEGMENT)
        await asyncio.sleep(0.1)
        assert not reader.done()
        await client.finish()
        assert await reader == ["processing", "result", "completed"]


async def test_finish_with_nothing_sent_ends_at_once() -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url, StreamClient(url) as client:
        await client.finish()
        assert await _statuses(client) == []


async def test_what_comes_after_the_last_answer_but_before_the_close_is_still_given() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send('{"status":"completed","segment":1}')
        await connection.send('{"type":"farewell"}')
        await connection.wait_closed()

    async with far_end.websocket(handler) as url, StreamClient(url) as client:
        await client.send(SEGMENT)
        await client.finish()
        assert [message.text async for message in client][-1] == '{"type":"farewell"}'


async def test_a_server_that_leaves_once_all_is_answered_does_no_harm() -> None:
    async def handler(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send('{"status":"completed","segment":1}')
        await connection.close(1001, "going away")

    async with far_end.websocket(handler) as url, StreamClient(url) as client:
        await client.send(SEGMENT)
        await client.finish()
        assert await _statuses(client) == ["completed"]
    ear = Ear()
    async with far_end.websocket(handler) as url:
        assert (await Delivery(StreamClient(url), ear).run(source(1))).good


@pytest.mark.parametrize("code", [1000, 1011])
async def test_a_server_that_leaves_before_is_a_lost_stream(code: int) -> None:
    async with (
        far_end.websocket(far_end.v0(far_end.Session(), leaves_after=1, code=code)) as url,
        StreamClient(url) as client,
    ):
        await client.send(SEGMENT)
        await client.send(SEGMENT)
        await client.finish()
        with pytest.raises(ConnectionLost) as caught:
            await _statuses(client)
    assert caught.value.code == code


async def test_a_slow_reader_is_no_silence_of_the_server() -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        delivery = Delivery(StreamClient(url), Ear(seconds=1.3), options=DeliveryOptions(patience=1.0))
        report = await delivery.run(source(1))
    assert report.good


async def test_what_fails_while_a_source_is_read_is_not_swallowed() -> None:
    def wrong() -> Iterator[Segment]:
        yield from source(1)
        raise ZeroDivisionError

    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        with pytest.raises(ZeroDivisionError):
            await Delivery(StreamClient(url), Ear()).run(wrong())


async def _statuses(client: StreamClient) -> list[str]:
    return [message.parsed["status"] async for message in client]
