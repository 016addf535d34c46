"""One person's stream from bytes to signals, with the memory that carries across segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interhuman_stream.analysis.media import MediaStream
from interhuman_stream.signals import ConversationQuality, EngagementSpan, EngagementState

if TYPE_CHECKING:
    from interhuman_stream.analysis.perception import Models
    from interhuman_stream.signals import Signal


@dataclass(frozen=True, slots=True)
class SegmentAnalysis:
    """What was found in one segment. All times are seconds from the start of the session.

    Attributes:
        start: Where the segment begins.
        end: Where it ends.
        signals: What was found, ordered by start; every one lies inside the segment.
        engagement: The engagement level over the whole segment, without gaps.
        quality: The conversation's quality in this segment.
        has_video: Whether any picture decoded.
        has_audio: Whether any sound decoded.
    """

    start: float
    end: float
    signals: tuple[Signal, ...]
    engagement: tuple[EngagementSpan, ...]
    quality: ConversationQuality
    has_video: bool
    has_audio: bool


class AnalysisSession:
    """One byte stream and the person in it."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._media = MediaStream()

    def prime(self, header: bytes) -> None:
        """Open the stream with a container header that came alone; anything else is ignored."""
        self._media.prime(header)

    def feed(self, data: bytes) -> SegmentAnalysis:
        """Analyse the next segment.

        Args:
            data: A complete file, or the next bytes of the stream the session is in.

        Raises:
            MalformedSegment: Nothing in ``data`` decodes; the session goes on.
        """
        for _ in self._media.feed(data):
            pass
        extent = self._media.extent
        return SegmentAnalysis(
            start=extent.start,
            end=extent.end,
            signals=(),
            engagement=(EngagementSpan(extent.start, extent.end, EngagementState.NEUTRAL),),
            quality=ConversationQuality(),
            has_video=extent.has_video,
            has_audio=extent.has_audio,
        )

    def close(self) -> None:
        """End the decoder."""
        self._media.close()
