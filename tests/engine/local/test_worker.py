"""The worker's loop at the other end of a pipe, in a thread: what it says, and when."""

from __future__ import annotations

import multiprocessing
import threading
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.engine.host import Failed, Found, Host, Turn
from interhuman_stream.engine.local.messages import (
    OUT_OF_MEMORY,
    Cancel,
    Close,
    Open,
    Put,
    Request,
    decode_reply,
    encode,
)
from interhuman_stream.engine.local.worker import serve
from interhuman_stream.engine.resume import Resume
from tests.engine.local.scripted import Scripted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from interhuman_stream.engine.local.messages import Reply

FOREVER = 1e6


class Worker:
    """The loop, and the server's end of its pipe."""

    def __init__(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.status: int | None = None
        self.thread = threading.Thread(target=self._live, args=(theirs,))
        self.thread.start()

    def _live(self, pipe: Connection) -> None:
        self.status = serve(pipe, Host(Scripted))

    def ask(self, request: Request, data: bytes | None = None) -> None:
        """Ask it for something."""
        self.pipe.send_bytes(encode(request))
        if data is not None:
            self.pipe.send_bytes(data)

    def say(self) -> Reply:
        """What it says next."""
        return decode_reply(self.pipe.recv_bytes())


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.pipe.close()
    worker.thread.join()


def test_each_step_is_announced_and_each_piece_answered(worker: Worker) -> None:
    worker.ask(Open(1, Resume(b"head", 5.0)))
    assert worker.say() == Turn(None)
    worker.ask(Put(1, 1, "steps", 30.0), b"1 1")
    assert [worker.say() for _ in range(3)] == [Turn(1, Resume(b"head", at)) for at in (5.0, 6.0, 7.0)]
    found = worker.say()
    assert isinstance(found, Found)
    assert found.findings
    assert (found.findings.start, found.findings.end, found.resume.position) == (5.0, 7.0, 7.0)
    assert found.findings.words == ()  # they stay in the worker
    assert worker.say() == Turn(None)


@pytest.mark.parametrize("request_", [Cancel(1, 1), Close(1)])
def test_what_is_given_up_while_it_runs_is_not_answered(worker: Worker, request_: Request) -> None:
    worker.ask(Open(1, Resume()))
    worker.ask(Put(1, 1, "steps", FOREVER), b"1 " * 1_000_000)
    while worker.say() == Turn(None):
        pass
    worker.ask(request_)
    while (said := worker.say()) != Turn(None):
        assert isinstance(said, Turn)
    worker.ask(Open(2, Resume()))
    worker.ask(Put(2, 2, "take", FOREVER), b"1")
    while not isinstance(said := worker.say(), Found):
        assert isinstance(said, Turn)
    assert (said.piece, said.findings) == (2, None)


def test_it_ends_with_its_server(worker: Worker) -> None:
    worker.ask(Open(1, Resume()))
    assert worker.say() == Turn(None)
    worker.pipe.close()
    worker.thread.join()
    assert worker.status == 0


@pytest.mark.parametrize("unread", [False, True], ids=["broken pipe", "reset"])
def test_it_ends_with_its_server_in_the_middle_of_a_piece(worker: Worker, unread: bool) -> None:
    worker.ask(Open(1, Resume()))
    worker.ask(Put(1, 1, "steps", FOREVER), b"1 " * 1_000_000)
    while worker.say() == Turn(None):
        pass
    while unread and not worker.pipe.poll():
        pass
    worker.pipe.close()
    worker.thread.join()
    assert worker.status == 0


def test_it_ends_where_memory_does(worker: Worker) -> None:
    worker.ask(Open(1, Resume()))
    worker.ask(Put(1, 1, "steps", 30.0), b"memory")
    while not isinstance(said := worker.say(), Failed):
        assert isinstance(said, Turn)
    assert (said.why, said.ending) == ("memory", True)
    worker.thread.join()
    assert worker.status == OUT_OF_MEMORY
