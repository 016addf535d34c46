"""What a delivery tells whoever watches it: plain values, one a thing that happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Sent:
    """A segment was given to the network.

    Attributes:
        segment: Its number in the source, from 1.
        connection: The connection it went over, from 1.
        number: The number the server gives it on that connection, from 1.
        bytes: Its size.
        start: Seconds from the start of the source at which it begins.
        end: Seconds from the start of the source at which it ends.
        behind: Seconds since it could have been sent; None where the source keeps no time.
        again: How often it was sent before.
        note: What is odd about it; mostly empty.
    """

    segment: int
    connection: int
    number: int
    bytes: int
    start: float
    end: float
    behind: float | None
    again: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """The server said something about a segment.

    Attributes:
        segment: Its number in the source.
        status: ``processing``, ``result``, ``completed`` or ``error``; a later server may know more.
        detail: The error's words, or the signals' names; empty otherwise.
        seconds: Since it was sent.
    """

    segment: int
    status: str
    detail: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection broke, or could not be made anew; another try follows.

    Attributes:
        connection: The connection that broke, or could not be made.
        opened: Whether it had been made.
        reason: Why, in words.
        unfinished: The segments that were sent and will be sent again.
        retry_in: Seconds until the next try.
    """

    connection: int
    opened: bool
    reason: str
    unfinished: tuple[int, ...]
    retry_in: float


@dataclass(frozen=True, slots=True)
class Reopened:
    """The connection stands again."""

    connection: int
    unfinished: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A segment was given up unsent, because the queue was full and newer ones were wanted more."""

    segment: int
    bytes: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A segment was given up, because the connection broke each time it was sent."""

    segment: int
    sends: int


@dataclass(frozen=True, slots=True)
class Happened:
    """A session of v1 or v2 told something.

    Attributes:
        connection: The connection it came over, from 1.
        type: The message's type, such as ``signal.detected``; a later server may know more.
        detail: What it says, in words; empty where it says nothing that is known.
        segment: The segment it is about, by its number in the source; None where it is about none.
    """

    connection: int
    type: str
    detail: str
    segment: int | None = None


@dataclass(frozen=True, slots=True)
class Analysed:
    """A session's time has passed the end of a segment: it need not be sent again.

    Attributes:
        segment: Its number in the source.
        seconds: Since it was sent.
    """

    segment: int
    seconds: float


@dataclass(frozen=True, slots=True)
class LetGo:
    """A segment that was sent, and is not known to be analysed, gave its place to newer ones.

    It is not sent again should the connection break. This is told of the first one on each connection.
    """

    segment: int


Event: TypeAlias = Sent | Heard | Lost | Reopened | Dropped | GivenUp | Happened | Analysed | LetGo
Watcher: TypeAlias = Callable[[Event], None]


def unwatched(event: Event) -> None:
    """Tell nobody."""
