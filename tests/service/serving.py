"""A service of a test's own."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from interhuman_stream.service.run import Server
from interhuman_stream.service.settings import Settings
from tests.conftest import Running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class NoEngine:
    """Analyses nothing: these tests are about what comes before."""

    workers = 1
    cost = None
    ready = True
    unconfined: tuple[str, ...] = ()
    lost: Any = None
    replaced: Any = None

    async def start(self) -> None:
        """Start."""

    async def stop(self) -> None:
        """Stop."""

    async def session(self) -> Any:
        """Fail as nothing that was foreseen fails."""
        raise RuntimeError("no engine here")

    async def analyze(self, file: bytes) -> Any:
        """Fail likewise."""
        raise RuntimeError(f"no engine here for {len(file)} bytes")


@contextmanager
def serving(folder: Path, engine: Any = None, **settings: Any) -> Iterator[Running]:
    """Run a service, without an engine if none is given."""
    server = Server(Settings(folder, port=0, **settings), engine or NoEngine())
    thread = threading.Thread(target=server.serve_until_stopped)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield Running(server.url, server.service)
    finally:
        server.should_exit = True
        thread.join(20)
