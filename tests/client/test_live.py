"""v1 and v2: a session with events, one stream of it and whole sources, also over connections that break."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest

from interhuman_stream.client import (
    ConnectionFailed,
    ConnectionLost,
    Delivery,
    DeliveryOptions,
    InvalidAddress,
    LiveMessage,
    Message,
    Segment,
    StreamClient,
    StreamOptions,
    backoff,
    live,
    sync,
)
from interhuman_stream.client.books import SEAM, SLACK
from interhuman_stream.client.events import Analysed, Event, GivenUp, Happened, LetGo, Lost, Sent
from interhuman_stream.client.told import Told, told
from interhuman_stream.protocol.live import Envelopes, Live, Offer
from interhuman_stream.protocol.v1 import VERSION as V1
from interhuman_stream.protocol.v2 import VERSION as V2
from tests.client import far_end
from tests.client.far_end import event
from tests.client.test_delivery import Basket, source
from tests.client.test_reconnect import first_bytes, until

if TYPE_CHECKING:
    from typing import assert_type

    from websockets.asyncio.server import ServerConnection

CLOSE = '{"type":"session.close"}'
DETECTED = event("signal.detected", signal_type="agreement", start=1.50, probability="high", rationale="They nod.")
UNKNOWN = '{"type":"weather.changed","data":{"sun":1.0},"new":[]}'


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back at once: how long the waits are is looked at where they are made."""
    monkeypatch.setattr(backoff, "FIRST", 0.01)


def texts(basket: Basket) -> list[str]:
    return [message.text for message in basket.messages]


def kinds(basket: Basket) -> list[str]:
    return [message.event["type"] for message in basket.messages]


def at(second: float) -> str:
    """An event that shows the session analysed up to there."""
    return event("engagement.updated", state="engaged", start=second)


# One stream


@pytest.mark.parametrize(
    ("version", "model", "path"),
    [
        ("v1", None, "/v1/stream/analyze"),
        ("v2", None, "/v2/stream/analyze"),
        ("v2", "inter-2-audio", "/v2/stream/analyze?model=inter-2-audio"),
    ],
)
async def test_frames_out_events_in(version: live.Version, model: str | None, path: str) -> None:
    server = far_end.Live(lambda _, number: [DETECTED, UNKNOWN] if number == 1 else [])
    include = ["conversation_quality_overall"]
    async with (
        far_end.websocket(server) as url,
        StreamClient(url, include=include, version=version, model=model) as client,
    ):
        assert client.version == version
        assert await client.send(b"one") == 1
        assert await client.send(b"two") == 2
        await client.finish()
        await client.finish()
        with pytest.raises(RuntimeError, match="takes no more"):
            await client.send(b"three")
        messages = [message async for message in client]
    assert server.paths == [path]
    assert server.frames == [[b"one", b"two"]]
    assert server.texts == [['{"include": ["conversation_quality_overall"]}', CLOSE]]
    assert [message.parsed.get("type") for message in messages] == [
        "session.ready",
        "session.updated",
        "signal.detected",
        "weather.changed",
        "session.closing",
        "session.ended",
    ]
    assert [messages[2].text, messages[3].text] == [DETECTED, UNKNOWN]


async def test_a_session_is_configured_anew_while_it_runs() -> None:
    server = far_end.Live()
    async with far_end.websocket(server) as url, StreamClient(url, version="v2") as client:
        await client.configure({})
        await client.configure({"include": ["conversation_quality_timeline"], "model": "inter-2"})
        await client.finish()
        assert [message.event["type"] async for message in client].count("session.updated") == 2
    assert server.texts == [["{}", '{"include": ["conversation_quality_timeline"], "model": "inter-2"}', CLOSE]]
    async with far_end.websocket(far_end.v0(far_end.Session())) as url, StreamClient(url) as plain:
        with pytest.raises(RuntimeError, match="speak v1 or v2"):
            await plain.configure({})


async def test_a_refusal_is_read_before_it_is_raised() -> None:
    said = event("error", code="ih2003", message="No scope.", link=None)

    async def refuses(connection: ServerConnection) -> None:
        await connection.send(said)
        await connection.close(4003, "no scope")

    async with far_end.websocket(refuses) as url, StreamClient(url, version="v2") as client:
        assert (await anext(client)).text == said
        with pytest.raises(ConnectionLost, match="4003"):
            await anext(client)
        with pytest.raises(ConnectionLost):
            await client.send(b"one")


