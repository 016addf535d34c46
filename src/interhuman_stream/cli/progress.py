"""How a delivery goes, on stderr: one line that changes on a terminal, a line an event elsewhere, or JSON."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TextIO

from rich.cells import cell_len, set_cell_size

from interhuman_stream.client.events import Analysed, Dropped, GivenUp, Happened, Heard, LetGo, Lost, Reopened, Sent
from interhuman_stream.client.told import DROPPED, ERROR, in_words
from interhuman_stream.plain import sentence

if TYPE_CHECKING:
    from collections import Counter

    from interhuman_stream.client.delivery import Sink
    from interhuman_stream.client.events import Event
    from interhuman_stream.client.message import Message
    from interhuman_stream.client.report import Report, Session

ERASE: Final = "\r\x1b[2K"
"""ECMA-48: back to the first column, erase the line."""
USUAL: Final = 80
"""Columns of a terminal that does not say how many it has."""
LONGEST_SUMMARY: Final = 20_000
"""Characters of the last line, which numbers each segment that came to harm."""
LATE: Final = 1.0
"""Seconds behind from which on it is worth a word."""

WORRYING: Final = (ERROR, DROPPED)
"""What a session tells that should not scroll away."""


class PlainLines:
    """Prints a line an event."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def __call__(self, event: Event) -> None:
        """Say what happened."""
        if isinstance(event, Sent):
            self._print(described(event))
        elif isinstance(event, Heard):
            if event.status == "result":
                found = event.detail or "no signals"
                self._print(f"segment {event.segment} result after {event.seconds:.1f} s: {found}")
            elif event.status in ("completed", "error"):
                because = f": {event.detail}" if event.detail else ""
                self._print(f"segment {event.segment} {event.status} after {event.seconds:.1f} s{because}")
        elif isinstance(event, Happened):
            self._print(happened(event))
        elif isinstance(event, Analysed):
            self._print(f"segment {event.segment} analysed after {event.seconds:.1f} s")
        else:
            self._print(trouble(event))

    def close(self) -> None:
        """Leave nothing behind."""

    def _print(self, line: str) -> None:
        print(sentence(line), file=self._file, flush=True)


class JsonLines:
    """Prints a JSON object an event: its time, its name and its fields."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def __call__(self, event: Event) -> None:
        """Print an event."""
        self._print(type(event).__name__.lower(), asdict(event))

    def ended(self, report: Report) -> None:
        """Print the sums of the report."""
        sums = {name: value for name, value in report.document().items() if name != "records"}
        self._print("ended", sums)

    def close(self) -> None:
        """Leave nothing behind."""

    def _print(self, name: str, fields: dict[str, object]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        # In ASCII, as in cli/output.py: what a server says is among it.
        print(json.dumps({"time": now, "event": name, **fields}), file=self._file, flush=True)


class LiveLine:
    """Keeps one line of a terminal up to date; what went wrong stays above it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._sent = "nothing sent yet"
        self._size = ""
        self._finished = 0
        self._failed = 0
        self._signals = ""
        self._held = False

    def __call__(self, event: Event) -> None:
        """Show what happened."""
        if isinstance(event, Sent):
            behind = f" · {max(0.0, event.behind):.1f} s behind" if event.behind is not None else ""
            self._sent = f"segment {event.segment}"
            self._size = f" · {_size(event.bytes)}{behind}"
            if event.again or event.note:
                self._above(described(event))
        elif isinstance(event, Heard):
            self._hear(event)
        elif isinstance(event, Happened):
            self._note(event)
        elif isinstance(event, Analysed):
            self._finished += 1
        else:
            self._above(trouble(event))
        self.draw()

    def _hear(self, event: Heard) -> None:
        if event.status == "result":
            self._signals = event.detail or "no signals"
        self._finished += event.status in ("completed", "error")
        if event.status == "error":
            self._failed += 1
            because = f": {event.detail}" if event.detail else ""
            self._above(f"segment {event.segment} error after {event.seconds:.1f} s{because}")

    def _note(self, event: Happened) -> None:
        if event.type in WORRYING:
            self._failed += event.segment is not None
            self._finished += event.segment is not None
            self._above(happened(event))
        elif event.type.startswith(("signal.", "engagement.")):
            self._signals = happened(event)

    def _above(self, line: str) -> None:
        self._file.write(f"{ERASE}{sentence(line)}\n")

    def draw(self) -> None:
        """Write the line anew, unless its place is held for something else."""
        if self._held:
            return
        failed = f", {self._failed} failed" if self._failed else ""
        found = f" · {self._signals}" if self._signals else ""
        rest = f" · {self._finished} finished{failed}{found}"
        self._file.write(ERASE + _fitting((self._sent + self._size + rest, self._sent + rest), columns(self._file) - 1))
        self._file.flush()

    def hold(self) -> None:
        """Take the line away and leave its place to a message that is being written."""
        self._file.write(ERASE)
        self._file.flush()
        self._held = True

    def release(self) -> None:
        """Put the line back."""
        self._held = False
        self.draw()

    def close(self) -> None:
        """Take the line away."""
        self._file.write(ERASE)
        self._file.flush()


