"""A worker process: a host of sessions behind a pipe, sealed before it reads the first byte of video."""

from __future__ import annotations

import os

# Before the numerical libraries load: they start a thread a core each, and with a worker a core they would fight over
# them. The server preloads this module for its workers (see process.py).
os.environ |= {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "CT2_VERBOSE": "-2",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}


import contextlib
import mmap
import queue
import signal
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy.ma  # noqa: F401 - np.median and its like load it when first called, and a sealed process loads nothing

from interhuman_stream.analysis.cues.utterances import purposes
from interhuman_stream.analysis.model_files import models_dir as default_models_dir
from interhuman_stream.analysis.perception.models import Models, load_models
from interhuman_stream.analysis.selftest import check, expected_cost
from interhuman_stream.analysis.session import AnalysisSession
from interhuman_stream.engine.host import Failed, Found, Host, Piece, Seen
from interhuman_stream.engine.local.jail import die_with, enclose, seal
from interhuman_stream.engine.local.messages import (
    OUT_OF_MEMORY,
    Cancel,
    Open,
    Put,
    Ready,
    Request,
    Unfit,
    decode_request,
    encode,
)
from interhuman_stream.engine.local.validation import fault, plain
from interhuman_stream.faults import Fault, ModelMissing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from interhuman_stream.engine.host import Answer
    from interhuman_stream.engine.resume import Resume
    from interhuman_stream.terms import Terms

LEAST_LEFT: Final = 256 * 1024 * 1024
"""Bytes of address space without which a worker makes room for another: FFmpeg says of a picture that does not fit
only that it is damaged, and the good ones behind it would be so as well."""
PRIVATE: Final = {} if sys.platform == "win32" else {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS}

Inbox: TypeAlias = "queue.SimpleQueue[tuple[Request, bytes] | int]"
"""What is asked, each with its bytes, and at last the status to exit with."""


def work(pipe: Connection, memory: int, models_dir: Path | None, niceness: int) -> None:
    """Live as a worker until the pipe is closed."""
    # Ctrl-C reaches the whole process group; the server alone decides when its workers stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    die_with(parent)
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    unconfined = enclose(memory, [models_dir or default_models_dir()], {pipe.fileno()})
    status = 0
    with contextlib.suppress(ConnectionError):  # where the server has ended, nobody is left to be told
        models = _tried(pipe, models_dir, unconfined, parent)
        if models:
            status = serve(pipe, Host(partial(_begin, models)))
    sys.stderr.flush()
    os._exit(status)  # nothing to tidy up, and nowhere to write it to


def _tried(pipe: Connection, models_dir: Path | None, unconfined: list[str], parent: int) -> Models | None:
    """Load the models, try them and lock the door behind them, and say how that went."""
    models: Models | None = None
    said: Ready | Unfit
    try:
        models = load_models(models_dir)
        with _larger(models):
            check(models)
        cost = expected_cost(models)
        rehearse()
        said = Ready([*unconfined, *seal(parent)], cost)
    except Fault as fault_:
        said = Unfit("model" if isinstance(fault_, ModelMissing) else "else", plain(str(fault_)))
    except Exception:  # noqa: BLE001 - whatever it is, the server is told and says it
        said = Unfit("else", plain(traceback.format_exc()))
    pipe.send_bytes(encode(said))
    return models if isinstance(said, Ready) else None


@contextlib.contextmanager
def _larger(models: Models) -> Iterator[None]:
    """Load beside the test what may be wanted later: nothing can be loaded once the door is locked."""
    if models.larger is None:
        yield
        return
    with ThreadPoolExecutor(1, "larger") as executor:
        loading = executor.submit(models.larger)
        yield
        loading.result()


def rehearse() -> None:
    """Do once what would load something when it is first done: a sealed process loads nothing."""
    purposes()
    try:
        raise ValueError("\0")  # noqa: TRY301 - it is for its trace
    except ValueError:
        plain(traceback.format_exc())


def serve(pipe: Connection, host: Host) -> int:
    """Work on what comes out of the pipe, turn by turn; the status to exit with when the process is not to go on."""
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=_read, args=(pipe, inbox), name="reader", daemon=True).start()
    # Who is at work learns by what it says that the server has ended: by a reset where something was still unread.
    with contextlib.suppress(ConnectionError):
        return _turns(pipe, inbox, host)
    return 0


def _turns(pipe: Connection, inbox: Inbox, host: Host) -> int:
    idle = True
    while True:
        status = _take_in(inbox, host, wait=idle)
        if status is not None:
            return status
        turn = host.turn()
        idle = turn.piece is None
        pipe.send_bytes(encode(turn))
        if idle:
            continue
        answer = host.step()
        if answer is not None:
            answer = _told(answer)
            pipe.send_bytes(encode(answer))
            if isinstance(answer, Failed) and answer.ending:
                return OUT_OF_MEMORY


def _begin(models: Models, resume: Resume, terms: Terms) -> AnalysisSession:
    return AnalysisSession(models, header=resume.header, position=resume.position, terms=terms)


def _read(pipe: Connection, inbox: Inbox) -> None:
    """Take in what is asked while a step runs, so that the server never waits for one to be told that it is over."""
    try:
        while True:
            request = decode_request(pipe.recv_bytes())
            data = pipe.recv_bytes() if isinstance(request, Put) else b""
            inbox.put((request, data))
            del request, data  # not kept until the next comes
    except MemoryError:
        inbox.put(OUT_OF_MEMORY)
    except (EOFError, OSError):  # the server has ended, or does not want this worker any more
        inbox.put(0)


def _take_in(inbox: Inbox, host: Host, *, wait: bool) -> int | None:
    """Hand the host what has come, ``wait`` for the first of it; the status to exit with, if it is to end."""
    while wait or not inbox.empty():
        asked = inbox.get()
        if isinstance(asked, int):
            return asked
        wait = False
        request, data = asked
        if isinstance(request, Open):
            host.open(request.session, request.resume, request.terms)
        elif isinstance(request, Put):
            host.put(Piece(request.piece, request.session, data, request.work, request.seconds))
        elif isinstance(request, Cancel):
            host.cancel(request.session, request.piece)
        else:
            host.close(request.session)
        del asked, request, data  # not kept until the next comes
    return None


def _told(answer: Answer | Seen) -> Answer | Seen:
    """What of an answer leaves the process: what somebody said word by word stays here."""
    if isinstance(answer, Seen):
        seen = Seen(answer.piece, replace(answer.findings, cues=(), words=()))
        if wrong := fault(seen):
            raise ValueError(f"the analysis gives what is impossible: {wrong}")
        return seen
    if isinstance(answer, Found):
        found = answer.findings
        told = Found(answer.piece, answer.resume, found and replace(found, cues=(), words=()))
        # Not the server's to find out: it would take this process for one that somebody has taken over.
        wrong = fault(told)
        return Failed(answer.piece, answer.resume, "malformed", f"the video cannot be: {wrong}") if wrong else told
    ending = answer.ending or not _room_left()
    return Failed(answer.piece, answer.resume, answer.why, plain(answer.message), ending=ending)


def _room_left() -> bool:
    """Whether there is address space for a large picture: by asking for as much and giving it back."""
    try:
        mmap.mmap(-1, LEAST_LEFT, **PRIVATE).close()
    except OSError:
        return False
    return True
