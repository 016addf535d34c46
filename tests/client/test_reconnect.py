"""Connections that break: a source gets through all the same, and what became of each segment is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import weakref
from typing import TYPE_CHECKING

import pytest
from websockets.asyncio.server import serve

from interhuman_stream.client import (
    ApiError,
    AuthClient,
    ConnectionFailed,
    ConnectionLost,
    Delivery,
    DeliveryOptions,
    KeyPair,
    Segment,
    StreamClient,
    Unauthorized,
    backoff,
)
from interhuman_stream.client.delivery import MOST_SENDS
from interhuman_stream.client.events import Dropped, Event, GivenUp, Lost, Reopened, Sent
from tests.client import far_end
from tests.client.test_delivery import Basket, source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back at once: how long the waits are is looked at where they are made."""
    monkeypatch.setattr(backoff, "FIRST", 0.01)


class Breaking:
    """A v0 server that breaks each connection but the last, after so many frames.

    Attributes:
        frames: What each connection brought.
    """

    def __init__(self, *lives: int, code: int = 1011, acknowledges: bool = False) -> None:
        self.lives = list(lives)
        self.code = code
        self.acknowledges = acknowledges
        self.frames: list[list[bytes]] = []

    async def __call__(self, connection: ServerConnection) -> None:
        """Serve one connection."""
        self.frames.append([])
        life = self.lives.pop(0) if self.lives else None
        async for frame in connection:
            self.frames[-1].append(far_end.binary(frame))
            number = len(self.frames[-1])
            if number == life:
                if self.acknowledges:
                    await connection.send(json.dumps({"status": "processing", "segment": number}))
                await self.leave(connection)
                return
            for status in ("processing", "completed"):
                await connection.send(json.dumps({"status": status, "segment": number}))

    async def leave(self, connection: ServerConnection) -> None:
        """Break the connection."""
        if self.code == 1006:
            connection.transport.abort()
        elif self.code == 1005:
            connection.transport.write(b"\x88\x00")  # a close frame that holds no code (RFC 6455, 5.5.1)
            await connection.wait_closed()
        else:
            await connection.close(self.code)


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something to happen."""
    for _ in range(2_000):
        if happened():
            return
        await asyncio.sleep(0.005)
    raise TimeoutError


def first_bytes(frames: list[bytes]) -> list[int]:
    return [frame[0] for frame in frames]


@pytest.mark.parametrize("acknowledges", [False, True])
@pytest.mark.parametrize("code", [1001, 1005, 1006, 1011, 1012, 1013])
async def test_what_has_no_answer_is_sent_again_over_the_next_connection(code: int, acknowledges: bool) -> None:
    server, basket = Breaking(2, 3, code=code, acknowledges=acknowledges), Basket()
    told: list[Event] = []
    async with far_end.websocket(server) as url:
        options = DeliveryOptions(window=1)
        report = await Delivery(StreamClient(url), basket, options=options, watcher=told.append).run(source(6))
    assert report.good
    assert [first_bytes(frames) for frames in server.frames] == [[0, 1], [1, 2, 3], [3, 4, 5]]
    assert [record.places for record in report.records] == [
        [(1, 1)],
        [(1, 2), (2, 1)],
        [(2, 2)],
        [(2, 3), (3, 1)],
        [(3, 2)],
        [(3, 3)],
    ]
    lost = [event for event in told if isinstance(event, Lost)]
    assert [(event.connection, event.unfinished) for event in lost] == [(1, (2,)), (2, (4,))]
    assert all(str(code) in event.reason for event in lost)
    assert [event.connection for event in told if isinstance(event, Reopened)] == [2, 3]
    assert [event.again for event in told if isinstance(event, Sent)] == [0, 0, 1, 0, 0, 1, 0, 0]


async def test_the_report_says_what_became_of_each() -> None:
    server = Breaking(2, acknowledges=True)
    async with far_end.websocket(server) as url:
        report = await Delivery(StreamClient(url), Basket(), options=DeliveryOptions(window=1)).run(source(3))
    document = json.loads(json.dumps(report.document()))
    assert {name: document[name] for name in ("segments", "completed", "resent", "connections")} == {
        "segments": 3,
        "completed": 3,
        "resent": [2],
        "connections": 2,
    }
    assert all(document[name] == [] for name in ("failed", "dropped", "unsent", "unanswered"))
    second = document["records"][1]
    assert (second["segment"], second["start"], second["end"], second["bytes"]) == (2, 5.0, 10.0, 10_000)
    assert (second["fate"], second["resent"]) == ("completed", 1)
    assert second["places"] == [{"connection": 1, "segment": 2}, {"connection": 2, "segment": 1}]
    assert 0 <= second["sent"] <= second["acknowledged"] <= second["completed"]
    assert second["seconds"] == pytest.approx(second["completed"] - second["sent"], abs=0.002)


@pytest.mark.parametrize("code", [1000, 1002, 1008, 1009, 4003])
async def test_endings_that_no_new_try_would_mend(code: int) -> None:
    server = Breaking(2, code=code)
    async with far_end.websocket(server) as url:
        delivery = Delivery(StreamClient(url), Basket(), options=DeliveryOptions(window=1))
        with pytest.raises(ConnectionLost) as caught:
            await delivery.run(source(4))
    assert caught.value.code == code
    assert len(server.frames) == 1
    assert delivery.report.of("completed") == [1]
    assert delivery.report.of("sent") == [2]


async def test_a_server_that_is_away_for_a_while() -> None:
    """It stops, connects are refused, and it comes back at the same port."""
    server = Breaking(2, code=1012)
    told: list[Event] = []
    async with serve(server, "127.0.0.1", 0) as first:
        port = first.sockets[0].getsockname()[1]

        def watch(event: Event) -> None:
            told.append(event)
            if isinstance(event, Lost):
                first.close()  # at once: who comes back to it within milliseconds would be served to the end

        delivery = Delivery(
            StreamClient(f"ws://127.0.0.1:{port}"), Basket(), options=DeliveryOptions(window=1), watcher=watch
        )
        running = asyncio.create_task(delivery.run(source(4)))
        await until(lambda: any(isinstance(event, Lost) for event in told))
    await until(lambda: sum(isinstance(event, Lost) for event in told) >= 3)
    assert "cannot be reached" in [event.reason for event in told if isinstance(event, Lost)][-1]
    async with serve(server, "127.0.0.1", port):
        report = await running
    assert report.good


async def test_the_first_connection_is_tried_once() -> None:
    async with far_end.websocket(Breaking()) as url:
        pass
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        await Delivery(StreamClient(url), Basket()).run(source(1))


@pytest.mark.parametrize(("status", "error"), [(401, Unauthorized), (403, ApiError), (404, ApiError)])
async def test_a_refusal_is_final(status: int, error: type[ApiError]) -> None:
    def judge(connection: ServerConnection, _request: Request) -> object:
        return connection.respond(status, "no") if server.frames else None

    server = Breaking(1)
    async with far_end.websocket(server, process_request=judge) as url:
        with pytest.raises(error) as caught:
            await Delivery(StreamClient(url), Basket()).run(source(3))
    assert caught.value.status == status


async def test_a_server_that_is_full_is_asked_again() -> None:
    busy = [503, 429, 502]

    def judge(connection: ServerConnection, _request: Request) -> object:
        return connection.respond(busy.pop(0), "later") if server.frames and busy else None

    server = Breaking(1)
    async with far_end.websocket(server, process_request=judge) as url:
        report = await Delivery(StreamClient(url), Basket()).run(source(3))
    assert report.good
    assert not busy


async def test_a_server_that_stays_away_is_given_up() -> None:
    server = Breaking(*[1] * 100)
    async with far_end.websocket(server) as url:
        delivery = Delivery(StreamClient(url), Basket(), options=DeliveryOptions(reconnect_for=0.05))
        with pytest.raises(ConnectionLost, match="1011"):
            await delivery.run(source(2))
    assert 1 < len(server.frames) < 100
    assert not delivery.report.of("completed", "failed")


async def test_a_segment_under_which_every_connection_breaks_is_given_up_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backoff, "LONGEST", 0.02)
    told: list[Event] = []

    async def allergic(connection: ServerConnection) -> None:
        number = 0
        async for frame in connection:
            number += 1
            if frame[0] == 1:
                await connection.close(1011)
                return
            await connection.send(json.dumps({"status": "completed", "segment": number}))

    async with far_end.websocket(allergic) as url:
        report = await Delivery(StreamClient(url), Basket(), watcher=told.append).run(source(5))
    assert report.of("completed") == [1, 3, 4, 5]
    assert report.of("failed") == [2]
    assert report.records[1].detail == f"the connection broke each of the {MOST_SENDS} times it was sent"
    assert [event for event in told if isinstance(event, GivenUp)] == [GivenUp(2, MOST_SENDS)]


async def test_a_mute_connection_is_made_anew() -> None:
    first = True

    async def handler(connection: ServerConnection) -> None:
        nonlocal first
        number = 0
        async for _frame in connection:
            number += 1
            if not first:
                await connection.send(json.dumps({"status": "completed", "segment": number}))
        first = False

    async with far_end.websocket(handler) as url:
        options = DeliveryOptions(patience=1.0)
        report = await Delivery(StreamClient(url), Basket(), options=options).run(source(3))
    assert report.good
    assert report.connections == 2


def waits_for(released: asyncio.Event) -> far_end.Handler:
    """Give a server that answers nothing until it is released."""

    async def handler(connection: ServerConnection) -> None:
        number = 0
        async for _frame in connection:
            number += 1
            await released.wait()
            await connection.send(json.dumps({"status": "completed", "segment": number}))

    return handler


def counted(segments: Iterator[Segment], taken: list[int]) -> Iterator[Segment]:
    for number, segment in enumerate(segments, 1):
        taken.append(number)
        yield segment


async def test_a_full_queue_lets_the_source_wait() -> None:
    released, taken = asyncio.Event(), list[int]()
    async with far_end.websocket(waits_for(released)) as url:
        options = DeliveryOptions(queue_bytes=45_000)
        delivery = Delivery(StreamClient(url), Basket(), options=options)
        running = asyncio.create_task(delivery.run(counted(source(12), taken)))
        await until(lambda: len(taken) == 5)  # four are held, and the fifth waits for its place
        await asyncio.sleep(0.1)
        assert len(taken) == 5
        released.set()
        report = await running
    assert report.good
    assert len(report.records) == 12


async def test_a_full_queue_gives_up_the_oldest_that_are_not_on_their_way() -> None:
    released, told = asyncio.Event(), list[Event]()
    async with far_end.websocket(waits_for(released)) as url:
        options = DeliveryOptions(queue_bytes=50_000, on_full="drop-oldest", window=2)
        delivery = Delivery(StreamClient(url), Basket(), options=options, watcher=told.append)
        running = asyncio.create_task(delivery.run(source(12)))
        await until(lambda: sum(isinstance(event, Dropped) for event in told) == 7)
        released.set()
        report = await running
    assert report.of("completed") == [1, 2, 10, 11, 12]
    assert report.of("dropped") == [3, 4, 5, 6, 7, 8, 9]
    assert [event.segment for event in told if isinstance(event, Dropped)] == [3, 4, 5, 6, 7, 8, 9]
    assert not report.good


async def test_one_segment_larger_than_the_queue_goes_alone() -> None:
    async with far_end.websocket(Breaking()) as url:
        report = await Delivery(StreamClient(url), Basket(), options=DeliveryOptions(queue_bytes=1)).run(source(3))
    assert report.good


async def test_a_piece_of_a_recording_goes_behind_its_header_where_the_thread_was_lost() -> None:
    pieces = [Segment(b"HEAD" + bytes([0]), 0, 1), *(Segment(bytes([n]), n, n + 1, lead=b"HEAD") for n in range(1, 5))]
    server, told = Breaking(3), list[Event]()
    async with far_end.websocket(server) as url:
        options = DeliveryOptions(window=1)
        report = await Delivery(StreamClient(url), Basket(), options=options, watcher=told.append).run(pieces)
    assert report.good
    assert server.frames == [[b"HEAD\0", b"\1", b"\2"], [b"HEAD\2", b"\3", b"\4"]]
    notes = {event.segment: event.note for event in told if isinstance(event, Sent) and event.note}
    assert list(notes) == [3]
    assert "cannot be decoded" in notes[3]


async def test_a_token_that_ran_out_is_renewed_for_the_next_connection() -> None:
    seconds = 0.0
    server = Breaking(1)
    tokens: list[str] = []

    def judge(_connection: ServerConnection, request: Request) -> None:
        nonlocal seconds
        tokens.append(request.headers["Authorization"])
        seconds += 1000

    with far_end.http() as auth:
        auth.body = b'{"access_token":"one","token_type":"Bearer","expires_in":900,"scope":"interhumanai.stream"}'
        pair = KeyPair(AuthClient(auth.url), "id", "secret", clock=lambda: seconds)
        async with far_end.websocket(server, process_request=judge) as url:
            report = await Delivery(StreamClient(url, token=pair), Basket()).run(source(2))
        assert report.good
        assert tokens == ["Bearer one", "Bearer one"]
        assert len(auth.requests) == 2


def test_waits_grow_and_are_never_the_same_for_all() -> None:
    class Most(random.Random):
        def uniform(self, a: float, b: float) -> float:
            return max(a, b)

    waits = backoff.waits(Most())
    assert [next(waits) for _ in range(3)] == [0.01, 0.02, 0.04]
    assert len({round(next(backoff.waits()), 9) for _ in range(20)}) > 1


async def test_cancelling_a_delivery_leaves_nothing_running() -> None:
    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with far_end.websocket(silent) as url:
        running = asyncio.create_task(Delivery(StreamClient(url), Basket()).run(source(3)))
        await asyncio.sleep(0.05)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    assert len(asyncio.all_tasks()) == 1


async def test_a_segment_that_is_over_is_let_go() -> None:
    """Held by anything, the segments of an hour would fill the memory."""
    given: list[weakref.ref[Segment]] = []
    kept_at_most = 0

    def segments() -> Iterator[Segment]:
        nonlocal kept_at_most
        for segment in source(40):
            given.append(weakref.ref(segment))
            kept_at_most = max(kept_at_most, sum(reference() is not None for reference in given))
            yield segment

    async with far_end.websocket(Breaking()) as url:
        options = DeliveryOptions(queue_bytes=30_000)
        report = await Delivery(StreamClient(url), Basket(), options=options).run(segments())
    assert report.good
    assert kept_at_most <= 8
