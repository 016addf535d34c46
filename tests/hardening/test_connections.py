"""More connections than there are descriptors: who asks for something is served, and the log says so once."""

from __future__ import annotations

import contextlib
import resource
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx
import pytest

from interhuman_stream.service import connections
from interhuman_stream.service.watch.log import log_to_stderr
from tests.service.serving import IdleEngine, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

DESCRIPTORS: Final = 64
CROWD: Final = 150
FULL, EXHAUSTED = "no room for more connections", "no descriptors left"


class Child:
    """A service in a process of its own, with few descriptors."""

    def __init__(self, folder: Path, reserved: int | None, tls: str | None) -> None:
        command = [sys.executable, "-m", "tests.hardening.test_connections", str(folder), str(reserved), str(tls)]
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        assert self.process.stdout
        self.url = self.process.stdout.readline().decode().strip()
        assert self.url, self.log.read_text()

    def crowd(self, number: int) -> list[socket.socket]:
        """Come in numbers and say nothing."""
        parts, crowd = urlsplit(self.url), []
        for _ in range(number):
            each = socket.socket()
            each.setblocking(False)  # some are not taken in
            with contextlib.suppress(BlockingIOError):
                each.connect((parts.hostname, parts.port))
            crowd.append(each)
        return crowd

    def healthy(self) -> bool:
        """Whether somebody who asks is answered, by and by."""
        return httpx.get(f"{self.url}/healthz", timeout=20, verify=False).is_success  # noqa: S501 - it is our own

    def lines(self, what: str) -> int:
        """Lines of the log that say it."""
        return self.log.read_text().count(what)


@contextlib.contextmanager
def child(folder: Path, reserved: int | None = None, tls: str | None = None) -> Iterator[Child]:
    made = Child(folder, reserved, tls)
    try:
        yield made
    finally:
        assert made.process.stdin
        made.process.stdin.close()
        assert made.process.wait(30) == 0, made.log.read_text()


@pytest.fixture(params=["http", "https"])
def tls(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """A file with a certificate and its key, or none."""
    if request.param == "http":
        return None
    made = pytest.importorskip("trustme").CA().issue_cert("127.0.0.1")
    file = tmp_path / "certificate.pem"
    made.private_key_and_cert_chain_pem.write_to_path(file)
    return str(file)


def test_a_crowd_that_says_nothing_makes_room(tmp_path: Path, tls: str | None) -> None:
    with child(tmp_path, tls=tls) as service:
        crowd = service.crowd(CROWD)
        assert all(service.healthy() for _ in range(3))
        for each in crowd:
            each.close()
        assert service.healthy()
        assert service.lines(FULL) == 1
        assert not service.lines(EXHAUSTED)
        assert len(service.log.read_text().splitlines()) < 50


def test_a_crowd_that_never_ends_its_bodies_makes_room(tmp_path: Path) -> None:
    with child(tmp_path) as service:
        crowd = service.crowd(CROWD)
        deadline = time.monotonic() + 20
        while not service.lines(FULL) and time.monotonic() < deadline:
            for each in crowd:
                with contextlib.suppress(OSError):
                    each.send(b"POST /v0/auth HTTP/1.1\r\nHost: here\r\nContent-Length: 500\r\n\r\n{")
        assert all(service.healthy() for _ in range(3))
        for each in crowd:
            each.close()


def test_where_descriptors_end_all_the_same_a_line_says_so(tmp_path: Path) -> None:
    """Others in the process take them as well, and nobody knows how many."""
    with child(tmp_path, reserved=-1000) as service:
        crowd = service.crowd(CROWD)
        deadline = time.monotonic() + 20
        while not service.lines(EXHAUSTED) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(2 * connections.EXHAUSTED_SECONDS)  # for the lines that must not come
        assert service.lines(EXHAUSTED) == 1
        assert len(service.log.read_text().splitlines()) < 50
        for each in crowd:
            each.close()
        assert service.healthy()


def test_a_handshake_that_does_not_end_is_not_waited_for_where_others_wait(tmp_path: Path) -> None:
    made = pytest.importorskip("trustme").CA().issue_cert("127.0.0.1")
    file = tmp_path / "certificate.pem"
    made.private_key_and_cert_chain_pem.write_to_path(file)
    hello = ssl.MemoryBIO()
    context = ssl.create_default_context()
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), hello, server_hostname="here").do_handshake()
    with child(tmp_path, tls=str(file)) as service:
        crowd = service.crowd(CROWD)
        for each in crowd:
            with contextlib.suppress(OSError):
                each.send(hello.read()[:100])
        assert service.healthy()
        for each in crowd:
            each.close()


def _serve(folder: str, reserved: str, tls: str) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    if reserved != "None":
        connections.RESERVED = int(reserved)  # type: ignore[misc]  # what the test is about
    log_to_stderr("warning")
    settings: dict[str, Any] = {} if tls == "None" else {"tls_cert": Path(tls)}
    with serving(Path(folder), IdleEngine(), **settings) as running:
        print(running.url, flush=True)  # noqa: T201 - what the test reads
        sys.stdin.read()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
