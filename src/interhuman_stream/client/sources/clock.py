"""One time for a source whose tracks have their own clocks, which may jump."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.clock import LONGEST_PAUSE, Clock
from interhuman_stream.findings import Note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from av.packet import Packet

SAME: Final = Fraction(1, 20)
"""Seconds by which a packet is moved so that no two of a track are to be decoded at once, which containers refuse."""
LONG: Final = Fraction(1, 2)
"""Seconds from which on what a packet says it lasts is taken for an average that a header says, pauses and all."""
FINE: Final = Fraction(1, 1000)
"""The time base of a track whose own is damaged: by a tick of days no packet can be put in line."""
SENTENCES: Final = (
    "{} packets had a time out of line, and were put where their neighbours are",
    "the clock began anew {} times, as where recordings are joined; time goes on",
)


class Line:
    """Puts the packets of a source on one time line, which begins at 0.

    Args:
        jumps: Whether the container is one whose clock may jump where nothing paused (MPEG streams).
        begins: What the container calls its beginning, in seconds; None where it does not say.
    """

    def __init__(self, begins: float | None, *, jumps: bool) -> None:
        # A source is read in its order: what steps back is another recording, never what came once more.
        self._clock: Clock[Packet[Any]] = Clock(0.0, jumps=jumps, latest=0.0)
        self._told = (0, 0)
        self._last: dict[int, int] = {}
        if begins is not None:
            self._clock.begins(begins)

    def steady(self, packets: Iterable[Packet[Any]]) -> Iterator[Packet[Any]]:
        """Stamp packets; one whose time is out of line waits for those behind it."""
        for packet in packets:
            if packet.time_base and packet.time_base > LONGEST_PAUSE:  # the empty one that ends a track has none
                _refine(packet)
            for each in self._clock.take(packet):
                if each.pts is not None or each.dts is not None:
                    self._move(each)
                yield each

    def notes(self) -> list[str]:
        """Say what was put right since this was last asked."""
        now = self._clock.done[Note.STRAY], self._clock.done[Note.JOIN]
        since = [count - told for count, told in zip(now, self._told, strict=True)]
        self._told = now
        return [sentence.format(count) for sentence, count in zip(SENTENCES, since, strict=True) if count]

    def _move(self, packet: Packet[Any]) -> None:
        ticks = round(self._clock.base(packet.stream.index) / packet.time_base)
        if packet.pts is not None:
            packet.pts += ticks
        if packet.dts is not None:
            packet.dts = self._behind_the_last(packet, packet.dts + ticks)
            packet.pts = packet.dts if packet.pts is None else max(packet.pts, packet.dts)

    def _behind_the_last(self, packet: Packet[Any], dts: int) -> int:
        """The time of decoding, a little later where a packet that was put in line has taken it already."""
        last = self._last.get(packet.stream.index)
        if last is not None and dts <= last <= dts + SAME / packet.time_base:
            dts = last + 1
        since = 0 if last is None else dts - last
        lasts = packet.duration or 0
        if 0 < since < lasts and lasts * packet.time_base > LONG:
            packet.duration = since
        self._last[packet.stream.index] = dts
        return dts


def _refine(packet: Packet[Any]) -> None:
    """Count in ``FINE`` what a damaged header counts in ticks of days; how long it lasts is not known."""
    times = packet.time_base / FINE
    packet.time_base, packet.duration = FINE, 0
    packet.pts = None if packet.pts is None else round(packet.pts * times)
    packet.dts = None if packet.dts is None else round(packet.dts * times)
