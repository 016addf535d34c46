"""What mean clients send, as fast as they can: each flood is a generator of steps on plain sockets."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import struct
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

PATH: Final = "/nowhere"
CONTINUATION, TEXT, BINARY, PING, PONG = 0x0, 0x1, 0x2, 0x9, 0xA
SWITCHING: Final = 101
WAIT: Final = 0.2
"""Seconds that one write may block: who is held back waits, and goes on."""


@dataclass(slots=True)
class Flooded:
    """What a flood came to.

    Attributes:
        sent: Bytes that the system took.
        pieces: Chunks, frames, lines, requests or connections in them.
        opened: Connections it took.
        took: Seconds.
        cpu: Seconds of CPU that the attacker took itself.
    """

    sent: int = 0
    pieces: float = 0.0
    opened: int = 0
    took: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where it goes, for how long, with which credential, over how many connections at once, and from which address."""

    url: str
    api_key: str
    seconds: float
    connections: int = 1
    source: str = ""

    def connect(self) -> socket.socket:
        """Open a connection."""
        parts = urlsplit(self.url)
        address = (parts.hostname or "", parts.port or 80)
        connection = socket.create_connection(address, timeout=10, source_address=(self.source, 0))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def socket(self) -> socket.socket:
        """Open a WebSocket, by hand; its answers are not read."""
        connection = self.connect()
        connection.sendall(upgrade(self.api_key))
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = connection.recv(4096)
            if not part:
                break
            answer += part
        if b" 101 " not in answer[:20]:
            raise ConnectionError(answer[:100])
        return connection


def upgrade(credential: str | None = None) -> bytes:
    """A request for a WebSocket."""
    shown = f"Authorization: Bearer {credential}\r\n" if credential else ""
    return (
        "GET /v0/stream/analyze HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{shown}\r\n"
    ).encode()


def frame(opcode: int, payload: bytes = b"", *, final: bool = True) -> bytes:
    """A frame (RFC 6455, 5.2); the mask is zeros."""
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    else:
        length = struct.pack(">BH", 0x80 | 126, size) if size < 1 << 16 else struct.pack(">BQ", 0x80 | 127, size)
    return bytes([(0x80 if final else 0) | opcode]) + length + bytes(4) + payload


def post(path: str = PATH, *headers: str) -> bytes:
    """The head of a request with a body in chunks."""
    more = "".join(f"{each}\r\n" for each in ("Host: here", "Transfer-Encoding: chunked", *headers))
    return f"POST {path} HTTP/1.1\r\n{more}\r\n".encode()


GET: Final = b"GET /nowhere HTTP/1.1\r\nHost: here\r\n\r\n"
LINES: Final = b"GET /nowhere HTTP/1.1\r\n" + b"a:\r\n" * 7000 + b"\r\n"
EXTENDED: Final = b"1;" + b"a" * 100 + b"\r\n \r\n"


@dataclass(frozen=True, slots=True)
class Flood:
    """A flood: what it begins each connection with, what it repeats, and how many pieces that has.

    Attributes:
        known: Whether it shows a credential, and floods a WebSocket.
        again: Whether it begins a connection anew after every block.
        drip: Whether it writes a byte at a time.
        reads: Whether it reads what it is answered.
    """

    begin: bytes
    block: bytes
    pieces: float
    known: bool = False
    again: bool = False
    drip: bool = False
    reads: bool = False


