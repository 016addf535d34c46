"""Runs analysis sessions, wherever the process is: pieces go in, whose turn it is takes one step, answers come out.

It knows no pipe and no process, starts no thread and never waits: whoever wraps it (a worker process today) hands it
pieces between steps and calls ``step`` while there is a turn. A step is whatever a session does until it yields, about
a second of media, so that what is given up is gone so soon, and who has waited longest for a turn waits no longer.
"""

from __future__ import annotations

import time
import traceback
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

import msgspec

from interhuman_stream.engine.resume import Resume
from interhuman_stream.engine.turns import Turns
from interhuman_stream.faults import Fault, MalformedSegment, UnknownContainer
from interhuman_stream.findings import Findings, Spent
from interhuman_stream.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


PATIENCE: Final = 4.0
"""By the clock a piece may take so many times its CPU time: a busy machine is no fault of it. What yields and yields
and computes nothing is ended all the same."""
Work: TypeAlias = Literal["steps", "take", "whole", "watch", "rest"]
"""What to do with a piece: the session's own words, see ``Session``."""
Why: TypeAlias = Literal["malformed", "container", "memory", "time", "cpu", "else"]


class Session(Protocol):
    """One stream under analysis; see ``interhuman_stream.analysis.session.AnalysisSession``."""

    @property
    def header(self) -> bytes:
        """What a decoder that takes over must be fed first."""

    @property
    def position(self) -> float:
        """Seconds of the session so far."""

    def steps(self, data: bytes) -> Generator[None, None, Findings]:
        """Analyse the next piece, in bounded steps."""

    def take(self, data: bytes) -> Generator[None, None, None]:
        """Take in bytes that nobody asks about, in bounded steps."""

    def whole(self, data: bytes) -> Generator[None, None, Findings]:
        """Analyse a file after which nothing comes, in bounded steps."""

    def watch(self, data: bytes) -> Generator[Findings | None, None, None]:
        """Take in the next bytes in bounded steps, and give what is in each stretch as soon as it has come."""

    def rest(self) -> Generator[Findings | None, None, None]:
        """Give what is in the rest of what was watched: nothing follows."""

    def close(self) -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The next bytes of a stream.

    Attributes:
        number: By which it is answered.
        session: The stream it belongs to.
        data: The bytes.
        work: What to do with them.
        seconds: What it may take of CPU time in its own turns, and ``PATIENCE`` times that by the clock.
    """

    number: int
    session: int
    data: bytes
    work: Work
    seconds: float


class Turn(msgspec.Struct, frozen=True, tag=True):
    """A step of this piece begins, and its stream stands at ``resume``. None: there is no work."""

    piece: int | None
    resume: Resume = Resume()


class Seen(msgspec.Struct, frozen=True, tag=True):
    """What is in a stretch of a stream that is watched; its piece is not done yet."""

    piece: int
    findings: Findings


class Found(msgspec.Struct, frozen=True, tag=True):
    """A piece is done, and its stream stands at ``resume``; None was found where nobody asked."""

    piece: int
    resume: Resume
    findings: Findings | None


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A piece could not be analysed; its stream goes on from ``resume``.

    Attributes:
        piece: Its number.
        resume: Where its stream stands.
        why: The bytes are `malformed`, begin no `container` that is known, asked for more `memory` than there is, took
            more `time` or `cpu` than a piece may; or whatever `else` went wrong.
        message: In words; for `else` the trace, without values.
        ending: The process cannot go on after this.
    """

    piece: int
    resume: Resume
    why: Why
    message: str = ""
    ending: bool = False


Answer: TypeAlias = Found | Failed
Begin: TypeAlias = "Callable[[Resume, Terms], Session]"


@dataclass(slots=True)
class _Hosted:
    """A stream here. Its analysis begins with its first piece, and anew at ``resume`` where one was given up."""

    resume: Resume
    terms: Terms
    analysis: Session | None = None
    pieces: deque[Piece] = field(default_factory=deque)
    running: Generator[Findings | None, None, Findings | None] | None = None
    spent: Spent = field(default_factory=Spent)  # on the piece that runs
    told: Spent = field(default_factory=Spent)  # as much of that as was told with what was seen in it


def clock() -> Spent:
    """The time now, and the CPU time of this process so far."""
    return Spent(time.perf_counter(), time.process_time())


