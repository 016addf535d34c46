"""A service of a test's own, and engines of its own."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from interhuman_stream.engine.pool import Capacity
from interhuman_stream.medium import TALKING_FACE
from interhuman_stream.service.run import Server
from interhuman_stream.service.settings import Settings
from interhuman_stream.terms import USUAL, Terms
from tests.conftest import Running

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator
    from pathlib import Path

    from interhuman_stream.engine.pool import Engine, EngineSession
    from interhuman_stream.findings import Findings
    from interhuman_stream.medium import Medium


def forget_guesses(running: Running, most: int) -> None:
    """Have nobody be wrong yet; who is from now on, ``most`` times, is remembered for however long a test takes."""
    running.service.guard.throttle.__init__(most, lambda: 0.0)  # type: ignore[misc] # no other way, nor need of one


class NoEngine:
    """Analyses nothing: these tests are about what comes before."""

    lost: Callable[[str], None]
    replaced: Callable[[float], None]
    ready = True

    def __init__(self) -> None:
        self.unconfined: list[str] = []

    def capacity(self) -> Capacity:
        """Say what there is."""
        return Capacity(workers=1, cores=1, cost=None)

    async def start(self) -> None:
        """Start."""

    async def stop(self) -> None:
        """Stop."""

    async def session(self, terms: Terms = USUAL) -> EngineSession:
        """Fail as nothing that was foreseen fails."""
        raise RuntimeError(f"no engine here, on whatever terms: {terms}")

    async def analyze(self, file: bytes, medium: Medium = TALKING_FACE) -> Findings:  # noqa: ARG002 - nobody looks
        """Fail likewise."""
        raise RuntimeError(f"no engine here for {len(file)} bytes")


class IdleEngine(NoEngine):
    """Opens sessions in which nothing is ever analysed to the end.

    Attributes:
        began: How many analyses have begun; of them
        abandoned: were given up.
        taken: What nobody asked about.
        open: Sessions that are open.
        terms: On which the last was opened.
    """

    def __init__(self) -> None:
        super().__init__()
        self.began = self.abandoned = self.open = 0
        self.terms: Terms | None = None
        self.taken: list[bytes] = []

    async def session(self, terms: Terms = USUAL) -> EngineSession:
        """Open one."""
        self.terms = terms
        self.open += 1
        return IdleSession(self)

    async def analyze(self, file: bytes, medium: Medium = TALKING_FACE) -> Findings:  # noqa: ARG002 - nobody looks
        """Begin, and never end."""
        self.began += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.abandoned += 1
        raise AssertionError(f"{len(file)} bytes are not analysed here")


class IdleSession:
    """One of its sessions."""

    def __init__(self, engine: IdleEngine) -> None:
        self._engine = engine

    async def take(self, piece: bytes) -> None:
        """Keep ``piece``."""
        self._engine.taken.append(piece)

    async def analyze(self, piece: bytes) -> Findings:
        """Begin, and never end."""
        return await self._engine.analyze(piece)

    async def watch(self, piece: bytes) -> AsyncGenerator[Findings, None]:
        """Begin, and never end."""
        yield await self._engine.analyze(piece)

    async def rest(self) -> AsyncGenerator[Findings, None]:
        """Begin, and never end."""
        yield await self._engine.analyze(b"")

    async def close(self) -> None:
        """Close it."""
        self._engine.open -= 1


@contextmanager
def serving(folder: Path, engine: Engine | None = None, **settings: Any) -> Iterator[Running]:
    """Run a service, without an engine if none is given."""
    server = Server(Settings(folder, port=0, **settings), engine or NoEngine())
    thread = threading.Thread(target=server.serve_until_stopped)
    thread.start()
    while not server.ready.is_set() and thread.is_alive():
        time.sleep(0.01)
    try:
        yield Running(server.url, server.service)
    finally:
        server.should_exit = True
        thread.join(20)


def emptied(running: Running, *, within: float = 60.0) -> float:
    """Wait until no stream and no upload is open; the seconds it took. They have no event that could be waited for."""
    began = time.monotonic()
    while running.service.sessions.open:
        assert time.monotonic() - began < within, "a place is still taken"
        time.sleep(0.005)
    return time.monotonic() - began
