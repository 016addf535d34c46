"""Keeps one worker at work: starts it, gives it pieces, ends it when it hangs, and has another go on where it stood."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from typing import TYPE_CHECKING, Final

from interhuman_stream.engine.host import PATIENCE, Failed, Found, Seen, Turn
from interhuman_stream.engine.local.ledger import Ledger
from interhuman_stream.engine.local.messages import Cancel, Close, Open, Put, Ready, Unfit
from interhuman_stream.engine.local.pieces import Waiting
from interhuman_stream.engine.local.process import WorkerProcess
from interhuman_stream.engine.local.sentences import CLOSED, HOPELESS, LOST, MOST_LOST, NO_WORKER, STOPPING, error, kind
from interhuman_stream.engine.local.validation import MOST_SECONDS
from interhuman_stream.engine.resume import Resume
from interhuman_stream.faults import AnalysisBroke, EngineBusy, EngineError, ModelMissing
from interhuman_stream.findings import Spent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interhuman_stream.engine.host import Work
    from interhuman_stream.engine.local.limits import Limits
    from interhuman_stream.engine.local.messages import Reply
    from interhuman_stream.engine.local.pieces import Stream
    from interhuman_stream.engine.local.process import Reason
    from interhuman_stream.findings import Findings

MOST_STARTS: Final = 3
START_SECONDS: Final = 120.0
"""More than a worker takes to load and try its models on a busy machine; one that takes longer hangs."""
TICK_SECONDS: Final = 0.25
RETRY_SECONDS: Final = (1.0, 30.0)
"""Between tries to start a worker where none can be had, as when a model file is gone: at first, doubled up to this."""
ASK_SECONDS: Final = 1.0
"""A worker that has nothing to say for so long is asked whether it is there."""
SILENT_SECONDS: Final = 3.0
"""One that is at work or asked and says nothing for so long is not counted on; after `step_seconds` it is ended."""
ASK: Final = Cancel(0, 0)
"""A request for nothing: a worker says after every request whose turn it is."""
UNASKED: Final[frozenset[Work]] = frozenset({"take", "watch", "rest"})
"""What is done without an answer for the whole: nobody asked, or each stretch is told by itself."""
log: Final = logging.getLogger(__name__)


class Supervisor:
    """A place for one worker. All of it happens in one event loop.

    A worker that is lost costs the piece in whose turn it was; all others are given to its successor.

    Args:
        limits: What the worker and what it works on may use.
        models_dir: Where the model files are; None for where `models pull` puts them.
        niceness: Of its process.
        lost: Called with the reason when a worker was lost.
        replaced: Called with the seconds it took until the next was ready.

    Attributes:
        sessions: How many are open here.
        unconfined: What the worker's confinement lacks.
        cost: Seconds of a core that a second of video is expected to take; None before the first worker is ready.
    """

    def __init__(
        self,
        limits: Limits,
        models_dir: Path | None,
        niceness: int,
        lost: Callable[[str], None],
        replaced: Callable[[float], None],
    ) -> None:
        self.sessions = 0
        self.unconfined: list[str] = []
        self.cost: float | None = None
        self._limits, self._models_dir, self._niceness = limits, models_dir, niceness
        self._lost, self._replaced = lost, replaced
        self._process: WorkerProcess | None = None
        self._ready = asyncio.Event()
        self._unfit: Unfit | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Waiting] = {}
        self._known: set[int] = set()  # streams that the present worker has taken up
        self._turn = Turn(None)  # what the worker is at
        self._ledger = Ledger()  # what the present worker may say
        self._at = Spent()  # the clock, and the worker's CPU time, when it last said something
        self._heard = 0.0  # when the worker last went on with something, or was first owed an answer
        self._asked = False  # whether it is there
        self._lost_at: float | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = self._was_ready = False
        self._resting: asyncio.Event | None = None  # set to end a pause between tries

    @property
    def ready(self) -> bool:
        """Whether its worker is there, has passed its test and answers."""
        silent = self._owing and time.monotonic() - self._heard > SILENT_SECONDS
        return self._ready.is_set() and not silent

    @property
    def pid(self) -> int | None:
        """The number of its worker's process, where there is one."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the worker; return when it is ready.

        Raises:
            ModelMissing: A model file is absent.
            AnalysisBroke: The models do not work here.
            EngineError: It ends before it is ready, again and again.
        """
        task = self._running()
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if task.done():
            raise self._no_worker()

    def put(
        self, stream: Stream, data: bytes, work: Work, seen: Callable[[Findings], None] | None = None
    ) -> tuple[int, asyncio.Future[Findings | None]]:
        """Have the next piece of a stream worked on; its number, and what will be found.

        Args:
            stream: Which.
            data: The bytes.
            work: What to do with them.
            seen: Called with what is in each stretch of a stream that is watched.

        Raises:
            EngineError: It cannot be worked on, now or ever.
        """
        if self._stopping:
            raise EngineBusy(STOPPING)
        if stream.lost >= MOST_LOST:
            raise EngineError(HOPELESS)
        if self._resting:
            self._resting.set()  # who waits for an answer is told by the next try whether there will be one
        self._running()
        number = next(self._numbers)
        if not self._owing:
            self._heard = time.monotonic()
        self._waiting[number] = Waiting(stream, data, work, asyncio.get_running_loop().create_future(), seen)
        if self._ready.is_set():
            self._send(number)
        return number, self._waiting[number].answer

    def cancel(self, number: int) -> None:
        """Give up a piece, unless it is answered."""
        waiting = self._waiting.pop(number, None)
        self._ledger.give_up(number)
        if waiting and self._process:
            self._process.send(Cancel(waiting.stream.number, number))

    def close(self, stream: Stream) -> None:
        """Forget a stream, and whatever of it waits."""
        self._fail_all(EngineError, CLOSED, stream)
        if self._process and stream.number in self._known:
            self._known.discard(stream.number)
            self._process.send(Close(stream.number))

    async def stop(self) -> None:
        """End the worker, whatever it does, and take no more work; what waits is told so."""
        self._stopping = True
        if self._resting:
            self._resting.set()
        self._fail_all(EngineBusy, STOPPING)
        if self._process:
            self._process.kill()
        if self._task:
            await self._task

    @property
    def _owing(self) -> bool:
        """Whether the worker has anything to say."""
        return bool(self._waiting) or self._turn.piece is not None or self._asked or not self._ready.is_set()

    def _running(self) -> asyncio.Task[None]:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._supervise(), name="supervisor")
        return self._task

    async def _supervise(self) -> None:
        """Keep a worker running until it is not wanted any more; or, if there never was one, cannot be started."""
        starts, self._unfit, pause = 0, None, RETRY_SECONDS[0]
        while not self._stopping:
            starts += 1
            if await self._one_worker():
                starts, pause = 0, RETRY_SECONDS[0]
            elif not self._stopping and (starts >= MOST_STARTS or self._unfit):
                why = self._no_worker()
                self._fail_all(type(why), str(why))
                if not self._was_ready:
                    return
                await self._rest(pause)
                self._unfit, pause = None, min(2 * pause, RETRY_SECONDS[1])

    async def _rest(self, seconds: float) -> None:
        """Wait before the next try, unless there is something to do."""
        self._resting = asyncio.Event()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._resting.wait()
        self._resting = None

    async def _one_worker(self) -> bool:
        """Start a worker and see to it until it ends; whether it was ever ready."""
        self._heard = time.monotonic()
        loop = asyncio.get_running_loop()
        self._ledger = Ledger()
        self._process = process = WorkerProcess(self._limits, self._models_dir, self._niceness, loop, self._hear)
        try:
            await asyncio.to_thread(process.start)
        except (OSError, EOFError):
            self._process = None
            return False
        if self._stopping:
            process.kill()  # it was not there yet when it was to be stopped
        while not process.ended.done():
            await asyncio.wait({process.ended}, timeout=TICK_SECONDS)
            if late := self._late(process):
                process.kill(late)
            elif not self._owing and time.monotonic() - self._heard > ASK_SECONDS:
                self._asked, self._heard = True, time.monotonic()
                process.send(ASK)
        was_ready, self._process, self._asked = self._ready.is_set(), None, False
        self._ready.clear()
        self._known.clear()
        if was_ready and not self._stopping:
            self._lost_at = time.monotonic()
            self._lost(process.ended.result())
            self._charge(process.ended.result())
        self._turn = Turn(None)
        return was_ready

    def _late(self, process: WorkerProcess) -> Reason | None:
        """Whether the worker has had what it may of a step or of a piece, by this side's clocks, and of what."""
        if not self._owing:
            return None
        allowed = self._limits.step_seconds if self._ready.is_set() else START_SECONDS
        if time.monotonic() - self._heard > allowed:
            return "time"
        waiting = self._waiting.get(self._turn.piece) if self._turn.piece is not None else None
        if waiting is None:
            return None
        # It gives up a piece by itself before, if it is one of ours.
        if waiting.wall + time.perf_counter() - self._at.wall > PATIENCE * waiting.stream.seconds + allowed:
            return "time"
        return "cpu" if process.used() - self._at.cpu > allowed else None

    def _charge(self, reason: Reason) -> None:
        """The piece in whose turn a worker was lost is what it cost; its stream goes on behind it."""
        number = self._turn.piece
        if number is None and reason in {"forged", "time"}:
            # It had work and said it had none, or answered out of turn: whatever waits longest, or it would go on so.
            number = next(iter(self._waiting), None)
        guilty = self._waiting.pop(number, None) if number is not None else None
        if guilty:
            header = self._turn.resume.header if number == self._turn.piece else guilty.stream.resume.header
            guilty.stream.resume = Resume(header, guilty.stream.resume.position)
            self._cost_a_worker(guilty.stream)
            guilty.fail(kind(reason), LOST[reason])

    def _cost_a_worker(self, stream: Stream) -> None:
        stream.lost += 1
        if stream.lost >= MOST_LOST:
            self._fail_all(EngineError, HOPELESS, stream)

    def _send(self, number: int) -> None:
        waiting, process = self._waiting[number], self._process
        assert process is not None  # noqa: S101 - it is ready
        stream = waiting.stream
        if stream.number not in self._known:
            self._known.add(stream.number)
            process.send(Open(stream.number, stream.resume, stream.terms))
        self._ledger.ask(number, stream.number)
        waiting.spent, waiting.wall = Spent(), 0.0
        process.send(Put(number, stream.number, waiting.work, stream.seconds), waiting.data)

    def _hear(self, reply: Reply, at: Spent) -> None:
        if self._ledger.broken:  # it is ended, and had said more before it was
            return
        if self._turn.piece is not None and (waiting := self._waiting.get(self._turn.piece)):
            wall, cpu = max(0.0, at.wall - self._at.wall), max(0.0, at.cpu - self._at.cpu)
            waiting.spent = Spent(waiting.spent.wall + wall, waiting.spent.cpu + cpu)
            waiting.wall += wall
        self._at = at
        wrong = self._ledger.hear(reply) or self._astray(reply)
        if wrong:
            self._ledger.broken = True
            log.warning("worker %s said what none says and is ended: %s", self.pid, wrong)
            if self._process:
                self._process.kill("forged")
            return
        if self._ledger.turn is not None or not self._waiting:  # to have nothing to do is no reason to wait on
            self._heard, self._asked = time.monotonic(), False
        if isinstance(reply, Turn):
            self._turn = reply
        elif isinstance(reply, Seen):
            self._was_seen(reply)
        elif isinstance(reply, Found | Failed):
            self._answered(reply)
        elif isinstance(reply, Unfit):
            self._unfit = reply
        else:
            self._is_ready(reply)

    def _astray(self, reply: Reply) -> str | None:
        """What is wrong with it, beside what was known of the stream."""
        if isinstance(reply, Ready | Unfit) or reply.piece is None:
            return None
        waiting = self._waiting.get(reply.piece)
        if waiting is None:
            return None
        if isinstance(reply, Seen):
            return None if waiting.seen else "it tells what it sees, and was not asked to"
        went_on = reply.resume.position - waiting.stream.resume.position
        if not 0 <= went_on <= MOST_SECONDS:
            return f"its stream goes on by {went_on} seconds"
        if isinstance(reply, Found) and (waiting.work in UNASKED) != (reply.findings is None):
            return "its answer does not fit what it was asked"
        return None

    def _is_ready(self, ready: Ready) -> None:
        self.unconfined, self.cost = ready.unconfined, ready.cost
        self._ready.set()
        self._was_ready = True
        if self._lost_at is not None:
            self._replaced(time.monotonic() - self._lost_at)
            self._lost_at = None
        for number in self._waiting:
            self._send(number)

    def _was_seen(self, reply: Seen) -> None:
        waiting = self._waiting.get(reply.piece)
        if waiting and waiting.seen:  # not given up meanwhile
            waiting.seen(waiting.measured(reply.findings))

    def _answered(self, reply: Found | Failed) -> None:
        self._turn = Turn(None)
        waiting = self._waiting.pop(reply.piece, None)
        if waiting is None:
            return  # given up meanwhile
        waiting.stream.resume = reply.resume
        if isinstance(reply, Failed):
            if reply.why == "memory":
                self._cost_a_worker(waiting.stream)
            waiting.fail(*error(reply))
            return
        waiting.stream.lost = 0
        if not waiting.answer.done():
            waiting.answer.set_result(reply.findings and waiting.measured(reply.findings))

    def _fail_all(self, kind: type[Exception], message: str, stream: Stream | None = None) -> None:
        """Answer all that waits, or all of one stream, with an error."""
        for number, waiting in list(self._waiting.items()):
            if stream is None or waiting.stream is stream:
                self._ledger.give_up(number)
                self._waiting.pop(number).fail(kind, message)

    def _no_worker(self) -> Exception:
        """Why no worker can be had."""
        if self._stopping:
            return EngineBusy(STOPPING)
        if self._unfit is None:
            return EngineBusy(NO_WORKER)
        return (ModelMissing if self._unfit.why == "model" else AnalysisBroke)(self._unfit.message)
