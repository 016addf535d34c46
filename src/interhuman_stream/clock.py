"""Time that only runs forward: each track's own clock, mapped to the one time of the session.

What is stamped is the packet, before it is decoded. A packet whose time is out of line waits for those behind it: one
alone was stamped wrongly and is put where its neighbours are; where they all go on from it, the recording paused, or
another one begins, or bytes came twice or late.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from interhuman_stream.findings import Note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

# Seconds between two packets of a track that nobody wonders about; decoding order and sloppy muxers step back.
STEP: Final = 1.5
STEP_BACK: Final = 0.5
# Pictures by which their order of decoding and that of showing them differ.
REORDERED: Final = 4
# Packets that must agree before a clock is believed to have moved.
ENOUGH: Final = 3
# Seconds that tracks of one recording may lie apart where they lie side by side in its bytes; FFmpeg's own measure of
# what an MPEG clock may step ahead, and what its muxers write of one track when another has nothing, too.
SKEW: Final = 10.0
# Seconds of one track that a muxer may write before those of another: a fragment.
INTERLEAVED: Final = 30.0
# A pause in containers whose clocks do not jump: a laptop that slept. Beyond it the clock is broken.
LONGEST_PAUSE: Final = 2 * 3600.0
# Bytes that are sent once more, or behind others, come within this; a clock that steps back further begins anew.
LATEST: Final = 120.0
# No codec holds a picture back for longer: a damaged time.
LONGEST_REORDERING: Final = 5.0
# Packets and pauses of a track that are remembered, to know them again.
REMEMBERED: Final = 8192
PAUSES: Final = 16


class Numbered(Protocol):
    """A packet's stream: its number in the file."""

    @property
    def index(self) -> int: ...  # noqa: D102 - said above


class Stamped(Protocol):
    """What a clock asks of a packet; PyAV's have it."""

    pts: int | None
    dts: int | None

    @property
    def stream(self) -> Numbered: ...  # noqa: D102 - as FFmpeg calls them, these and those below
    @property
    def time_base(self) -> Fraction: ...  # noqa: D102
    @property
    def duration(self) -> int | None: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def pos(self) -> int | None: ...  # noqa: D102
    @property
    def is_corrupt(self) -> bool: ...  # noqa: D102


P = TypeVar("P", bound=Stamped)


@dataclass(slots=True)
class _Track(Generic[P]):
    """One track's clock. ``end`` and what is computed from it are seconds of the session."""

    tick: float  # seconds
    base: float  # from the track's own (moved) seconds to the session's
    end: float  # where the next packet is due
    last: float = float("-inf")  # where the last one in line was
    moved: int = 0  # ticks added to the track's own times
    step: float = 0.0  # seconds a packet lasts
    unstamped: float = 0.0  # seconds of packets without a time that came behind the last one in line
    count: int = 0
    followed: int = 0  # how many of the recording's moves it has made
    place: int = 0  # where in the file the last packet in line began
    late: bool = False  # in the middle of what came once more or too late
    torn: P | None = None  # the last one in line, where its end seems to be missing
    waiting: list[P] = field(default_factory=list)  # out of line, until more have come
    order: deque[tuple[int, int]] = field(default_factory=deque)
    seen: set[tuple[int, int]] = field(default_factory=set)  # the packets of late, by time and size
    pauses: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=PAUSES))

    def session(self, ticks: int) -> float:
        """Seconds of the session for the track's own time."""
        return (ticks + self.moved) * self.tick + self.base


