"""A worker that somebody has taken over: it says of a piece whatever the piece asks it to, and is honest otherwise."""

from __future__ import annotations

import math
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.engine.host import Failed, Found, Seen, Turn
from interhuman_stream.engine.local.messages import Open, Put, Ready, decode_request, encode
from interhuman_stream.engine.resume import Resume
from interhuman_stream.findings import Findings, Spent
from interhuman_stream.signals import ConversationQuality

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

INF, NAN = math.inf, math.nan
SECONDS: Final = 5.0


def honest(start: float) -> Findings:
    """What is found in an honest piece of five seconds."""
    return Findings(start, start + SECONDS, (), (), ConversationQuality(), True, True, spent=Spent(0.5, 0.5))


class Forger:
    """The worker at its end of the pipe."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.position = dict[int, float]()

    def work(self) -> None:
        """Answer until the pipe is closed."""
        self.say(Ready([], 0.2))
        while True:
            request = decode_request(self.pipe.recv_bytes())
            if isinstance(request, Open):
                self.position[request.session] = request.resume.position
            elif isinstance(request, Put):
                self.answer(request, self.pipe.recv_bytes().strip().decode())

    def say(self, reply: Any) -> None:
        """Say anything."""
        self.pipe.send_bytes(encode(reply))

    def repeat(self, reply: Any) -> None:
        """Say the same for ever."""
        while True:
            self.say(reply)

    def half(self) -> None:
        """Begin to say something, and be silent."""
        os.write(self.pipe.fileno(), b"\0\0\1\0half")
        time.sleep(3600)

    def answer(self, put: Put, word: str) -> None:
        """Say of a piece what it asks for; whatever comes of it, the honest answer follows."""
        start = self.position[put.session]
        found, behind = honest(start), Resume(b"", start + SECONDS)
        if word != "unannounced":
            self.say(Turn(put.piece, Resume(b"", start)))
        if word in FINDINGS:
            found = replace(found, **FINDINGS[word])
        elif word in REPLIES:
            REPLIES[word](self, put, behind)
        self.say(Found(put.piece, behind, found))
        self.position[put.session] = behind.position
        self.say(Turn(None))


FINDINGS: Final[dict[str, dict[str, Any]]] = {
    "endless": {"end": INF},
    "nan": {"start": NAN, "end": NAN},
    "huge": {"end": 1e300},
    "backwards": {"start": 5.0, "end": -1e18},
    "negative": {"start": -1e18, "end": -1e17},
    "no cost": {"spent": Spent(NAN, -INF)},
    "quality": {"quality": ConversationQuality(clarity=NAN)},
}
REPLIES: Final[dict[str, Callable[[Forger, Put, Resume], object]]] = {
    "another's": lambda forger, put, behind: forger.say(Found(put.piece + 1, behind, honest(0.0))),
    "twice": lambda forger, put, behind: forger.say(Found(put.piece, behind, honest(behind.position - SECONDS))),
    "nothing": lambda forger, put, behind: forger.say(Found(put.piece, behind, None)),
    "seen": lambda forger, put, behind: forger.say(Seen(put.piece, honest(behind.position))),
    "back": lambda forger, put, _behind: forger.say(Found(put.piece, Resume(b"", -1.0 + 1.0), None)),
    "far": lambda forger, put, _behind: forger.say(Found(put.piece, Resume(b"", 1e8), honest(0.0))),
    "ready": lambda forger, _put, _behind: forger.say(Ready([], 1e-9)),
    "message": lambda forger, put, behind: forger.say(Failed(put.piece, behind, "malformed", "\x1b[2J" * 99)),
    "pickle": lambda forger, _put, _behind: forger.pipe.send(eval),  # what would be run by who unpickles
    "deep": lambda forger, _put, _behind: forger.pipe.send_bytes(b"\x91" * 100_000),
    "long": lambda forger, _put, _behind: forger.pipe.send_bytes(bytes(5 * 1024 * 1024)),
    "empty": lambda forger, _put, _behind: forger.pipe.send_bytes(b""),
    "half": lambda forger, _put, _behind: forger.half(),
    "busy": lambda forger, put, behind: forger.repeat(Turn(put.piece, behind)),
    "idle": lambda forger, _put, _behind: forger.repeat(Turn(None)),
    "prints": lambda _forger, _put, _behind: os.write(2, b'{"level": "info", "message": "ready"}\n\x1b[2J' * 9),
}


def live(pipe: Connection, memory: int, models_dir: Path | None, niceness: int) -> None:
    """Live as ``worker.work`` does, without models, taken over."""
    del memory, models_dir, niceness
    Forger(pipe).work()
