"""What the v1 dialect has of its own: its sessions' terms, and its answer to an upload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.protocol.live import Version
from interhuman_stream.protocol.v0 import engagement, indices, perception, plain_signal, quality_entry
from interhuman_stream.signals import SignalType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.findings import Findings, Window
    from interhuman_stream.protocol.v0 import Extension

TIMELINE_WINDOW: Final = 10.0
"""Seconds of an entry of the quality's timeline."""

VERSION: Final = Version(every=3.0, modality=True, models=(), types=frozenset(SignalType))
"""Windows every 3 s, as the hosted service has them; all twelve signals, though published clients know two of them as
levels of engagement alone."""


def upload(found: Findings, extended: Extension | None = None, windows: Sequence[Window] = ()) -> dict[str, Any]:
    """The body of an analysed `POST /v1/upload/analyze`. Times count from the file's start.

    Args:
        found: What was found in the whole file.
        extended: What was asked for beyond signals and engagement.
        windows: What was found in windows of ``TIMELINE_WINDOW``, for the quality's timeline.
    """
    body: dict[str, Any] = {
        "signals": [
            plain_signal(signal, found.start, found.end)
            | {
                "probability": signal.probability,
                "rationale": signal.rationale(found.start),
                "modality": list(signal.modality),
            }
            for signal in found.signals
        ],
        "engagement_state": engagement(found),
    }
    if extended and (extended.overall or extended.timeline):
        # Clients read `overall` whenever the object is there, whichever flag asked for it.
        body["conversation_quality"] = {"overall": indices(found.quality)}
        if extended.timeline:
            body["conversation_quality"]["timeline"] = [
                quality_entry(window.start - found.start, window.end - found.start, window.quality)
                for window in windows
            ]
    if extended and extended.perception:
        body["perception"] = perception(found.perceived, found.start)
    return body
