"""How much work clients may make by how they cut what they send: events a second, of each connection and of all.

Parsers cost about ten microseconds a chunk, frame or read, however little is in it: 300 KB a second in one-byte chunks
take half a core, of which a hundred times as many bytes in large ones take a tenth. So what is small is counted, and
what carries as much as usual clients send is not. Who sends more small things than that is read more slowly: TCP holds
the client back, nothing is lost, and nobody is cut off for it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

A_SECOND: Final = 1000.0
"""Events of one connection in the long run: a hundredth of a core."""
BURST: Final = 500.0
"""As many may come at once."""
A_SECOND_OF_ALL: Final = 10_000.0
"""Of all connections together: a tenth of a core, however many they are."""
BURST_OF_ALL: Final = 1000.0
"""No more than two connections may: what many do at the same moment is done in one go, and others wait for it."""
UNHURRIED: Final = 128.0
"""Events that a connection which was quiet before may cost ahead of others: a request or two, pings."""
A_SECOND_AHEAD: Final = 1000.0
"""What all connections of one address may have ahead of others: what one may have at all. Without an end to it, a
thousand connections that are quiet by turns would be a flood that waits for nobody."""
BURST_AHEAD: Final = 1000.0
REST_SECONDS: Final = 0.05
"""Who is to wait waits so long at least: what came meanwhile is read at once, which is cheaper."""
WORTH_IT: Final = 1024
"""Bytes from which on an event costs nothing beside them."""


class TokenBucket:
    """Events that may be spent: ``burst`` at once, ``a_second`` in the long run; more is a debt to be waited out."""

    def __init__(self, burst: float, a_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst = burst
        self.a_second = a_second
        self._clock = clock
        self._level = burst
        self._since = clock()

    @property
    def level(self) -> float:
        """What may be spent now; below nothing where there is a debt."""
        now = self._clock()
        self._level = min(self.burst, self._level + (now - self._since) * self.a_second)
        self._since = now
        return self._level

    def spend(self, events: float) -> None:
        """Spend; there may be less than that."""
        self._level -= events

    def wait(self) -> float:
        """Seconds until something may be spent; 0 when it may now."""
        level = self.level
        return REST_SECONDS - level / self.a_second if level <= 0 else 0.0

    def until(self, events: float) -> float:
        """Seconds until so many may be spent; 0 when they may now."""
        return max(0.0, (events - self.level) / self.a_second)


class RateLimit:
    """The pace of one connection.

    Args:
        everybody: What all connections of the service may spend together.
        ahead: What those of its address may spend when everybody has spent that.
    """

    def __init__(self, everybody: TokenBucket, ahead: TokenBucket, clock: Callable[[], float] = time.monotonic) -> None:
        self._everybody = everybody
        self._ahead = ahead
        self._own = TokenBucket(BURST, A_SECOND, clock)
        self._goes_ahead = False

    def spend(self, events: float) -> None:
        """Count events that were handled."""
        if events > 0:
            self._own.spend(events)
            self._everybody.spend(events)
            if self._goes_ahead:
                self._ahead.spend(events)

    def wait(self) -> float:
        """Seconds until more may be handled; 0 when it may now."""
        self._goes_ahead = False
        if wait := self._own.wait():
            return wait
        wait = self._everybody.wait()
        if wait and self._own.level > self._own.burst - UNHURRIED and not self._ahead.wait():
            self._goes_ahead, wait = True, 0.0
        return wait


def everybody() -> TokenBucket:
    """What all connections of one service share."""
    return TokenBucket(BURST_OF_ALL, A_SECOND_OF_ALL)


def ahead(clock: Callable[[], float] = time.monotonic) -> TokenBucket:
    """What connections of one address may spend ahead of others."""
    return TokenBucket(BURST_AHEAD, A_SECOND_AHEAD, clock)


def small(size: int, worth_it: int = WORTH_IT) -> float:
    """What an event costs that carries so many bytes."""
    return max(0.0, 1.0 - size / worth_it)