async def test_a_server_that_says_nothing_of_a_session() -> None:
    left = asyncio.Event()

    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()
        left.set()

    options = StreamOptions(open_timeout=0.2)
    async with far_end.websocket(silent) as url:
        with pytest.raises(ConnectionFailed, match=r"did not say session\.ready"):
            async with StreamClient(url, version="v1", options=options):
                pass
        await asyncio.wait_for(left.wait(), 10)  # and the connection is not left open


async def test_an_end_that_is_none() -> None:
    async with far_end.websocket(far_end.Live(ends=False)) as url, StreamClient(url, version="v2") as client:
        await client.finish()
        with pytest.raises(ConnectionLost, match="the session is over"):
            _ = [message async for message in client]


async def test_a_server_that_ends_a_session_and_keeps_the_connection_is_left() -> None:
    async def lingers(connection: ServerConnection) -> None:
        await connection.send(event("session.ready", **far_end.READY))
        await connection.recv()
        await connection.send(event("session.ended", reason="client_shutdown"))
        await connection.wait_closed()

    async with far_end.websocket(lingers) as url, StreamClient(url, version="v2") as client:
        await client.finish()
        assert [message.event["type"] async for message in client] == ["session.ready", "session.ended"]


def test_a_model_is_v2s_and_an_address_its_versions() -> None:
    with pytest.raises(ValueError, match="v1 has no choice of models"):
        StreamClient("http://h", version="v1", model="inter-2")
    with pytest.raises(InvalidAddress, match="the stream of v0, and v2 is to be spoken"):
        StreamClient("ws://h/v0/stream/analyze", version="v2")
    assert StreamClient("wss://h/v2/stream/analyze?x=1", version="v2").address == "wss://h/v2/stream/analyze?x=1"


async def test_the_blocking_face() -> None:
    server = far_end.Live(lambda _, number: [at(number)])

    def talk(url: str) -> list[str]:
        with sync.StreamClient(url, version="v2", model="inter-2", include=["a"]) as client:
            client.configure({"include": []})
            client.send(b"one")
            client.finish()
            return [message.event["type"] for message in client]

    async with far_end.websocket(server) as url:
        said = await asyncio.to_thread(talk, url)
    assert said == [
        "session.ready",
        "session.updated",
        "session.updated",
        "engagement.updated",
        "session.closing",
        "session.ended",
    ]


# Types


def test_a_checker_knows_an_event_by_its_type() -> None:
    """What is looked at here is mypy's business; that it runs shows the types tell the truth."""
    said = Message(DETECTED.encode()).event
    assert said["type"] == "signal.detected"
    if TYPE_CHECKING:
        assert_type(said, live.SignalDetected)
    assert (said["data"]["signal_type"], said["data"]["start"]) == ("agreement", 1.5)


@pytest.mark.parametrize("version", [V1, V2])
def test_the_services_own_messages_are_of_these_types(version: Any) -> None:
    known = {get_args(get_type_hints(each)["type"])[0]: get_type_hints(each) for each in get_args(LiveMessage)}
    session = Live(version, Offer(300, 3600, version.models), Envelopes("c", lambda: "t"))
    said = [*session.opened().texts, *session.text_came("{}").texts, *session.text_came("nonsense").texts]
    said += session.text_came(CLOSE).texts
    assert [json.loads(text)["type"] for text in said] == [
        "session.ready",
        "session.updated",
        "error",
        "session.closing",
        "session.ended",
    ]
    for text in said:
        message = json.loads(text)
        hints = known[message["type"]]
        assert {*message} == {*hints}
        assert {*message["data"]} <= {*get_type_hints(hints["data"])}
        assert {*hints["data"].__required_keys__} <= {*message["data"]}


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "[]",
        "nonsense",
        '{"type":3}',
        '{"data":{}}',
        "\x00",
        '{"type":"error","data":[]}',
        '{"type":"coverage.dropped","data":{"ranges":[3,{"start":"a","end":{}},{"start":NaN,"end":Infinity}]}}',
        '{"type":"signal.ended","data":{"end":1' + "0" * 400 + ',"start":true,"signal_type":7}}',
        '{"type":"conversation_quality.updated","data":{"timeline":{"end":3},"overall":[1]}}',
        '{"type":"error","data":{"segment":true,"code":1,"message":[]}}',
        '{"type":"session.closing","data":{"max_drain_seconds":"x"}}',
    ],
)
def test_whatever_a_server_says_can_be_read(text: str) -> None:
    said = told(Message(text.encode()))
    if said is not None:
        assert (said.reaches, said.ranges, said.frame, said.drain_seconds) == (0, [], None, 0)
        assert isinstance(said.detail, str)