class AboveLine:
    """Writes messages to the terminal the live line is on: above it."""

    def __init__(self, sink: Sink, line: LiveLine) -> None:
        self._sink = sink
        self._line = line

    async def write(self, message: Message) -> None:
        """Write one message where the line was, and the line below it."""
        self._line.hold()
        try:
            await self._sink.write(message)
        finally:
            self._line.release()


def columns(file: TextIO) -> int:
    """Give the width of the terminal that a file is: not of stdout's, which may be another or none."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    try:
        return os.get_terminal_size(file.fileno()).columns or USUAL
    except (OSError, ValueError):  # the latter of a file that is memory
        return USUAL


def _fitting(lines: tuple[str, ...], width: int) -> str:
    """Give the first line that fits into so many columns; if none does, the last, cut."""
    plain = [sentence(line) for line in lines]
    if fitting := next((line for line in plain if cell_len(line) <= width), None):
        return fitting
    return set_cell_size(plain[-1], width - 1).rstrip() + "…" if width > 1 else ""


def described(event: Sent) -> str:
    """Give a segment's number, size and place in the source in words."""
    parts = [f"segment {event.segment} sent: {_size(event.bytes)}, {event.start:.1f}-{event.end:.1f} s"]
    if event.behind is not None and event.behind >= LATE:
        parts.append(f"{event.behind:.1f} s behind")
    if event.again:
        parts.append(f"sent before, so it may be analysed twice (connection {event.connection}, there {event.number})")
    if event.note:
        parts.append(event.note)
    return "; ".join(parts)


def happened(event: Happened) -> str:
    """Give what a session told in words."""
    about = f"segment {event.segment} " if event.segment is not None else ""
    return f"{about}{event.type} {event.detail}".rstrip()


def trouble(event: Lost | Reopened | Dropped | GivenUp | LetGo) -> str:
    """Give what went wrong, or came right again, in words."""
    if isinstance(event, Lost):
        kept = f"; segments kept to be sent again: {_list(event.unfinished)}" if event.unfinished else ""
        what = "lost" if event.opened else "not made"
        return f"connection {event.connection} {what}: {event.reason}; next try in {event.retry_in:.1f} s{kept}"
    if isinstance(event, Reopened):
        return f"connection {event.connection} stands; its segments count from 1 again"
    if isinstance(event, Dropped):
        return (
            f"segment {event.segment} dropped unsent ({event.start:.1f}-{event.end:.1f} s): the queue is full; "
            "--on-full block keeps it, --queue-bytes holds more"
        )
    if isinstance(event, LetGo):
        return (
            f"segment {event.segment} was sent, is not known to be analysed, and gives its place to newer ones, as do "
            "those after it: should the connection break, it is not sent again; --queue-bytes holds more"
        )
    return f"segment {event.segment} given up: the connection broke each of the {event.sends} times it was sent"


def summary(report: Report) -> str:
    """Give what became of all segments, and what was told in v1 and v2, in one line without what steers a terminal."""
    parts = [f"{len(report.of('completed'))} of {len(report.records)} segments completed"]
    unknown = "unanswered" if report.session is None else "not known to be analysed"
    for name, numbers in (
        ("failed", report.of("failed")),
        ("dropped", report.of("dropped")),
        (unknown, report.of("sent", "acknowledged")),
        ("unsent", report.of("waiting")),
        ("sent more than once", [record.segment for record in report.records if record.sends > 1]),
    ):
        if numbers:
            parts.append(f"{name}: {_list(numbers)}")
    return sentence("; ".join([*parts, *_told(report.session)]), LONGEST_SUMMARY)


def _told(session: Session | None) -> list[str]:
    if session is None:
        return []
    parts = [f"signals: {_counts(session.signals) or 'none'}"]
    if session.dropped:
        parts.append(f"not analysed: {in_words([(start, end) for _, start, end in session.dropped])}")
    if session.errors:
        parts.append(f"errors: {_counts(session.errors)}")
    return parts


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.most_common())


def _size(size: int) -> str:
    return f"{size:,} bytes".replace(",", " ")


def _list(numbers: tuple[int, ...] | list[int]) -> str:
    return ", ".join(map(str, numbers))