FLOODS: Final[dict[str, Flood]] = {
    "one-byte chunks": Flood(post(), b"1\r\n \r\n" * 10_000, 10_000),
    "one-byte chunks, before the answer": Flood(
        post("/v0/auth", "Content-Type: application/json"), b"1\r\n \r\n" * 10_000, 10_000
    ),
    "one-byte chunks, new connections": Flood(post(), b"1\r\n \r\n" * 10_000, 10_000, again=True),
    "chunks with extensions": Flood(post("/v0/auth", "Content-Type: application/json"), EXTENDED * 2000, 2000),
    "trailers": Flood(post(), b"0\r\n" + b"a:\r\n" * 7000 + b"\r\n", 7000, again=True),
    "headers of 7,000 lines": Flood(b"", LINES, 7000, again=True),
    "headers a byte a write": Flood(b"GET /nowhere HTTP/1.1\r\nX: ", b"a" * 500, 500, drip=True),
    "a body a byte a write": Flood(
        b"POST /v0/auth HTTP/1.1\r\nHost: here\r\nContent-Length: 60000\r\n\r\n", b" " * 500, 500, drip=True
    ),
    "requests in one write": Flood(b"", GET * 1000, 1000),
    "connections": Flood(b"", GET, 1, again=True),
    "empty fragments": Flood(frame(BINARY, final=False), frame(CONTINUATION, final=False) * 10_000, 10_000, known=True),
    "one-byte fragments": Flood(
        frame(BINARY, final=False), frame(CONTINUATION, b"x", final=False) * 10_000, 10_000, known=True
    ),
    "pings, unread": Flood(b"", frame(PING, b"p" * 125) * 500, 500, known=True),
    "empty pings": Flood(b"", frame(PING) * 10_000, 10_000, known=True),
    "pongs": Flood(b"", frame(PONG, b"p" * 125) * 500, 500, known=True),
    "texts": Flood(b"", frame(TEXT, b"x" * 100) * 500, 500, known=True),
    "texts, and their answers read": Flood(b"", frame(TEXT, b"x" * 100) * 500, 500, known=True, reads=True),
    "requests, and their answers read": Flood(b"", GET * 1000, 1000, reads=True),
    "frames of one byte": Flood(b"", frame(BINARY, b"x") * 10_000, 10_000, known=True),
}


def pour(name: str, target: Target) -> Flooded:
    """Send a flood for as long as the target says; where a connection is closed, over another."""
    flood, flooded, began, cpu = FLOODS[name], Flooded(), time.monotonic(), time.process_time()
    sockets: list[socket.socket] = []
    until = began + target.seconds
    while time.monotonic() < until:
        try:
            while len(sockets) < target.connections:
                sockets.append(_opened(flood, target, flooded))
            for each in list(sockets):
                if not _wrote(each, flood, flooded, until):
                    sockets.remove(each)
                    each.close()
        except OSError:
            time.sleep(0.05)
    for each in sockets:
        each.close()
    flooded.took, flooded.cpu = time.monotonic() - began, time.process_time() - cpu
    return flooded


def _opened(flood: Flood, target: Target, flooded: Flooded) -> socket.socket:
    connection = target.socket() if flood.known else target.connect()
    connection.settimeout(WAIT)
    connection.sendall(flood.begin)
    flooded.opened += 1
    return connection


def _wrote(connection: socket.socket, flood: Flood, flooded: Flooded, until: float) -> bool:
    """Write a block, or what goes of it; whether the connection is used again."""
    sent = 0
    try:
        while sent < len(flood.block) and time.monotonic() < until:
            with contextlib.suppress(TimeoutError):  # held back; what is cut off here would be another flood
                sent += connection.send(flood.block[sent : sent + 1] if flood.drip else flood.block[sent:])
            while flood.reads and select.select([connection], [], [], 0)[0] and connection.recv(65536):
                pass
        if flood.again:
            with contextlib.suppress(TimeoutError):
                connection.recv(65536)
    except OSError:
        return False
    finally:
        flooded.sent += sent
        flooded.pieces += flood.pieces * sent / len(flood.block)
    return not flood.again


def refused(target: Target, credential: str | None) -> tuple[int, int, float]:
    """Ask for a stream again and again, and be refused; how often, the status, and seconds of CPU it took to ask."""
    number, status, until, cpu = 0, 0, time.monotonic() + target.seconds, time.process_time()
    while time.monotonic() < until:
        with target.connect() as connection:
            connection.sendall(upgrade(credential))
            answer = connection.recv(65536)
            status = int(answer[9:12])
            while status != SWITCHING and connection.recv(65536):
                pass
        number += 1
    return number, status, time.process_time() - cpu


def token(target: Target, key_id: str, key_secret: str) -> str:
    """Change a key for a token."""
    body = json.dumps({"key_id": key_id, "key_secret": key_secret, "scopes": ["interhumanai.stream"]}).encode()
    with target.connect() as connection:
        connection.sendall(
            b"POST /v0/auth HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return str(json.loads(answer.partition(b"\r\n\r\n")[2])["access_token"])


def poison(target: Target, segment: bytes) -> int:
    """Send a segment of much video and little work, and again when it is answered; how often it was."""
    answers, until = 0, time.monotonic() + target.seconds
    with target.socket() as connection:
        connection.settimeout(target.seconds)
        with contextlib.suppress(OSError):
            while time.monotonic() < until:
                connection.sendall(frame(BINARY, segment))
                while b'"completed"' not in (said := connection.recv(65536)) and b'"error"' not in said:
                    pass
                answers += 1
    return answers
