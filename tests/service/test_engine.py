"""Workers: lost ones are replaced, none is left behind, and a missing model is one sentence."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from interhuman_stream.analysis.errors import MalformedSegment, ModelMissing
from interhuman_stream.engine import local
from interhuman_stream.engine.local import LocalEngine
from interhuman_stream.engine.pool import EngineError


async def test_a_killed_worker_costs_its_segment_and_not_the_session(sample_segments: list[bytes]) -> None:
    engine = LocalEngine(workers=1)
    await engine.start()
    try:
        session, other = await engine.session(), await engine.session()
        assert (await session.analyze(sample_segments[0])).signals
        (pid,) = engine._slots[0]._pool._processes
        analysing = asyncio.create_task(session.analyze(sample_segments[1]))
        await asyncio.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(EngineError, match="stopped unexpectedly"):
            await analysing
        assert (await session.analyze(sample_segments[1])).start == 0
        with pytest.raises(MalformedSegment):
            await other.analyze(bytes(20_000))
        await session.close()
        await other.close()
        assert engine._slots[0].sessions == 0
    finally:
        await engine.stop()


async def test_sessions_spread_over_the_workers_and_stay() -> None:
    engine = LocalEngine(workers=2)
    try:
        slots = [(await engine.session())._slot for _ in range(4)]
        assert [slots.count(slot) for slot in engine._slots] == [2, 2]
    finally:
        await engine.stop()


async def test_a_missing_model_is_said_in_one_sentence(tmp_path: Path) -> None:
    engine = LocalEngine(workers=1, models_dir=tmp_path)
    try:
        with pytest.raises(ModelMissing, match=r"face_landmarker\.task .*interhuman-stream models pull"):
            await engine.start()
    finally:
        await engine.stop()


def test_a_worker_holds_sessions_by_number(sample_segments: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_worker", local._Worker())
    local._warm()
    local._prime(1, b"no header")
    assert local._analyze(1, sample_segments[0]).signals
    local._close(1)
    local._close(1)
    assert local._worker.sessions == {}


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel to end orphans")
def test_no_worker_outlives_a_killed_server(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "interhuman_stream", "serve", "--port", "0", "--workers", "2"]
    server = subprocess.Popen([*command, "--data-dir", str(tmp_path)], stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    for line in server.stderr:
        if "ready" in line:
            break
    children = _children(server.pid)
    assert len(children) >= 2
    server.kill()
    server.wait()
    server.stderr.close()
    for _ in range(50):
        if not any(_alive(pid) for pid in children):
            break
        time.sleep(0.1)
    assert not [pid for pid in children if _alive(pid)]


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(entry.parent.name))
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
