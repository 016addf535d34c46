"""A database that is stopped, slow or damaged: open streams go on, others are told in time, and readiness says so."""

# ruff: noqa: ASYNC110, ASYNC210 - nothing else runs in this loop while the test waits

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from websockets.asyncio.client import connect

from interhuman_stream.protocol.limits import SCOPES, STREAM_SCOPE
from interhuman_stream.service.access.client_tokens import Caps
from interhuman_stream.service.access.database import DATABASE
from interhuman_stream.service.access.store import Store
from tests.service.serving import IdleEngine, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.asyncio.client import ClientConnection

    from interhuman_stream.service.access.store import NewKey
    from tests.conftest import Running

SOON = 12.0
"""Seconds; twice what the longest of the deadlines comes to."""
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found through /proc")


@contextlib.contextmanager
def stopped(url: str) -> Iterator[None]:
    """Stop every process of a PostgreSQL, as a machine that swaps or a debugger does."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        folder = connection.execute(text("SELECT setting FROM pg_settings WHERE name = 'data_directory'")).scalar_one()
    engine.dispose()
    postmaster = int(Path(folder, "postmaster.pid").read_text().split()[0])
    # Its head first, so that none is added meanwhile.
    held: list[int] = []
    try:
        for pid in (postmaster, None):
            for each in [pid] if pid else _children(postmaster):
                os.kill(each, signal.SIGSTOP)
                held.append(each)
        yield
    finally:
        for pid in held:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def auth(running: Running, key: NewKey) -> int:
    body = {"key_id": key.key_id, "key_secret": key.key_secret, "scopes": [STREAM_SCOPE]}
    return httpx.post(f"{running.url}/v0/auth", json=body, timeout=60).status_code


def ready(running: Running) -> tuple[int, str]:
    answer = httpx.get(f"{running.url}/readyz", timeout=60)
    return answer.status_code, answer.json()["status"]


async def answered(socket: ClientConnection) -> float:
    """Send a segment that is refused for its size; seconds until it is."""
    began = time.monotonic()
    await socket.send(bytes(100))
    while "error" not in json.loads(await asyncio.wait_for(socket.recv(), 60)):
        pass
    return time.monotonic() - began


async def test_a_postgresql_that_is_stopped_stops_no_stream(postgresql_database: str, tmp_path: Path) -> None:
    with serving(tmp_path, IdleEngine(), database_url=postgresql_database, max_sessions=9) as running:
        key = running.service.store.create(SCOPES)
        token = running.service.store.client_tokens.create(
            key.key_id, 1, [STREAM_SCOPE], 900, Caps(max_bytes=1_000_000)
        )
        assert token
        assert await asyncio.to_thread(ready, running) == (200, "ready")
        async with (
            connect(running.socket_url, additional_headers={"Authorization": f"Bearer {key.api_key}"}) as one,
            connect(running.socket_url, additional_headers={"Authorization": f"Bearer {token[0]}"}) as two,
        ):
            await answered(one)
            await answered(two)
            with stopped(postgresql_database):
                came = [asyncio.create_task(asyncio.to_thread(auth, running, key)) for _ in range(30)]
                began = time.monotonic()
                for socket in (one, two, one, two):
                    assert await answered(socket) < SOON
                # The first of them has waited for the database; nobody does from then on.
                assert max([await answered(one), await answered(two)]) < 1.0
                assert await asyncio.to_thread(ready, running) == (503, "no database")
                assert await asyncio.gather(*came) == [503] * 30
                assert time.monotonic() - began < 2 * SOON
                assert httpx.get(f"{running.url}/healthz").is_success
            while (await asyncio.to_thread(ready, running))[0] != 200:
                await asyncio.sleep(0.1)
            assert await asyncio.to_thread(auth, running, key) == 200
            await answered(one)
            # What is known holds only meanwhile.
            running.service.store.revoke(key.key_id)
            await asyncio.wait_for(one.wait_closed(), 30)
            assert one.close_code == 1008


def test_a_statement_has_a_deadline(postgresql_database: str, tmp_path: Path) -> None:
    store = Store(tmp_path, postgresql_database)
    key = store.create(SCOPES)
    for _ in range(3):
        began = time.monotonic()
        with stopped(postgresql_database), pytest.raises(OperationalError):
            store.live(key.key_id)
        assert time.monotonic() - began < SOON
    assert store.live(key.key_id)
    store.close()


@pytest.mark.parametrize("damage", ["garbage", "zeros", "empty"])
def test_a_damaged_file_is_not_ready(tmp_path: Path, damage: str) -> None:
    with serving(tmp_path) as running:
        key = running.service.store.create(SCOPES)
        assert auth(running, key) == 200
        assert ready(running) == (200, "ready")
        running.service.guard.audit.close()
        for file in (tmp_path / DATABASE, tmp_path / f"{DATABASE}-wal"):
            size = file.stat().st_size
            file.write_bytes({"garbage": os.urandom(size), "zeros": bytes(size), "empty": b""}[damage])
        deadline = time.monotonic() + SOON
        while ready(running) != (503, "no database"):
            assert time.monotonic() < deadline, "it is called ready"
            time.sleep(0.1)
        assert httpx.get(f"{running.url}/healthz").is_success


async def test_a_lock_that_is_held_holds_up_no_stream(tmp_path: Path) -> None:
    with serving(tmp_path, IdleEngine(), max_sessions=9) as running:
        key = running.service.store.create(SCOPES)
        engine = create_engine(f"sqlite:///{tmp_path / DATABASE}")
        async with connect(running.socket_url, additional_headers={"Authorization": f"Bearer {key.api_key}"}) as one:
            with engine.connect() as connection:
                connection.exec_driver_sql("BEGIN EXCLUSIVE")
                assert await answered(one) < SOON
        engine.dispose()
