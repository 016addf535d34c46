"""What the v2 dialect has of its own: its sessions' terms."""

from __future__ import annotations

from typing import Final

from interhuman_stream.protocol.limits import AUDIO_MODEL, DEEP_MODEL, FACE_MODEL
from interhuman_stream.protocol.live import Version
from interhuman_stream.signals import SignalType

MODELS: Final = (FACE_MODEL, AUDIO_MODEL, DEEP_MODEL)
LEVELS: Final = frozenset({SignalType.ENGAGEMENT, SignalType.DISENGAGEMENT})
"""Told as levels of engagement, not as signals."""
HEARD: Final = frozenset(
    {
        SignalType.AGREEMENT,
        SignalType.CONFIDENCE,
        SignalType.FRUSTRATION,
        SignalType.HESITATION,
        SignalType.INTEREST,
        SignalType.UNCERTAINTY,
    }
)
"""What voice and words alone are published to tell."""
VERSION: Final = Version(
    every=0.5, modality=False, models=MODELS, types=frozenset(SignalType) - LEVELS, heard_types=HEARD
)
"""Judged every half second: a nod is told within a second of its end."""