def test_how_far_a_message_shows_a_session_analysed() -> None:
    def reaches(**data: Any) -> float:
        return Told("any", data).reaches

    assert reaches(signal_type="stress", start=3.5) == 3.5
    assert reaches(signal_type="stress", end=4) == 4
    assert reaches(ranges=[{"start": 1, "end": 2}, {"start": 5, "end": 6.5}]) == 6.5
    assert reaches(timeline=[{"start": 0, "end": 8.0, "values": {}}]) == 8
    assert reaches(overall={"quality_index": 50}) == 0


# Sources


async def test_a_source_is_delivered_and_every_message_relayed() -> None:
    server = far_end.Live(
        lambda _, number: [DETECTED, UNKNOWN, "not json", at(2.5)] if number == 2 else [],
        (event("signal.ended", signal_type="agreement", end=30.0),),
    )
    basket, events = Basket(), list[Event]()
    async with far_end.websocket(server) as url:
        report = await Delivery(StreamClient(url, version="v2"), basket, watcher=events.append).run(source(7))
    assert report.good
    assert first_bytes(server.frames[0]) == list(range(7))
    assert server.texts == [[CLOSE]]
    assert texts(basket) == [
        event("session.ready", **far_end.READY),
        DETECTED,
        UNKNOWN,
        "not json",
        at(2.5),
        event("session.closing", max_drain_seconds=60),
        event("signal.ended", signal_type="agreement", end=30.0),
        event("session.ended", reason="client_shutdown"),
    ]
    happened = [(each.type, each.detail) for each in events if isinstance(each, Happened)]
    assert ("signal.detected", "agreement from 1.5 s") in happened
    assert ("weather.changed", "") in happened
    assert sorted(each.segment for each in events if isinstance(each, Analysed)) == list(range(1, 8))
    assert report.document()["session"] == {
        "signals": {"agreement": 1},
        "errors": {},
        "coverage_dropped": [],
        "coverage_degraded": [],
    }


async def test_a_silent_session_of_any_length_is_no_trouble() -> None:
    options = DeliveryOptions(patience=0.05, speed=1.0)
    async with far_end.websocket(far_end.Live()) as url:
        report = await Delivery(StreamClient(url, version="v2"), Basket(), options=options).run(source(3, seconds=0.2))
    assert report.good
    assert report.connections == 1


async def test_a_server_that_does_not_end_a_session_is_given_up() -> None:
    async def deaf(connection: ServerConnection) -> None:
        await connection.send(event("session.ready", **far_end.READY))
        await connection.wait_closed()

    options = DeliveryOptions(patience=0.5, reconnect_for=0)
    async with far_end.websocket(deaf) as url:
        with pytest.raises(ConnectionFailed, match="owes the session's end"):
            await Delivery(StreamClient(url, version="v2"), Basket(), options=options).run(source(1))


async def test_errors_name_their_segment_and_the_rest_goes_on() -> None:
    broken = event("error", code="ih5004", message="Malformed.", link=None, segment=2)
    config = event("error", code="ih6001", message="What?", link=None)
    server = far_end.Live(lambda _, number: [broken, config] if number == 2 else [])
    async with far_end.websocket(server) as url:
        report = await Delivery(StreamClient(url, version="v1"), Basket()).run(source(3))
    assert (report.of("failed"), report.of("completed")) == ([2], [1, 3])
    assert report.records[1].detail == "ih5004: Malformed."
    assert report.session is not None
    assert report.session.errors == {"ih5004": 1, "ih6001": 1}
    assert not report.good


async def test_what_was_dropped_is_reported_and_not_sent_again() -> None:
    dropped = event("coverage.dropped", ranges=[{"start": 5.0, "end": 10.0}, {"start": 10.0, "end": 11.0}])
    server = far_end.Live(
        lambda connection, number: [dropped, at(17.0)] if (connection, number) == (1, 4) else [], leaves=[(1011, 4)]
    )
    async with far_end.websocket(server) as url:
        report = await Delivery(StreamClient(url, version="v2"), Basket()).run(source(4))
    assert [first_bytes(frames) for frames in server.frames] == [[0, 1, 2, 3], [3]]
    assert (report.of("failed"), report.of("completed")) == ([2], [1, 3, 4])
    assert report.records[1].detail == "the server did not analyse 5.0-10.0 s of the session"
    assert report.records[2].detail == "the server did not analyse 10.0-11.0 s of the session"
    assert report.session is not None
    assert report.session.dropped == [(1, 5.0, 10.0), (1, 10.0, 11.0)]
    assert not report.good


ENOUGH = 5 + SLACK + SEAM


