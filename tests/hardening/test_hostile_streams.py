"""Streams of a server that means ill: whatever it sends, the client ends in its own words, soon, and holds little."""

from __future__ import annotations

import asyncio
import io
import struct
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interhuman_stream.bounds import CONTROLS_AT_ONCE, LARGEST_MESSAGE, MOST_FRAGMENTS
from interhuman_stream.client import (
    ApiError,
    ClientError,
    ConnectionFailed,
    ConnectionLost,
    Delivery,
    DeliveryOptions,
    FileSink,
    Redirected,
    Segment,
    StreamClient,
    StreamOptions,
    backoff,
    delivery,
    stream,
    sync,
    transport,
)
from tests.hardening.hostile import BINARY, CLOSE, PING, TEXT, Caller, always, farewell, frame, serving, streaming, text

if TYPE_CHECKING:
    from interhuman_stream.client.live import Version
    from tests.hardening.hostile import Behaviour

SEGMENT = bytes(10_000)
QUICK = StreamOptions(close_timeout=0.3, open_timeout=5.0)
DONE = text({"status": "completed", "segment": 1})
HUGE = bytes([0x80 | TEXT, 127]) + struct.pack(">Q", 600_000_000)
EMPTY = frame(0, final=False)


async def met(behave: Behaviour, *, version: Version = "v0", options: StreamOptions = QUICK) -> ClientError:
    """Send a segment to such a server, read all there is, and give what that ends in."""
    async with serving(behave) as server:
        with pytest.raises(ClientError) as caught:
            await asyncio.wait_for(_listened(server.url, version, options), 60)
    assert len(str(caught.value)) < 3000
    return caught.value


async def _listened(url: str, version: Version, options: StreamOptions) -> None:
    async with StreamClient(url, token="t", version=version, options=options) as client:
        await client.send(SEGMENT)
        await client.finish()
        async for _ in client:
            pass


async def test_a_message_beyond_the_bound_is_not_taken() -> None:
    async def behave(caller: Caller) -> None:
        await caller.upgrade()
        await caller.said()
        await caller.send(HUGE)
        while True:  # for as long as somebody listens
            await caller.send(b"y" * 100_000)

    tracemalloc.start()
    error = await met(behave)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(error, ConnectionLost)
    assert (error.code, error.left) == (1009, True)
    assert not backoff.passing(error)  # no new try would mend it
    assert peak < 4 * LARGEST_MESSAGE


async def test_the_largest_legal_message_is_taken_with_room() -> None:
    long = text(b'"' + b"x" * (LARGEST_MESSAGE - 2) + b'"')
    async with (
        serving(streaming(long, DONE)) as server,
        StreamClient(server.url, token="t", options=QUICK) as client,
    ):
        await client.send(SEGMENT)
        await client.finish()
        assert [len(message.data) async for message in client] == [LARGEST_MESSAGE, len(DONE) - 2]


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize("last", [b"", frame(0), frame(0) + DONE])
async def test_200_000_fragments_and_a_cut(last: bytes, *, stays: bool) -> None:
    error = await met(streaming(frame(TEXT, b"a", final=False), *[EMPTY * 20_000] * 10, last, stays=stays))
    assert isinstance(error, ConnectionLost)
    assert error.code in {1009, 1006}  # 1006 where the server's reset came before our farewell


async def test_as_many_fragments_as_a_gateway_may_make_are_one_message() -> None:
    whole = [frame(TEXT, b"[", final=False), *[frame(0, b" ", final=False)] * (MOST_FRAGMENTS - 2), frame(0, b"]")]
    async with (
        serving(streaming(b"".join(whole), DONE)) as server,
        StreamClient(server.url, token="t", options=QUICK) as client,
    ):
        await client.send(SEGMENT)
        await client.finish()
        assert [len(message.data) async for message in client] == [MOST_FRAGMENTS, len(DONE) - 2]


async def test_a_flood_of_pings_is_left() -> None:
    error = await met(streaming(frame(PING) * (CONTROLS_AT_ONCE + 100)))
    assert isinstance(error, ConnectionLost)
    assert error.code == 1008
    assert "pings" in str(error)


async def test_pings_at_their_pace_are_answered() -> None:
    async with (
        serving(streaming(frame(PING) * (CONTROLS_AT_ONCE - 10), DONE)) as server,
        StreamClient(server.url, token="t", options=QUICK) as client,
    ):
        await client.send(SEGMENT)
        await client.finish()
        assert len([message async for message in client]) == 1


async def test_a_server_that_says_farewell_and_stays_is_left() -> None:
    """A client waits for the server to close the connection (RFC 6455, 7.1.1), and not for ever."""
    error = await met(streaming(farewell(1008, b"go")), options=StreamOptions(close_timeout=0.3, ping_interval=None))
    assert isinstance(error, ConnectionLost)
    assert error.code == 1008


