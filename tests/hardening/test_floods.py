"""Small things in masses: they are read at a pace, memory stays as it was, and everybody else is served meanwhile."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from interhuman_stream.protocol.limits import LARGEST_UPLOAD, SCOPES
from interhuman_stream.service import frame_limits, rate_limit, request_limits
from tests.hardening.test_sockets import alive, frame, opened, said, upgraded
from tests.service.serving import IdleEngine, serving
from tools.load.attackers import FLOODS, GET, LINES, post

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Running

MEGABYTE: Final = 1_048_576


@dataclass(slots=True)
class Counted:
    """How many events the service has handled."""

    events: float = 0.0


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted, spend = Counted(), rate_limit.TokenBucket.spend

    def counting(bucket: rate_limit.TokenBucket, events: float) -> None:
        counted.events += events / 2  # each is spent of one's own, and of what all have
        spend(bucket, events)

    monkeypatch.setattr(rate_limit.TokenBucket, "spend", counting)
    return counted


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path, IdleEngine(), max_sessions=50) as running:
        yield running


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - no file
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def flooding(connection: socket.socket, block: bytes, seconds: float) -> bool:
    """Send a block over and over; whether the connection was closed over it."""
    connection.settimeout(0.2)
    until, sent = time.monotonic() + seconds, 0
    try:
        while time.monotonic() < until:
            with contextlib.suppress(TimeoutError):
                sent = (sent + connection.send(block[sent:])) % len(block)
    except OSError:
        return True
    return False


@contextlib.contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    thread = threading.Thread(target=act)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@pytest.mark.parametrize("name", [name for name, flood in FLOODS.items() if not flood.drip])
def test_a_flood_is_read_at_a_pace_and_others_are_served(name: str, running: Running, counted: Counted) -> None:
    flood, seconds = FLOODS[name], 1.5
    before, began = resident(), time.monotonic()
    connections: list[float] = []

    def pour() -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            connections.append(time.monotonic())
            with upgraded(running) if flood.known else opened(running) as connection, contextlib.suppress(OSError):
                connection.sendall(flood.begin)
                flooding(connection, flood.block, 0.1 if flood.again else seconds)

    with meanwhile(pour):
        for _ in range(5):
            assert alive(running)
    took = time.monotonic() - began
    assert counted.events < rate_limit.BURST_OF_ALL + took * rate_limit.A_SECOND_OF_ALL
    if not flood.again:  # one connection, or another once 64 MB behind its answer have been thrown away
        bursts = (len(connections) + 5) * (rate_limit.BURST + rate_limit.UNHURRIED + 2 * request_limits.REQUEST)
        assert counted.events < bursts + took * 2 * rate_limit.A_SECOND
    assert resident() - before < 48 * MEGABYTE


@pytest.mark.parametrize("name", [name for name, flood in FLOODS.items() if flood.drip])
def test_bytes_one_by_one_are_read_in_handfuls(name: str, running: Running, counted: Counted) -> None:
    flood = FLOODS[name]
    with opened(running) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(flood.begin)
        began = time.monotonic()
        with contextlib.suppress(OSError):
            for _ in range(20_000):
                connection.send(b"a")
        assert alive(running)
    assert counted.events < 2 * rate_limit.BURST + (time.monotonic() - began) * 2 * rate_limit.A_SECOND


def test_all_together_have_a_pace_as_well(running: Running, counted: Counted) -> None:
    connections = [opened(running) for _ in range(60)]
    began = time.monotonic()
    block = b"1\r\n \r\n" * 2000
    for each in connections:
        each.settimeout(0.2)
        each.sendall(post("/v0/auth"))
    for _ in range(4):
        for each in connections:
            with contextlib.suppress(OSError):
                each.send(block)
    assert alive(running)
    took = time.monotonic() - began
    for each in connections:
        each.close()
    assert counted.events < rate_limit.BURST_OF_ALL + took * rate_limit.A_SECOND_OF_ALL + 60 * 2 * rate_limit.UNHURRIED


def test_a_body_that_goes_on_behind_its_answer_is_not_parsed(running: Running, counted: Counted) -> None:
    with opened(running) as connection:
        connection.sendall(post("/nowhere"))
        answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 404")
        for _ in range(20):
            connection.sendall(b"1\r\n \r\n" * 10_000)
        connection.shutdown(socket.SHUT_WR)
        assert said(connection) == b"" or answer  # closed, and not by a reset that takes the answer back
    assert counted.events < rate_limit.BURST


def test_who_reads_the_answer_only_when_all_is_sent_has_it(running: Running) -> None:
    body = b"x" * 8_000_000
    with opened(running) as connection:
        connection.sendall(b"POST /nowhere HTTP/1.1\r\nHost: here\r\nContent-Length: 8000000\r\n\r\n")
        connection.sendall(body)
        assert connection.recv(65536).startswith(b"HTTP/1.1 404")


def test_endless_crumbs_are_refused(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "MOST_SMALL", 300)
    with opened(running) as connection:
        connection.sendall(post("/v0/auth") + b"1\r\n \r\n" * 400)
        assert said(connection).startswith(b"HTTP/1.1 413")
    assert alive(running)


@pytest.mark.parametrize("payload", [b"", b"x"], ids=["empty", "one byte"])
def test_endless_fragments_are_refused(running: Running, monkeypatch: pytest.MonkeyPatch, payload: bytes) -> None:
    monkeypatch.setattr(frame_limits, "MOST_SMALL", 300)
    with upgraded(running) as connection:
        connection.sendall(frame(2, b"", final=False) + frame(0, payload, final=False) * 400)
        assert b"\x03\xf0" + frame_limits.TOO_MANY.encode() in said(connection)  # 1008
    assert alive(running)


@pytest.mark.parametrize(
    "request_", [LINES, post() + b"0\r\n" + b"a:\r\n" * 7000 + b"\r\n", GET + LINES], ids=["head", "trailer", "second"]
)
def test_lines_are_bounded_as_bytes_are(running: Running, request_: bytes) -> None:
    with opened(running) as connection:
        connection.sendall(request_)
        answer = said(connection)
    assert any(status in answer for status in (b"HTTP/1.1 431", b"HTTP/1.1 413"))


def test_pongs_are_not_kept_for_who_does_not_read(running: Running) -> None:
    before = resident()
    with upgraded(running) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert not flooding(connection, frame(9, b"p" * 125) * 500, 2.0)
        assert alive(running)
        assert resident() - before < 24 * MEGABYTE


def test_the_last_ping_is_answered_once_somebody_reads(running: Running) -> None:
    with upgraded(running) as connection:
        for number in range(400):
            connection.sendall(frame(9, b"%03d" % number))
        connection.settimeout(5)
        got = b""
        while b"399" not in got:
            got += connection.recv(65536)


# What is legal is not held up, or not for long.


@pytest.mark.parametrize("size", [4096, 16_384, 65_536])
def test_an_upload_in_chunks_costs_no_pace(running: Running, counted: Counted, size: int) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(40 * MEGABYTE // size):
            yield bytes(size)

    headers = {"Authorization": f"Bearer {running.token()}", "Content-Type": "multipart/form-data; boundary=x"}
    answer = httpx.post(f"{running.url}/v0/upload/analyze", content=chunks(), headers=headers, timeout=60)
    assert answer.status_code == 413  # all that was asked for was read: too large by what was in it
    thrown_away = 40 * MEGABYTE - LARGEST_UPLOAD
    assert counted.events < rate_limit.BURST + thrown_away / request_limits.DISCARDED


def test_a_body_in_small_chunks_is_read_to_its_end(running: Running) -> None:
    body = (b'{"key_id":"nobody","key_secret":"nothing","scopes":["interhumanai.stream"]}').ljust(2000)
    headers = {"Content-Type": "application/json"}
    chunks = (bytes([each]) for each in body)
    assert httpx.post(f"{running.url}/v0/auth", content=chunks, headers=headers, timeout=30).status_code == 401


def test_messages_of_ten_milliseconds_are_within_the_pace() -> None:
    clock = 0.0
    everybody = rate_limit.TokenBucket(rate_limit.BURST_OF_ALL, rate_limit.A_SECOND_OF_ALL, lambda: clock)
    mine = rate_limit.RateLimit(everybody, rate_limit.ahead(lambda: clock), lambda: clock)
    for _ in range(6000):  # a minute
        clock += 0.01
        mine.spend(2 * rate_limit.small(320))
        mine.spend(frame_limits.MESSAGE * rate_limit.small(320, frame_limits.LARGE_MESSAGE))
        assert mine.wait() == 0


def test_messages_of_one_byte_are_all_answered(running: Running) -> None:
    headers = {"Authorization": f"Bearer {running.token()}"}
    with connect(running.socket_url, additional_headers=headers) as stream:
        for _ in range(120):
            stream.send(b"x")
        assert len([stream.recv() for _ in range(120)]) == 120


def test_who_was_quiet_is_never_held_up_by_others() -> None:
    clock = 0.0
    everybody = rate_limit.TokenBucket(rate_limit.BURST_OF_ALL, rate_limit.A_SECOND_OF_ALL, lambda: clock)
    everybody.spend(1_000_000)
    mine = rate_limit.RateLimit(everybody, rate_limit.ahead(lambda: clock), lambda: clock)
    mine.spend(request_limits.REQUEST + 2)
    assert mine.wait() == 0
    mine.spend(rate_limit.UNHURRIED)
    assert mine.wait() > 0
    clock += 1.0
    assert mine.wait() == 0


@pytest.mark.parametrize("credential", ["key", "token", "wrong"])
def test_a_full_house_asks_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, credential: str) -> None:
    with serving(tmp_path, IdleEngine(), max_sessions=1) as running:
        store, token = running.service.store, running.token()
        shown = {"key": store.create(SCOPES).api_key, "token": token, "wrong": "ih_live_guessed"}[credential]
        with upgraded(running):
            for asked in ("by_api_key", "verifying"):
                monkeypatch.setattr(store, asked, None)  # not to be called
            headers = {"Authorization": f"Bearer {shown}"}
            for path in ("/v0/upload/analyze", "/v1/upload/analyze"):
                assert httpx.post(running.url + path, headers=headers).status_code == 503
            with pytest.raises(InvalidStatus) as refusal:
                connect(running.socket_url, additional_headers=headers)
            assert refusal.value.response.status_code == 503
            with pytest.raises(InvalidStatus) as refusal:
                connect(running.socket_url)
            assert refusal.value.response.status_code == 401
            monkeypatch.undo()
