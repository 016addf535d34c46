"""A byte stream and what of it waits for an answer, as the server knows them; what is in it only the worker knows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from interhuman_stream.engine.resume import Resume
from interhuman_stream.findings import Spent
from interhuman_stream.terms import USUAL

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from interhuman_stream.engine.host import Work
    from interhuman_stream.findings import Findings
    from interhuman_stream.terms import Terms

NOTHING: Final = Spent()


@dataclass(slots=True, eq=False)
class Stream:
    """One byte stream as the server knows it: nothing of what is in it, but where it stands.

    Attributes:
        number: By which the worker knows it.
        seconds: What one piece of it may take.
        terms: How it is to be judged.
        resume: Where it stands: what comes next begins there, in this worker or its successor.
        lost: Workers in a row that it has cost.
    """

    number: int
    seconds: float
    terms: Terms = USUAL
    resume: Resume = field(default_factory=Resume)
    lost: int = 0


@dataclass(slots=True, eq=False)
class Waiting:
    """A piece that is not answered yet. Its bytes are kept: the worker may be lost before its turn."""

    stream: Stream
    data: bytes
    work: Work
    answer: asyncio.Future[Findings | None]
    seen: Callable[[Findings], None] | None
    spent: Spent = NOTHING  # of this worker's, as far as it was not told yet
    wall: float = 0.0  # all of it

    def measured(self, findings: Findings) -> Findings:
        """With what it took by this side's clocks, since something was last told of the piece."""
        spent, self.spent = self.spent, NOTHING
        own = spent if spent.cpu else Spent(spent.wall, min(findings.spent.cpu, spent.wall))
        return replace(findings, spent=own)

    def fail(self, kind: type[Exception], message: str) -> None:
        """Answer it with an error, unless it is answered."""
        if not self.answer.done():
            self.answer.set_exception(kind(message))
