"""Follows a container's structure as its bytes come in: what is header, where a file ends, what belongs to nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Protocol

from interhuman_stream.containers import TS_LEAD, TS_SPACINGS, Header, next_file, read_header

# The headers of recordings have some hundred to some thousand bytes.
LARGEST_HEADER: Final = 1024 * 1024
# Zeros put in for what a hole took, in one piece: a fragment or two. Damage that asks for more is not healed.
LARGEST_PADDING: Final = 32 * 1024 * 1024
LONGEST_PATTERN: Final = 16
# Bytes by which any container can be told.
TELLING: Final = TS_LEAD * max(spacing for spacing, _ in TS_SPACINGS)


class Kind(Enum):
    """What an element of a container is."""

    FILE = auto()  # the first of a file
    RESTART = auto()  # where another recording may begin in the same file
    HEAD = auto()  # what must be read before any media can be
    MEDIA = auto()
    FILLING = auto()  # room that was left, which says nothing
    LAST = auto()  # the file ends behind it
    MORE = auto()  # too few bytes to tell
    NONE = auto()  # no element begins here


@dataclass(frozen=True, slots=True)
class Element:
    """One element.

    Attributes:
        kind: What it is.
        size: Its bytes, without those of the elements in it where those are followed one by one.
        holds: Bytes that are behind these in the file, where this element says it.
    """

    kind: Kind
    size: int = 0
    holds: int | None = None


MORE: Final = Element(Kind.MORE)
NONE: Final = Element(Kind.NONE)


class Grammar(Protocol):
    """How one container is built; keeps what it must know of what came before."""

    def element(self, data: bytes, at: int) -> Element:
        """The element that begins at ``at``."""

    def next_element(self, data: bytes, at: int) -> int:
        """Where, from ``at`` on, bytes begin that only an element begins with; -1 where none do."""

    def media_inside(self, data: bytes, at: int, end: int) -> int:
        """Where between the two media begins that cannot be inside an element; -1 where none does."""

    def lead(self) -> bytes:
        """What a file that begins in the middle of the stream lacks: it came before."""

    def header(self, collected: bytes) -> bytes:
        """What a decoder that takes over must be fed first."""


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one piece.

    Attributes:
        fit: For the demuxer.
        astray: Bytes that belong to no element, and zeros that had to be put in.
        over: The file ends here.
        rest: What is behind its end.
        restarts: Where in the file, in bytes, another recording may begin.
    """

    fit: list[memoryview]
    astray: int
    over: bool = False
    rest: bytes = b""
    restarts: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    """What is known of the file between two pieces."""

    pending: bytes = b""  # the beginning of an element whose rest has not come
    open: int = 0  # bytes the current element still lacks
    keeping: bool = False  # the current element belongs to the header
    begun: bool = False  # media has come: the header is complete
    lost: bool = False  # looking for the next element
    place: int = 0  # bytes of the file so far
    ends: int | None = None  # where it ends, where it says so
    header: bytearray = field(default_factory=bytearray)
    beginning: bytearray = field(default_factory=bytearray)  # all that came before media, as it came


class Structure:
    """One file's structure. A demuxer believes the sizes it reads; after a hole they lead astray.

    Where new media begins before the open element is full, that one is filled with zeros; where bytes are no element,
    they are left out up to the next one, or to where a file of another kind begins.
    """

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._state = _State()

    @property
    def header(self) -> bytes:
        """What a decoder that takes over must be fed first; empty where it is larger than a header is."""
        collected = self._state.header
        return self._grammar.header(bytes(collected)) if len(collected) <= LARGEST_HEADER else b""

    def again(self) -> bytes:
        """The header, for a decoder that goes on with the next media that can be read by itself; see ``header``."""
        state, header = self._state, self.header
        if state.begun:
            state.lost, state.open, state.pending = True, 0, b""
            state.ends = None if state.ends is None else state.ends - state.place + len(header)
            state.place = len(header)
        return header

    def going_on(self, data: bytes) -> bytes:
        """What of a piece goes on with the file: some clients put its header before each part, wherever that was cut.

        A piece in which media begins behind the header is left as it is: it may be a recording of its own.
        """
        beginning = bytes(self._state.beginning)
        if not (self._state.begun and beginning and data.startswith(beginning)):
            return data
        rest = data[len(beginning) :]
        return rest if self._grammar.next_element(rest, 0) != 0 else data

    def feed(self, data: bytes) -> Part:
        """Follow the next bytes."""
        state = self._state
        if state.pending:
            data = state.pending + data
            state.pending = b""
        return _Walk(self._grammar, state, data).part()


