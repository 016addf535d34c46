"""A worker process: a host of sessions behind a pipe, confined before it reads the first byte of video."""

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
import math
import queue
import signal
import sys
import threading
import time
import traceback
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from interhuman_stream.analysis.model_files import models_dir as default_models_dir
from interhuman_stream.analysis.perception.models import Models, load_models
from interhuman_stream.analysis.selftest import check, expected_cost
from interhuman_stream.analysis.session import AnalysisSession
from interhuman_stream.engine.host import Failed, Found, Host, Piece, Seen
from interhuman_stream.engine.local.jail import confine, die_with
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
from interhuman_stream.faults import Fault, ModelMissing

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from interhuman_stream.engine.host import Answer
    from interhuman_stream.engine.resume import Resume
    from interhuman_stream.terms import Terms

LEAST_LEFT: Final = 256 * 1024 * 1024
"""Bytes of address space without which a worker makes room for another: FFmpeg says of a picture that does not fit
only that it is damaged, and the good ones behind it would be so as well."""

Inbox: TypeAlias = "queue.SimpleQueue[tuple[Request, bytes] | int]"
"""What is asked, each with its bytes, and at last the status to exit with."""


def work(pipe: Connection, memory: int, step_seconds: float, models_dir: Path | None, niceness: int) -> None:
    """Live as a worker until the pipe is closed."""
    # Ctrl-C reaches the whole process group; the server alone decides when its workers stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with(os.getppid())
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    unconfined = confine(memory, [models_dir or default_models_dir()])
    status = 0
    # Where the server has ended, nobody is left to be told.
    with contextlib.suppress(BrokenPipeError):
        models = _tried(pipe, models_dir, unconfined)
        if models:
            _prepare(models)
            status = serve(pipe, Host(partial(_begin, models)), step_seconds)
    sys.stderr.flush()
    os._exit(status)  # nothing to tidy up, and nowhere to write it to


def _tried(pipe: Connection, models_dir: Path | None, unconfined: list[str]) -> Models | None:
    """Load the models and try them, and say how that went."""
    models: Models | None = None
    said: Ready | Unfit
    try:
        models = load_models(models_dir)
        check(models)
        said = Ready(unconfined, expected_cost(models))
    except Fault as fault:
        said = Unfit("model" if isinstance(fault, ModelMissing) else "else", str(fault))
    except Exception:  # noqa: BLE001 - whatever it is, the server is told and says it
        said = Unfit("else", traceback.format_exc())
    pipe.send_bytes(encode(said))
    return models if isinstance(said, Ready) else None


def _prepare(models: Models) -> None:
    """Load beside the first seconds of work what they may not want yet: a live stream would wait a second for it."""
    if models.larger:
        threading.Thread(target=models.larger, name="larger", daemon=True).start()


def serve(pipe: Connection, host: Host, step_seconds: float) -> int:
    """Work on what comes out of the pipe, turn by turn; the status to exit with when the process cannot go on."""
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=_read, args=(pipe, inbox), name="reader", daemon=True).start()
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
        _allow_cpu(step_seconds)
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
        return Seen(answer.piece, replace(answer.findings, cues=(), words=()))
    if isinstance(answer, Found):
        found = answer.findings
        return Found(answer.piece, answer.resume, found and replace(found, cues=(), words=()))
    if _address_space_left() < LEAST_LEFT:
        return Failed(answer.piece, answer.resume, answer.why, answer.message, ending=True)
    return answer


def _address_space_left() -> float:
    """Bytes until the limit, where the system tells (proc(5))."""
    try:
        import resource  # noqa: PLC0415 - not on Windows

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):
        return math.inf
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    return math.inf if most == resource.RLIM_INFINITY else most - pages * resource.getpagesize()


def _allow_cpu(seconds: float) -> None:
    """Have the kernel end this process with SIGXCPU after so many more seconds of CPU time (setrlimit(2))."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, most))
