"""Upgrades that are none, or that nobody waits for: answered, closed, and forgotten."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.hardening.test_sockets import alive, opened, said
from tests.service.serving import IdleEngine, emptied, serving
from tools.load.attackers import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator
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
