"""The messages of v1 and v2 sessions as JSON Schema (2020-12), by what says which: their `type`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.protocol.limits import INCLUDES, LONGEST_TEXT, QUALITY_INCLUDES
from interhuman_stream.protocol.schemas import (
    CORRELATION,
    PERCEPTION_FIELDS,
    SECONDS,
    TEXT,
    choice,
    closed,
    listed,
    reference,
)
from interhuman_stream.protocol.wishes import CLOSE, ENCODING, RATES
from interhuman_stream.signals import EngagementState, Modality, Probability

if TYPE_CHECKING:
    from interhuman_stream.protocol.live import Version

Schema = dict[str, Any]

NULL: Final[Schema] = {"type": "null"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
RANGES: Final = {**listed(closed({"start": SECONDS, "end": SECONDS})), "minItems": 1}
OFFERED: Final = listed(choice(QUALITY_INCLUDES))
"""What a session says that it may be asked for; ours is not among it, as published clients know but these."""
INCLUDE: Final = listed(choice(INCLUDES))
LOOK: Final = closed(
    {
        name: {"type": "array", "items": {"type": "number"}, "minItems": size, "maxItems": size, "description": said}
        for name, size, said in (
            ("box", 4, "Left, top, right and bottom of the face, as shares of the picture as it is shown."),
            ("pose", 3, "Degrees: pitch (chin up positive), yaw (towards the picture's right positive), roll."),
            ("gaze", 2, "Degrees against the camera: up positive, towards the picture's right positive."),
        )
    }
)


def events(version: Version) -> dict[str, Schema]:
    """Every message of a session of a version, whole."""
    model = {"model": listed(choice(version.models))} if version.models else {}
    signal = {
        "signal_type": choice(sorted(version.types)),
        "start": SECONDS,
        "probability": choice(Probability),
        "rationale": TEXT,
        **({"modality": listed(choice(Modality))} if version.modality else {}),
    }
    data = {
        "session.ready": closed(
            {
                "session_idle_timeout_seconds": COUNT,
                "session_max_duration_seconds": COUNT,
                "max_segment_duration_seconds": NULL,
                "min_segment_size_bytes": COUNT,
                "max_segment_size_bytes": COUNT,
                "supported_session_config_options": closed({"include": OFFERED, "goal_dimensions": NULL, **model}),
            }
        ),
        "session.updated": closed(
            {"include": INCLUDE, "goal_dimensions": NULL, "model": choice(version.models) if version.models else NULL}
        ),
        "session.closing": closed({"max_drain_seconds": COUNT}),
        "session.ended": closed({"reason": {"const": "client_shutdown"}}),
        "signal.detected": closed(signal),
        "signal.updated": closed(signal),
        "signal.ended": closed({"signal_type": signal["signal_type"], "end": SECONDS}),
        "engagement.updated": closed({"state": choice(EngagementState), "start": SECONDS}),
        "conversation_quality.updated": closed(
            {
                "overall": reference("Indices"),
                "timeline": listed(reference("QualityEntry")),
            },
            {"overall", "timeline"},
        ),
        "perception.updated": {
            **closed(
                {"start": SECONDS, "end": SECONDS, **PERCEPTION_FIELDS, "look": {"oneOf": [LOOK, NULL]}},
            ),
            "description": "What there was to go by in a stretch: an addition of this service, for who asks for it.",
        },
        "coverage.degraded": closed({"ranges": RANGES, "reason": {"const": "video_gap"}}),
        "coverage.dropped": closed({"ranges": RANGES}),
        "error": closed(
            {
                "code": {"type": "string", "pattern": "^ih[0-9]{4}$"},
                "message": TEXT,
                "link": {"type": "string", "format": "uri"},
                "segment": {**COUNT, "description": "Which binary frame, from 1."},
            },
            {"segment"},
        ),
    }
    return {kind: _envelope(kind, each) for kind, each in data.items()}


def wishes(version: Version) -> Schema:
    """What a client may say in a text frame, but for the end."""
    properties: Schema = {"include": INCLUDE, "goal_dimensions": NULL}
    if version.models:
        properties["model"] = choice(version.models)
        properties["audio_format"] = closed(
            {"encoding": {"const": ENCODING}, "sample_rate": {"enum": list(RATES)}, "channels": {"const": 1}}
        )
    return {
        **closed(properties, properties),
        "description": f"At most {LONGEST_TEXT} characters. What is included is said anew each time.",
    }


CLOSING: Final = closed({"type": {"const": CLOSE}})
"""The text frame that asks for the end."""


def _envelope(kind: str, data: Schema) -> Schema:
    return closed(
        {
            "type": {"const": kind},
            "timestamp": {"type": "string", "format": "date-time"},
            "correlation_id": CORRELATION,
            "data": data,
        }
    )
