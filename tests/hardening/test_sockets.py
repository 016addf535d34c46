"""Clients that mean ill, or are broken: what they do costs them their connection and others nothing."""

# ruff: noqa: ISC004, PT012, E501 - raw requests read best as they are sent

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import socket
import struct
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect

from interhuman_stream.service import request_limits
from tests.service.serving import IdleEngine, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from websockets.asyncio.client import ClientConnection

    from tests.conftest import Running


def opened(running: Running) -> socket.socket:
    parts = urlsplit(running.url)
    assert parts.hostname
    assert parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def said(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    data = b""
    try:
        while part := connection.recv(65536):
            data += part
    except ConnectionResetError:
        pass
    return data


def ask(running: Running, request: bytes) -> bytes:
    """Send raw bytes and read all there is until the other side closes."""
    with opened(running) as connection:
        connection.settimeout(7)
        connection.sendall(request)
        try:
            return said(connection)
        except TimeoutError:
            return b""


def alive(running: Running) -> bool:
    return httpx.get(f"{running.url}/healthz").is_success


def frame(opcode: int, payload: bytes, *, final: bool = True, masked: bool = True) -> bytes:
    """One frame as RFC 6455, 5.2 has it; the mask is zeros, which leaves the payload as it is."""
    first, size = (0x80 if final else 0) | opcode, len(payload)
    bit = 0x80 if masked else 0
    if size < 126:
        head = bytes((first, bit | size))
    elif size < 1 << 16:
        head = bytes((first, bit | 126)) + struct.pack(">H", size)
    else:
        head = bytes((first, bit | 127)) + struct.pack(">Q", size)
    return head + (bytes(4) if masked else b"") + payload


def upgraded(running: Running) -> socket.socket:
    """A socket behind its handshake, to write raw frames to."""
    connection = opened(running)
    connection.sendall(
        b"GET /v0/stream/analyze HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Authorization: Bearer " + running.token().encode() + b"\r\n\r\n"
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(1)
    assert answer.startswith(b"HTTP/1.1 101")
    return connection


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Slow: ",
        b"GET /v0/stream/analyze HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n",
        b"POST /v0/auth HTTP/1.1\r\nHost: here\r\nContent-Length: 500\r\n\r\n{",
        b"POST /v0/upload/analyze HTTP/1.1\r\nHost: here\r\nContent-Length: 500000\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n",
    ],
    ids=["silence", "headers", "upgrade", "auth body", "upload"],
)
def test_a_request_that_drips_in_is_not_waited_for(
    begun: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_limits, "HEADER_SECONDS", 0.4)
    monkeypatch.setattr(request_limits, "BODY_SECONDS", 0.4)
    with serving(tmp_path) as running, opened(running) as connection:
        connection.sendall(begun)
        deadline = time.monotonic() + 20
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            while time.monotonic() < deadline:
                if begun:
                    connection.sendall(b"a")
                time.sleep(0.05)
                connection.setblocking(False)
                try:
                    if connection.recv(65536) == b"":
                        raise ConnectionResetError
                except BlockingIOError:
                    pass
                connection.setblocking(True)
        assert alive(running)


def test_who_reads_no_answer_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "UNREAD_SECONDS", 0.2)
    with serving(tmp_path, IdleEngine()) as running, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect((urlsplit(running.url).hostname, urlsplit(running.url).port))
        deadline = time.monotonic() + 60
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            while time.monotonic() < deadline:
                connection.send(b"GET /openapi.json HTTP/1.1\r\nHost: here\r\n\r\n" * 10)
                time.sleep(0.1)
        assert alive(running)


def test_a_second_request_that_drips_is_not_waited_for_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "HEADER_SECONDS", 0.4)
    with serving(tmp_path) as running, opened(running) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET /healthz HTTP/1.1\r\nX: ")
        said(connection)  # ends


