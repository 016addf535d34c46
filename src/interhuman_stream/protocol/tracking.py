"""Turns what is found stretch by stretch into what goes on: signals, levels and gaps that begin, change and end.

What was said is not unsaid: a signal that is told has begun, whatever is understood later, and only its end is open.
So that none flickers, one that comes again within ``GAP`` has not ended, its band rises and never falls while it lasts,
and it is told anew at most every ``LEAST_BETWEEN``.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from interhuman_stream.findings import Limit
from interhuman_stream.signals import MOST_REASONS, EngagementState, Rated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from interhuman_stream.findings import Findings
    from interhuman_stream.signals import ConversationQuality, Signal, SignalType

HOLD: Final = 2.5
"""Seconds of media without a signal after which it is told to have ended, where it was last seen: as late as that,
speech that went on may be understood to have carried it on."""
GAP: Final = 1.0
"""Seconds between two stretches of a signal from which on they are two signals."""
SHORTEST_LIFE: Final = 0.3
"""Seconds; what is seen for less is not told."""
LEAST_BETWEEN: Final = 1.0
"""Seconds of media between two messages that a signal has changed."""
BREATH: Final = 1.5
"""Seconds for which another level must hold before it is told: who takes part may pause for breath or thought."""
ENTERED: Final = 0.5
"""Seconds likewise, for being engaged."""
EDGE: Final = 0.2
"""Seconds of a level in a stretch that count."""
QUALITY_EVERY: Final = 3.0
"""Seconds of media between two messages on the conversation's quality."""
WINDOW: Final = 8.0
"""Seconds that the quality of the present is taken over; as much is looked back for signals."""
LEAST_GAP: Final = 1.0
"""Seconds without any picture, or without any media, that are worth a message."""


@dataclass(frozen=True, slots=True)
class Detected:
    """A signal has begun; its end is what is known so far."""

    signal: Signal


@dataclass(frozen=True, slots=True)
class Updated:
    """A signal that goes on is surer, or has other reasons."""

    signal: Signal


@dataclass(frozen=True, slots=True)
class Ended:
    """A signal is over, at the signal's end."""

    signal: Signal


