"""Where to cut: a run of packets into batches that each decode alone."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, cast

from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from av.packet import Packet

LARGEST: Final = LARGEST_SEGMENT * 9 // 10
"""Bytes of payload a batch may hold; the most wasteful container, MPEG-TS, adds up to a tenth."""
EARLY: Final = 0.9
"""The part of the wanted length from which on a key frame is close enough to cut at."""
STRETCH: Final = 2.2
"""How many times the wanted length a segment may take when key frames are rare; x264's usual 250 frames at 24 a second,
cut for 5 s, are 2.1."""
LATE: Final = 10.0
"""Seconds of picture to wait for the sound that belongs before a cut."""
SHORT: Final = 1.0
"""Seconds below which a last batch goes with the one before it."""


@dataclass(slots=True)
class Batch:
    """Packets that decode alone.

    Attributes:
        packets: In the order of the source.
        start: Seconds of the source's clock at which the batch begins, exact.
        end: Seconds of the source's clock at which it ends.
        last: Whether the source ends with it.
    """

    packets: list[Packet[Any]]
    start: Fraction
    end: Fraction
    last: bool = False

    @property
    def size(self) -> int:
        """Bytes of payload."""
        return sum(packet.size for packet in self.packets)

    @property
    def alone_too_little(self) -> bool:
        """Whether it is too small for the wire, or too short to be of use."""
        return self.size < SMALLEST_SEGMENT or self.end - self.start < SHORT


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place to cut: before ``packets[index]``, with ``size`` bytes ahead of it."""

    index: int
    time: Fraction
    size: int


class _Run:
    """The packets since the last cut, and where they could be cut next.

    The anchor is the stream that decides: the picture, or the sound where it is alone. A cut is clean at a key frame
    that no later packet reaches behind: in an open group of pictures, frames shown before the key frame
    come after it and need the group before.
    """

    def __init__(self, anchor: int, start: Fraction, *, sound: bool) -> None:
        self.anchor = anchor
        self.start = start
        self.sound = sound
        self.packets: list[Packet[Any]] = []
        self.size = 0
        self.now = start
        self.copies = True
        self._cuts: list[_Cut] = []
        self._key: _Cut | None = None
        self._anchored = False
        self._anchor_reached = start
        self._other_reached: Fraction | None = None
        self._decoded: dict[int, int] = {}

    def add(self, packet: Packet[Any]) -> None:
        """Take the next packet of the source."""
        if not self._in_order(packet):
            self.copies = False
        if packet.pts is None:
            pass
        elif packet.stream_index == self.anchor:
            self._add_anchor(packet, moment(packet))
        else:
            self._other_reached = max(self._other_reached or self.start, moment(packet))
            self.now = max(self.now, self._other_reached)
        self.packets.append(packet)
        self.size += packet.size

    def _in_order(self, packet: Packet[Any]) -> bool:
        """Whether a container would take the packet after those before it: damage makes clocks jump."""
        if packet.pts is None:
            return False
        if packet.dts is None:
            return True  # MPEG programme streams give it for some packets alone; the container works it out
        last = self._decoded.get(packet.stream_index)
        self._decoded[packet.stream_index] = packet.dts
        return packet.pts >= packet.dts and (last is None or packet.dts >= last)

    def _add_anchor(self, packet: Packet[Any], time: Fraction) -> None:
        if self._key is not None and time >= self._key.time:
            self._cuts.append(self._key)
        here = _Cut(len(self.packets), time, self.size)
        # The key frame a run begins with is no place to cut it; one that ends a pause is.
        inside = self._anchored or time - self.start >= SHORT
        self._key = here if packet.is_keyframe and inside else None
        self._anchored = True
        self._anchor_reached = max(self._anchor_reached, time)
        self.now = max(self.now, time)
        if packet.is_discard and time >= self.start:
            self.copies = False  # an edit list hides this frame, and a copy would show it again

    def part(self, length: float, *, forced: bool, ended: bool = False) -> tuple[Batch, _Run] | None:
        """Cut, where that can be done now.

        Args:
            length: How long a batch should be, in seconds.
            forced: Whether the next frame after a pause of the picture is a key frame in any case.
            ended: Whether no more packets come.
        """
        cut = self._pick(length)
        if cut is not None:
            whole = ended or not self.sound or self._heard(cut.time)
        elif forced and self._gap(length):
            cut = self._inside_gap(self.start + Fraction(length))
            whole = ended or self._anchor_reached >= cut.time  # a decoder holds frames back until the next come
        return self._split(cut) if cut is not None and whole else None

    def _inside_gap(self, time: Fraction) -> _Cut:
        later = (
            index
            for index, packet in enumerate(self.packets)
            if packet.stream_index == self.anchor and moment(packet) >= time
        )
        return _Cut(next(later, len(self.packets)), time, self.size)

    def _heard(self, time: Fraction) -> bool:
        heard = self._other_reached is not None and self._other_reached >= time
        return heard or self._anchor_reached >= time + Fraction(LATE)

    def _pick(self, length: float) -> _Cut | None:
        usable = [cut for cut in self._cuts if SMALLEST_SEGMENT <= cut.size <= LARGEST]
        near = [cut for cut in usable if cut.time - self.start >= length * EARLY]
        if near and self.now - self.start >= length:
            return min(near, key=lambda cut: abs(cut.time - self.start - Fraction(length)))
        return usable[-1] if usable and self._overdue(length) else None

    def _overdue(self, length: float) -> bool:
        return self.size > LARGEST or self.now - self.start > length * STRETCH

    def stuck(self, length: float) -> bool:
        """Whether no cut is to be had by copying."""
        return not self.copies or (self._pick(length) is None and (self.size > LARGEST or self._gap(length)))

    def _gap(self, length: float) -> bool:
        """Whether the batch is far too long, with no key frame to end it at."""
        return self.now - self.start > length * STRETCH and not self._cuts

    def _split(self, cut: _Cut) -> tuple[Batch, _Run]:
        """Part the packets at a cut: the picture by its place, the sound by its time."""
        rest = _Run(self.anchor, cut.time, sound=self.sound)
        kept = []
        for index, packet in enumerate(self.packets):
            placed = packet.stream_index == self.anchor or packet.pts is None
            before = index < cut.index if placed else moment(packet) < cut.time
            if before:
                kept.append(packet)
            else:
                rest.add(packet)
        return Batch(kept, self.start, cut.time), rest

    def rest(self) -> Batch:
        """Give all that is left."""
        ends = [moment(packet) + Fraction(packet.duration or 0) * packet.time_base for packet in self.packets]
        return Batch(self.packets, self.start, max(ends, default=self.start), last=True)