async def test_a_stream_is_waited_for_as_long_as_it_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_limits, "HEADER_SECONDS", 0.5)
    monkeypatch.setattr(request_limits, "BODY_SECONDS", 0.5)
    with serving(tmp_path, IdleEngine()) as running:
        headers = {"Authorization": f"Bearer {running.token()}"}
        async with connect(running.socket_url, additional_headers=headers) as stream:
            await asyncio.sleep(1.2)
            await stream.send(b"too small, and answered")
            assert json.loads(await stream.recv())["status"] == "error"


def test_many_who_say_nothing_keep_nobody_out(running: Running) -> None:
    silent = [opened(running) for _ in range(300)]  # more from one address are cut off: test_arrivals.py
    assert alive(running)
    for number, connection in enumerate(silent):
        if number % 2:  # half of them vanish with a reset
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    assert alive(running)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /healthz HTTP/1.0\r\n\r\n", b"200"),
        (b"GET /healthz HTTP/1.1\r\n\r\n", b"400"),  # RFC 9112, 3.2: no Host
        (b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Client-Request-Id: a\rInjected: yes\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Nul: a\x00b\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.1\r\nHost: here\r\nBad Name: x\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"POST /v0/auth HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\n{}\n", b"400"),
        (b"POST /v0/auth HTTP/1.1\r\nHost: here\r\nContent-Length: -3\r\n\r\n{}\n", b"400"),
        (b"POST /v0/auth HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", b"400"),
    ],
)
def test_malformed_requests_get_an_answer(running: Running, request_: bytes, status: bytes) -> None:
    assert ask(running, request_).split(b" ")[1] == status
    assert alive(running)


@pytest.mark.parametrize("name", [b"Origin", b"Sec-WebSocket-Protocol", b"X-Client-Request-Id"])
@pytest.mark.parametrize("upgrade", [False, True])
@pytest.mark.parametrize(
    "broken", [b"a\rSet-Cookie: b=c", b"a\nSet-Cookie: b=c", b"a\r\nSet-Cookie: b=c", b"a%0d%0aSet-Cookie: b=c"]
)
def test_what_a_client_says_becomes_no_header_of_the_answer(
    running: Running, name: bytes, broken: bytes, upgrade: bool
) -> None:
    request = b"GET /v0/stream/analyze HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer " + running.token().encode()
    fields = b"\r\n" + name + b": " + broken + b"\r\n" + (UPGRADE if upgrade else b"Connection: close\r\n") + b"\r\n"
    with opened(running) as connection:
        connection.sendall(request + fields)
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 ")
    assert b"\nset-cookie" not in answer.lower()
    assert b"\rset-cookie" not in answer.lower()
    assert alive(running)


UPGRADE = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"


