"""Upgrades that are none, or that nobody waits for: answered, closed, and forgotten."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from tests.hardening.test_sockets import alive, frame, opened, said
from tests.service.serving import IdleEngine, emptied, serving
from tools.load.attackers import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Running


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path, IdleEngine()) as running:
        yield running


@pytest.mark.parametrize("body", ["Content-Length: 10", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", ["/", "/nowhere", "/v0/stream/analyze", "/v2/stream/analyze"])
def test_an_upgrade_with_a_body_is_answered_and_closed(running: Running, path: str, body: str) -> None:
    """It would be kept for ever, and have the place of somebody else."""
    with opened(running) as connection:
        connection.sendall(upgrade().replace(b"/v0/stream/analyze", path.encode())[:-2] + f"{body}\r\n\r\n".encode())
        assert said(connection).startswith(b"HTTP/1.1 400")
    assert alive(running)


@pytest.mark.parametrize("path", ["/v0/stream/analyze", "/v1/stream/analyze", "/v2/stream/analyze?model=none"])
def test_who_goes_before_the_upgrade_is_no_fault_of_ours(
    running: Running, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with opened(running) as connection:
        connection.sendall(upgrade(running.token()).replace(b"/v0/stream/analyze", path.encode()))
        connection.shutdown(socket.SHUT_WR)
        said(connection)
    emptied(running)
    assert alive(running)
    assert "Traceback" not in "".join(capfd.readouterr())


AHEAD = {"text": (frame(1, b"{}"), b"is no segment"), "none": (b"\xff" * 20_000, b"\x03\xea")}  # 1002


@pytest.mark.parametrize(("sent", "answer"), AHEAD.values(), ids=AHEAD)
def test_what_comes_with_the_upgrade_is_looked_at_behind_it(
    running: Running, capfd: pytest.CaptureFixture[str], sent: bytes, answer: bytes
) -> None:
    with opened(running) as connection:
        connection.sendall(upgrade(running.token()) + sent)
        received = b""
        while answer not in received:
            part = connection.recv(65536)
            assert part, received
            received += part
        assert received.startswith(b"HTTP/1.1 101")
    emptied(running)
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("good", [True, False])
@pytest.mark.parametrize(("sent", "answer"), AHEAD.values(), ids=AHEAD)
def test_what_comes_before_its_answer_waits(
    running: Running,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    sent: bytes,
    answer: bytes,
    *,
    good: bool,
) -> None:
    asked, told = threading.Event(), threading.Event()
    live: Callable[..., object] = running.service.store.live if good else lambda *_: None

    def slow(*given: object) -> object:
        asked.set()
        assert told.wait(20)
        return live(*given)

    token = running.token()
    monkeypatch.setattr(running.service.store, "live", slow)
    with opened(running) as connection:
        connection.sendall(upgrade(token))
        assert asked.wait(20)
        connection.sendall(sent)
        assert alive(running)  # by then it has come
        told.set()
        received = b""
        while answer not in received and (part := connection.recv(65536)):
            received += part
        assert received.startswith(b"HTTP/1.1 101" if good else b"HTTP/1.1 401")
        assert (answer in received) is good
    emptied(running)
    assert "Traceback" not in "".join(capfd.readouterr())
