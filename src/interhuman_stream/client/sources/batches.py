"""Where to cut: a run of packets into batches that each decode alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, cast

from interhuman_stream.protocol.limits import LARGEST_SEGMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from av.packet import Packet

LARGEST: Final = LARGEST_SEGMENT * 9 // 10
"""Bytes of payload a batch may hold; the most wasteful container, MPEG-TS, adds up to a tenth."""
NEAR: Final = 0.2
"""The part of the wanted length by which a segment may be longer or shorter, so that it can be cut at a key frame."""
SHORTEST: Final = 0.6
"""The part of it that a segment must last where no key frame is near: MediaRecorder's are 3.3 s apart."""
LATE: Final = 10.0
"""Seconds of picture to wait for the sound that belongs before a cut."""
AHEAD: Final = 2.0
"""Seconds by which muxers write sound before the picture that belongs to it."""
SHORT: Final = 1.0
"""Seconds below which a last batch goes with the one before it."""
PAUSE: Final = 1.5
"""Seconds without picture and sound from which on a segment ends before them, not behind."""


LATE_START: Final = 0.25
"""Seconds without anything at the start of a batch that are left out of it."""


class Why(Enum):
    """Why packets cannot be copied, in words for people."""

    KEYS = "key frames are further apart than the segments asked for"
    FRAMES = "frames are hidden, damaged or have no times"
    BYTES = "there are more bytes than a segment may hold"
    SOUND = "the sound changes its rate or its channels"


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

    def belongs_to(self, before: Batch) -> bool:
        """Whether it is a last one too short to be of use, that goes on where the one before it ended."""
        short = self.last and self.end - self.start < SHORT and self.start - before.end < PAUSE
        return short and before.size + self.size <= LARGEST