@pytest.mark.parametrize(("second", "again"), [(ENOUGH - 0.01, [0, 1, 2]), (ENOUGH, [1, 2])])
@pytest.mark.parametrize("code", [1001, 1006, 1011, 1012, 1013])
async def test_what_is_not_known_to_be_analysed_is_sent_again_in_a_new_session(
    code: int, second: float, again: list[int]
) -> None:
    """Five seconds a segment: the first is over from 5 s on and a little further, and not before."""
    server = far_end.Live(
        lambda connection, number: [at(second)] if (connection, number) == (1, 2) else [], leaves=[(code, 3)]
    )
    basket, events, config = Basket(), list[Event](), '{"include": ["conversation_quality_overall"]}'
    async with far_end.websocket(server) as url:
        client = StreamClient(url, version="v2", include=["conversation_quality_overall"])
        report = await Delivery(client, basket, watcher=events.append).run(source(3))
    assert report.good
    assert [first_bytes(frames) for frames in server.frames] == [[0, 1, 2], again]
    (lost,) = [each for each in events if isinstance(each, Lost)]
    assert lost.unfinished == tuple(number + 1 for number in again)
    assert [each.again for each in events if isinstance(each, Sent)] == [0, 0, 0, *(1 for _ in again)]
    assert server.texts == [[config], [config, CLOSE]]  # the new session is asked for the same
    assert kinds(basket).count("session.ready") == 2


async def test_times_begin_anew_with_each_session() -> None:
    """17 s of the second session are not 17 s of the source."""

    def says(connection: int, number: int) -> list[str]:
        return {(1, 3): [at(12.0)], (2, 2): [at(6.2)]}.get((connection, number), [])

    server = far_end.Live(says, leaves=[(1011, 3), (1011, 2)])
    async with far_end.websocket(server) as url:
        report = await Delivery(StreamClient(url, version="v2"), Basket()).run(source(5))
    assert report.good
    assert [first_bytes(frames) for frames in server.frames] == [[0, 1, 2], [2, 3], [3, 4]]
    assert [record.places[-1] for record in report.records] == [(1, 1), (1, 2), (2, 1), (3, 1), (3, 2)]


@pytest.mark.parametrize(("code", "close"), [("ih6003", 1000), ("ih6004", 1008), ("ih6004", 1001)])
async def test_a_session_that_was_ended_for_its_time_is_followed_by_another(code: str, close: int) -> None:
    server = far_end.Live(
        lambda connection, number: (
            [event("error", code=code, message="Time.")] if (connection, number) == (1, 2) else []
        ),
        leaves=[(close, 2)],
    )
    async with far_end.websocket(server) as url:
        report = await Delivery(StreamClient(url, version="v2"), Basket()).run(source(3))
    assert report.of("completed") == [1, 2, 3]
    assert report.connections == 2


@pytest.mark.parametrize("code", [1000, 1008, 4003])
async def test_endings_that_no_new_session_would_mend(code: int) -> None:
    server = far_end.Live(leaves=[(code, 2)])
    async with far_end.websocket(server) as url:
        with pytest.raises(ConnectionLost) as caught:
            await Delivery(StreamClient(url, version="v2"), Basket()).run(source(4))
    assert caught.value.code == code
    assert len(server.frames) == 1


async def test_a_quiet_session_that_breaks_after_long_is_no_old_trouble() -> None:
    """It told nothing, and yet it had got on: the time for coming back begins with the break."""
    server = far_end.Live(leaves=[(1011, 3)])
    options = DeliveryOptions(reconnect_for=0.3, speed=1.0)
    async with far_end.websocket(server) as url:
        report = await Delivery(StreamClient(url, version="v2"), Basket(), options=options).run(source(4, seconds=0.2))
    assert report.good
    assert report.connections == 2


async def test_a_server_that_breaks_whenever_it_is_to_end_is_given_up() -> None:
    server = far_end.Live(leaves=[(1011, 1)] * 100)
    options = DeliveryOptions(reconnect_for=0.05)
    async with far_end.websocket(server) as url:
        with pytest.raises(ConnectionLost, match="1011"):
            await Delivery(StreamClient(url, version="v2"), Basket(), options=options).run(source(1))


async def test_what_was_sent_gives_its_place_to_newer_ones_and_is_known_all_the_same() -> None:
    server, events = far_end.Live(), list[Event]()
    options = DeliveryOptions(queue_bytes=30_000)
    async with far_end.websocket(server) as url:
        delivery = Delivery(StreamClient(url, version="v2"), Basket(), options=options, watcher=events.append)
        report = await delivery.run(source(9))
    assert report.good  # the session's end says so of all
    assert [each for each in events if isinstance(each, LetGo)] == [LetGo(1)]
    assert first_bytes(server.frames[0]) == list(range(9))


