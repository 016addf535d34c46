"""The models that v2 lets a client choose from, and which signals each tells of. Here they are all one engine."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

from interhuman_stream.medium import TALKING_FACE, VOICE, Medium
from interhuman_stream.signals import SignalType

Model: TypeAlias = Literal["inter-2", "inter-2-audio", "inter-2-deep"]
MODELS: Final[tuple[Model, ...]] = get_args(Model)
INTER_2: Final[Model] = "inter-2"
INTER_2_AUDIO: Final[Model] = "inter-2-audio"
INTER_2_DEEP: Final[Model] = "inter-2-deep"

STATES: Final = frozenset({SignalType.ENGAGEMENT, SignalType.DISENGAGEMENT})
"""What v2 tells as the engagement state alone."""
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
"""What voice and words alone are taken for."""


def told(model: Model) -> frozenset[SignalType]:
    """The signals that a model tells of."""
    return HEARD if model == INTER_2_AUDIO else frozenset(SignalType) - STATES


def medium(model: Model) -> Medium:
    """What a model perceives of files."""
    return VOICE if model == INTER_2_AUDIO else TALKING_FACE