@dataclass(frozen=True, slots=True)
class Uncopied:
    """What cannot be copied, from the last cut to where that was seen, and why."""

    batch: Batch
    why: Why


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place to cut: before ``packets[index]``, with ``size`` bytes ahead of it, the last of which ends at ``end``."""

    index: int
    time: Fraction
    size: int
    end: Fraction


class _Run:
    """The packets since the last cut, and where they could be cut next.

    The anchor is the stream that decides: the picture, or the sound where it is alone. A cut is clean at a key frame
    that no later packet reaches behind: in an open group of pictures, frames shown before the key frame
    come after it and need the group before.
    """

    def __init__(self, anchor: int, start: Fraction, rules: Rules) -> None:
        self.anchor = anchor
        self.start = start
        self.rules = rules
        self.packets: list[Packet[Any]] = []
        self.size = 0
        self.now = start
        self.end = start
        self.trouble: Why | None = None
        self._cuts: list[_Cut] = []
        self._key: _Cut | None = None
        self._anchored = False
        self._anchor_reached = start
        self._other_reached: Fraction | None = None
        self._decoded: dict[int, int] = {}

    def add(self, packet: Packet[Any]) -> None:
        """Take the next packet of the source."""
        if not self._in_order(packet):
            self.trouble = Why.FRAMES
        if packet.pts is not None:
            time = moment(packet)
            if not self.packets and time - self.start > LATE_START:
                self.start = time  # a batch begins where a pause ends
            if packet.stream_index == self.anchor:
                self._add_anchor(packet, time)
            else:
                self._other_reached = max(self._other_reached or self.start, time)
            self.now = max(self.now, time)
            self.end = max(self.end, ending(packet))
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
        here = _Cut(len(self.packets), time, self.size, min(time, self.end))
        # The key frame a run begins with is no place to cut it; one that ends a pause is.
        inside = self._anchored or time - self.start >= SHORT
        self._key = here if packet.is_keyframe and inside else None
        self._anchored = True
        self._anchor_reached = max(self._anchor_reached, time)
        if packet.is_discard and time >= self.start:
            self.trouble = Why.FRAMES  # an edit list hides this frame, and a copy would show it again

    def part(self, *, ended: bool = False) -> tuple[Batch, _Run] | None:
        """Cut, where that can be done now; ``ended`` says that no more packets come."""
        length = self.rules.length
        cut = self._pick(length)
        if cut is not None:
            whole = ended or not self.rules.sound or self._heard(cut.time)
        elif self.rules.forced and self._gap(length):
            cut = self._inside_gap(self.start + Fraction(length))
            whole = ended or self._anchor_reached >= cut.time  # a decoder holds frames back until the next come
        return self._split(cut) if cut is not None and whole else None

    def _inside_gap(self, time: Fraction) -> _Cut:
        later = (
            index
            for index, packet in enumerate(self.packets)
            if packet.stream_index == self.anchor and moment(packet) >= time
        )
        return _Cut(next(later, len(self.packets)), time, self.size, time)

    def _heard(self, time: Fraction) -> bool:
        heard = self._other_reached is not None and self._other_reached >= time
        return heard or self._anchor_reached >= time + Fraction(LATE)

    def _pick(self, length: float) -> _Cut | None:
        cuts = [cut for cut in self._cuts if cut.size <= LARGEST and self._lasts(cut) <= length * (1 + NEAR)]
        if not cuts:
            return None
        best = min(cuts, key=lambda cut: abs(self._lasts(cut) - Fraction(length)))
        off = abs(float(self._lasts(best)) - length)
        if off <= length * NEAR and self._anchor_reached - self.start >= length + off:
            return best  # whatever comes is further off
        if not self._overdue(length):
            return None
        last = cuts[-1]
        anywhere = self.rules.forced or self.size > LARGEST or last.time - last.end > PAUSE
        return last if anywhere or self._lasts(last) >= length * SHORTEST else None

    def _lasts(self, cut: _Cut) -> Fraction:
        return (cut.end if cut.time - cut.end > PAUSE else cut.time) - self.start

    def _overdue(self, length: float) -> bool:
        late = length * (1 + NEAR)
        reached = self._anchor_reached - self.start > late or self.now - self.start > late + AHEAD
        return self.size > LARGEST or reached

    def stuck(self) -> Why | None:
        """Why no cut is to be had by copying; None where one is, or may come."""
        if self.trouble is not None:
            return self.trouble
        length = self.rules.length
        if self._pick(length) is not None or not self._overdue(length):
            return None
        return Why.BYTES if self.size > LARGEST else Why.KEYS

    def _gap(self, length: float) -> bool:
        """Whether the batch is too long, with no key frame to end it at."""
        return self.now - self.start > length * (1 + NEAR) and not self._cuts

    def _split(self, cut: _Cut) -> tuple[Batch, _Run]:
        """Part the packets at a cut: the picture by its place, the sound by its time."""
        rest = _Run(self.anchor, cut.time, self.rules)
        kept = []
        for index, packet in enumerate(self.packets):
            placed = packet.stream_index == self.anchor or packet.pts is None
            before = index < cut.index if placed else moment(packet) < cut.time
            if before:
                kept.append(packet)
            else:
                rest.add(packet)
        end = min(cut.time, max(map(ending, kept), default=cut.time))
        paused = cut.time - end > PAUSE and end > self.start
        return Batch(kept, self.start, end if paused else cut.time), rest

    def rest(self) -> Batch:
        """Give all that is left."""
        return Batch(self.packets, self.start, max(map(ending, self.packets), default=self.start), last=True)


@dataclass(frozen=True, slots=True)
class Rules:
    """How batches are to be made.

    Attributes:
        length: How long a batch should be, in seconds.
        sound: Whether packets of a second stream come too.
        forced: The packets come from an encoder that puts a key frame wherever a batch may begin.
        copies: Whether the sound of a packet can be copied beside that before it.
    """

    length: float
    sound: bool
    forced: bool
    copies: Callable[[Packet[Any]], bool] = lambda _: True


def batches(
    packets: Iterable[Packet[Any]], anchor: int, start: Fraction, rules: Rules
) -> Generator[Batch, None, Uncopied | None]:
    """Group packets into batches.

    Args:
        packets: In the order of the source; the empty ones that end a stream are no part of a batch.
        anchor: The index of the stream that decides where a cut may be.
        start: Seconds of the source's clock at which the first batch begins.
        rules: How long, and of what.

    Returns:
        The packets that cannot be copied into a segment that decodes alone and keeps the limits; None when the source
        ended.
    """
    run, endings = _Run(anchor, start, rules), list[Any]()
    for packet in packets:
        if ends_stream(packet):
            endings.append(packet)
            continue
        run.add(packet)
        fits = rules.copies(packet)
        while (parted := run.part()) is not None:
            batch, run = parted
            yield batch
        why = (None if rules.forced else run.stuck()) if fits else Why.SOUND
        if why is not None:
            return Uncopied(run.rest(), why)
    while (parted := run.part(ended=True)) is not None:
        batch, run = parted
        yield batch
    last = run.rest()
    if not rules.forced and last.end - last.start > rules.length * (1 + NEAR) + SHORT:
        last.packets += endings  # for the coders
        return Uncopied(last, Why.KEYS)
    if last.packets:
        yield last
    return None


def well_ended(found: Generator[Batch, None, Uncopied | None]) -> Generator[Batch, None, Uncopied | None]:
    """Let a last batch that is too short to stand alone go with the one before it.

    One batch is held back for that, which a source that is recorded just now has no time for.
    """
    held: Batch | None = None
    while True:
        try:
            batch = next(found)
        except StopIteration as end:
            if held is not None:
                yield held
            return cast("Uncopied | None", end.value)
        if held is not None and batch.belongs_to(held):
            batch = Batch(held.packets + batch.packets, held.start, max(held.end, batch.end), last=True)
        elif held is not None:
            yield held
        held = batch


def moment(packet: Packet[Any]) -> Fraction:
    """Give the time at which a packet is shown, in seconds of its source's clock, exact."""
    return Fraction(packet.pts or 0) * packet.time_base


def ending(packet: Packet[Any]) -> Fraction:
    """Give the time up to which a packet lasts, as far as it says."""
    return moment(packet) + Fraction(packet.duration or 0) * packet.time_base


def ends_stream(packet: Packet[Any]) -> bool:
    """Whether this is the empty packet PyAV ends a stream with."""
    return packet.size == 0 and packet.pts is None and packet.dts is None
