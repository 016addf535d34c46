"""What a message of v1 or v2 says of its session, read so that nothing a server may send can raise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from interhuman_stream.client.errors import NotJson
from interhuman_stream.client.message import MOST_NAMED, MOST_WORDS

if TYPE_CHECKING:
    from interhuman_stream.client.message import Message

READY: Final = "session.ready"
CLOSING: Final = "session.closing"
ENDED: Final = "session.ended"
DETECTED: Final = "signal.detected"
DROPPED: Final = "coverage.dropped"
DEGRADED: Final = "coverage.degraded"
ERROR: Final = "error"
LONGEST_NAME: Final = 200
"""Characters of a name: of a message's type, a signal, a code."""

Stretch: TypeAlias = tuple[float, float]
"""From and to which second of a session."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message that is an envelope.

    Attributes:
        type: Its type, such as ``signal.detected``; a later server may know more.
        data: What it says.
    """

    type: str
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """The signal's type, the engagement's state or the error's code; empty where there is none."""
        names = (_text(self.data[key]) for key in ("signal_type", "state", "code") if key in self.data)
        return next(names, "")[:LONGEST_NAME]

    @property
    def start(self) -> float | None:
        """Where what it tells of begins, in seconds of the session."""
        return number(self.data.get("start"))

    @property
    def frame(self) -> int | None:
        """The number of the frame it is about, from 1 on each connection."""
        number = self.data.get("segment")
        return number if isinstance(number, int) and not isinstance(number, bool) else None

    @property
    def ranges(self) -> list[Stretch]:
        """The stretches it names."""
        return _stretches(self.data.get("ranges"))

    @property
    def reaches(self) -> float:
        """Seconds of the session that it shows to be analysed or passed over: what it tells of begins or ends there.

        A server says nothing of what it has not come to. 0 where it names no time.
        """
        times = [number(self.data.get(name)) for name in ("start", "end")]
        ends = [end for _, end in (*self.ranges, *_stretches(self.data.get("timeline")))]
        return max([0.0, *ends, *(time for time in times if time is not None)])

    @property
    def drain_seconds(self) -> float:
        """How long the rest may take, as ``session.closing`` says."""
        return number(self.data.get("max_drain_seconds")) or 0.0

    @property
    def detail(self) -> str:
        """The same in words."""
        if self.type == ERROR:
            return ": ".join(part for part in (self.name, _text(self.data.get("message"))[:MOST_WORDS]) if part)
        if self.ranges:
            return in_words(self.ranges)[:MOST_WORDS]
        overall = self.data.get("overall")
        index = number(overall.get("quality_index")) if isinstance(overall, dict) else None
        since, until = self.start, number(self.data.get("end"))
        parts = (
            self.name,
            "" if since is None else f"from {since:.1f} s",
            "" if until is None else f"until {until:.1f} s",
            "" if index is None else f"index {index:.0f}",
        )
        return " ".join(part for part in parts if part)


def told(message: Message) -> Told | None:
    """Read a message; None where it is no envelope."""
    try:
        body = cast("dict[str, Any]", message.parsed)
    except NotJson:
        return None
    kind, data = body.get("type"), body.get("data")
    if not isinstance(kind, str):
        return None
    return Told(kind[:LONGEST_NAME], data if isinstance(data, dict) else {})


def in_words(stretches: list[Stretch]) -> str:
    """Give stretches as people write them."""
    return ", ".join(f"{start:.1f}-{end:.1f} s" for start, end in stretches)


def _stretches(value: object) -> list[Stretch]:
    found = []
    for each in value[:MOST_NAMED] if isinstance(value, list) else []:
        if isinstance(each, dict):
            start, end = number(each.get("start")), number(each.get("end"))
            if start is not None and end is not None:
                found.append((start, end))
    return found


def number(value: object) -> float | None:
    """Give what is a time; the rest of what JSON calls numbers, and Python's reading of NaN, is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:  # an integer of hundreds of digits
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
