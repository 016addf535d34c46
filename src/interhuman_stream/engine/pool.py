"""The interface between whoever serves segments and whoever analyses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from interhuman_stream.analysis.session import SegmentAnalysis


class EngineError(Exception):
    """The engine failed, not the segment: the worker died or cannot be had. The next segment may work."""


class EngineSession(Protocol):
    """One byte stream under analysis, with the memory of the person in it."""

    async def prime(self, header: bytes) -> None:
        """Open the stream with a container's header that came alone, too short to be a segment.

        Bytes that are not a header alone are ignored.
        """

    async def analyze(self, segment: bytes) -> SegmentAnalysis:
        """Analyse the next segment: a complete file, or a continuation of the stream so far.

        Raises:
            MalformedSegment: Nothing in the bytes decodes. The session goes on.
            EngineError: The worker was lost. The session goes on, without the person's baseline.
        """

    async def close(self) -> None:
        """Forget the stream and the person."""


class Engine(Protocol):
    """Runs sessions."""

    async def start(self) -> None:
        """Load the models; return when the first segment can be taken.

        Raises:
            ModelMissing: A model file is absent; the message names the command that fetches it.
        """

    async def session(self) -> EngineSession:
        """Open a session."""

    async def stop(self) -> None:
        """End all sessions and give back every process."""
