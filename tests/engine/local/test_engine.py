"""Workers: lost ones are replaced, none is left behind, and a missing model is one sentence."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest
import pytest_asyncio

from interhuman_stream.engine.local import sentences, supervisor
from interhuman_stream.engine.local.engine import LocalEngine
from interhuman_stream.engine.local.environment import PASSED
from interhuman_stream.engine.local.limits import Limits
from interhuman_stream.faults import AnalysisBroke, EngineError, MalformedSegment, ModelMissing
from interhuman_stream.medium import UNOPENED, VOICE
from interhuman_stream.terms import Terms

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

SHARED = pytest.mark.asyncio(loop_scope="module")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")


@contextlib.asynccontextmanager
async def started(workers: int = 1, **limits: float) -> AsyncIterator[LocalEngine]:
    engine = LocalEngine(workers, limits=Limits(**limits))  # type: ignore[arg-type] # named by the tests
    try:
        await engine.start()
        yield engine
    finally:
        await engine.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[LocalEngine]:
    """An engine with one worker; whoever kills it gets another."""
    async with started() as engine:
        yield engine


@pytest.fixture
def engine(shared: LocalEngine) -> Iterator[LocalEngine]:
    """It, and nobody else is told what happens to it."""
    told = shared.lost, shared.replaced
    yield shared
    shared.lost, shared.replaced = told


def pid(engine: LocalEngine, number: int = 0) -> int:
    """The process of a worker."""
    found = engine.supervisors[number].pid
    assert found is not None
    return found


async def at_work(engine: LocalEngine) -> None:
    """Wait until a worker is in the middle of a piece."""
    while engine.supervisors[0]._turn.piece is None:  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0.01)


async def nothing_to_do(worker: supervisor.Supervisor) -> None:
    """Wait until a worker has nothing more to do, and says so."""
    while worker._owing:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.01)


def status(engine: LocalEngine) -> str:
    """What Linux tells of a worker."""
    return Path(f"/proc/{pid(engine)}/status").read_text()


@SHARED
async def test_a_killed_worker_costs_its_segment_and_nothing_else(
    engine: LocalEngine, sample_segments: list[bytes]
) -> None:
    lost: list[str] = []
    replaced: list[float] = []
    engine.lost, engine.replaced = lost.append, replaced.append
    others = engine.supervisors[0].sessions
    sessions = [await engine.session() for _ in range(3)]
    assert (await sessions[0].analyze(sample_segments[0])).signals
    analysing = [asyncio.create_task(session.analyze(sample_segments[1])) for session in sessions]
    await at_work(engine)
    os.kill(pid(engine), signal.SIGKILL)
    answers = await asyncio.gather(*analysing, return_exceptions=True)
    # Whose turn it was has lost it; the others' pieces were given to the next worker, where their sessions stood.
    failed = [number for number, answer in enumerate(answers) if isinstance(answer, BaseException)]
    assert len(failed) == 1
    with pytest.raises(EngineError, match="stopped unexpectedly"):
        await analysing[failed[0]]
    starts = [answer.start for answer in answers if not isinstance(answer, BaseException)]
    assert starts == [pytest.approx(5.0 * (number == 0), abs=0.1) for number in range(3) if number not in failed]
    assert (await sessions[0].analyze(sample_segments[2])).start >= 5
    with pytest.raises(MalformedSegment):
        await sessions[1].analyze(bytes(20_000))
    for session in sessions:
        await session.close()
    assert engine.supervisors[0].sessions == others
    assert lost == ["crashed"]
    assert len(replaced) == 1


@SHARED
async def test_a_worker_that_ends_while_idle_costs_nothing(engine: LocalEngine, sample_segments: list[bytes]) -> None:
    session = await engine.session()
    first, back = pid(engine), asyncio.Event()
    engine.replaced = lambda _seconds: back.set()
    assert engine.ready
    os.kill(first, signal.SIGKILL)
    await back.wait()
    assert engine.ready
    assert pid(engine) != first
    assert (await session.analyze(sample_segments[0])).signals
    await session.close()


@pytest.mark.slow
@pytest.mark.parametrize(("number", "limit", "words"), [("SIGSTOP", 3.0, "longer"), ("SIGXCPU", 30.0, "computing")])
async def test_a_worker_that_hangs_or_burns_is_ended(
    sample_segments: list[bytes], number: str, limit: float, words: str
) -> None:
    async with started(step_seconds=limit) as engine:
        lost: list[str] = []
        engine.lost = lost.append
        session = await engine.session()
        await session.analyze(sample_segments[0])
        analysing = asyncio.create_task(session.analyze(sample_segments[1]))
        await at_work(engine)
        os.kill(pid(engine), getattr(signal, number))
        with pytest.raises(EngineError, match=words):
            await analysing
        assert (await session.analyze(sample_segments[0])).signals
        assert lost == [{"SIGSTOP": "time", "SIGXCPU": "cpu"}[number]]


@SHARED
async def test_what_asks_for_too_much_memory_is_one_error(engine: LocalEngine, sample_segments: list[bytes]) -> None:
    session = await engine.session()
    await session.analyze(sample_segments[0])
    await session.close()
    # So much as one takes, and a little: the usual limit would take a very large bomb.
    have = int(re.findall(r"VmPeak:\s+(\d+) kB", status(engine))[0]) * 1024 + 4_000_000
    async with started(memory=have) as narrow:
        session = await narrow.session()
        with pytest.raises((MalformedSegment, EngineError, AnalysisBroke)):
            await session.analyze(large_picture())
        assert (await session.analyze(sample_segments[0])).signals


def large_picture() -> bytes:
    """A file of one picture of 16000×8000, which takes 384 MB."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 16000, 8000, "yuvj444p"
        for packet in stream.encode(av.VideoFrame(16000, 8000, "yuvj444p")):
            container.mux(packet)
        container.mux(stream.encode())
    return file.getvalue()