class Host:
    """Sessions that share one process by turns.

    Args:
        begin: Begins an analysis where a stream stands, on its terms.
        now: What the steps are measured by. A step counts as what it took by the clock or of CPU time, whichever is
            more: either keeps others waiting.
    """

    def __init__(self, begin: Begin, now: Callable[[], Spent] = clock) -> None:
        self._begin = begin
        self._now = now
        self._hosted: dict[int, _Hosted] = {}
        self._turns = Turns()

    def open(self, session: int, resume: Resume, terms: Terms = USUAL) -> None:
        """Take up a stream where it stands."""
        self._hosted[session] = _Hosted(resume, terms)

    def put(self, piece: Piece) -> None:
        """Queue a piece of an open stream."""
        self._hosted[piece.session].pieces.append(piece)
        self._turns.join(piece.session)

    def cancel(self, session: int, number: int) -> None:
        """Give up a piece that is not answered yet, if it is one; it is not answered any more."""
        hosted = self._hosted.get(session)
        if hosted is None:
            return
        if hosted.running and hosted.pieces[0].number == number:
            self._give_up(hosted)
        hosted.pieces = deque(piece for piece in hosted.pieces if piece.number != number)
        if not hosted.pieces:
            self._turns.rest(session)

    def close(self, session: int) -> None:
        """Forget a stream, its pieces and the person in it; none of the pieces is answered any more."""
        hosted = self._hosted.pop(session, None)
        if hosted:
            self._turns.leave(session)
            self._give_up(hosted)

    def turn(self) -> Turn:
        """Whose turn it is: what ``step`` will go on with."""
        who = self._turns.next()
        if who is None:
            return Turn(None)
        hosted = self._hosted[who]
        return Turn(hosted.pieces[0].number, _stands(hosted))

    def step(self) -> Answer | Seen | None:
        """Take one step with the piece whose turn it is; its answer, if that was the last, or what was seen with it."""
        who = self._turns.next()
        if who is None:
            return None
        hosted = self._hosted[who]
        before = self._now()
        answer = self._run(hosted)
        after = self._now()
        step = Spent(after.wall - before.wall, after.cpu - before.cpu)
        hosted.spent = Spent(hosted.spent.wall + step.wall, hosted.spent.cpu + step.cpu)
        self._turns.used(who, max(step.wall, step.cpu))
        if isinstance(answer, Seen):
            return self._seen(hosted, answer)
        return self._finished(who, answer or self._exceeded(hosted))

    def _run(self, hosted: _Hosted) -> Answer | Seen | None:
        piece = hosted.pieces[0]
        try:
            if hosted.analysis is None:
                hosted.analysis = self._begin(hosted.resume, hosted.terms)
            if hosted.running is None:
                hosted.running = _begun(hosted.analysis, piece)
            seen = next(hosted.running)
        except StopIteration as done:
            return Found(piece.number, _stands(hosted), done.value)
        except MemoryError:
            return Failed(piece.number, _stands(hosted), "memory", ending=True)
        except Fault as fault:
            return Failed(piece.number, _stands(hosted), _why(fault), str(fault))
        except Exception:  # noqa: BLE001 - whatever it is, it is answered, and who is answered logs it
            return Failed(piece.number, _stands(hosted), "else", traceback.format_exc())
        return Seen(piece.number, seen) if seen else None

    def _seen(self, hosted: _Hosted, seen: Seen) -> Seen:
        """With what it took, which the analysis cannot know: it stood still between its steps."""
        since, hosted.told = _minus(hosted.spent, hosted.told), hosted.spent
        return Seen(seen.piece, replace(seen.findings, spent=since))

    def _exceeded(self, hosted: _Hosted) -> Answer | None:
        """A piece that has used more than it may is answered so."""
        piece, spent = hosted.pieces[0], hosted.spent
        if spent.cpu > piece.seconds:
            return Failed(piece.number, _stands(hosted), "cpu")
        if spent.wall > PATIENCE * piece.seconds:
            return Failed(piece.number, _stands(hosted), "time")
        return None

    def _finished(self, who: int, answer: Answer | None) -> Answer | None:
        if answer is None:
            return None
        hosted = self._hosted[who]
        if isinstance(answer, Failed) and answer.why in {"time", "cpu", "else"}:
            self._give_up(hosted)
        elif isinstance(answer, Found) and answer.findings:
            # The analysis cannot know how long it stood still between its steps.
            answer = Found(answer.piece, answer.resume, replace(answer.findings, spent=hosted.spent))
        hosted.running, hosted.spent, hosted.told = None, Spent(), Spent()
        hosted.pieces.popleft()
        if not hosted.pieces:
            self._turns.rest(who)
        return answer

    def _give_up(self, hosted: _Hosted) -> None:
        """End an analysis in the middle of a piece: what it holds half of is not gone on with, but begun anew."""
        hosted.resume = _stands(hosted)
        if hosted.running:
            hosted.running.close()
        if hosted.analysis:
            hosted.analysis.close()
        hosted.analysis, hosted.running, hosted.spent, hosted.told = None, None, Spent(), Spent()


def _stands(hosted: _Hosted) -> Resume:
    """Where a stream stands now."""
    return Resume(hosted.analysis.header, hosted.analysis.position) if hosted.analysis else hosted.resume


def _begun(analysis: Session, piece: Piece) -> Generator[Findings | None, None, Findings | None]:
    match piece.work:
        case "whole":
            return analysis.whole(piece.data)
        case "steps":
            return analysis.steps(piece.data)
        case "take":
            return analysis.take(piece.data)
        case "watch":
            return analysis.watch(piece.data)
        case "rest":
            return analysis.rest()


def _minus(all_: Spent, part: Spent) -> Spent:
    return Spent(all_.wall - part.wall, all_.cpu - part.cpu)


def _why(fault: Fault) -> Why:
    if isinstance(fault, UnknownContainer):
        return "container"
    return "malformed" if isinstance(fault, MalformedSegment) else "else"
