"""A server that is full: how it says so, and how long to wait for it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias, TypeVar

from interhuman_stream.faults import Fault

T = TypeVar("T")

STATUSES: Final = frozenset({429, 503})
"""HTTP statuses that say "not now" (RFC 6585, 4; RFC 9110, 15.6.4): nothing was tried, so nothing was found."""
CLOSED: Final = 1013
"""The close code that says so of a stream (IANA's registry: try again later)."""
USUAL: Final = 5.0
"""Seconds to wait where the server does not say how many."""
LEAST: Final = 0.5
"""Seconds to wait where it says none."""
WAIT: Final = 120.0
"""Seconds of a server that stays full after which it is waited for no longer."""


class Full(Fault):
    """The server has no room just now.

    Attributes:
        retry_after: Seconds it asks to wait.
    """

    def __init__(self, said: str, retry_after: float = USUAL) -> None:
        super().__init__(said)
        self.retry_after = retry_after


Told: TypeAlias = Callable[[Full, float, float], None]
"""Is told what the server said, in how many seconds it is tried again, and after how many it is given up."""


def no_room(status: int, headers: Mapping[str, str]) -> Full | None:
    """Give what is to be raised where an HTTP status says that there is no room; None where it says something else."""
    if status not in STATUSES:
        return None
    asked = headers.get("Retry-After")
    return Full(f"status {status}" + (f", Retry-After: {asked}" if asked else ""), _seconds(asked))


async def let_in(attempt: Callable[[], Awaitable[T]], wait: float, told: Told) -> T:
    """Try until there is room: again whenever the server asked for it, for ``wait`` seconds in all.

    Raises:
        Full: There still was none; the message says for how long. A ``wait`` of 0 tries once.
    """
    full_since: float | None = None
    while True:
        try:
            return await attempt()
        except Full as full:
            now = time.monotonic()
            full_since = now if full_since is None else full_since
            pause = max(full.retry_after, LEAST)
            if now + pause - full_since > wait:
                raise Full(
                    f"the server is full ({full}): given up after {now - full_since:.0f} s, for {pause:g} s more would"
                    f" pass the limit of {wait:g} s",
                    pause,
                ) from None
            told(full, pause, wait)
            await asyncio.sleep(pause)


def untold(full: Full, pause: float, wait: float) -> None:
    """Tell nobody."""


def _seconds(asked: str | None) -> float:
    """Read ``Retry-After``: seconds, or a date (RFC 9110, 10.2.3)."""
    if asked is None:
        return USUAL
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", asked):
        return float(asked)
    try:
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    except (ArithmeticError, LookupError, TypeError, ValueError):  # what email.utils raises, and dates without a zone
        return USUAL
