"""A worker process: sessions under analysis, asked one thing after the other over a pipe."""

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


import math
import signal
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from interhuman_stream.analysis.model_files import models_dir as default_models_dir
from interhuman_stream.analysis.perception.models import Models, load_models
from interhuman_stream.analysis.selftest import check, expected_cost
from interhuman_stream.analysis.session import AnalysisSession
from interhuman_stream.engine.local.jail import confine, die_with
from interhuman_stream.engine.local.messages import (
    OUT_OF_MEMORY,
    TAKEN,
    Checked,
    Done,
    Failed,
    Found,
    Reply,
    Request,
    decode_request,
    encode,
)
from interhuman_stream.faults import Fault, MalformedSegment, ModelMissing, UnknownContainer

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

LEAST_LEFT: Final = 256 * 1024 * 1024
"""Bytes of address space without which a worker makes room for another: FFmpeg says of a picture that does not fit
only that it is damaged, and the good ones behind it would be so as well."""


def work(pipe: Connection, memory: int, models_dir: Path | None, niceness: int) -> None:
    """Live as a worker until the pipe is closed."""
    # Ctrl-C reaches the whole process group; the server alone decides when its workers stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with(os.getppid())
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    missing = confine(memory, [models_dir or default_models_dir()])
    pipe.send_bytes(encode(missing))
    status = _serve(pipe, models_dir)
    sys.stderr.flush()
    os._exit(status)  # nothing to tidy up, and nowhere to write it to


def _serve(pipe: Connection, models_dir: Path | None) -> int:
    sessions: dict[int, AnalysisSession] = {}
    models: Models | None = None
    while True:
        try:
            request = decode_request(pipe.recv_bytes())
            data = pipe.recv_bytes() if request.work in {"prime", "analyze"} else b""
            pipe.send_bytes(TAKEN)
        except EOFError:
            return 0
        reply: Reply
        try:
            _allow_cpu(request.cpu_seconds)
            models = models or load_models(models_dir)
            reply = _do(request, data, models, sessions)
        except MemoryError:
            reply = Failed("memory", "", ending=True)
        except Fault as error:
            reply = Failed(_why(error), str(error))
        except Exception:  # noqa: BLE001 - whatever it is, the server is told and logs it
            reply = Failed("else", traceback.format_exc())
        del data
        if isinstance(reply, Failed) and _address_space_left() < LEAST_LEFT:
            reply = Failed(reply.why, reply.message, ending=True)
        pipe.send_bytes(encode(reply))
        if isinstance(reply, Failed) and reply.ending:
            return OUT_OF_MEMORY


def _do(request: Request, data: bytes, models: Models, sessions: dict[int, AnalysisSession]) -> Reply:
    if request.work == "check":
        check(models)
        return Checked(expected_cost(models))
    if request.work == "close":
        if session := sessions.pop(request.session, None):
            session.close()
        return Done()
    session = sessions.get(request.session)
    if session is None:
        session = sessions[request.session] = AnalysisSession(models)
    if request.work == "prime":
        [None for _ in session.take(data)]
        return Done()
    found = session.feed(data)
    return Found(replace(found, cues=(), words=()))  # what somebody said word by word stays here


def _why(error: Fault) -> Literal["malformed", "container", "model", "else"]:
    if isinstance(error, UnknownContainer):
        return "container"
    if isinstance(error, MalformedSegment):
        return "malformed"
    return "model" if isinstance(error, ModelMissing) else "else"


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
    if seconds and sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, most))
