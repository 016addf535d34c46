"""Refusals in the log: a line each while they are few, and once a second how many more there were of each status.

Who is refused a hundred times a second would have a line written for each, and fill the disk.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

import structlog

from interhuman_stream.service.rate_limit import TokenBucket

if TYPE_CHECKING:
    from collections.abc import Callable

BURST: Final = 50.0
"""Lines that may come at once."""
A_SECOND: Final = 5.0
"""In the long run."""
COUNTED_SECONDS: Final = 1.0

log = structlog.get_logger()


class Refusals:
    """Writes lines, or counts what it leaves out. To be used in an event loop.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lines = TokenBucket(BURST, A_SECOND, clock)
        self._left_out: Counter[int] = Counter()

    def wanted(self, status: int) -> bool:
        """Whether a refusal with this status is to be written; otherwise it is counted."""
        if not self._lines.until(1):
            self._lines.spend(1)
            return True
        if not self._left_out:
            # In a context of its own: the line is about no one request.
            loop = asyncio.get_running_loop()
            loop.call_later(COUNTED_SECONDS, self._say, context=contextvars.Context())
        self._left_out[status] += 1
        return False

    def _say(self) -> None:
        statuses = {str(status): count for status, count in sorted(self._left_out.items())}
        log.info("more requests refused", count=self._left_out.total(), statuses=statuses)
        self._left_out.clear()