async def _reads_nothing(caller: Caller) -> None:
    await caller.upgrade()
    await asyncio.Event().wait()


async def test_a_server_that_reads_nothing_is_left() -> None:
    """A ping would wait behind what is not read, and so would a farewell."""
    options = StreamOptions(ping_interval=0.2, ping_timeout=0.5, close_timeout=30.0)
    async with serving(_reads_nothing) as server, StreamClient(server.url, token="t", options=options) as client:
        async with asyncio.timeout(20):
            with pytest.raises(ConnectionLost):
                await client.send(bytes(50_000_000))


async def test_a_stream_is_closed_though_nothing_is_read() -> None:
    options = StreamOptions(ping_interval=None, ping_timeout=None, close_timeout=0.2)
    async with serving(_reads_nothing) as server, asyncio.timeout(20):
        async with StreamClient(server.url, token="t", options=options) as client:
            sending = asyncio.create_task(client.send(bytes(50_000_000)))
            await asyncio.sleep(0)
        await asyncio.wait({sending})


async def test_a_server_that_reads_slowly_is_waited_for() -> None:
    async def behave(caller: Caller) -> None:
        await caller.upgrade()
        left = 20_000_000
        while left > 0:
            left -= len(await caller.reader.read(1_000_000))
            await asyncio.sleep(0.02)
        await caller.left()

    options = StreamOptions(ping_interval=None, ping_timeout=2.0, close_timeout=0.3)
    async with serving(behave) as server, StreamClient(server.url, token="t", options=options) as client:
        assert await client.send(bytes(20_000_000)) == 1


@pytest.mark.parametrize(
    "said",
    [
        frame(TEXT, b"{}", reserved=4),  # compressed, and nothing was agreed on
        frame(3),
        frame(0, b"a message's rest"),
        frame(PING, b"x" * 126),
        frame(PING, final=False),
        frame(CLOSE, b"\x03"),
        farewell(1005),
        farewell(1000, b"\xff\xfe"),
        bytes([0x81, 0x80, 0, 0, 0, 0]),  # masked
    ],
)
async def test_what_is_no_frame_is_left(said: bytes) -> None:
    error = await met(streaming(said))
    assert isinstance(error, ConnectionLost)


async def test_compression_nobody_asked_for_is_no_handshake() -> None:
    async def behave(caller: Caller) -> None:
        await caller.upgrade(b"Sec-WebSocket-Extensions: permessage-deflate")
        await caller.left()

    assert isinstance(await met(behave), ConnectionFailed)


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_session_that_only_talks_never_stands(version: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_EARLY", 3)

    async def behave(caller: Caller) -> None:
        await caller.upgrade()
        while True:
            await caller.send(text({"type": "weather.changed", "data": {}}))
            await asyncio.sleep(0)  # the client runs on the same loop

    error = await met(behave, version=version, options=StreamOptions(close_timeout=0.3, open_timeout=30.0))
    assert "ahead of session.ready" in str(error)


async def test_while_it_is_closed_a_stream_takes_no_more_than_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MOST_KEPT", 1_000_000)

    async def behave(caller: Caller) -> None:
        await caller.upgrade()
        while True:
            await caller.send(text(b"x" * 50_000))
            await asyncio.sleep(0)

    options = StreamOptions(close_timeout=60.0)
    async with serving(behave) as server:
        client = StreamClient(server.url, token="t", options=options)
        async with asyncio.timeout(20):
            async with client:
                pass
            with pytest.raises(ConnectionLost):
                await _counted(client)


async def _counted(client: StreamClient) -> None:
    async for _ in client:
        pass


# A whole delivery


def delivered(url: str, options: DeliveryOptions, version: Version = "v0") -> Delivery:
    client = StreamClient(url, token="t", version=version, options=QUICK)
    return Delivery(client, FileSink(io.BytesIO()), options=options)


SOURCE = [Segment(SEGMENT, 0.0, 5.0)]


async def test_a_server_that_talks_and_answers_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "TALK", 1)

    async def behave(caller: Caller) -> None:
        await caller.upgrade()
        await caller.said()
        while True:
            await caller.send(text({"status": "processing", "segment": 1}))
            await asyncio.sleep(0.01)

    async with serving(behave) as server:
        options = DeliveryOptions(patience=3.0, reconnect_for=0)
        with pytest.raises(ConnectionFailed, match=r"gone on talking .* still owes an answer to segment 1"):
            await asyncio.wait_for(delivered(server.url, options).run(SOURCE), 60)


