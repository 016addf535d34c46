"""One worker at a time, in real processes without models: turns, leaving, being lost, and what the next one knows."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.engine.local import process, supervisor
from interhuman_stream.engine.local.engine import MOST_FILES, LocalEngine
from interhuman_stream.engine.local.limits import Limits
from interhuman_stream.engine.local.sentences import MOST_LOST
from interhuman_stream.engine.pool import Capacity
from interhuman_stream.faults import AnalysisBroke, EngineBusy, EngineError, ModelMissing
from tests.engine.local import scripted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends workers by signals")
LONG = b"20 " * 3000


@contextlib.asynccontextmanager
async def started(monkeypatch: pytest.MonkeyPatch, **limits: float) -> AsyncIterator[LocalEngine]:
    monkeypatch.setattr(process, "_live", scripted.live)
    engine = LocalEngine(1, limits=Limits(**limits))  # type: ignore[arg-type] # named by the tests
    try:
        await engine.start()
        yield engine
    finally:
        await engine.stop()


async def until(what: Callable[[], bool]) -> None:
    """Wait for what has no event; the test's own time limit ends it."""
    while not what():  # noqa: ASYNC110 - as said
        await asyncio.sleep(0.01)


async def test_what_it_says_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(monkeypatch) as engine:
        assert engine.ready
        assert engine.unconfined == ["a jail"]
        said = engine.capacity()
        assert said == Capacity(1, said.cores, 0.25)
    assert not engine.ready
    assert LocalEngine(2).capacity().cost is None


async def test_a_long_piece_holds_nobody_up_and_is_dropped_where_its_client_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with started(monkeypatch, segment_seconds=600) as engine:
        worker = engine.supervisors[0]
        long, short = await engine.session(), await engine.session()
        analysing = asyncio.create_task(long.analyze(LONG))
        await until(lambda: worker._turn.piece is not None)
        for second in range(3):
            assert (await short.analyze(b"1")).start == second
        assert not analysing.done()
        await long.close()
        await long.close()
        with pytest.raises(EngineError, match="closed"):
            await analysing
        with pytest.raises(EngineError, match="closed"):
            await long.analyze(b"1")
        await until(lambda: not worker._owing)  # the worker says that it has nothing to do
        assert worker.sessions == 1


async def test_who_stops_waiting_for_a_piece_has_the_work_on_it_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(monkeypatch, segment_seconds=600) as engine:
        session, worker = await engine.session(), engine.supervisors[0]
        analysing = asyncio.create_task(session.analyze(LONG))
        await until(lambda: worker._turn.resume.position >= 1)
        analysing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await analysing
        found = await session.analyze(b"1")
        assert found.end - found.start == 1
        assert 1 <= found.start < 3000


async def test_files_take_turns_and_are_dropped_where_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(monkeypatch) as engine:
        long = [asyncio.create_task(engine.analyze(LONG)) for _ in range(MOST_FILES - 1)]
        await until(lambda: engine.files._turn.piece is not None)
        assert (await engine.analyze(b"1 1 1")).end == 3
        more = [asyncio.create_task(engine.analyze(LONG)) for _ in range(2)]
        await asyncio.sleep(0)
        assert engine.files.sessions == MOST_FILES  # one waits for room
        for each in (*long, *more):
            each.cancel()
        await asyncio.wait((*long, *more))
        await until(lambda: not engine.files._owing)
        assert engine.files.sessions == 0
        assert (await engine.analyze(b"1")).end == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("piece", "limits", "reason", "words"),
    [
        (b"1 crash", {}, "crashed", "stopped unexpectedly"),
        (b"1 hang", {"step_seconds": 1.0}, "time", "longer"),
        (b"1 burn", {"step_seconds": 1.0}, "cpu time", "computing|longer"),
        (b"1 memory", {}, "memory", "memory"),
        (b"1 garbage", {}, "forged", "stopped unexpectedly"),
        (b"1 flood", {}, "forged", "stopped unexpectedly"),
        (b"1 nowhere", {}, "forged", "stopped unexpectedly"),
    ],
)
async def test_a_lost_worker_costs_the_piece_that_it_was_at_and_no_other(
    monkeypatch: pytest.MonkeyPatch, piece: bytes, limits: dict[str, float], reason: str, words: str
) -> None:
    async with started(monkeypatch, segment_seconds=600, **limits) as engine:
        lost: list[str] = []
        replaced: list[float] = []
        engine.lost, engine.replaced = lost.append, replaced.append
        innocent, guilty = await engine.session(), await engine.session()
        await innocent.take(b"head:one 1")
        await guilty.take(b"head:two 1")
        # The innocent is in the middle of a piece, and has another one waiting.
        first = asyncio.create_task(innocent.analyze(b"100 " * 20))
        second = asyncio.create_task(innocent.analyze(b"1"))
        await until(lambda: engine.supervisors[0]._turn.piece is not None)
        with pytest.raises(EngineError, match=words) as caught:
            await guilty.analyze(piece)
        assert isinstance(caught.value, EngineBusy) == (lost == ["time"])
        assert [(found.start, found.end) for found in (await first, await second)] == [(2, 22), (22, 23)]
        # Its header is kept, and its time runs on behind what was answered.
        assert (await guilty.analyze(b"1")).start in {2, 3}
        assert guilty._stream.resume.header == b"two"
        assert len(lost) == 1
        assert lost[0] in reason  # what burns is seen by the kernel or by the clock, whichever is first
        assert len(replaced) == 1


async def test_a_header_is_known_before_its_piece_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(monkeypatch) as engine:
        session = await engine.session()
        with pytest.raises(EngineError, match="stopped"):
            await session.analyze(b"head:new 1 crash")
        assert session._stream.resume.header == b"new"


