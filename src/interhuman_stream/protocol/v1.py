"""What the v1 dialect has of its own: its sessions' terms, and its answer to an upload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.protocol.live import Version
from interhuman_stream.protocol.v0 import engagement, perception, plain_signal, quality
from interhuman_stream.signals import SignalType

if TYPE_CHECKING:
    from interhuman_stream.findings import Findings
    from interhuman_stream.protocol.v0 import Extension

VERSION: Final = Version(every=3.0, modality=True, models=(), types=frozenset(SignalType))
"""Windows every 3 s, as the hosted service has them; all twelve signals, though published clients know two of them as
levels of engagement alone."""


def upload(found: Findings, extended: Extension | None = None) -> dict[str, Any]:
    """The body of an analysed `POST /v1/upload/analyze`. Times count from the file's start."""
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
    if extended and (included := quality(found, extended)):
        body["conversation_quality"] = included
    if extended and extended.perception:
        body["perception"] = perception(found.perceived, found.start)
    return body
