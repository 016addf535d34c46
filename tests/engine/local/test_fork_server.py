"""The fork server's loop, in this process: a worker that is asked for is forked, and how it ended is said."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from multiprocessing import reduction

import msgspec
import pytest

from interhuman_stream.engine.local import fork_requests

if sys.platform == "win32":
    pytest.skip("there is no fork", allow_module_level=True)
from interhuman_stream.engine.local import fork_server

SCRIPTED = "tests.engine.local.scripted"


def test_who_asks_is_told_which_process_it_is_and_how_it_ended() -> None:
    control, theirs = multiprocessing.Pipe()
    told: list[list[int | None]] = []

    def ask() -> None:
        for name in ("unready", "nothing of that name"):
            birth = fork_requests.ForkRequest(SCRIPTED, name, 1, "/nowhere", 0)
            fate, end = os.pipe()
            read, prints = os.pipe()
            pipe, worker = multiprocessing.Pipe()
            control.send_bytes(msgspec.msgpack.encode(birth))
            for handle in (worker.fileno(), prints, end):
                reduction.send_handle(control, handle, os.getpid())
            for each in (prints, end):
                os.close(each)
            worker.close()
            born = fork_requests.Forked(fork_requests._number(fate) or 0, fate)
            told.append([born.pid, born.wait(), born.wait()])
            born.kill()  # nothing: it has ended
            os.close(read)
            pipe.close()
        control.close()

    thread = threading.Thread(target=ask)
    thread.start()
    fork_server.serve(theirs)
    thread.join()
    theirs.close()
    assert [each[1:] for each in told] == [[0, 0], [1, 1]]
    assert all(each[0] and each[0] > 0 for each in told)