class _Walk:
    """The way through one piece."""

    def __init__(self, grammar: Grammar, state: _State, data: bytes) -> None:
        self._grammar = grammar
        self._state = state
        self._data = data
        self._view = memoryview(data)
        self._fit: list[memoryview] = []
        self._from = 0  # the first byte that is fit and not yet in `fit`
        self._astray = 0
        self._padding = LARGEST_PADDING
        self._over = False
        self._lead = b""
        self._restarts: list[int] = []

    def part(self) -> Part:
        state, at = self._state, 0
        while at < len(self._data) and not self._over:
            if state.lost:
                at = self._find(at)
            elif state.open:
                at = self._through(at)
            else:
                at = self._enter(at)
        self._take(at)
        self._over = self._over or (state.ends is not None and state.place >= state.ends)
        rest = self._lead + self._data[at:] if self._over and at < len(self._data) else b""
        return Part(self._fit, self._astray, self._over, rest, self._restarts)

    def _find(self, at: int) -> int:
        """Leave bytes out up to the next element, or to the file that begins with this piece, or began just before."""
        found = next_file(self._data, at, at + 2 * LONGEST_PATTERN)
        if found < 0:
            found = self._grammar.next_element(self._data, at)
        if found < 0:
            # The last few may be the beginning of what an element begins with.
            kept = max(at, len(self._data) - LONGEST_PATTERN)
            self._state.pending = self._data[kept:]
            self._astray += kept - at
            self._from = len(self._data)
            return len(self._data)
        self._astray += found - at
        self._from = found
        self._state.lost = False
        return found

    def _through(self, at: int) -> int:
        """Go on in the element at hand, unless new media begins in it."""
        state = self._state
        stop = min(len(self._data), at + state.open)
        begins = self._grammar.media_inside(self._data, at, stop)
        lacks = state.open - (begins - at)
        if begins >= 0 and lacks <= self._padding:
            self._keep(at, begins)
            self._take(begins)
            self._fit.append(memoryview(bytes(lacks)))
            self._padding -= lacks
            self._astray += lacks
            state.place += state.open
            state.open = 0
            return begins
        self._keep(at, stop)
        state.place += stop - at
        state.open -= stop - at
        return stop

    def _enter(self, at: int) -> int:
        """Read what begins here, and take its first byte, so that it is not taken for another inside itself."""
        state = self._state
        element = self._grammar.element(self._data, at)
        if (state.ends is not None and state.place >= state.ends) or (element.kind is Kind.FILE and state.place):
            self._over, self._lead = True, self._grammar.lead()
            return at
        if element.kind is Kind.NONE and state.place:
            another = _another(self._data[at : at + TELLING])
            if another is Kind.FILE:
                self._over = True
                return at
            element = MORE if another is Kind.MORE else element
        if element.kind is Kind.MORE:
            self._take(at)
            state.pending = self._data[at:]
            self._from = len(self._data)
            return len(self._data)
        if element.kind is Kind.NONE:
            self._take(at)
            self._astray += 1
            self._from = at + 1
            state.lost = True
            return at + 1
        if element.kind is Kind.RESTART:
            self._restarts.append(state.place)
        if element.holds is not None:
            state.ends = state.place + element.size + element.holds
        elif element.kind is Kind.LAST:
            state.ends = state.place + element.size
        state.keeping = element.kind in {Kind.FILE, Kind.HEAD}
        state.begun = state.begun or element.kind is Kind.MEDIA
        self._keep(at, at + 1)
        state.place += 1
        state.open = element.size - 1
        return at + 1

    def _keep(self, at: int, end: int) -> None:
        """Add to the header what belongs to it."""
        if not self._state.begun and len(self._state.beginning) <= LARGEST_HEADER:
            self._state.beginning += self._view[at:end]
        if self._state.keeping and len(self._state.header) <= LARGEST_HEADER:
            self._state.header += self._view[at:end]

    def _take(self, end: int) -> None:
        if end > self._from:
            self._fit.append(self._view[self._from : end])
        self._from = end


def _another(data: bytes) -> Kind:
    """Whether a file of another kind begins here; one that can only be read whole may not be all there."""
    found = read_header(data)
    if isinstance(found, Header) or next_file(data, 0, LONGEST_PATTERN) == 0:
        return Kind.FILE
    return Kind.MORE if found and not found.why and len(data) < TELLING else Kind.NONE
