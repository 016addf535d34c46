"""The three ways into the engine: a whole file, pieces over a real socket, and what the client makes of a file."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import connect

from interhuman_stream.analysis.session import AnalysisSession
from interhuman_stream.client.errors import SourceError
from interhuman_stream.client.sources.file import segments
from interhuman_stream.engine.pool import Capacity
from interhuman_stream.faults import MalformedSegment
from interhuman_stream.findings import sentences
from interhuman_stream.medium import TALKING_FACE
from interhuman_stream.protocol.limits import STREAM_SCOPE
from interhuman_stream.service.access.auth import issue
from interhuman_stream.service.run import Server
from interhuman_stream.service.settings import Settings
from interhuman_stream.terms import USUAL, Terms
from tools.matrix.media import SECONDS, written

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from interhuman_stream.analysis.perception.models import Models
    from interhuman_stream.findings import Findings, Word
    from interhuman_stream.medium import Medium
    from tools.matrix.media import Row

PIECE: Final = 5.0
SAME_WORD: Final = 0.5
"""Seconds within which the same word is the same: it may be heard again with the next piece."""
PATIENCE: Final = 120.0


@dataclass
class Seen:
    """What came of the talk on one way.

    Attributes:
        pictures: Frames of video decoded.
        signals: The types that were found.
        notices: What was put right, in sentences.
        faults: What was refused, and why.
    """

    pictures: int = 0
    signals: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _words: list[Word] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What was said."""
        return " ".join(word.text for word in self._words)

    def add(self, found: Findings) -> None:
        """Add what was found in the next piece."""
        self.signals |= {signal.type.value for signal in found.signals}
        self.notices += sentences(found.notices)
        for word in found.words:
            known = [old for old in self._words if old.text == word.text and abs(old.start - word.start) < SAME_WORD]
            self._words += [] if known else [word]


def analyzed(models: Models, row: Row) -> Seen:
    """The file as a whole, as `analyze` and an upload take it."""
    seen = Seen()
    with AnalysisSession(models) as session:
        _tried(seen, lambda: [session.feed(written(row)), session.finish()])
        seen.pictures = session.video_frames
    return seen


def streamed(models: Models, row: Row) -> Seen:
    """What `stream` makes of the file, segment by segment."""
    seen = Seen()
    with TemporaryDirectory() as folder, AnalysisSession(models) as session:
        path = Path(folder) / "talk"
        path.write_bytes(written(row))
        try:
            for segment in segments(path, PIECE):
                _tried(seen, lambda data=segment.data: [session.feed(data)])  # type: ignore[misc]
        except SourceError as error:
            seen.faults.append(str(error))
        _tried(seen, lambda: [session.finish()])
        seen.pictures = session.video_frames
    return seen


def _tried(seen: Seen, feed: Callable[[], Iterable[Findings]]) -> None:
    try:
        for found in feed():
            seen.add(found)
    except MalformedSegment as error:
        seen.faults.append(str(error))


def pieces(row: Row) -> list[bytes]:
    """The talk in pieces of about five seconds: files where the container can only be read whole, else bytes."""
    if row.whole:
        return [written(row, 0.0, PIECE), written(row, PIECE, SECONDS)]
    data = written(row)
    half = len(data) // 2
    return [data[:half], data[half:]]


def served(models: Models, rows: Iterable[Row]) -> list[Seen]:
    """What comes of the pieces of each row over a real socket, in a real service whose engine is in this process."""
    return asyncio.run(_served(models, list(rows)))


async def _served(models: Models, rows: list[Row]) -> list[Seen]:
    engine = WatchedEngine(models)
    with TemporaryDirectory() as folder:
        server = Server(Settings(Path(folder), port=0, max_sessions=9), engine)
        serving = asyncio.create_task(server.serve(sockets=[server.listener]))
        await server.ready.wait()
        key = server.service.store.live(server.service.store.create([STREAM_SCOPE]).key_id)
        assert key is not None  # noqa: S101 - just made
        token = issue(key, [STREAM_SCOPE], server.service.store.signing())
        url = server.url.replace("http", "ws", 1) + "/v0/stream/analyze"
        seen = [await _sent(url, token, pieces(row), engine) for row in rows]
        server.should_exit = True
        await serving
    return seen


async def _sent(url: str, token: str, data: list[bytes], engine: WatchedEngine) -> Seen:
    engine.seen = seen = Seen()
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(url, additional_headers=headers, max_size=None, proxy=None) as socket:
        for piece in data:
            await socket.send(piece)
        done = 0
        while done < len(data):
            said = json.loads(await asyncio.wait_for(socket.recv(), PATIENCE))
            done += said["status"] in {"completed", "error"}
            seen.faults += [said["error"]] if said["status"] == "error" else []
            seen.signals |= {signal["type"] for signal in said.get("signals", [])}
    await engine.closed.wait()
    return seen


class WatchedEngine:
    """An engine in this process, which keeps what the wire does not tell: words and pictures."""

    lost: Callable[[str], None]
    replaced: Callable[[float], None]
    ready = True

    def __init__(self, models: Models) -> None:
        self.models = models
        self.seen = Seen()
        self.closed = asyncio.Event()
        self.unconfined: list[str] = []

    def capacity(self) -> Capacity:
        """Say what there is."""
        return Capacity(workers=1, cores=1, cost=None)

    async def start(self) -> None:
        """Start: the models are there."""

    async def stop(self) -> None:
        """Stop."""

    async def session(self, terms: Terms = USUAL) -> WatchedSession:
        """Open a session; one at a time."""
        self.closed.clear()
        return WatchedSession(self, terms)

    async def analyze(self, file: bytes, medium: Medium = TALKING_FACE) -> Findings:
        """Analyse no files: those are analysed without a service."""
        raise NotImplementedError(f"{len(file)} bytes of a file: {medium}")


class WatchedSession:
    """One of its sessions."""

    def __init__(self, engine: WatchedEngine, terms: Terms) -> None:
        self._engine, self._seen = engine, engine.seen
        self._session = AnalysisSession(engine.models, terms=terms)

    async def analyze(self, piece: bytes) -> Findings:
        """Analyse, and keep what was found."""
        found = await asyncio.to_thread(self._session.feed, piece)
        self._seen.add(found)
        return found

    def watch(self, piece: bytes) -> AsyncGenerator[Findings, None]:
        """Watch nothing: v0 asks for answers."""
        raise NotImplementedError(f"{len(piece)} bytes to watch")

    def rest(self) -> AsyncGenerator[Findings, None]:
        """Watch nothing."""
        raise NotImplementedError

    async def take(self, piece: bytes) -> None:
        """Take."""
        await asyncio.to_thread(lambda: list(self._session.take(piece)))

    async def close(self) -> None:
        """Close; what nothing followed is counted, though nobody is left to be told."""
        try:
            self._seen.add(await asyncio.to_thread(self._session.finish))
        except MalformedSegment as error:
            self._seen.faults.append(f"at the end: {error}")
        self._seen.pictures = self._session.video_frames
        self._session.close()
        self._engine.closed.set()