@dataclass(frozen=True, slots=True)
class Level:
    """The engagement level is another since ``start``, in seconds of the session."""

    state: EngagementState
    start: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How the conversation goes: over the session so far, and from ``start`` to ``end`` alone."""

    overall: ConversationQuality
    window: ConversationQuality
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Gap:
    """From ``start`` to ``end`` there was no picture (``seen``: what was heard was judged), or no media at all."""

    start: float
    end: float
    seen: bool


Event: TypeAlias = Detected | Updated | Ended | Level | Quality | Gap


@dataclass(slots=True)
class _Active:
    """A signal that goes on, and what was last told of it."""

    signal: Signal
    told: Signal
    told_at: float

    @property
    def changed(self) -> bool:
        """Whether there is something to tell: its band, or what it rests on."""
        return self.signal.probability is not self.told.probability or _kinds(self.signal) != _kinds(self.told)


@dataclass(slots=True)
class Tracker:
    """What goes on in one session.

    Args:
        types: The signals that are told.

    Attributes:
        reached: How far the session is known, in seconds.
    """

    types: Collection[SignalType]
    reached: float = 0.0
    _active: dict[SignalType, _Active] = field(default_factory=dict)
    _over: dict[SignalType, float] = field(default_factory=dict)  # where the last of each ended
    _level: EngagementState | None = None
    _since: float = 0.0
    _other: Level | None = None  # a level that has begun and may not last
    _blind: Gap | None = None  # without a picture, and not told yet
    _all: Rated = field(default_factory=Rated)
    _lately: deque[Rated] = field(default_factory=deque)
    _rated: float = 0.0  # when it was last told

    def saw(self, found: Findings) -> list[Event]:
        """Tell what has begun, changed and ended with the next stretch."""
        events: list[Event] = [*self._missed(found), *self._unseen(found)]
        self.reached = max(self.reached, found.end)
        for signal in sorted(found.signals, key=lambda each: each.start):
            if signal.type in self.types:
                events += self._showed(signal)
        for active in list(self._active.values()):
            events += self._lasted(active)
        events += self._levels(found)
        return [*events, *self._qualities(found)]

    def over(self) -> list[Event]:
        """Nothing follows: tell the end of all that goes on."""
        events: list[Event] = []
        if self._blind and self._blind.end - self._blind.start >= LEAST_GAP:
            events.append(self._blind)
        self._blind = None
        for active in list(self._active.values()):
            if active.changed:
                events.append(Updated(active.signal))
            events.append(self._end(active))
        return events

    def _showed(self, signal: Signal) -> Iterator[Event]:
        active = self._active.get(signal.type)
        if active and signal.start - active.signal.end < GAP:
            grown = active.signal.carried_on(signal)
            active.signal = replace(grown, because=grown.because[-MOST_REASONS:])  # the latest
            return
        if active:
            yield self._end(active)
        since = max(signal.start, self._over.get(signal.type, 0.0))
        if signal.end - since >= SHORTEST_LIFE:
            begun = replace(signal, start=since)
            self._active[signal.type] = _Active(begun, begun, self.reached)
            yield Detected(begun)

    def _lasted(self, active: _Active) -> Iterator[Event]:
        if active.changed and self.reached - active.told_at >= LEAST_BETWEEN:
            active.told, active.told_at = active.signal, self.reached
            yield Updated(active.signal)
        if self.reached - active.signal.end >= HOLD:
            yield self._end(active)

    def _end(self, active: _Active) -> Ended:
        del self._active[active.signal.type]
        self._over[active.signal.type] = active.signal.end
        return Ended(active.signal)

    def _levels(self, found: Findings) -> Iterator[Event]:
        for span in found.engagement:
            if span.end - max(span.start, found.start) < EDGE:  # told of before, or an edge of another
                continue
            if span.state is self._level:
                self._other = None
                continue
            if self._other is None or self._other.state is not span.state:
                # That somebody takes part is understood late, that nobody does is not.
                earliest = self._since if span.state is EngagementState.ENGAGED else found.start
                self._other = Level(span.state, max(span.start, earliest))
            needed = ENTERED if span.state is EngagementState.ENGAGED else BREATH
            if self._level is None or span.end - self._other.start >= needed:
                yield self._other
                self._level, self._since, self._other = span.state, self._other.start, None

    def _qualities(self, found: Findings) -> Iterator[Event]:
        stretch = Rated(found.end - found.start, found.quality)
        self._all += stretch
        self._lately.append(stretch)
        while sum(each.seconds for each in self._lately) - self._lately[0].seconds >= WINDOW:
            self._lately.popleft()
        if found.end - self._rated >= QUALITY_EVERY:
            self._rated = found.end
            lately = sum(self._lately, Rated())
            yield Quality(self._all.quality, lately.quality, max(0.0, found.end - lately.seconds), found.end)

    def _missed(self, found: Findings) -> Iterator[Event]:
        """Media that never came: the stretch does not begin where the last one ended."""
        if found.start - self.reached >= LEAST_GAP:
            yield Gap(self.reached, found.start, seen=False)

    def _unseen(self, found: Findings) -> Iterator[Event]:
        """Stretches without a picture, once it is back."""
        dark = [each for each in found.perceived.limits if each.why is Limit.NO_PICTURE]
        blind = self._blind
        if blind and not (dark and dark[0].start - blind.end < SHORTEST_LIFE):
            self._blind = None
            if blind.end - blind.start >= LEAST_GAP:
                yield blind
        for each in dark:
            self._blind = Gap(self._blind.start if self._blind else each.start, each.end, seen=True)


def _kinds(signal: Signal) -> frozenset[str]:
    return frozenset(each.cue or each.phrase for each in signal.because)
