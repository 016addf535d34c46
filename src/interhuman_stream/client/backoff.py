"""When to come back after a connection is lost: which endings are worth another try, and how long to wait."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from interhuman_stream.client.errors import ApiError, ClientError, ConnectionFailed, ConnectionLost

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST: Final = 0.5
"""Seconds the first wait takes at most."""
LONGEST: Final = 30.0
"""Seconds any wait takes at most."""
CODES: Final = frozenset({1001, 1005, 1006, 1011, 1012, 1013})
"""Close codes (RFC 6455 and IANA's registry) with which a server or a network goes away for a while: going away, no
code, broken, internal error, restart, try again later."""
STATUSES: Final = frozenset({429, 500, 502, 503, 504})
"""HTTP statuses of a refused handshake that say as much."""


def passing(error: ClientError) -> bool:
    """Whether it may be over soon: a refused credential or a broken rule is not."""
    if isinstance(error, ConnectionLost):
        return error.code in CODES
    if isinstance(error, ApiError):
        return error.status in STATUSES
    return isinstance(error, ConnectionFailed)


def waits(chance: random.Random | None = None) -> Iterator[float]:
    """Give the seconds to wait before each try: up to twice as long each time, at random below that.

    Full jitter keeps the clients of a server that restarts from coming back all at once (Brooker, "Exponential
    Backoff And Jitter", AWS Architecture Blog, 2015).
    """
    uniform = (chance or random.SystemRandom()).uniform
    most = FIRST
    while True:
        yield uniform(0, most)
        most = min(2 * most, LONGEST)
