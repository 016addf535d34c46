"""The interface between whoever serves streams and whoever analyses them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from interhuman_stream.medium import TALKING_FACE
from interhuman_stream.terms import USUAL

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from interhuman_stream.findings import Findings
    from interhuman_stream.medium import Medium
    from interhuman_stream.terms import Terms


@dataclass(frozen=True, slots=True)
class Capacity:
    """What an engine has to analyse with.

    Attributes:
        workers: Streams it works on at once; more of them take turns.
        cores: Cores it may use.
        cost: Seconds of a core that a second of video is expected to take; None before the start.
    """

    workers: int
    cores: int
    cost: float | None


class EngineSession(Protocol):
    """One byte stream under analysis, with the memory of the person in it.

    Its pieces are worked on in the order they were given, and take turns with other sessions' by the seconds used.
    """

    async def analyze(self, piece: bytes) -> Findings:
        """Analyse the next piece of the stream, of any size. Cancelling it abandons the work within a second or so.

        Raises:
            MalformedSegment: The bytes are damaged, or hold no video. The session goes on.
            EngineError: The worker was lost, or the piece took too much. The session goes on, without what was known
                of the person.
            AnalysisBroke: The analysis broke. The session goes on likewise.
        """

    async def take(self, piece: bytes) -> None:
        """Take in bytes that belong to the stream though nobody asks what is in them; raises as ``analyze`` does."""

    def watch(self, piece: bytes) -> AsyncGenerator[Findings, None]:
        """Take in the next piece, and give what is in each stretch as soon as it has come; raises as ``analyze`` does.

        What is given of a stretch is what was understood with it: a signal in it may have begun earlier. Closing the
        generator abandons the work within a second or so.
        """

    def rest(self) -> AsyncGenerator[Findings, None]:
        """Give what is in the rest of what was watched: nothing follows. Raises as ``analyze`` does."""

    async def close(self) -> None:
        """Forget the stream and the person at once, whatever is running."""


class Engine(Protocol):
    """Runs sessions.

    Attributes:
        lost: Called with the reason, in a word, whenever a worker was lost; from any thread.
        replaced: Called with the seconds it took until another was ready in its place; from any thread.
    """

    lost: Callable[[str], None]
    replaced: Callable[[float], None]

    @property
    def ready(self) -> bool:
        """Whether a piece that came now would be analysed, at once or in its turn."""

    @property
    def unconfined(self) -> list[str]:
        """What its confinement of strangers' video lacks on this system, in words."""

    def capacity(self) -> Capacity:
        """What it has to analyse with, now."""

    async def start(self) -> None:
        """Load the models and try them; return when the first piece can be taken.

        Raises:
            ModelMissing: A model file is absent; the message names the command that fetches it.
            EngineError: They do not work here.
        """

    async def session(self, terms: Terms = USUAL) -> EngineSession:
        """Open a session on such terms."""

    async def analyze(self, file: bytes, medium: Medium = TALKING_FACE) -> Findings:
        """Analyse a whole file, without making sessions wait for it; judged as a stream is.

        With ``UNOPENED`` it is only told how long the file is, and whether it has a track of video and one of sound.
        Cancelling it abandons the work within a second or so.

        Raises:
            MalformedSegment: The bytes are damaged, or hold no video.
            EngineError: The worker was lost, or the file took too much.
            AnalysisBroke: The analysis broke.
        """

    async def stop(self) -> None:
        """End all sessions and give back every process."""
