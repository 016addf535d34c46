"""Who guesses credentials is made to wait; who merely repeats a wrong one stands in nobody else's way."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MINUTE: Final = 60.0
MOST_REMEMBERED: Final = 10_000
"""Addresses, and as many pairs of address and credential: a few megabytes. The longest quiet are forgotten."""
PAIR_SHARE: Final = 6
"""One credential may be wrong at this fraction of an address's rate: repeated, it does not use up the address."""
FLOOD: Final = 10
"""How many times an address's rate all addresses may fail together, before each may have less."""
FLOOD_SHARE: Final = 6
"""This fraction then: many addresses guess together. One that has not failed is not held up by that."""


@dataclass(slots=True)
class _Bucket:
    """Failures that run out at a steady rate (a leaky bucket): ``level`` of them were there at ``since``."""

    level: float
    since: float


class _Buckets:
    """A leaky bucket for each name, ``most`` a minute; no more than ``MOST_REMEMBERED`` of them."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self.most = most
        self._clock = clock
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def add(self, name: Hashable) -> None:
        self._buckets[name] = _Bucket(self.level(name) + 1, self._clock())
        self._buckets.move_to_end(name)
        if len(self._buckets) > MOST_REMEMBERED:
            self._buckets.popitem(last=False)

    def level(self, name: Hashable) -> float:
        bucket = self._buckets.get(name)
        return max(0.0, bucket.level - (self._clock() - bucket.since) * self.most / MINUTE) if bucket else 0.0

    def wait(self, name: Hashable, most: int | None = None) -> int:
        over = self.level(name) + 1 - (most or self.most)
        return math.ceil(over * MINUTE / self.most) if over > 0 else 0


class Throttle:
    """Counts wrong credentials, in memory. Safe to use from several threads.

    Args:
        a_minute: Different wrong credentials that an address may give in a minute.
        clock: Seconds that only grow.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._key = secrets.token_bytes(32)
        self._addresses = _Buckets(a_minute, clock)
        self._pairs = _Buckets(math.ceil(a_minute / PAIR_SHARE), clock)
        self._all = _Buckets(a_minute * FLOOD, clock)

    def fingerprint(self, *shown: str) -> str:
        """What tells tries apart: a keyed hash of all that was shown, so that no memory of this holds a secret."""
        parts = b"".join(len(data := each.encode(errors="surrogatepass")).to_bytes(8, "big") + data for each in shown)
        return hashlib.blake2b(parts, digest_size=16, key=self._key).hexdigest()

    def wait(self, address: str, credential: str) -> int:
        """Whole seconds until ``address`` may try ``credential`` again, by its ``fingerprint``; 0 when it may now."""
        network = network_of(address)
        with self._lock:
            flooded = self._all.wait(None) > 0
            most = math.ceil(self._addresses.most / FLOOD_SHARE) if flooded else None
            return max(self._pairs.wait((network, credential)), self._addresses.wait(network, most))

    def failed(self, address: str, credential: str) -> None:
        """Count a wrong credential."""
        network = network_of(address)
        with self._lock:
            self._pairs.add((network, credential))
            self._addresses.add(network)
            self._all.add(None)

    @property
    def remembered(self) -> int:
        """How many addresses and pairs are remembered."""
        return len(self._addresses) + len(self._pairs)


def network_of(address: str) -> str:
    """Whose address it is: of IPv6 a subscriber has 64 bits to choose from, and they all count as one.

    So do all zones (`%eth0`) of one, and of one page in it what is behind a space.
    """
    host, space, page = address.partition(" ")
    if space:
        return f"{network_of(host)} {page}"
    address = address.partition("%")[0]
    try:
        version6 = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    if version6.ipv4_mapped:
        return str(version6.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(version6) >> 64 << 64, 64)))
