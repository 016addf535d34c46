"""The v1 dialect's answer to an upload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interhuman_stream.protocol.v0 import engagement, perception, plain_signal, quality

if TYPE_CHECKING:
    from interhuman_stream.findings import Findings
    from interhuman_stream.protocol.v0 import Extension


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
    if extended and (included := quality(found, overall=extended.overall, timeline=extended.timeline)):
        body["conversation_quality"] = included
    if extended and extended.perception:
        body["perception"] = perception(found.perceived, found.start)
    return body
