"""Moves the times inside an MPEG transport stream, as broken clocks do."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

TS_PACKET: Final = 188
CLOCK: Final = 90_000
WRAP: Final = 1 << 33
AUDIO, VIDEO = 0xC0, 0xE0
"""Kinds of PES packets, by the first byte of their name (ISO/IEC 13818-1, table 2-22)."""


@dataclass(frozen=True, slots=True)
class Pes:
    """A packet of an MPEG stream: of which kind of track, its number in it, its time in seconds."""

    kind: int
    number: int
    time: float


def restamped(data: bytes, move: Callable[[Pes], float]) -> bytes:
    """An MPEG-TS with the times of its PES packets moved (ISO/IEC 13818-1, 2.4.3.6)."""
    out, numbers = bytearray(data), dict[int, int]()
    for at in range(0, len(out), TS_PACKET):
        header = out[at : at + TS_PACKET]
        begins, adaptation = header[1] & 0x40, header[3] & 0x20
        pes = at + 4 + (1 + header[4] if adaptation else 0)
        if not begins or out[pes : pes + 3] != b"\0\0\1":
            continue
        kind, flags = out[pes + 3], out[pes + 7] >> 6
        number = numbers[kind] = numbers.get(kind, -1) + 1
        for place in range(pes + 9, pes + 9 + 5 * (flags >> 1) + 5 * (flags & 1 & (flags >> 1)), 5):
            ticks = (out[place] >> 1 & 7) << 30 | (out[place + 1] << 7 | out[place + 2] >> 1) << 15
            ticks |= out[place + 3] << 7 | out[place + 4] >> 1
            ticks = round(move(Pes(kind, number, ticks / CLOCK)) * CLOCK) % WRAP
            out[place] = out[place] & 0xF1 | (ticks >> 30) << 1
            out[place + 1 : place + 3] = struct.pack(">H", (ticks >> 15 & 0x7FFF) << 1 | 1)
            out[place + 3 : place + 5] = struct.pack(">H", (ticks & 0x7FFF) << 1 | 1)
    return bytes(out)