@pytest.mark.parametrize("drain", ["1e300", "1e999", "-1", "true", '"7"', "9" * 400, "9" * 5000, "[]"])
async def test_a_session_may_not_take_as_long_as_it_says(drain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interhuman_stream.client.books.LONGEST_DRAIN", 0.1)

    async def behave(caller: Caller) -> None:
        await caller.upgrade()
        await caller.send(text({"type": "session.ready", "data": {}}))
        while (await caller.said())[0] == BINARY:
            pass
        await caller.send(text(b'{"type":"session.closing","data":{"max_drain_seconds":%s}}' % drain.encode()))
        await caller.left()

    async with serving(behave) as server:
        options = DeliveryOptions(patience=0.4, reconnect_for=0)
        with pytest.raises(ConnectionFailed, match="owes the session's end"):
            await asyncio.wait_for(delivered(server.url, options, "v1").run(SOURCE), 60)


WEIRD = (
    b"[]",
    b"{}",
    b"null",
    b"",
    b"\xff\xfe",
    b'{"segment":1e400,"status":"completed"}',
    b'{"segment":NaN,"status":"completed"}',
    b'{"segment":true,"status":"completed"}',
    b'{"segment":-1,"status":"completed"}',
    b'{"segment":999999999999999999999,"status":"completed"}',
    b'{"segment":' + b"1" * 100_000 + b',"status":"completed"}',
    b'{"segment":1,"status":"result","signals":[{"type":{"a":[]}},1,null,{"type":' + b"[" * 900 + b"]" * 900 + b"}]}",
    b'{"segment":1,"status":["completed"]}',
    b'{"segment":1,"status":"\\ud800"}',
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b"1" * 100_000,
    b'{"type":{},"data":[]}',
    b'{"type":"coverage.dropped","data":{"ranges":[{"start":1e999,"end":NaN},{"start":true},7]}}',
    b'{"type":"signal.detected","data":{"signal_type":7,"start":' + b"9" * 400 + b',"end":"x"}}',
    b'{"type":"error","data":{"code":[],"message":{},"segment":true}}',
)


@pytest.mark.parametrize("version", ["v0", "v1", "v2"])
async def test_what_is_no_message_is_relayed_and_changes_nothing(version: Version) -> None:
    ready, ended = text({"type": "session.ready", "data": {}}), text({"type": "session.ended", "data": {}})

    async def behave(caller: Caller) -> None:
        await caller.upgrade()
        if version != "v0":
            await caller.send(ready)
        await caller.said()
        await caller.send(*map(text, WEIRD), DONE if version == "v0" else ended)
        await caller.left()

    sink = io.BytesIO()
    async with serving(behave) as server:
        client = StreamClient(server.url, token="t", version=version, options=QUICK)
        async with Delivery(client, FileSink(sink), options=DeliveryOptions(reconnect_for=0)) as run:
            report = await asyncio.wait_for(run.run(SOURCE), 60)
    last = [DONE[2:]] if version == "v0" else [ready[2:], ended[2:]]
    assert sorted(sink.getvalue().split(b"\n")) == sorted([*WEIRD, *last, b""])
    assert report.of("completed") == [1]


# Credentials


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed_and_the_token_stays_here(status: int) -> None:
    async with serving(always("200 OK")) as thief:
        for scheme in ("ws", "http"):
            location = f"Location: {thief.url.replace('http', scheme)}/v0/stream/analyze".encode()
            error = await met(always(f"{status} Elsewhere", b"", location))
            assert isinstance(error, Redirected)
    assert thief.heads == []


async def test_the_blocking_face_ends_in_the_same_words() -> None:
    async def behave(caller: Caller) -> None:
        if b"nowhere" in caller.head:
            await caller.answer("401 Unauthorized", b"[" * 200_000)
            return
        await caller.upgrade()
        await caller.said()
        await caller.send(frame(TEXT, b"a", final=False), EMPTY * 10_000)
        await caller.left()

    def meet(url: str) -> None:
        with sync.StreamClient(url, token="t", options=QUICK) as client:
            client.send(SEGMENT)
            with pytest.raises(ConnectionLost) as lost:
                next(client)
        assert lost.value.code == 1009
        with pytest.raises(ApiError), sync.StreamClient(f"{url}/nowhere", token="t", options=QUICK):
            pass

    async with serving(behave) as server:
        await asyncio.wait_for(asyncio.to_thread(meet, server.url), 60)


# Anything at all


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.builds(
                frame, st.integers(0, 15), st.binary(max_size=130), final=st.booleans(), reserved=st.integers(0, 7)
            ),
        ),
        max_size=8,
    )
)
async def test_whatever_comes_on_a_stream_ends_in_the_clients_words(parts: list[bytes]) -> None:
    options = StreamOptions(close_timeout=0.1, open_timeout=5.0)
    async with serving(streaming(*parts, stays=False)) as server:
        with pytest.raises(ClientError):
            await asyncio.wait_for(_listened(server.url, "v0", options), 30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda tail: b"HTTP/1.1 101 Go\r\n" + tail)))
async def test_whatever_answers_a_handshake_ends_in_the_clients_words(answer: bytes) -> None:
    async def behave(caller: Caller) -> None:
        await caller.send(answer)

    async with serving(behave) as server:
        with pytest.raises(ClientError):
            await asyncio.wait_for(_listened(server.url, "v0", QUICK), 30)
