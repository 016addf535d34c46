"""Sizes, durations and containers of the contract, in one place."""

from __future__ import annotations

from typing import Final

SMALLEST_SEGMENT: Final = 10_000
LARGEST_SEGMENT: Final = 20_971_520
"""Bytes of a segment of v0, each inclusive."""
SMALLEST_UPLOAD: Final = 10_000
LARGEST_UPLOAD: Final = 33_554_432
"""Bytes of an uploaded file, each inclusive."""
SHORTEST_UPLOAD: Final = 3.0
"""Seconds of media that v1 and v2 take at least."""
LONGEST_JOB: Final = 1800.0
"""Seconds of media that a job may hold."""
LONGEST_WAIT: Final = 120
"""Seconds for which a submit may be held open for its job."""
JOB_SECONDS: Final = 3600
"""Seconds from its submit for which a job is known."""
JOB_WINDOW: Final = 5.0
"""Seconds of a job's windows."""
TOKEN_SECONDS: Final = 900
"""Seconds that the token for a key pair is valid."""
SMALLEST_FRAME: Final = 1
LARGEST_FRAME: Final = LARGEST_UPLOAD
"""Bytes of a binary frame of v1 and v2."""
LONGEST_TEXT: Final = 65_536
"""Characters of a text frame."""
CONTAINERS: Final = ("mp4", "avi", "mov", "mkv", "mpeg-ts", "mpeg-2-ts", "webm")
"""As the contract names them."""

STREAM_SCOPE: Final = "interhumanai.stream"
UPLOAD_SCOPE: Final = "interhumanai.upload"
REALTIME_SCOPE: Final = "interhumanai.realtime"
DEEP_SCOPE: Final = "interhumanai.upload.inter-2-deep"
"""What a credential may be good for, by the names on the wire."""
SCOPES: Final = (STREAM_SCOPE, UPLOAD_SCOPE)
"""What a key is usually for."""
KNOWN_SCOPES: Final = (*SCOPES, REALTIME_SCOPE, DEEP_SCOPE)
"""Those there are. None implies another."""
LEGACY_SCOPES: Final = {
    "interhumanai.upload.inter-2": UPLOAD_SCOPE,
    "interhumanai.upload.inter-2-audio": UPLOAD_SCOPE,
    "interhumanai.stream.inter-2": STREAM_SCOPE,
    "interhumanai.stream.inter-2-audio": STREAM_SCOPE,
}
"""Names that scopes had when each was for one model: still asked for, and granted as what they stand for now."""

CLIENT_TOKEN_SECONDS: Final = 300
SHORTEST_CLIENT_TOKEN: Final = 60
LONGEST_CLIENT_TOKEN: Final = 3600
"""Seconds for which a client token is good; what is asked for beyond these bounds is cut to them."""

# What a browser offers and the server must select, exactly, or Chromium closes with 1006.
SUBPROTOCOL: Final = "access_token"

CONVERSATION_QUALITY_OVERALL: Final = "conversation_quality_overall"
CONVERSATION_QUALITY_TIMELINE: Final = "conversation_quality_timeline"
PERCEPTION: Final = "perception"
"""Ours: what there was to go by, and why something was not judged."""
QUALITY_INCLUDES: Final = (CONVERSATION_QUALITY_OVERALL, CONVERSATION_QUALITY_TIMELINE)
INCLUDES: Final = (*QUALITY_INCLUDES, PERCEPTION)
INDICES: Final = ("quality_index", "clarity", "authority", "energy", "rapport", "learning")
"""What the quality of a conversation has, and nothing else: an additional one breaks published clients."""

FACE_MODEL: Final = "inter-2"
AUDIO_MODEL: Final = "inter-2-audio"
"""Voice and words alone."""
DEEP_MODEL: Final = "inter-2-deep"
"""A name of the hosted service for more computing; the analysis here is the same as `inter-2`."""