def batches(
    packets: Iterable[Packet[Any]], *, anchor: int, start: Fraction, length: float, sound: bool, forced: bool
) -> Generator[Batch, None, Batch | None]:
    """Group packets into batches of about ``length`` seconds.

    Args:
        packets: In the order of the source; the empty ones that end a stream are passed over.
        anchor: The index of the stream that decides where a cut may be.
        start: Seconds of the source's clock at which the first batch begins.
        length: How long a batch should be, in seconds.
        sound: Whether packets of a second stream come too.
        forced: The packets come from an encoder that puts a key frame wherever a batch may begin.

    Returns:
        The packets that cannot be copied into a segment that decodes alone and keeps the limits, from the last cut
        to where that was seen; None when the source ended.
    """
    run = _Run(anchor, start, sound=sound)
    for packet in packets:
        if ends_stream(packet):
            continue
        run.add(packet)
        while (parted := run.part(length, forced=forced)) is not None:
            batch, run = parted
            yield batch
        if not forced and run.stuck(length):
            return run.rest()
    while (parted := run.part(length, forced=forced, ended=True)) is not None:
        batch, run = parted
        yield batch
    last = run.rest()
    if last.packets:
        yield last
    return None


def well_ended(found: Generator[Batch, None, Batch | None]) -> Generator[Batch, None, Batch | None]:
    """Let a last batch that is too small or too short to stand alone go with the one before it.

    One batch is held back for that, which a source that is recorded just now has no time for.
    """
    held: Batch | None = None
    while True:
        try:
            batch = next(found)
        except StopIteration as end:
            if held is not None:
                yield held
            return cast("Batch | None", end.value)
        if held is not None and batch.last and batch.alone_too_little and held.size + batch.size <= LARGEST:
            batch = Batch(held.packets + batch.packets, held.start, max(held.end, batch.end), last=True)
        elif held is not None:
            yield held
        held = batch


def moment(packet: Packet[Any]) -> Fraction:
    """Give the time at which a packet is shown, in seconds of its source's clock, exact."""
    return Fraction(packet.pts or 0) * packet.time_base


def ends_stream(packet: Packet[Any]) -> bool:
    """Whether this is the empty packet PyAV ends a stream with."""
    return packet.size == 0 and packet.pts is None and packet.dts is None
