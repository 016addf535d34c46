"""How many new connections a second are spoken to, and in whose turn: so many of an address, so many in all.

A connection and its first request cost about a millisecond, whatever is answered: who opens them in masses takes a core
from those whose video is analysed. To take one out of the system's queue costs a fiftieth of that. So all are taken
out, and wait here for their address's turn, without a protocol, an object or a byte read; of an address that has too
many waiting, who has waited for longest is cut off. That serves as many as cutting off the next would, and those
sooner; and who comes after a crowd is served, not the crowd. Who comes from elsewhere is not behind them.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from interhuman_stream.service.access.throttle import network_of
from interhuman_stream.service.rate_limit import A_SECOND_OF_ALL, BURST_OF_ALL, TokenBucket, ahead

if TYPE_CHECKING:
    from collections.abc import Callable

A_SECOND: Final = 100.0
"""New connections of one address, in the long run: a tenth of a core."""
BURST: Final = 64.0
"""As many may come at once: a page opens six, a program that comes back after a restart all of its streams."""
ALL_A_SECOND: Final = 200.0
"""New connections of all addresses: a fifth of a core."""
ALL_BURST: Final = 64.0
MOST_WAITING: Final = 256
"""Connections of one address that wait; the last of them for two and a half seconds."""
MOST_WAITING_OF_ALL: Final = 512
MOST_REMEMBERED: Final = 10_000
"""Addresses: some megabytes. Those that were quiet for longest are forgotten."""
RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER: closed without a word, so that the system keeps nothing of it (socket(7))."""


@dataclass(slots=True, eq=False)
class Address:
    """Where connections come from; of IPv6, 64 bits.

    Attributes:
        arrivals: Connections that may begin.
        ahead: What they may spend ahead of others (`rate_limit.py`).
        waiting: Those that have not begun.
    """

    arrivals: TokenBucket
    ahead: TokenBucket
    waiting: deque[socket.socket] = field(default_factory=deque)


class Arrivals:
    """Connections that were taken in and are not spoken to yet.

    Args:
        many: Whether an address stands for many clients, being a trusted proxy's: it may what all may.
        clock: Seconds that only grow.
    """

    def __init__(self, many: Callable[[str], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self.most = MOST_WAITING_OF_ALL
        self._many = many
        self._clock = clock
        self._all = TokenBucket(ALL_BURST, ALL_A_SECOND, clock)
        self._addresses: OrderedDict[str, Address] = OrderedDict()
        self._turns: deque[Address] = deque()
        self._waiting = 0

    def __len__(self) -> int:
        return self._waiting

    def address(self, peer: str) -> Address:
        """What is known of where a connection comes from."""
        name = network_of(peer)
        known = self._addresses.get(name)
        if known is None:
            many = self._many(peer)
            known = self._addresses[name] = Address(
                TokenBucket(ALL_BURST if many else BURST, ALL_A_SECOND if many else A_SECOND, self._clock),
                TokenBucket(BURST_OF_ALL, A_SECOND_OF_ALL, self._clock) if many else ahead(self._clock),
            )
            if len(self._addresses) > MOST_REMEMBERED:
                self._forget()
        self._addresses.move_to_end(name)
        return known

    def put(self, connection: socket.socket, peer: str) -> bool:
        """Have a connection wait for its turn; whether no other of its address was cut off for it, nor itself."""
        address = self.address(peer)
        in_turn = bool(address.waiting)
        crowded = self._crowded(address, self.most if self._many(peer) else MOST_WAITING)
        if crowded is not None:
            if not crowded:
                reset(connection)
                return False
            reset(crowded.popleft())
            self._waiting -= 1
        if not in_turn:
            self._turns.append(address)
        address.waiting.append(connection)
        self._waiting += 1
        return crowded is not address.waiting

    def next(self) -> socket.socket | None:
        """The connection whose turn it is; None where none may begin yet."""
        if self._all.until(1):
            return None
        for _ in range(len(self._turns)):
            address = self._turns.popleft()
            if address.arrivals.until(1):
                self._turns.append(address)
                continue
            address.arrivals.spend(1)
            self._all.spend(1)
            self._waiting -= 1
            connection = address.waiting.popleft()
            if address.waiting:
                self._turns.append(address)
            return connection
        return None

    def wait(self) -> float | None:
        """Seconds until the next may begin; None where none waits."""
        if not self._turns:
            return None
        return max(self._all.until(1), min(each.arrivals.until(1) for each in self._turns))

    def close(self) -> None:
        """Cut off all that wait."""
        for address in self._turns:
            while address.waiting:
                reset(address.waiting.popleft())
        self._turns.clear()
        self._waiting = 0

    def _crowded(self, address: Address, most: int) -> deque[socket.socket] | None:
        """The queue that is to be shortened for one more of an address: its own, or where all are full the longest."""
        if len(address.waiting) >= most:
            return address.waiting
        if self._waiting < self.most:
            return None
        longest = max(self._turns, key=lambda each: len(each.waiting), default=address)
        return (longest if len(longest.waiting) > len(address.waiting) + 1 else address).waiting

    def _forget(self) -> None:
        """Forget an address, but none of which connections wait."""
        name = next(name for name, each in self._addresses.items() if not each.waiting)
        del self._addresses[name]


def reset(connection: socket.socket) -> None:
    """Cut a connection off."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()