async def test_what_was_let_go_is_not_sent_again_and_the_report_says_so() -> None:
    server = far_end.Live(leaves=[(1011, 6)])
    async with far_end.websocket(server) as url:
        options = DeliveryOptions(queue_bytes=30_000)
        report = await Delivery(StreamClient(url, version="v2"), Basket(), options=options).run(source(6))
    assert [first_bytes(frames) for frames in server.frames] == [[0, 1, 2, 3, 4, 5], [3, 4, 5]]
    assert (report.of("completed"), report.of("sent")) == ([4, 5, 6], [1, 2, 3])
    assert report.document()["unanswered"] == [1, 2, 3]
    assert not report.good


async def test_the_newest_are_wanted_more() -> None:
    """drop-oldest: while the server reads nothing, the source goes on."""
    begun, released = asyncio.Event(), asyncio.Event()

    async def stuck(connection: ServerConnection) -> None:
        begun.set()
        await released.wait()
        await server(connection)

    server = far_end.Live()
    async with far_end.websocket(stuck) as url:
        options = DeliveryOptions(queue_bytes=30_000, on_full="drop-oldest")
        delivery = Delivery(StreamClient(url, version="v2"), Basket(), options=options)
        running = asyncio.create_task(delivery.run(source(9)))
        await begun.wait()
        await until(lambda: len(delivery.report.records) == 9)
        await until(lambda: len(delivery.report.of("dropped")) == 6)
        released.set()
        report = await running
    assert report.of("completed") == [7, 8, 9]


async def test_a_piece_of_a_recording_goes_behind_its_header_and_is_kept_to_the_end() -> None:
    """Its times are when its bytes came: what the session says of its own tells nothing of it."""
    pieces = [
        Segment(b"HEAD" + bytes([0]), 0, 1, timed=False),
        *(Segment(bytes([n]), n, n + 1, lead=b"HEAD", timed=False) for n in range(1, 4)),
    ]
    server = far_end.Live(lambda _, number: [at(99.0)] if number == 3 else [], leaves=[(1011, 3)])
    async with far_end.websocket(server) as url:
        report = await Delivery(StreamClient(url, version="v2"), Basket()).run(pieces)
    assert report.good
    assert server.frames == [[b"HEAD\0", b"\1", b"\2"], [b"HEAD\0", b"\1", b"\2", b"\3"]]


async def test_a_piece_whose_beginning_was_let_go_goes_behind_its_header() -> None:
    pieces = [
        Segment(b"HEAD" + bytes(10), 0, 1, timed=False),
        *(Segment(bytes([n]) * 10, n, n + 1, lead=b"HEAD", timed=False) for n in range(1, 4)),
    ]
    server = far_end.Live(leaves=[(1011, 4)])
    async with far_end.websocket(server) as url:
        options = DeliveryOptions(queue_bytes=20)
        report = await Delivery(StreamClient(url, version="v2"), Basket(), options=options).run(pieces)
    assert server.frames[1] == [b"HEAD" + b"\2" * 10, b"\3" * 10]
    assert report.of("sent") == [1, 2]


async def test_a_segment_under_which_every_session_breaks_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "LONGEST", 0.02)
    events = list[Event]()

    async def allergic(connection: ServerConnection) -> None:
        await connection.send(event("session.ready", **far_end.READY))
        async for frame in connection:
            if isinstance(frame, bytes) and frame[0] == 0:
                await connection.close(1011)
                return
            if frame == CLOSE:
                await connection.send(event("session.ended", reason="client_shutdown"))

    async with far_end.websocket(allergic) as url:
        report = await Delivery(StreamClient(url, version="v2"), Basket(), watcher=events.append).run(source(3))
    assert (report.of("failed"), report.of("completed")) == ([1], [2, 3])
    assert [each.segment for each in events if isinstance(each, GivenUp)] == [1]


async def test_the_blocking_delivery() -> None:
    server, basket = far_end.Live(lambda _, number: [at(number)]), list[str]()

    class Sink:
        def write(self, message: Message) -> None:
            basket.append(message.text)

    def deliver(url: str) -> bool:
        with sync.Delivery(sync.StreamClient(url, version="v2"), Sink()) as delivery:
            return delivery.run(source(3)).good

    async with far_end.websocket(server) as url:
        assert await asyncio.to_thread(deliver, url)
    assert [json.loads(text)["type"] for text in basket].count("engagement.updated") == 3
