"""A worker without models: each piece says what its analysis does. The host, the pipe and the process are real."""

from __future__ import annotations

import math
import os
import signal
import time
from typing import TYPE_CHECKING, Final

from interhuman_stream.engine.host import Host
from interhuman_stream.engine.local.messages import Ready, Unfit, encode
from interhuman_stream.engine.local.worker import serve
from interhuman_stream.findings import Findings, Word
from interhuman_stream.signals import ConversationQuality

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from interhuman_stream.engine.resume import Resume
    from interhuman_stream.terms import Terms

PIPE: list[Connection] = []
"""The worker's own, for pieces that misuse it."""
SAID: Final = (Word("secret", 0.0, 1.0, 1.0, "secret"),)
NOWHERE: Final = encode({"type": "Turn", "piece": 1, "resume": {"position": math.nan}})
"""What no worker of ours says: a position that is no time."""


def live(pipe: Connection, memory: int, models_dir: Path | None, niceness: int) -> None:
    """Live as ``worker.work`` does, without models and unconfined."""
    del memory, models_dir, niceness
    PIPE.append(pipe)
    pipe.send_bytes(encode(Ready(["a jail"], 0.25)))
    os._exit(serve(pipe, Host(Scripted)))


def unready(pipe: Connection, memory: int, models_dir: Path | None, niceness: int) -> None:
    """End before it is ready."""
    del memory, models_dir, niceness
    pipe.close()


def unfit(pipe: Connection, memory: int, models_dir: Path | None, niceness: int) -> None:
    """Say that a model is missing, and end."""
    del memory, models_dir, niceness
    pipe.send_bytes(encode(Unfit("model", "the face is missing")))
    os._exit(0)


class Scripted:
    """A piece is words: steps of so many milliseconds, or what to do, one after the other; `head:x` is a header."""

    def __init__(self, resume: Resume, terms: Terms) -> None:
        self.header = resume.header
        self.position = resume.position
        self.terms = terms

    def steps(self, data: bytes) -> Generator[None, None, Findings]:
        """Do what it says, a second of the session each."""
        start = self.position
        yield from self.take(data)
        return Findings(start, self.position, (), (), ConversationQuality(), words=SAID)

    def whole(self, data: bytes) -> Generator[None, None, Findings]:
        """Take the same steps."""
        return self.steps(data)

    def take(self, data: bytes) -> Generator[None, None, None]:
        """Do what it says."""
        for word in data.split():
            self._do(word)
            self.position += 1.0
            yield

    def watch(self, data: bytes) -> Generator[Findings | None, None, None]:
        """Do what it says, and see something in each second."""
        for _ in self.take(data):
            yield self._seen()

    def rest(self) -> Generator[Findings | None, None, None]:
        """See nothing more."""
        yield from ()

    def _seen(self) -> Findings:
        return Findings(self.position - 1.0, self.position, (), (), ConversationQuality(), words=SAID)

    def close(self) -> None:
        """Close nothing."""

    def _do(self, word: bytes) -> None:
        if word.isdigit():
            time.sleep(int(word) / 1000)
        elif word.startswith(b"head:"):
            self.header = word.removeprefix(b"head:")
        else:
            MISDEEDS[word]()


def burn() -> None:
    """Compute for ever."""
    while True:
        pass


def run_out_of_memory() -> None:
    """Say so, as an allocation does."""
    raise MemoryError


MISDEEDS: Final[dict[bytes, Callable[[], object]]] = {
    b"crash": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"hang": lambda: time.sleep(3600),
    b"burn": burn,
    b"memory": run_out_of_memory,
    b"garbage": lambda: PIPE[0].send_bytes(b"\xc1 is never used by MessagePack"),
    b"flood": lambda: PIPE[0].send_bytes(bytes(17 * 1024 * 1024)),
    b"nowhere": lambda: PIPE[0].send_bytes(NOWHERE),
}