@pytest.mark.slow
@SHARED
async def test_a_stream_that_costs_one_worker_after_the_other_is_given_up(
    engine: LocalEngine, sample_segments: list[bytes]
) -> None:
    session, other = await engine.session(), await engine.session()
    for _ in range(sentences.MOST_LOST):
        analysing = asyncio.create_task(session.analyze(sample_segments[0]))
        await at_work(engine)
        os.kill(pid(engine), signal.SIGKILL)
        with pytest.raises(EngineError, match="stopped"):
            await analysing
    with pytest.raises(EngineError, match="begin another"):
        await session.analyze(sample_segments[0])
    assert (await other.analyze(sample_segments[0])).signals


@pytest.mark.parametrize("recording", [pytest.param("vp8_opus_webm", marks=pytest.mark.long), "vp9_opus_fmp4"])
@SHARED
async def test_a_recorders_stream_goes_on_in_a_new_worker(
    engine: LocalEngine, shared_data: Path, recording: str
) -> None:
    """Only the first blob has the container's header; the new worker is given it first."""
    header, media, *_ = (path.read_bytes() for path in sorted((shared_data / "browser" / recording).glob("blob*")))
    blobs = [header, media[:300_000], media[300_000:600_000]]
    session = await engine.session()
    lengths = []
    for number, blob in enumerate(blobs):
        if number == len(blobs) - 1:
            os.kill(pid(engine), signal.SIGKILL)
        if len(blob) < 10_000:
            await session.take(blob)
            continue
        found = await session.analyze(blob)
        lengths.append(found.end - found.start)
    await session.close()
    assert len(lengths) >= len(blobs) - 1
    assert all(length > 1 for length in lengths), lengths


@pytest.mark.long
@SHARED
async def test_a_file_does_not_hold_up_streams(engine: LocalEngine, sample: Path, sample_segments: list[bytes]) -> None:
    session = await engine.session()
    file = asyncio.create_task(engine.analyze(await asyncio.to_thread(sample.read_bytes)))
    for segment in sample_segments[:2]:
        await session.analyze(segment)
    assert not file.done()
    assert (await file).end > 25


@SHARED
async def test_a_long_piece_holds_nobody_up_and_is_dropped_with_its_client(
    engine: LocalEngine, sample: Path, sample_segments: list[bytes]
) -> None:
    long, live = await engine.session(), await engine.session()
    analysing = asyncio.create_task(long.analyze(await asyncio.to_thread(sample.read_bytes)))
    await at_work(engine)
    for segment in sample_segments[:2]:
        assert (await live.analyze(segment)).signals
    assert not analysing.done()
    await long.close()
    with pytest.raises(EngineError, match="closed"):
        await analysing
    await nothing_to_do(engine.supervisors[0])
    # The person who stays is known as before.
    assert (await live.analyze(sample_segments[2])).start == pytest.approx(10.0, abs=0.1)
    await live.close()


