"""What a worker prints, said in the log as what it is: a line at a time, harmless, and not more than one can read.

Its libraries print a line now and then that tells why it broke. Who is taken over could print anything: lines that look
like the server's own, commands to terminals, gigabytes.
"""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING, Final

from interhuman_stream.plain import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_LINE: Final = 400
"""Characters that are shown of a line."""
BURST: Final = 40.0
"""Lines that may come at once: a trace of Python's."""
A_SECOND: Final = 1.0
"""Lines that may come a second in the long run."""
CHUNK: Final = 65536
PAUSE_SECONDS: Final = 0.05
"""Between reads once there is more than is shown: no more than a megabyte a second is looked at."""
log: Final = logging.getLogger(__name__)


def follow(pipe: int, pid: int | None) -> None:
    """Log what comes out of a pipe until it is closed, and close it."""
    try:
        for line in shown(_read(pipe), time.monotonic, time.sleep):
            log.warning("worker %s printed: %s", pid, line)
    finally:
        os.close(pipe)


def _read(pipe: int) -> Iterator[bytes]:
    while data := os.read(pipe, CHUNK):
        yield data


def shown(chunks: Iterator[bytes], clock: Callable[[], float], sleep: Callable[[float], None]) -> Iterator[str]:
    """The lines in what was printed that are shown, and how many were left out."""
    room, since, left_out, rest = BURST, clock(), 0, b""
    for chunk in chunks:
        now = clock()
        room, since = min(BURST, room + A_SECOND * (now - since)), now
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST_LINE:
            lines, rest = [*lines, rest], b""
        for line in filter(bytes.strip, lines):
            if room < 1:
                left_out += 1
                continue
            if left_out:
                yield _left_out(left_out)
            room, left_out = room - 1, 0
            yield _shown(line)
        if room < 1:
            sleep(PAUSE_SECONDS)
    if rest.strip():
        yield _shown(rest)
    if left_out:
        yield _left_out(left_out)


def _shown(line: bytes) -> str:
    return sentence(line[: 4 * LONGEST_LINE].decode("utf-8", "backslashreplace").rstrip(), LONGEST_LINE)


def _left_out(count: int) -> str:
    return f"({count} more line{'s' if count != 1 else ''}, left out)"
