"""How a conversation goes: five indices from 0 to 100, by the share of time that signals speak for or against each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interhuman_stream.signals import ConversationQuality, Signal, SignalType

if TYPE_CHECKING:
    from collections.abc import Sequence

S = SignalType
# What raises and what lowers each index; names as the wire has them, readings ours.
INDICES: dict[str, tuple[frozenset[SignalType], frozenset[SignalType]]] = {
    "clarity": (frozenset({S.CONFIDENCE}), frozenset({S.CONFUSION, S.HESITATION})),
    "authority": (frozenset({S.CONFIDENCE}), frozenset({S.UNCERTAINTY, S.HESITATION, S.STRESS})),
    "energy": (frozenset({S.ENGAGEMENT, S.INTEREST}), frozenset({S.DISENGAGEMENT})),
    "rapport": (frozenset({S.AGREEMENT, S.ENGAGEMENT}), frozenset({S.DISAGREEMENT, S.FRUSTRATION, S.SKEPTICISM})),
    "learning": (frozenset({S.INTEREST, S.AGREEMENT}), frozenset({S.CONFUSION, S.DISENGAGEMENT, S.FRUSTRATION})),
}
NEUTRAL = 50.0


def quality(signals: Sequence[Signal], start: float, end: float) -> ConversationQuality:
    """Rate the time from ``start`` to ``end`` seconds; 50 where nothing speaks either way."""
    length = max(end - start, 1e-6)

    def share(types: frozenset[SignalType]) -> float:
        covered = sum(max(0.0, min(each.end, end) - max(each.start, start)) for each in signals if each.type in types)
        return min(1.0, max(0.0, covered / length))

    return ConversationQuality(
        **{name: NEUTRAL + NEUTRAL * (share(up) - share(down)) for name, (up, down) in INDICES.items()}
    )
