"""A source down one stream, to the end of its answers."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.client import (
    ConnectionFailed,
    ConnectionLost,
    Delivery,
    DeliveryOptions,
    Message,
    Segment,
    SinkClosed,
    SourceError,
    StreamClient,
)
from interhuman_stream.client.events import Event, Heard, Sent
from tests.client import far_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.asyncio.server import ServerConnection


def source(count: int, seconds: float = 5.0) -> Iterator[Segment]:
    for number in range(count):
        yield Segment(bytes([number]) * 10_000, number * seconds, (number + 1) * seconds)


class Basket:
    """Keeps the messages."""

    def __init__(self, closes_after: int = 10**9) -> None:
        self.messages: list[Message] = []
        self.closes_after = closes_after

    async def write(self, message: Message) -> None:
        """Keep a message."""
        if len(self.messages) >= self.closes_after:
            raise SinkClosed
        self.messages.append(message)

    @property
    def statuses(self) -> list[tuple[int, str]]:
        """Give what each message says."""
        return [(message.parsed["segment"], message.parsed["status"]) for message in self.messages]


async def test_every_segment_is_sent_and_every_message_relayed() -> None:
    session, basket = far_end.Session(), Basket()
    told: list[Event] = []
    async with far_end.websocket(far_end.v0(session)) as url:
        client = StreamClient(url)
        async with Delivery(client, basket, watcher=told.append) as delivery:
            report = await delivery.run(source(7))
    assert report.of("completed") == list(range(1, 8))
    assert report.good
    assert session.frames == [segment.data for segment in source(7)]
    assert basket.statuses == [(n, s) for n in range(1, 8) for s in ("processing", "result", "completed")]
    sent = [event for event in told if isinstance(event, Sent)]
    assert [(event.segment, event.number, event.bytes) for event in sent] == [(n, n, 10_000) for n in range(1, 8)]
    heard = [event for event in told if isinstance(event, Heard)]
    assert [(event.segment, event.status) for event in heard] == basket.statuses
    assert all(event.seconds >= 0 for event in heard)


async def test_what_the_server_refuses_is_told_and_the_rest_goes_on() -> None:
    basket = Basket()
    server = far_end.v0(far_end.Session(), fails=(2,))
    async with far_end.websocket(server) as url:
        client = StreamClient(url)
        report = await Delivery(client, basket).run(source(4))
    assert report.of("completed") == [1, 3, 4]
    assert report.of("failed") == [2]
    assert report.records[1].detail == "Video chunk is not decodable"
    assert not report.good


@pytest.mark.parametrize("window", [2, 3])
async def test_no_more_segments_are_on_their_way_than_the_window_allows(window: int) -> None:
    most = 0

    async def slow(connection: ServerConnection) -> None:
        nonlocal most
        owed: list[int] = []
        answering: list[asyncio.Task[None]] = []

        async def answer() -> None:
            await asyncio.sleep(0.02)  # one more than allowed would come meanwhile
            while owed:
                await connection.send(json.dumps({"status": "completed", "segment": owed.pop(0)}))

        for number in itertools.count(1):
            await connection.recv()
            owed.append(number)
            most = max(most, len(owed))
            if len(owed) == window:
                answering.append(asyncio.create_task(answer()))

    async with far_end.websocket(slow) as url:
        delivery = Delivery(StreamClient(url), Basket(), options=DeliveryOptions(window=window))
        report = await delivery.run(source(4 * window))
    assert report.good
    assert most == window


async def test_live_a_segment_is_sent_no_sooner_than_it_was_recorded() -> None:
    session, loop = far_end.Session(), asyncio.get_running_loop()
    async with far_end.websocket(far_end.v0(session)) as url:
        client = StreamClient(url)
        began = loop.time()
        await Delivery(client, Basket(), options=DeliveryOptions(speed=1.0)).run(source(3, seconds=0.1))
        assert loop.time() - began >= 0.3


async def test_messages_that_say_nothing_of_a_segment_are_relayed_and_count_for_nothing() -> None:
    said = [
        "not json",
        '{"status":"completed","segment":99}',
        '{"type":"session.ready"}',
        '{"segment":1,"status":"error"}',
    ]

    async def odd(connection: ServerConnection) -> None:
        await connection.recv()
        for text in said:
            await connection.send(text)
        await connection.wait_closed()

    basket = Basket()
    async with far_end.websocket(odd) as url:
        client = StreamClient(url)
        report = await Delivery(client, basket).run(source(1))
    assert [message.text for message in basket.messages] == said
    assert (report.of("failed"), report.records[0].detail) == ([1], "")


async def test_what_comes_after_the_last_answer_is_relayed_too() -> None:
    async def talkative(connection: ServerConnection) -> None:
        await connection.recv()
        for text in ('{"status":"completed","segment":1}', *(f'{{"late":{n}}}' for n in range(50))):
            await connection.send(text)
        await connection.wait_closed()

    basket = Basket()
    async with far_end.websocket(talkative) as url:
        client = StreamClient(url)
        await Delivery(client, basket).run(source(1))
    assert len(basket.messages) == 51


@pytest.mark.parametrize("code", [1000, 1011])
async def test_a_server_that_leaves_early_owes_answers(code: int) -> None:
    server = far_end.v0(far_end.Session(), leaves_after=2, code=code)
    basket = Basket()
    async with far_end.websocket(server) as url:
        client = StreamClient(url)
        delivery = Delivery(client, basket, options=DeliveryOptions(window=2, reconnect_for=0))
        with pytest.raises(ConnectionLost):
            await delivery.run(source(9))
    assert delivery.report.of("completed") == [1, 2]
    assert 3 in delivery.report.of("sent")
    assert len(basket.messages) == 6
    assert not delivery.report.good


async def test_a_server_that_says_nothing_is_given_up() -> None:
    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with far_end.websocket(silent) as url:
        client = StreamClient(url)
        with pytest.raises(ConnectionFailed, match=r"nothing for 0\.1 s .* segment 1"):
            await Delivery(client, Basket(), options=DeliveryOptions(patience=0.1, reconnect_for=0)).run(source(2))


async def test_a_source_that_breaks_off_is_answered_as_far_as_it_went() -> None:
    def broken() -> Iterator[Segment]:
        yield from source(2)
        raise SourceError("the camera was pulled out")

    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        client = StreamClient(url)
        delivery = Delivery(client, Basket())
        with pytest.raises(SourceError, match="pulled out"):
            await delivery.run(broken())
    assert delivery.report.of("completed") == [1, 2]


async def test_nobody_reads_any_more() -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        client = StreamClient(url)
        with pytest.raises(SinkClosed):
            await Delivery(client, Basket(closes_after=4)).run(source(9))


async def test_an_empty_source_is_over_at_once() -> None:
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        client = StreamClient(url)
        report = await Delivery(client, Basket()).run(iter(()))
    assert report.records == []
    assert not report.good


async def test_leaving_a_delivery_closes_its_stream() -> None:
    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with far_end.websocket(silent) as url:
        sent = asyncio.Event()
        async with Delivery(StreamClient(url), Basket(), watcher=lambda _: sent.set()) as delivery:
            running = asyncio.create_task(delivery.run(source(1)))
            await sent.wait()
        with pytest.raises(ConnectionLost):
            await running
    assert delivery.report.of("sent") == [1]
