"""How a delivery goes, on stderr: one line that changes on a terminal, a line an event elsewhere."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from interhuman_stream.client.delivery import Sink
    from interhuman_stream.client.message import Message, Progress
    from interhuman_stream.client.sources.segment import Segment

ERASE: Final = "\r\x1b[2K"
"""ECMA-48: back to the first column, erase the line."""


class PlainLines:
    """Prints one line when a segment is sent and one when it is finished."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def sent(self, number: int, segment: Segment) -> None:
        """Say that a segment was sent."""
        self._print(describe(number, segment))

    def heard(self, said: Progress, seconds: float) -> None:
        """Say what was found, or what became of a segment."""
        if said.status == "result":
            self._print(f"segment {said.segment} result after {seconds:.1f} s: {said.detail or 'no signals'}")
        elif said.finished:
            self._print(f"segment {said.segment} {said.status} after {seconds:.1f} s{_because(said)}")

    def _print(self, line: str) -> None:
        print(line, file=self._file, flush=True)


class LiveLine:
    """Keeps one line of a terminal up to date; errors stay above it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._sent = ""
        self._finished = 0
        self._failed = 0
        self._signals = ""
        self._held = False

    def sent(self, number: int, segment: Segment) -> None:
        """Show the segment on its way."""
        self._sent = describe(number, segment)
        self.draw()

    def heard(self, said: Progress, seconds: float) -> None:
        """Show what was found last; leave the line of a failed segment standing."""
        if said.status == "result":
            self._signals = said.detail or "no signals"
        self._finished += said.finished
        if said.status == "error":
            self._failed += 1
            self._file.write(f"{ERASE}segment {said.segment} error after {seconds:.1f} s{_because(said)}\n")
        self.draw()

    def draw(self) -> None:
        """Write the line anew, unless its place is held for something else."""
        if self._held:
            return
        failed = f", {self._failed} failed" if self._failed else ""
        found = f" · {self._signals}" if self._signals else ""
        line = f"{self._sent} · {self._finished} finished{failed}{found}"
        self._file.write(ERASE + line[: shutil.get_terminal_size().columns - 1])
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


def describe(number: int, segment: Segment) -> str:
    """Give a segment's number, size and place in the source in words."""
    size = f"{len(segment.data):,}".replace(",", " ")
    return f"segment {number} sent: {size} bytes, {segment.start:.1f}-{segment.end:.1f} s"


def _because(said: Progress) -> str:
    return f": {said.detail}" if said.detail else ""
