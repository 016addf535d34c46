"""A session whose pieces say what they cost: the far end of the host, with a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from interhuman_stream.faults import MalformedSegment, UnknownContainer
from interhuman_stream.findings import Findings, Spent
from interhuman_stream.signals import ConversationQuality

if TYPE_CHECKING:
    from collections.abc import Generator

    from interhuman_stream.engine.resume import Resume
    from interhuman_stream.terms import Terms

FAULTS = {
    b"malformed": MalformedSegment("damaged"),
    b"container": UnknownContainer("no video"),
    b"memory": MemoryError(),
    b"defect": ZeroDivisionError("a defect"),
}


@dataclass
class World:
    """What all sessions share: the time, and a record of what happened.

    Attributes:
        wall: Seconds by the clock.
        cpu: Seconds of CPU time.
        steps: Who took each step, by the header it was begun with.
        begun: Where each was taken up.
        terms: What each was opened on.
        closed: The headers of those that were closed.
        abandoned: Generators that were closed before their end.
    """

    wall: float = 0.0
    cpu: float = 0.0
    steps: list[bytes] = field(default_factory=list)
    begun: list[Resume] = field(default_factory=list)
    terms: list[Terms] = field(default_factory=list)
    closed: list[bytes] = field(default_factory=list)
    abandoned: int = 0

    def now(self) -> Spent:
        """The time."""
        return Spent(self.wall, self.cpu)

    def begin(self, resume: Resume, terms: Terms) -> FakeSession:
        """Take up a session."""
        self.begun.append(resume)
        self.terms.append(terms)
        return FakeSession(self, resume.header, resume.position)


class FakeSession:
    """Pieces are ``<steps> <wall> <cpu>``, each step so long, and a second of media each; or a fault's name."""

    def __init__(self, world: World, header: bytes, position: float) -> None:
        self.world = world
        self.header = header
        self.position = position

    def steps(self, data: bytes) -> Generator[None, None, Findings]:
        """Take the steps that the piece says."""
        if fault := FAULTS.get(data):
            raise fault
        start = self.position
        yield from self.take(data)
        return _found(start, self.position)

    def whole(self, data: bytes) -> Generator[None, None, Findings]:
        """Take the same steps."""
        return self.steps(data)

    def take(self, data: bytes) -> Generator[None, None, None]:
        """Take them, for nobody."""
        count, wall, cpu = data.split()
        try:
            for left in reversed(range(int(count))):
                self.world.wall += float(wall)
                self.world.cpu += float(cpu)
                self.world.steps.append(self.header)
                self.position += 1.0
                if left:
                    yield
        except GeneratorExit:
            self.world.abandoned += 1
            raise

    def watch(self, data: bytes) -> Generator[Findings | None, None, None]:
        """Take the same steps, and see something in every other."""
        for at, _ in enumerate(self.take(data)):
            yield _found(self.position - 1.0, self.position) if at % 2 else None

    def rest(self) -> Generator[Findings | None, None, None]:
        """See a last second."""
        yield _found(self.position, self.position + 1.0)

    def close(self) -> None:
        """Note it."""
        self.world.closed.append(self.header)


def _found(start: float, end: float) -> Findings:
    return Findings(start, end, (), (), ConversationQuality(0, 0, 0, 0, 0))
