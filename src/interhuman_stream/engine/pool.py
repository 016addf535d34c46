"""The interface between whoever serves segments and whoever analyses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from interhuman_stream.findings import Findings


class EngineSession(Protocol):
    """One byte stream under analysis, with the memory of the person in it."""

    async def prime(self, header: bytes) -> None:
        """Open the stream with a container's header that came alone, too short to be a segment.

        Bytes that are not a header alone are ignored.
        """

    async def analyze(self, segment: bytes) -> Findings:
        """Analyse the next segment: a complete file, or a continuation of the stream so far.

        Raises:
            MalformedSegment: Nothing in the bytes decodes. The session goes on.
            EngineError: The worker was lost. The session goes on, without the person's baseline.
            AnalysisBroke: The analysis broke. The session goes on.
        """

    async def close(self) -> None:
        """Forget the stream and the person."""


class Engine(Protocol):
    """Runs sessions.

    Attributes:
        workers: How many segments it analyses at once.
        cost: Seconds of a core that a second of video is expected to take; None before the start.
        lost: Called with the reason, in a word, whenever a worker was lost; from any thread.
        replaced: Called with the seconds it took until another was ready in its place; from any thread.
    """

    workers: int
    cost: float | None
    lost: Callable[[str], None]
    replaced: Callable[[float], None]

    @property
    def ready(self) -> bool:
        """Whether a segment that came now would be analysed, at once or after those before it."""

    @property
    def unconfined(self) -> list[str]:
        """What its confinement of strangers' video lacks on this system, in words."""

    async def start(self) -> None:
        """Load the models and try them; return when the first segment can be taken.

        Raises:
            ModelMissing: A model file is absent; the message names the command that fetches it.
            EngineError: They do not work here.
        """

    async def session(self) -> EngineSession:
        """Open a session."""

    async def analyze(self, file: bytes) -> Findings:
        """Analyse a whole file, without making sessions wait for it.

        Raises:
            MalformedSegment: Nothing in the bytes decodes.
            EngineError: The worker was lost.
        """

    async def stop(self) -> None:
        """End all sessions and give back every process."""
