"""A client that goes is forgotten, whatever was running: its place is free, and the analysis abandoned.

The engine of most of these tests never ends what it begins, and there is one place: what is waited for is the service
alone. How long it took is printed; the bounds are for busy machines.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.sync.client import connect

from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.protocol import paths
from interhuman_stream.service import hangup
from tests.service.serving import IdleEngine, emptied, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

    from tests.conftest import Running

BOUND = 60.0
"""Seconds. It takes half of one on an idle machine; an analysis of these tests, for ever."""
SEGMENT = bytes(1_000_000)


def fin(connection: socket.socket) -> None:
    """End it as a program does that exits."""
    connection.shutdown(socket.SHUT_RDWR)


def reset(connection: socket.socket) -> None:
    """End it as a program does that is killed with bytes unread."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


GOING = pytest.mark.parametrize("go", [fin, reset])


@pytest.fixture
def engine() -> IdleEngine:
    return IdleEngine()


@pytest.fixture
def alone(tmp_path: Path, engine: IdleEngine) -> Iterator[Running]:
    with serving(tmp_path, engine, max_sessions=1, queued_segments=2) as running:
        yield running


def opened(running: Running) -> ClientConnection:
    headers = {"Authorization": f"Bearer {running.token()}"}
    return connect(running.socket_url, additional_headers=headers, compression=None, ping_interval=None)


def until(what: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < BOUND
        time.sleep(0.005)


def free(running: Running, engine: IdleEngine, case: str) -> None:
    """Wait until nothing is left of a client that has just gone."""
    seconds = emptied(running, within=BOUND)
    print(f"{case}: place free after {seconds:.3f} s")  # noqa: T201 - what the test is about
    assert (engine.open, engine.abandoned) == (0, engine.began)
    with opened(running):  # the one place
        pass


@GOING
def test_in_the_middle_of_a_segment(alone: Running, engine: IdleEngine, go: Callable[[socket.socket], None]) -> None:
    with opened(alone) as client:
        client.send(SEGMENT)
        client.recv()
        until(lambda: engine.began == 1)
        go(client.socket)
        free(alone, engine, f"{go.__name__} in mid-segment")


def test_after_a_word_in_the_middle_of_a_segment(alone: Running, engine: IdleEngine) -> None:
    with opened(alone) as client:
        client.send(SEGMENT)
        client.recv()
        until(lambda: engine.began == 1)
    free(alone, engine, "close frame in mid-segment")


@GOING
def test_while_the_backlog_is_full_and_the_socket_is_not_read(
    alone: Running, engine: IdleEngine, go: Callable[[socket.socket], None]
) -> None:
    with opened(alone) as client:
        _fill(client.socket)
        assert alone.service.sessions.open == 1
        go(client.socket)
        free(alone, engine, f"{go.__name__} with a full backlog")


def _fill(connection: socket.socket) -> None:
    """Send binary frames (RFC 6455, 5.2; the mask zeros) until there is no room for more.

    One is analysed, two wait, one is between socket and service; the others are in the systems' buffers.
    """
    connection.settimeout(1.0)
    with contextlib.suppress(TimeoutError):
        for _ in range(100):
            connection.sendall(b"\x82\xff" + struct.pack(">Q", len(SEGMENT)) + bytes(4) + SEGMENT)
        raise AssertionError("100 MB found room")


@GOING
def test_with_small_frames_between_the_socket_and_the_full_backlog(
    alone: Running, engine: IdleEngine, go: Callable[[socket.socket], None]
) -> None:
    with opened(alone) as client:
        for _ in range(3):
            client.send(SEGMENT)
        for _ in range(500):
            client.send(b"small frames, of which many come in one read")
        until(lambda: engine.began == 1)
        go(client.socket)
        free(alone, engine, f"{go.__name__} with frames between")


@GOING
@pytest.mark.parametrize("analysing", [False, True], ids=["in the body", "under analysis"])
def test_an_upload(alone: Running, engine: IdleEngine, analysing: bool, go: Callable[[socket.socket], None]) -> None:
    client = upload(alone, whole=analysing)
    until(lambda: alone.service.sessions.open == 1 and engine.began == analysing)
    go(client)
    free(alone, engine, f"{go.__name__} of an upload {'under analysis' if analysing else 'in the middle'}")
    client.close()


@GOING
def test_an_upload_with_another_request_behind_it(
    alone: Running, engine: IdleEngine, go: Callable[[socket.socket], None]
) -> None:
    client = upload(alone, whole=True)
    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n" * 2)  # is not read before the first is answered
    until(lambda: engine.began == 1)
    time.sleep(2 * hangup.LOOK_SECONDS)
    assert alone.service.sessions.open == 1  # a client that is there, though not read, is left alone
    go(client)
    free(alone, engine, f"{go.__name__} of an upload with a request behind it")
    client.close()


@pytest.mark.parametrize(
    "go", [*(pytest.param(name, marks=pytest.mark.long) for name in ("close frame", "fin")), "reset", "upload"]
)
def test_the_real_engine_goes_on_with_the_next(
    tmp_path: Path, sample: Path, sample_segments: list[bytes], go: str
) -> None:
    """Thirty seconds of video are begun and abandoned; then five are completed, and nothing else ever is."""
    long, short = sample.read_bytes(), sample_segments[0]
    with serving(tmp_path, LocalEngine(workers=1), max_sessions=1) as running:
        if go == "upload":
            client = upload(running, whole=True, file=long)
            until(lambda: running.service.sessions.open == 1)
            time.sleep(1.0)
            client.close()
        else:
            with opened(running) as stream:
                stream.send(long)
                stream.recv()
                time.sleep(1.0)
                if go != "close frame":
                    (fin if go == "fin" else reset)(stream.socket)
        seconds = emptied(running)
        with opened(running) as stream:
            began = time.monotonic()
            stream.send(short)
            said = [json.loads(stream.recv())["status"] for _ in range(3)]
        print(f"{go}: place free after {seconds:.3f} s, the next one's result {time.monotonic() - began:.1f} s later")  # noqa: T201
        assert said == ["processing", "result", "completed"]
        counted = httpx.get(f"{running.url}/metrics").text
        assert 'interhuman_segments_total{outcome="completed"} 1.0' in counted
        assert float(re.findall(r"^interhuman_media_seconds_total (\S+)", counted, re.MULTILINE)[0]) < 6


def upload(running: Running, *, whole: bool, file: bytes = SEGMENT) -> socket.socket:
    """Send a file, or half of one."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="talk"\r\n\r\n'
    body = head + file + b"\r\n--x--\r\n"
    parts = urlsplit(running.url)
    client = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=BOUND)
    client.sendall(
        f"POST {paths.UPLOAD_V0} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {running.token()}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    )
    client.sendall(body if whole else body[: len(body) // 2])
    return client


def test_a_client_that_waits_is_not_taken_for_gone(alone: Running, engine: IdleEngine) -> None:
    """With a full backlog and its socket unread, for several looks."""
    with opened(alone) as client:
        _fill(client.socket)
        time.sleep(4 * hangup.LOOK_SECONDS)
        assert (alone.service.sessions.open, engine.abandoned) == (1, 0)
        assert httpx.get(f"{alone.url}/readyz").json()["status"] == "full"
        reset(client.socket)
