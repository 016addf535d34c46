"""How a stream ends: v0 has no message for it, so all that was sent must first be answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.client import (
    ConnectionFailed,
    ConnectionLost,
    Delivery,
    DeliveryOptions,
    SourceError,
    StreamClient,
)
from interhuman_stream.client.sources.segment import Segment
from tests.client import far_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.client.message import Message

SEGMENT = bytes(12_000)


class Ear:
    """A sink that keeps what it hears, and takes its time."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.heard: list[bytes] = []
        self.seconds = seconds

    async def write(self, message: Message) -> None:
        """Keep a message."""
        await asyncio.sleep(self.seconds)
        self.heard.append(message.data)


def source(count: int) -> Iterator[Segment]:
    return (Segment(SEGMENT, float(at), at + 1.0) for at in range(count))


async def test_send_all_then_read_all():
    async with far_end.websocket(far_end.v0(far_end.Session(), fails=(2,))) as url, StreamClient(url) as client:
        for _ in range(3):
            await client.send(SEGMENT)
        await client.finish()
        said = [message.parsed["status"] async for message in client]
        with pytest.raises(RuntimeError, match="finishing"):
            await client.send(SEGMENT)
    assert said == ["processing", "result", "completed", "error", "processing", "result", "completed"]


async def test_finish_ends_a_reader_who_has_read_everything():
    async with far_end.websocket(far_end.v0(far_end.Session())) as url, StreamClient(url) as client:
        reader = asyncio.create_task(_statuses(client))
        await client.send(SEGMENT)
        await asyncio.sleep(0.1)
        assert not reader.done()
        await client.finish()
        assert await reader == ["processing", "result", "completed"]


async def test_finish_with_nothing_sent_ends_at_once():
    async with far_end.websocket(far_end.v0(far_end.Session())) as url, StreamClient(url) as client:
        await client.finish()
        assert await _statuses(client) == []


async def test_what_comes_after_the_last_answer_but_before_the_close_is_still_given():
    async def handler(connection) -> None:
        await connection.recv()
        await connection.send('{"status":"completed","segment":1}')
        await connection.send('{"type":"farewell"}')
        await connection.wait_closed()

    async with far_end.websocket(handler) as url, StreamClient(url) as client:
        await client.send(SEGMENT)
        await client.finish()
        assert [message.text async for message in client][-1] == '{"type":"farewell"}'


async def test_a_server_that_leaves_once_all_is_answered_does_no_harm():
    async def handler(connection) -> None:
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
async def test_a_server_that_leaves_before_is_a_lost_stream(code):
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
    ear = Ear()
    async with (
        far_end.websocket(far_end.v0(far_end.Session(), leaves_after=1, code=code)) as url,
    ):
        delivery = Delivery(StreamClient(url), ear, options=DeliveryOptions(reconnect_for=0))
        with pytest.raises(ConnectionLost):
            await delivery.run(source(9))
    assert delivery.report.of("completed") == [1]
    assert delivery.report.of("sent", "acknowledged")
    assert not delivery.report.good
    assert [json.loads(data)["segment"] for data in ear.heard] == [1, 1, 1]


async def test_a_server_that_owes_an_answer_and_says_nothing_is_given_up():
    async def handler(connection) -> None:
        async for _frame in connection:
            pass

    async with far_end.websocket(handler) as url:
        with pytest.raises(ConnectionFailed, match=r"nothing for 0\.2 s and owes an answer to segment 1"):
            await Delivery(StreamClient(url), Ear(), options=DeliveryOptions(patience=0.2, reconnect_for=0)).run(
                source(2)
            )


async def test_a_slow_reader_is_no_silence_of_the_server():
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        report = await Delivery(StreamClient(url), Ear(seconds=0.3), options=DeliveryOptions(patience=0.1)).run(
            source(1)
        )
    assert report.good


async def test_a_source_that_breaks_off_is_told_after_its_answers():
    def broken() -> Iterator[Segment]:
        yield from source(2)
        raise SourceError("the tape is torn")

    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        delivery = Delivery(StreamClient(url), Ear())
        with pytest.raises(SourceError, match="torn"):
            await delivery.run(broken())
    assert delivery.report.of("completed") == [1, 2]


async def test_what_fails_while_a_source_is_read_is_not_swallowed():
    def wrong() -> Iterator[Segment]:
        yield from source(1)
        raise ZeroDivisionError

    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        with pytest.raises(ZeroDivisionError):
            await Delivery(StreamClient(url), Ear()).run(wrong())


async def test_no_more_segments_are_on_their_way_than_the_window_allows():
    waiting: set[int] = set()
    most = 0

    async def handler(connection) -> None:
        nonlocal most
        number = 0
        tasks = []
        async for _frame in connection:
            number += 1
            waiting.add(number)
            most = max(most, len(waiting))
            tasks.append(asyncio.create_task(answer(connection, number)))

    async def answer(connection, number: int) -> None:
        await asyncio.sleep(0.02)
        waiting.discard(number)
        with contextlib.suppress(Exception):
            await connection.send(json.dumps({"status": "completed", "segment": number}))

    async with far_end.websocket(handler) as url:
        assert (await Delivery(StreamClient(url), Ear(), options=DeliveryOptions(window=2)).run(source(8))).good
    assert most == 2


async def _statuses(client: StreamClient) -> list[str]:
    return [message.parsed["status"] async for message in client]
