"""Tries an input with any version of the program, as a user would: by its commands, and over the wire."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from websockets.asyncio.client import connect

from interhuman_stream.protocol.limits import SCOPES
from tools.matrix.media import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PATIENCE: Final = 120.0
READY: Final = re.compile(r"\bready\b.*\bpage\W+(http://[\d.:]+)")
"""What any version logs once it takes streams."""
CLEAN: Final = re.compile(r"[^a-z' ]")


@dataclass(frozen=True, slots=True)
class Span:
    """A signal, in seconds of the recording, and how sure it is: what only was heard is less so."""

    type: str
    start: float
    end: float
    sure: str = ""


@dataclass(slots=True)
class Given:
    """What a version gave.

    Attributes:
        spans: Agreement and disagreement.
        words: What was heard; none where the way does not tell.
        seconds: How long it took the recording to be; none likewise.
        refused: What it said of what it did not take.
    """

    spans: list[Span] = field(default_factory=list)
    words: str | None = None
    seconds: float | None = None
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Program:
    """One version, and a service of its own.

    Attributes:
        command: Its `interhuman-stream`.
        url: Where its service listens.
        secret: Environment by which its commands may use the service.
    """

    command: Path
    url: str
    secret: Mapping[str, str]

    def run(
        self, *arguments: object, variables: Mapping[str, str] | None = None, into: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """One of its commands; what it prints goes into a file where one is given."""
        environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        environment |= {**self.secret, "COLUMNS": "500", "NO_COLOR": "1", **(variables or {})}
        with contextlib.ExitStack() as opened:
            out: Any = subprocess.PIPE if into is None else opened.enter_context(into.open("w"))
            return subprocess.run(
                [os.fsencode(self.command), *(os.fsencode(str(each)) for each in arguments)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                timeout=PATIENCE,
                check=False,
            )


@contextlib.contextmanager
def started(command: Path) -> Iterator[Program]:
    """A version with its service running, until the context is left.

    Raises:
        TimeoutError: The service did not become ready.
    """
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        data = ("--data-dir", str(Path(folder) / "data"))
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        made = subprocess.run([command, "keys", "create", *data, *scopes], capture_output=True, text=True, check=True)
        key = dict(re.findall(r"(key_id|key_secret)\W+(\S+)", made.stdout + made.stderr))
        with log.open("w") as errors:
            serving = subprocess.Popen([command, "serve", *data, "--port", "0"], stderr=errors, stdout=errors)
        try:
            deadline = time.monotonic() + PATIENCE
            while not (ready := READY.search(log.read_text(errors="replace"))):
                if time.monotonic() > deadline or serving.poll() is not None:
                    raise TimeoutError(log.read_text(errors="replace"))
                time.sleep(0.3)
            url = ready[1]
            secret = {"INTERHUMAN_API_KEY_ID": key["key_id"], "INTERHUMAN_API_KEY_SECRET": key["key_secret"]}
            yield Program(command, url, secret)
        finally:
            serving.send_signal(signal.SIGINT)
            serving.wait(PATIENCE)


def analyzed(program: Program, path: Path) -> Given:
    """What `analyze` finds in a file."""
    done = program.run("analyze", path, "--json")
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return Given(refused=[last(done)])
    spans = [
        Span(each["type"], each["start"], each["end"], each["probability"])
        for each in said["signals"]
        if each["type"] in SIGNALS
    ]
    return Given(spans, plain(word["word"] for word in said["words"]), said["duration"])


def streamed(program: Program, path: Path) -> Given:
    """Whether both signals come of the segments that `stream` makes of a file; when, depends on where those begin."""
    done = program.run("stream", path, "--url", program.url, "--fast")
    given = _told(map(json.loads, done.stdout.splitlines()))
    given.spans = [Span(type_, 0.0, 1.0) for type_ in sorted({span.type for span in given.spans})]
    given.refused += [last(done)] if done.returncode else []
    return given


def sent(program: Program, pieces: Sequence[bytes]) -> Given:
    """What the service answers to these frames, each awaited."""
    return asyncio.run(_sent(program, pieces))


async def _sent(program: Program, pieces: Sequence[bytes]) -> Given:
    token = json.loads(program.run("token", "--url", program.url).stdout)["access_token"]
    said: list[dict[str, Any]] = []
    url = program.url.replace("http", "ws", 1) + "/v0/stream/analyze"
    async with connect(url, additional_headers={"Authorization": f"Bearer {token}"}, max_size=None, proxy=None) as wire:
        for piece in pieces:
            await wire.send(piece)
            answered = False
            while not answered:
                async with asyncio.timeout(PATIENCE):
                    said.append(json.loads(await wire.recv()))
                answered = said[-1]["status"] in {"completed", "error"}
    return _told(said)


def _told(messages: Iterable[dict[str, Any]]) -> Given:
    given = Given()
    for said in messages:
        given.spans += [
            Span(each["type"], each["start"], each["end"])
            for each in said.get("signals", [])
            if each["type"] in SIGNALS
        ]
        given.refused += [str(said["error"])] if said["status"] == "error" else []
    return given


def plain(words: Iterable[str]) -> str:
    """The words alone, as the talk is written."""
    return " ".join(CLEAN.sub("", word.lower()).strip() for word in words)


def last(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of what a command said to the user."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return f"exit {done.returncode}: {lines[-1] if lines else ''}"
