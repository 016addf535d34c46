"""Connections to PostgreSQL that wait for an answer so long and no longer.

A server that is stopped, or swaps, still acknowledges what it is sent (its kernel does), so that no timeout of TCP
helps; and `statement_timeout` is the server's own. psycopg waits in steps of a tenth of a second and asks after each.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, TypeVar

from psycopg import Connection, OperationalError

if TYPE_CHECKING:
    from collections.abc import Generator

T = TypeVar("T")


def connect(seconds: float, *arguments: Any, **named: Any) -> Connection[Any]:
    """Connect as `psycopg.connect` does.

    Args:
        seconds: For which an answer is waited for; then the connection is closed and `OperationalError` raised.
        arguments: Those of `psycopg.connect`.
        named: The same; `connect_timeout` is what connecting itself may take.
    """
    connection = _Impatient.connect(*arguments, **named)
    connection.seconds = seconds
    return connection


class _Impatient(Connection[Any]):
    """A connection whose every exchange has a deadline."""

    seconds = math.inf

    def wait(self, gen: Generator[Any, Any, T], *arguments: Any, **named: Any) -> T:
        """Wait as psycopg does, and no longer than ``seconds``."""
        return super().wait(self._bounded(gen), *arguments, **named)

    def _bounded(self, exchange: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        until = time.monotonic() + self.seconds
        ready = None
        while True:
            try:
                wanted = exchange.send(ready)
            except StopIteration as ended:
                value: T = ended.value
                return value
            ready = yield wanted
            if not ready and time.monotonic() > until:
                exchange.close()
                self.close()
                raise OperationalError("PostgreSQL did not answer in time")