@pytest.mark.slow
@SHARED
async def test_a_file_that_nobody_waits_for_is_dropped(engine: LocalEngine, short: Path) -> None:
    data = await asyncio.to_thread(short.read_bytes)
    files = [asyncio.create_task(engine.analyze(data)) for _ in range(2)]
    while not engine.files._turn.resume.position:  # noqa: ASYNC110 - the first is in its midst
        await asyncio.sleep(0.01)
    files[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await files[0]
    assert (await files[1]).end > 9
    await nothing_to_do(engine.files)
    assert engine.files.sessions == 0


async def test_sessions_spread_over_the_workers_and_stay() -> None:
    engine = LocalEngine(workers=2)
    try:
        for _ in range(4):
            await engine.session()
        assert [each.sessions for each in engine.supervisors] == [2, 2]
    finally:
        await engine.stop()


@SHARED
async def test_workers_are_confined(engine: LocalEngine) -> None:
    assert engine.unconfined == []
    nothing_left(pid(engine))


def nothing_left(worker: int) -> None:
    """What Linux tells of a worker: limits, and of each of its threads who it is and what it may do."""
    limits = Path(f"/proc/{worker}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits)
    assert re.search(rf"Max address space +{Limits().memory} +{Limits().memory} ", limits)
    threads = [each.read_text() for each in Path(f"/proc/{worker}/task").glob("*/status")]
    assert len(threads) > 3
    user, nothing = 65534 if os.getuid() == 0 else os.getuid(), f"{0:016}"
    for held in ("NoNewPrivs:\t1", "Seccomp:\t2", f"Uid:\t{user}\t{user}\t{user}\t{user}\n"):
        assert all(held in each for each in threads), held
    for kind in ("Inh", "Prm", "Eff", "Amb"):
        assert all(f"Cap{kind}:\t{nothing}" in each for each in threads), kind
    if os.getuid() == 0:  # nobody else may look any further
        assert all(re.search(r"Groups:\s*\n", each) and f"CapBnd:\t{nothing}" in each for each in threads)
        descriptors = {each.readlink().as_posix().partition(":")[0] for each in Path(f"/proc/{worker}/fd").iterdir()}
        assert descriptors == {"/dev/null", "pipe", "socket"}
        environment = Path(f"/proc/{worker}/environ").read_text().split("\0")
        assert {each.partition("=")[0] for each in environment} <= {*PASSED, "LC_CTYPE", ""}


async def test_a_missing_model_is_said_in_one_sentence(tmp_path: Path) -> None:
    engine = LocalEngine(workers=1, models_dir=tmp_path)
    try:
        with pytest.raises(ModelMissing, match=r"face_landmarker\.task .*interhuman-stream models pull"):
            await engine.start()
    finally:
        await engine.stop()


@pytest.mark.slow
def test_no_worker_outlives_a_killed_server(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "interhuman_stream", "serve", "--port", "0", "--workers", "2"]
    server = subprocess.Popen([*command, "--data-dir", str(tmp_path)], stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    for line in server.stderr:
        if "ready" in line:
            break
    (forks,) = _children(server.pid)
    children = [forks, *_children(forks)]
    assert len(children) == 3
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


@pytest.mark.slow
@SHARED
async def test_a_session_and_a_file_are_perceived_as_they_were_opened(engine: LocalEngine, sample: Path) -> None:
    data = await asyncio.to_thread(sample.read_bytes)
    session = await engine.session(Terms(medium=VOICE))
    listened = await session.analyze(data)
    assert (listened.has_video, listened.has_audio) == (False, True)
    os.kill(pid(engine), signal.SIGKILL)
    again = await session.analyze(data)  # by the successor, which is told as well
    assert (again.has_video, again.start) == (False, listened.end)
    whole = await engine.analyze(data, VOICE)
    assert (whole.has_video, whole.has_audio) == (False, True)
    told = await engine.analyze(data, UNOPENED)
    assert (told.has_video, told.has_audio, told.signals) == (True, True, ())


@pytest.mark.slow
@SHARED
async def test_what_is_watched_is_told_while_its_piece_is_analysed(engine: LocalEngine, sample: Path) -> None:
    data = await asyncio.to_thread(sample.read_bytes)
    session = await engine.session(Terms(every=0.5))
    ends = [found.end async for found in session.watch(data[: len(data) // 3])]
    assert ends == pytest.approx([(at + 1) / 2 for at in range(len(ends))])
    assert len(ends) > 10
    async with contextlib.aclosing(session.watch(data[len(data) // 3 :])) as windows:
        async for found in windows:
            assert found.start == pytest.approx(ends[-1])
            assert found.words == ()  # they stay in the worker
            break  # given up in the middle
    os.kill(pid(engine), signal.SIGKILL)
    again = [found async for found in session.watch(data)]  # by the successor
    assert again[0].end > ends[-1]
    rest = [found async for found in session.rest()]
    assert rest == [] or rest[-1].end > ends[-1]
