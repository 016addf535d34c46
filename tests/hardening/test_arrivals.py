"""New connections in masses: spoken to at a pace, and nobody else's new stream waits for them."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import connect

from interhuman_stream.service import arrivals
from tests.hardening.test_sockets import alive
from tests.service.serving import IdleEngine, serving
from tools.load.attackers import GET, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Running

ELSEWHERE: Final = "127.0.0.2"
SOON: Final = 5.0
"""Seconds; alone it takes milliseconds, behind the queue of the flood it would take ten."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8 on its loopback")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path, IdleEngine(), max_sessions=50) as running:
        yield running


class Flood:
    """Connections from elsewhere, as many as go, each with a request; so many at once."""

    def __init__(self, running: Running, request: bytes, at_once: int) -> None:
        parts = urlsplit(running.url)
        self._address = (parts.hostname or "", parts.port or 0)
        self._request, self._at_once = request, at_once
        self._over = threading.Event()
        self.opened = self.answered = self.cut_off = 0
        self._thread = threading.Thread(target=self._pour)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._over.set()
        self._thread.join()

    def _pour(self) -> None:
        while not self._over.is_set():
            with contextlib.ExitStack() as stack:
                for each in [stack.enter_context(self._one()) for _ in range(self._at_once)]:
                    self._end(each)

    def _one(self) -> socket.socket:
        self.opened += 1
        connection = socket.create_connection(self._address, timeout=10, source_address=(ELSEWHERE, 0))
        with contextlib.suppress(OSError):
            connection.sendall(self._request)
        return connection

    def _end(self, connection: socket.socket) -> None:
        connection.settimeout(0.01)
        try:
            self.answered += bool(connection.recv(1024))
        except TimeoutError:
            pass  # it waits for its turn, and is given up
        except OSError:
            self.cut_off += 1


@pytest.mark.parametrize("request_", [GET, upgrade()], ids=["requests", "refused"])
def test_a_new_stream_does_not_wait_for_the_connections_of_others(running: Running, request_: bytes) -> None:
    headers = {"Authorization": f"Bearer {running.token()}"}
    began = time.monotonic()
    with Flood(running, request_, 600) as flood:
        while not flood.cut_off and time.monotonic() - began < 20:
            time.sleep(0.01)
        for _ in range(3):
            with connect(running.socket_url, additional_headers=headers, open_timeout=SOON):
                assert alive(running)
    took = time.monotonic() - began
    assert flood.cut_off
    assert flood.answered <= arrivals.BURST + took * arrivals.A_SECOND


def test_who_has_many_streams_opens_them_all(running: Running) -> None:
    """As after a restart: forty at once, all from one address, one after the other."""
    headers = {"Authorization": f"Bearer {running.token()}"}
    with contextlib.ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(connect(running.socket_url, additional_headers=headers))
        assert running.service.sessions.open == 40