@pytest.mark.parametrize("upgrade", [b"", UPGRADE], ids=["request", "upgrade"])
@pytest.mark.parametrize("pieces", [1, 7])
@pytest.mark.parametrize(("size", "status"), [(20_000, b"404"), (66_000, b"431"), (500_000, b"431")])
def test_the_headers_of_a_request_are_bounded(
    running: Running, size: int, status: bytes, pieces: int, upgrade: bytes
) -> None:
    fields = b"".join(b"X-Filling-%d: %s\r\n" % (at, b"x" * 4000) for at in range(size // 4000))
    request = b"GET /nowhere HTTP/1.1\r\nHost: here\r\n%s%s\r\n" % (upgrade, fields)
    with opened(running) as connection:
        for at in range(pieces):
            connection.sendall(request[at * len(request) // pieces : (at + 1) * len(request) // pieces])
            time.sleep(0.02)
        answer = connection.recv(65536)
    assert answer.split(b" ")[1] == status
    assert alive(running)


def test_a_request_cannot_hide_in_another_ones_body(running: Running) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
    smuggled = (
        b"POST /v0/auth HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        % (5 + len(hidden))
    )
    answer = ask(running, smuggled + hidden)
    # RFC 9112, 6.1: chunked counts; what follows is then a request of its own, or refused, but never both.
    assert answer.count(b"HTTP/1.1 ") <= 2
    assert alive(running)


def test_pipelined_requests_are_answered_in_order(running: Running) -> None:
    two = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: here\r\n\r\n"
    with opened(running) as connection:
        connection.sendall(two)
        answer = b""
        while answer.count(b"HTTP/1.1 ") < 2:
            answer += connection.recv(65536)
    assert answer.index(b" 200 ") < answer.index(b" 404 ")


def test_who_asks_fast_is_answered_on_the_same_connection(running: Running) -> None:
    """Slowed down, but not with an end to the connection in between: what has come of a request is all read."""
    parts = urlsplit(running.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.connect()
    connection.auto_open = 0
    with contextlib.closing(connection):
        for number in range(60):
            connection.request(*(("POST", "/nowhere", b"{}") if number % 2 else ("GET", "/nowhere")))
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 404


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (frame(3, b"abc"), 1002),
        (frame(0xB, b""), 1002),
        (frame(2, b"abc", masked=False), 1002),
        (frame(1, b"\xff\xfe\xfd"), 1007),
        (frame(9, bytes(126)), 1002),
        (frame(0, b"continues nothing"), 1002),
        (bytes((0xF2, 0x80)) + bytes(4), 1002),
        (b"\x82\xff" + struct.pack(">Q", 1 << 62) + bytes(4), 1009),
    ],
    ids=["opcode 3", "opcode 11", "unmasked", "no UTF-8", "long ping", "continuation", "reserved bits", "4 EB"],
)
def test_malformed_frames_end_their_connection(
    running: Running, caplog: pytest.LogCaptureFixture, raw: bytes, code: int
) -> None:
    with upgraded(running) as connection:
        connection.sendall(raw)
        answer = said(connection)
    assert answer[0] == 0x88
    assert int.from_bytes(answer[2:4], "big") == code
    assert alive(running)
    assert not [each for each in caplog.records if each.exc_info]


async def test_a_segment_in_one_byte_fragments_is_one_segment(running: Running) -> None:
    header = {"Authorization": f"Bearer {running.token()}"}
    async with connect(running.socket_url, additional_headers=header, compression=None) as socket_:

        async def pieces() -> AsyncIterator[bytes]:
            for number in range(10_000):
                if number % 500 == 0:
                    await socket_.ping()
                yield b"a"

        await socket_.send(pieces())
        assert json.loads(await socket_.recv()) == {"status": "processing", "segment": 1, "bytes": 10_000}
        assert json.loads(await socket_.recv())["status"] == "error"


async def test_a_frame_of_31_mb_a_flood_of_text_and_of_pings_are_answered(running: Running) -> None:
    header = {"Authorization": f"Bearer {running.token()}"}
    async with connect(running.socket_url, additional_headers=header, compression=None) as socket_:
        await socket_.send(bytes(31_000_000))
        assert "31000000 bytes" in json.loads(await socket_.recv())["error"]
        sending = asyncio.create_task(_flood(socket_))
        answers = [json.loads(await socket_.recv()) for _ in range(300)]
        await sending
    assert [answer["segment"] for answer in answers] == list(range(2, 302))
    assert {answer["status"] for answer in answers} == {"error"}


async def _flood(socket_: ClientConnection) -> None:
    for number in range(300):
        await socket_.send("give me signals")
        if number % 4 == 0:
            await socket_.ping()


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - no file
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is read from Linux's /proc")  # noqa: PTH110
def test_a_client_that_never_reads_is_no_longer_read_from(running: Running) -> None:
    before = _resident()
    text = frame(1, b"a") * 10_000
    sent = 0
    with upgraded(running) as connection:
        connection.settimeout(2)
        # 7 bytes in make more than 100 bytes out: 300 MB of answers, if all of them were kept.
        try:
            for _ in range(300):
                connection.sendall(text)
                sent += 1
        except TimeoutError:
            pass
        assert sent < 300  # the socket was closed to it at some point
        assert alive(running)
        assert _resident() - before < 64 * 1024 * 1024
