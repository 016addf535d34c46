"""One clock for a source whose own jumps: recordings joined end to end, or damaged, start to count anew."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from av.packet import Packet

BACK: Final = Fraction(1, 2)
"""Seconds a stream's clock may step back before it counts as a jump."""
AHEAD: Final = Fraction(10)
"""Seconds it may step ahead, in containers whose clocks are known to jump; FFmpeg's own measure."""


def steady(packets: Iterable[Packet[Any]], *, jumps: bool) -> Iterator[Packet[Any]]:
    """Let the clock go on where it jumps.

    Args:
        packets: In the order of the source.
        jumps: Whether the container is one whose clock may jump ahead as well (MPEG streams); elsewhere a
            step ahead is a pause that was meant.
    """
    offset = Fraction(0)
    expected: dict[int, Fraction] = {}
    for packet in packets:
        if (
            packet.pts is not None
            and packet.dts is not None
            and abs(packet.pts - packet.dts) * packet.time_base > AHEAD
        ):
            packet.pts = packet.dts  # no codec holds a picture back for that long: a damaged time
        clock = packet.pts if packet.dts is None else packet.dts
        if clock is not None:
            time = clock * packet.time_base + offset
            due = expected.get(packet.stream_index, time)
            if time < due - BACK or (jumps and time > due + AHEAD):
                offset += due - time
                time = due
            expected[packet.stream_index] = time + (packet.duration or 0) * packet.time_base
            _move(packet, offset)
        yield packet


def _move(packet: Packet[Any], offset: Fraction) -> None:
    ticks = round(offset / packet.time_base)
    if packet.pts is not None:
        packet.pts += ticks
    if packet.dts is not None:
        packet.dts += ticks
