"""The service under load: `interhuman-stream serve` as a child, and what its processes use, as the kernel counts it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import typer

from interhuman_stream.protocol.limits import SCOPES
from interhuman_stream.service.access.store import NewKey, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

START_SECONDS: Final = 90.0
STOP_SECONDS: Final = 60.0
MEGABYTE: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process uses.

    Attributes:
        name: Its part: server, worker, or one of multiprocessing's helpers.
        resident: Bytes in memory.
        descriptors: Open file descriptors.
        cpu: Seconds of CPU so far.
    """

    pid: int
    name: str
    resident: int
    descriptors: int
    cpu: float


@dataclass(frozen=True, slots=True)
class Served:
    """A running service.

    Attributes:
        key: A key that may do everything.
        store: Its store of keys, to make and revoke some beside it.
        log: The file its log goes to.
    """

    process: subprocess.Popen[bytes]
    url: str
    key: NewKey
    store: Store
    log: Path

    def socket_url(self, api: str = "v0") -> str:
        """Where segments go, in a version of the wire."""
        return f"{self.url.replace('http', 'ws', 1)}/{api}/stream/analyze"

    def usage(self) -> list[Usage]:
        """What each of its processes uses now."""
        return list(_tree(self.process.pid, "server"))

    def workers(self) -> list[int]:
        """The process numbers of its workers."""
        return [each.pid for each in self.usage() if each.name == "worker"]


@contextlib.contextmanager
def service(*options: object) -> Iterator[Served]:
    """Run a service with a database of its own until the context is left.

    Raises:
        typer.Exit: It does not start; its log says why and is printed.
    """
    # Who ends the bench ends its service with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with TemporaryDirectory(prefix="interhuman-bench-") as folder:
        log = Path(folder) / "log"
        data = Path(folder) / "data"
        store = Store(data)
        command = [sys.executable, "-m", "interhuman_stream", "serve", "--data-dir", data, "--port", 0]
        command += ["--log-format", "json", *options]
        with log.open("wb") as errors, contextlib.closing(store):
            key = store.create(SCOPES)
            process = subprocess.Popen(list(map(str, command)), stderr=errors)
            try:
                yield Served(process, _page(process, log), key, store, log)
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _page(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the service says that it is ready, and where."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        for line in log.read_text(errors="replace").splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                said = json.loads(line)
                if said["message"] == "ready":
                    return str(said["page"])
        time.sleep(0.1)
    typer.echo(f"The service did not start. Its log:\n{log.read_text(errors='replace')}", err=True)
    raise typer.Exit(2)


def own_usage() -> Usage:
    """What this process uses."""
    return _usage(os.getpid(), "load")


def total_cpu(usage: list[Usage]) -> float:
    """Seconds of CPU of them all."""
    return sum(each.cpu for each in usage)


def _tree(pid: int, name: str) -> Iterator[Usage]:
    with contextlib.suppress(OSError, ValueError, IndexError):  # gone meanwhile
        yield _usage(pid, name)
        for child in Path(f"/proc/{pid}/task").glob("*/children"):
            for each in child.read_text(encoding="ascii").split():
                yield from _tree(int(each), _part(int(each), name))


def _part(pid: int, parent: str) -> str:
    if parent == "forkserver":
        return "worker"
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    known = {b"engine.local.fork_server": "forkserver", b"spawn_main": "worker"}
    return next((name for word, name in known.items() if word in command), "other")


def _usage(pid: int, name: str) -> Usage:
    """Read proc(5): the fields behind the name, which may hold spaces; times are in ticks."""
    process = Path(f"/proc/{pid}")
    fields = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    resident = int((process / "statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    descriptors = 0
    with contextlib.suppress(PermissionError):  # a worker's, which none but root may look at
        descriptors = sum(1 for _ in (process / "fd").iterdir())
    return Usage(pid, name, resident, descriptors, cpu)