class Clock(Generic[P]):
    """One file's clocks.

    Args:
        start: Seconds of the session at which the file begins.
        jumps: Whether the container is one whose clock may jump where nothing paused or came twice (MPEG streams).
        latest: Seconds within which bytes may come once more, or behind others; 0 where they are read in their order.

    Attributes:
        done: What was left out or put right, by kind.
        restarts: Places in the file, in bytes, at which another recording may begin; whoever reads the bytes says so.
    """

    def __init__(self, start: float, *, jumps: bool, latest: float = LATEST) -> None:
        self.done: Counter[Note] = Counter()
        self.restarts: deque[int] = deque(maxlen=REMEMBERED)
        self._start = start
        self._jumps = jumps
        self._latest = latest
        self._file_begins: float | None = None
        self._tracks: dict[int, _Track[P]] = {}
        self._moves: list[float] = []

    def begins(self, time: float) -> None:
        """Say what the file calls its beginning."""
        self._file_begins = time

    def session(self, index: int, ticks: int) -> float:
        """Seconds of the session for a frame's time; ``index`` is its track's."""
        track = self._tracks[index]
        return ticks * track.tick + track.base

    def base(self, index: int) -> float:
        """Seconds from a track's own times, as they are after ``take``, to the session's."""
        return self._tracks[index].base

    def take(self, packet: P) -> list[P]:
        """Take the next packet; return those that may be decoded now, stamped by the session's line."""
        # The empty packet that ends a track has no number of its own; its stream has.
        track = self._tracks.get(packet.stream.index)
        ticks = _ticks(packet)
        if ticks is None:
            return self._unstamped(track, packet)
        if track is None:
            track = self._tracks[packet.stream.index] = self._new(packet)
        time = track.session(ticks)
        if track.late and time < track.end - track.step / 2:
            self.done[Note.LATE] += 1
            return []
        track.late = False
        back = STEP_BACK if packet.dts is not None else max(STEP_BACK, REORDERED * track.step)
        in_order = time - track.end >= -back or time > track.last
        if in_order and time - track.end <= max(STEP, REORDERED * track.step) + track.unstamped:
            out = [*self._torn(track, time), *self._put_in_line(track)]
            if packet.is_corrupt:
                track.torn = packet
                return out
            out.append(self._stamped(track, packet))
            return out
        out = [] if self._follows(track, time) else list(self._put_in_line(track))
        track.waiting.append(packet)
        if len(track.waiting) >= ENOUGH:
            out += self._believe(track)
        return out

    def _torn(self, track: _Track[P], time: float) -> list[P]:
        """The packet whose end seemed to be missing, unless the whole of it is the next one in line, at ``time``."""
        torn, track.torn = track.torn, None
        if torn is None or time <= self._time(track, torn):
            return []
        return [self._stamped(track, torn)]

    def _unstamped(self, track: _Track[P] | None, packet: P) -> list[P]:
        """A packet without a time goes where those before it go; an empty one is the end of its track."""
        if track is None:
            return [packet]
        if not packet.size:
            return [*self._torn(track, track.end + 1), *self._settle(track), packet]
        if track.late:
            self.done[Note.LATE] += 1
            return []
        if track.waiting:
            track.waiting.append(packet)
            return []
        track.unstamped += _lasts(packet, track)
        return [packet]

    def _new(self, packet: P) -> _Track[P]:
        """A track's clock by its first packet."""
        tick, shown = float(packet.time_base), packet.pts
        own = (_ticks(packet) or 0) * tick
        now = max((track.end for track in self._tracks.values()), default=self._start)
        if not self._tracks:
            begins = self._file_begins
            first = own if shown is None else shown * tick
            if begins is not None and abs(own - begins) <= SKEW:
                first = begins
            return _Track(tick, self._start - first, self._start + own - first)
        base = next(iter(self._tracks.values())).base + sum(self._moves)
        if max(self._start - STEP, now - INTERLEAVED) <= own + base <= now + SKEW:
            return _Track(tick, base, own + base, followed=len(self._moves))
        self.done[Note.APART] += 1
        begins_at = self._start if now - self._start < SKEW + STEP else now
        return _Track(tick, begins_at - own, begins_at, followed=len(self._moves))

    def _time(self, track: _Track[P], packet: P) -> float:
        return track.session(_ticks(packet) or 0)

    def _follows(self, track: _Track[P], time: float) -> bool:
        """Whether a packet goes on where the last one that waits was; the first one always does."""
        unstamped = 0.0
        for packet in reversed(track.waiting):
            if _ticks(packet) is not None:
                step = time - self._time(track, packet) - unstamped
                longest = max(STEP, REORDERED * track.step) if self._jumps else LONGEST_PAUSE
                return -STEP_BACK - unstamped <= step <= longest
            unstamped += _lasts(packet, track)
        return True

    def _stamped(self, track: _Track[P], packet: P) -> P:
        """The packet at its place in the session's line, which goes on behind it."""
        ticks, tick = _ticks(packet), track.tick
        if ticks is None:
            return packet
        time, decoding_order = track.session(ticks), packet.dts is not None
        track.unstamped = 0.0
        self._remember(track, packet)
        if packet.pts is not None and packet.dts is not None:
            if abs(packet.pts - packet.dts) * tick > max(LONGEST_REORDERING, 2 * REORDERED * track.step):
                packet.pts = packet.dts
            packet.dts += track.moved
            packet.pts += track.moved
        elif decoding_order:
            packet.dts = ticks + track.moved
        else:
            packet.pts = ticks + track.moved
        lasts = length(packet, tick)
        since = time - track.end + track.step
        if lasts > STEP_BACK and track.count and 0 < time - track.last < lasts:
            # An average that a header says, over a recording that paused.
            track.step = time - track.last
            track.end = time
        elif lasts or (track.count and 0 < since <= STEP):
            track.step = lasts or since
        # By its time alone a picture may be shown after those that are stored behind it.
        track.end = max(track.end, time + track.step * (1 if decoding_order else -REORDERED))
        track.last = time
        track.count += 1
        return packet

    def _put_in_line(self, track: _Track[P]) -> Iterator[P]:
        """Stamp those that waited in vain one behind the other."""
        waiting, track.waiting = track.waiting, []
        for packet in waiting:
            self.done[Note.STRAY] += 1
            packet.pts = packet.dts = round((track.end - track.base) / track.tick) - track.moved
            yield self._stamped(track, packet)

    def _believe(self, track: _Track[P]) -> list[P]:
        """Believe those that waited."""
        first = self._time(track, track.waiting[0])
        now = max(other.end for other in self._tracks.values())
        others = max((other.end for other in self._tracks.values() if other is not track), default=float("-inf"))
        move = self._move(track, first, now + SKEW)
        ahead = first - track.end
        if move is None and ahead < 0 and track.count <= ENOUGH:
            return self._begin_again(track)
        if move is None and ahead < 0 and self._came_late(track, first):
            self.done[Note.LATE] += len(track.waiting)
            track.late, track.waiting = True, []
            return []
        torn = self._torn(track, track.end + 1)
        broken = first > others + SKEW and ahead > (SKEW if self._jumps else LONGEST_PAUSE)
        if move is None and (ahead < 0 or broken):
            move = now - first
            self._moves.append(move)
            self.done[Note.JOIN] += 1
        if move is not None:
            track.moved += round(move / track.tick)
            track.followed = len(self._moves)
            first += move
        if first > track.end + STEP:
            track.pauses.append((track.end, first))
            self.done[Note.PAUSE] += 1
        track.end = first
        out, track.waiting = track.waiting, []
        return torn + [self._stamped(track, packet) for packet in out]

    def _begin_again(self, track: _Track[P]) -> list[P]:
        """The first packets were the ones out of line: the track's clock is that of those that waited."""
        out, track.waiting = track.waiting, []
        del self._tracks[out[0].stream.index]
        fresh = self._new(out[0])
        self.done[Note.STRAY] += track.count
        track.moved = round((fresh.base - track.base) / track.tick)
        track.end, track.followed = fresh.end, fresh.followed
        self._tracks[out[0].stream.index] = track
        return [self._stamped(track, packet) for packet in out]

    def _move(self, track: _Track[P], first: float, latest: float) -> float | None:
        """The move that another track has made and this one has not, if it brings it into line."""
        moves = self._moves[track.followed :]
        for begin in range(len(moves)):
            move = sum(moves[begin:])
            if track.end - STEP <= first + move <= latest:
                return move
        return None

    def _came_late(self, track: _Track[P], first: float) -> bool:
        """Whether what steps back is what came already, or should have: not another recording."""
        if track.end - first > self._latest:
            return False
        if not self._jumps:
            return True
        if any(begin - STEP_BACK <= first < end - STEP_BACK for begin, end in track.pauses):
            return True
        place = track.waiting[0].pos or 0
        restarts = any(track.place < restart <= place for restart in self.restarts)
        return not restarts and all(_mark(packet) in track.seen for packet in track.waiting)

    def _remember(self, track: _Track[P], packet: P) -> None:
        track.place = track.place if packet.pos is None else packet.pos
        if not self._jumps:
            return
        mark = _mark(packet)
        track.order.append(mark)
        track.seen.add(mark)
        if len(track.order) > REMEMBERED:
            track.seen.discard(track.order.popleft())

    def _settle(self, track: _Track[P]) -> list[P]:
        """What waited and nothing comes behind."""
        if not track.waiting:
            return []
        time = self._time(track, track.waiting[0])
        others = [other.end for other in self._tracks.values() if other is not track]
        # A last picture a few seconds on ends a slide show; where the sound stopped long before it, it is a stray.
        within = 0 < time - track.end <= SKEW and (not others or time <= max(others) + STEP)
        if len(track.waiting) > 1 or within:
            return self._believe(track)
        return list(self._put_in_line(track))


def length(packet: Stamped, tick: float) -> float:
    """Seconds that a packet says it lasts; 0 where it says nothing, or what only a damaged header says."""
    seconds = (packet.duration or 0) * tick
    return seconds if seconds <= LONGEST_PAUSE else 0.0


def _ticks(packet: Stamped) -> int | None:
    """The time by which packets are in order; None where it has none."""
    ticks = packet.dts
    return packet.pts if ticks is None else ticks


def _lasts(packet: Stamped, track: _Track[P]) -> float:
    """Seconds of a packet without a time."""
    return length(packet, track.tick) or track.step


def _mark(packet: Stamped) -> tuple[int, int]:
    """What a packet is known again by."""
    return _ticks(packet) or 0, packet.size