async def test_a_piece_that_takes_too_much_costs_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(monkeypatch, segment_seconds=0.1) as engine:
        pid = engine.supervisors[0].pid
        session = await engine.session()
        with pytest.raises(EngineError, match="longer to analyse than one may"):
            await session.analyze(LONG)
        assert (await session.analyze(b"1")).end > 1
        assert engine.supervisors[0].pid == pid


async def test_a_stream_that_costs_one_worker_after_the_other_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(monkeypatch) as engine:
        session, other = await engine.session(), await engine.session()
        for _ in range(MOST_LOST - 1):
            with pytest.raises(EngineError, match="stopped"):
                await session.analyze(b"crash")
        last, behind = (asyncio.create_task(session.analyze(piece)) for piece in (b"crash", b"1"))
        with pytest.raises(EngineError, match="stopped"):
            await last
        for given_up in (behind, session.analyze(b"1")):
            with pytest.raises(EngineError, match="begin another"):
                await given_up
        assert (await other.analyze(b"1")).end == 1


async def test_a_worker_that_does_not_start_is_one_error_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(monkeypatch) as engine:
        session = await engine.session()
        await session.analyze(b"1")
        monkeypatch.setattr(process, "_live", scripted.unready)
        with pytest.raises(EngineError, match="stopped"):
            await session.analyze(b"crash")
        with pytest.raises(EngineBusy, match="No worker can be started"):
            await session.analyze(b"1")
        monkeypatch.setattr(process, "_live", scripted.live)
        assert (await session.analyze(b"1")).start == 1


async def test_without_a_model_it_tries_again_until_that_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "RETRY_SECONDS", (0.05, 0.2))
    async with started(monkeypatch) as engine:
        worker = engine.supervisors[0]
        monkeypatch.setattr(process, "_live", scripted.unfit)
        assert worker.pid
        os.kill(worker.pid, signal.SIGKILL)
        await until(lambda: worker._unfit is not None)
        assert not engine.ready
        session = await engine.session()
        with pytest.raises(ModelMissing, match="the face"):
            await session.analyze(b"1")
        monkeypatch.setattr(process, "_live", scripted.live)
        await until(lambda: engine.ready)  # though nobody asks for anything
        assert (await session.analyze(b"1")).end == 1
        monkeypatch.setattr(process, "_live", scripted.unfit)
        assert worker.pid
        os.kill(worker.pid, signal.SIGKILL)
        await until(lambda: worker._unfit is not None)
        await engine.stop()  # at once, in the middle of a pause or a try


async def test_a_worker_that_is_stopped_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "ASK_SECONDS", 0.1)
    monkeypatch.setattr(supervisor, "SILENT_SECONDS", 1.0)
    async with started(monkeypatch, step_seconds=60) as engine:
        pid = engine.supervisors[0].pid
        assert pid
        os.kill(pid, signal.SIGSTOP)
        await until(lambda: not engine.ready)
        os.kill(pid, signal.SIGCONT)
        await until(lambda: engine.ready)
        assert engine.supervisors[0].pid == pid
        # In the middle of its work as well.
        session = await engine.session()
        at_work = asyncio.create_task(session.analyze(b"200 200 200"))
        await until(lambda: engine.supervisors[0]._turn.piece is not None)
        os.kill(pid, signal.SIGSTOP)
        await until(lambda: not engine.ready)
        os.kill(pid, signal.SIGCONT)
        assert (await at_work).end == 3
        assert engine.ready


async def test_an_idle_worker_that_stays_stopped_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "ASK_SECONDS", 0.1)
    async with started(monkeypatch, step_seconds=1.0) as engine:
        pid = engine.supervisors[0].pid
        assert pid
        os.kill(pid, signal.SIGSTOP)
        await until(lambda: engine.supervisors[0].pid not in {pid, None})
        await until(lambda: engine.ready)


async def test_a_session_goes_to_a_worker_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "ASK_SECONDS", 0.1)
    monkeypatch.setattr(supervisor, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(process, "_live", scripted.live)
    engine = LocalEngine(2, limits=Limits(step_seconds=60))
    await engine.start()
    try:
        stopped = engine.supervisors[0]
        assert stopped.pid
        os.kill(stopped.pid, signal.SIGSTOP)
        await until(lambda: not stopped.ready)
        assert engine.ready
        for _ in range(4):
            assert (await (await engine.session()).analyze(b"1")).end == 1
    finally:
        await engine.stop()


async def test_stopping_answers_all_and_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    others = set(threading.enumerate())  # another engine's, that tests beside this one share
    async with started(monkeypatch) as engine:
        session = await engine.session()
        hangs = asyncio.create_task(session.analyze(b"hang"))
        file = asyncio.create_task(engine.analyze(b"hang"))
        await until(lambda: engine.files._turn.piece is not None)
        await engine.stop()
        for each in (hangs, file, session.analyze(b"1")):
            with pytest.raises(EngineError, match="stopping"):
                await each
        await until(lambda: not {each for each in threading.enumerate() if each.name.endswith("worker")} - others)


async def test_an_analysis_that_breaks_is_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(monkeypatch) as engine:
        session = await engine.session()
        with pytest.raises(AnalysisBroke, match="Traceback"):
            await session.analyze(b"1 what nobody foresaw")
        assert (await session.analyze(b"1")).start == 1


async def test_threads_do_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(monkeypatch) as engine:
        session = await engine.session()
        before = threading.active_count()
        for _ in range(20):
            await session.analyze(b"1")
            await (await engine.session()).take(b"1")
        assert threading.active_count() <= before
