"""What became of each segment of a source: the delivery report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from interhuman_stream.client.told import DEGRADED, DETECTED, DROPPED, ERROR

if TYPE_CHECKING:
    from interhuman_stream.client.sources.segment import Segment
    from interhuman_stream.client.told import Told

Fate: TypeAlias = Literal["waiting", "sent", "acknowledged", "completed", "failed", "dropped"]
"""``waiting``: not sent yet. ``sent`` and ``acknowledged``: still owed an answer (in v1 and v2: not known to be
analysed). The other three are final."""
FINAL: Final = ("completed", "failed", "dropped")
DIGITS: Final = 3
MOST_NAMES: Final = 1_000
"""Names that are counted apart; what a server says beyond them is counted as ``OTHERS``."""
OTHERS: Final = "others"
MOST_STRETCHES: Final = 100_000
"""Stretches that are kept of a delivery; a server that names more counts them in vain."""


@dataclass(slots=True)
class Record:
    """What became of one segment. Times are seconds since the delivery began.

    Attributes:
        segment: Its number in the source, from 1.
        start: Seconds from the start of the source at which it begins.
        end: Seconds from the start of the source at which it ends.
        bytes: Its size.
        fate: What has become of it so far.
        sent: When it was first sent.
        acknowledged: When the server first said that it has it.
        completed: When the server had analysed it.
        sends: How often it was sent.
        places: The connection and the number the server knew it by, for each time it was sent.
        detail: Why it failed.
    """

    segment: int
    start: float
    end: float
    bytes: int
    fate: Fate = "waiting"
    sent: float | None = None
    acknowledged: float | None = None
    completed: float | None = None
    sends: int = 0
    places: list[tuple[int, int]] = field(default_factory=list)
    detail: str = ""

    @property
    def final(self) -> bool:
        """Whether nothing more can become of it."""
        return self.fate in FINAL

    def document(self) -> dict[str, Any]:
        """Give the record as it stands in the report file."""
        return {
            "segment": self.segment,
            "start": round(self.start, DIGITS),
            "end": round(self.end, DIGITS),
            "bytes": self.bytes,
            "fate": self.fate,
            "sent": _rounded(self.sent),
            "acknowledged": _rounded(self.acknowledged),
            "completed": _rounded(self.completed),
            "seconds": None if self.completed is None else _rounded(self.completed - (self.sent or 0.0)),
            "resent": max(0, self.sends - 1),
            "places": [{"connection": connection, "segment": number} for connection, number in self.places],
            "detail": self.detail,
        }


@dataclass(slots=True)
class Session:
    """What was told in v1 or v2, over all connections: what was sent twice may have been told twice.

    Attributes:
        signals: How often each signal was detected.
        errors: How often each error was told, by its code.
        dropped: The stretches that were never analysed: the connection, and from and to which second of its session.
        degraded: Those that were analysed with less than they should have had.
    """

    signals: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    dropped: list[tuple[int, float, float]] = field(default_factory=list)
    degraded: list[tuple[int, float, float]] = field(default_factory=list)

    def count(self, connection: int, said: Told) -> None:
        """Count a message."""
        if said.type == DETECTED:
            _count(self.signals, said.name)
        elif said.type == ERROR:
            _count(self.errors, said.name)
        elif said.type in (DROPPED, DEGRADED):
            stretches = self.dropped if said.type == DROPPED else self.degraded
            room = MOST_STRETCHES - len(stretches)
            stretches += [(connection, start, end) for start, end in said.ranges[:room]]

    def document(self) -> dict[str, Any]:
        """Give it as it stands in the report file."""
        return {
            "signals": dict(self.signals),
            "errors": dict(self.errors),
            "coverage_dropped": [_stretch(each) for each in self.dropped],
            "coverage_degraded": [_stretch(each) for each in self.degraded],
        }


@dataclass(slots=True)
class Report:
    """What became of all of them, in the order of the source.

    Attributes:
        records: One a segment.
        connections: How many connections were opened.
        seconds: How long the delivery took.
        session: What was told in v1 or v2; None in v0.
    """

    records: list[Record] = field(default_factory=list)
    connections: int = 0
    seconds: float = 0.0
    session: Session | None = None

    def add(self, segment: Segment) -> Record:
        """Begin the record of the source's next segment."""
        record = Record(len(self.records) + 1, segment.start, segment.end, len(segment.data))
        self.records.append(record)
        return record

    def of(self, *fates: Fate) -> list[int]:
        """Give the numbers of the segments with one of these fates."""
        return [record.segment for record in self.records if record.fate in fates]

    @property
    def good(self) -> bool:
        """Whether there was something to send and all of it was analysed, as far as the server says."""
        told = self.session
        whole = told is None or not (told.errors or told.dropped)
        return bool(self.records) and whole and all(record.fate == "completed" for record in self.records)

    def document(self) -> dict[str, Any]:
        """Give the report as a JSON value: the sums first, then each segment."""
        return {
            "segments": len(self.records),
            "completed": len(self.of("completed")),
            "failed": self.of("failed"),
            "dropped": self.of("dropped"),
            "unsent": self.of("waiting"),
            "unanswered": self.of("sent", "acknowledged"),
            "resent": [record.segment for record in self.records if record.sends > 1],
            "connections": self.connections,
            "seconds": _rounded(self.seconds),
            **({"session": self.session.document()} if self.session else {}),
            "records": [record.document() for record in self.records],
        }


def _count(names: Counter[str], name: str) -> None:
    names[name if name in names or len(names) < MOST_NAMES else OTHERS] += 1


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, DIGITS)


def _stretch(stretch: tuple[int, float, float]) -> dict[str, Any]:
    connection, start, end = stretch
    return {"connection": connection, "start": _rounded(start), "end": _rounded(end)}
