"""One byte stream into pictures and sound: pieces of any size, cut anywhere, without losing a frame."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from interhuman_stream.analysis.media.decoder import LEAST_SOUND, Decoded, Decoder
from interhuman_stream.analysis.media.excess import STRANGERS, Amount
from interhuman_stream.analysis.media.grammars import continued, grammar
from interhuman_stream.analysis.media.pictures import Picture
from interhuman_stream.analysis.media.pipe import State
from interhuman_stream.analysis.media.sounds import LAG, Sound
from interhuman_stream.analysis.media.structure import LARGEST_HEADER, Structure
from interhuman_stream.containers import (
    LONGEST_MARK,
    SEND_ALL,
    Header,
    Untold,
    begins_file,
    may_begin,
    read_header,
    read_sound_header,
    transport_inside,
)
from interhuman_stream.faults import MalformedSegment, UnknownContainer
from interhuman_stream.findings import Note
from interhuman_stream.medium import TALKING_FACE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from interhuman_stream.analysis.media.excess import Bounds
    from interhuman_stream.medium import Medium

__all__ = ["Extent", "MediaStream", "Picture", "Sound"]

# A gap in a continued stream longer than this is a hole: the piece begins where its own media begins.
HOLE: Final = 0.5
# Whoever takes what comes is not left waiting for longer, in seconds.
LONGEST_SILENCE: Final = 0.25
# No picture is larger: where so many bytes gave none, they hold none.
LARGEST_BARREN: Final = 8 * 1024 * 1024
# Seconds by which sound may come behind the pictures beside it: tracks wait for each other, and fragments are written
# one track after the other.
LONGEST_DELAY: Final = LAG + 1.0
# Containers that say when a frame is by what came before it, its cluster or fragment: bytes that come again there would
# be taken for what follows, and what follows them for what came again.
RELATIVE: Final = frozenset({"matroska", "mov"})
# Fewer bytes may be alike by chance.
LEAST_REPEATED: Final = 1000
# Pieces that are known again: two minutes of a browser's shortest.
REMEMBERED: Final = 512
HEADERLESS: Final = "the stream's header never came: the segment is from the middle of a {} recording; " + SEND_ALL
NO_CONTAINER: Final = (
    "the segment begins no MP4, MOV, AVI, MKV, WebM or MPEG-TS file and continues none; if it belongs to a recording, "
    "the stream's header never came: " + SEND_ALL
)
NO_SOUND_CONTAINER: Final = (
    "the segment begins no WAV, FLAC, MP3, Ogg, M4A, MP4, WebM, MKV, MOV, AVI or MPEG-TS file and continues none; "
    "if it belongs to a recording, the stream's header never came: " + SEND_ALL
)
REPEATED: Final = "the segment repeats what came before, or came out of order; it was left out"
DAMAGED: Final = "nothing in the segment could be decoded; its bytes are damaged or are no video"
UNHEARD: Final = "no sound in the segment could be decoded; its bytes are damaged or hold none"


@dataclass(frozen=True, slots=True)
class Extent:
    """What a piece turned out to be. Times in seconds of the session; both the same where it held nothing yet."""

    start: float
    end: float
    has_video: bool
    has_audio: bool


@dataclass(slots=True)
class _Piece:
    """What has been found in the piece at hand."""

    before: float
    opened: bool = True  # what is in it is decoded, not only counted
    begin: float = float("inf")
    end: float = 0.0
    frames: int = 0
    sound: float = 0.0
    audible: bool = False
    notes: Counter[Note] = field(default_factory=Counter)

    def add(self, decoded: Decoded) -> None:
        if decoded.note:
            self.notes[decoded.note] += decoded.count
            return
        self.begin = min(self.begin, decoded.begin)
        self.end = max(self.end, decoded.end)
        self.frames += decoded.frames
        self.sound += decoded.sound
        # What a resampler still held of a sound that ended long ago is none of this piece.
        recent = decoded.end > self.before - LONGEST_DELAY
        self.audible = self.audible or (recent and isinstance(decoded.item, Sound) and decoded.item.audible)

    @property
    def holds_media(self) -> bool:
        return self.frames > 0 or self.sound > 0

    def extent(self) -> Extent:
        end = max(self.before, self.end)
        hole = self.begin - self.before > HOLE and self.begin < end
        return Extent(self.begin if hole else self.before, end, self.frames > 0, self.audible or self._counted)

    @property
    def _counted(self) -> bool:
        """Whether there is sound, where it is not listened to."""
        return not self.opened and self.sound > 0


class _File:
    """The file at hand: its structure, where it is read as it comes, and its decoder."""

    def __init__(self, header: Header, data: bytes, start: float, medium: Medium) -> None:
        self.header = header
        self.structure = None if header.whole else Structure(grammar(header.demuxer, header.spacing))
        self._medium = medium
        self._pieces: deque[bytes] = deque(maxlen=REMEMBERED)
        self.decoder = Decoder(header.demuxer, start, medium, data[: header.length] if header.whole else None)
        self.decoded = False

    def continued_by(self, data: bytes) -> bool:
        """Whether a piece that may begin a file goes on with this one.

        MPEG streams repeat their tables, and a fragment may be cut where a box begins.
        """
        if begins_file(data):
            return False
        found = read_header(data)
        return not isinstance(found, Header) or (found == self.header and not found.whole)

    def repeats(self, data: bytes) -> bool:
        """Whether these very bytes came before in this file: those that say when they are, others as the piece before.

        Silence in plain samples, one byte over and over, is not meant.
        """
        if self.header.demuxer not in RELATIVE or len(data) < LEAST_REPEATED or data.count(data[0]) == len(data):
            return False
        mark = hashlib.blake2b(data, digest_size=16).digest()
        found = mark in self._pieces if continued(data) else mark == next(reversed(self._pieces), b"")
        self._pieces.append(mark)
        return found

    def again(self, start: float) -> bool:
        """Give what follows to a new decoder; whether there is one, for a whole file has nothing that follows."""
        self.decoder.abandon()
        header = self.structure.again() if self.structure else b""
        if header:
            self.decoder, self.decoded = Decoder(self.header.demuxer, start, self._medium), False
            self.decoder.write(memoryview(header))
        return bool(header)


class MediaStream:
    """The byte stream of one session: whole files, or one file in pieces, or any mix, one after the other.

    Args:
        start: Seconds of the session at which the stream begins, or is taken up again.
        medium: What is to be perceived of it.

    Attributes:
        video_frames: Video frames decoded so far.
        extent: What the last piece turned out to be; valid once its ``feed`` is used up.
        notices: What was left out of it or put right in it, by kind; likewise, and after ``finish`` of what that gave.
    """

    def __init__(self, start: float = 0.0, medium: Medium = TALKING_FACE, bounds: Bounds = STRANGERS) -> None:
        self.video_frames = 0
        self._bounds = bounds
        self._medium = medium
        self._no_container, self._damaged = NO_CONTAINER, DAMAGED
        if not medium.looks:
            self._no_container, self._damaged = NO_SOUND_CONTAINER, UNHEARD if medium.listens else DAMAGED
        self.extent = Extent(start, start, has_video=False, has_audio=False)
        self.notices: Counter[Note] = Counter()
        self._position = start
        self._file: _File | None = None
        self._held = b""  # the beginning of a file of which too little has come
        self._tiny = b""  # what came last, where a file may begin with it and cannot be told by it yet
        self._barren = 0  # bytes since anything decoded

    @property
    def header(self) -> bytes:
        """What a decoder that takes over must be fed first, at most 1 MiB: the container's header, as far as it came.

        Empty where none is needed, as behind a whole file.
        """
        if self._file and self._file.structure:
            return self._file.structure.header
        return self._held

    def feed(self, data: bytes) -> Generator[Picture | Sound | None, None, None]:
        """Decode the next piece, of any size, and yield its pictures (about ten a second) and sound as they come.

        None is yielded at least every quarter of a second in which nothing comes, so that whoever iterates may stop;
        what is left of the piece then comes with the next one, or never.

        Raises:
            MalformedSegment: The bytes are damaged, or cut short, or came before, or more decodes than a piece may
                hold. The stream goes on. A piece that holds nothing yet is no fault.
            UnknownContainer: They begin no container that is known, and continue none.
        """
        piece = _Piece(self._position, bool(self._medium.senses))
        self.extent, self.notices = piece.extent(), piece.notes
        try:
            yield from self._items(self._decode(data, piece), piece)
        finally:
            self.extent = piece.extent()
        self._judge(piece, len(data))

    def finish(self) -> Generator[Picture | Sound | None, None, None]:
        """Say that no more bytes come, and yield what was held back for them; it belongs to the last piece.

        Raises:
            MalformedSegment: What came is cut short, or held nothing.
        """
        if self._held:
            held, self._held = self._held, b""
            found = read_header(held)
            raise MalformedSegment((isinstance(found, Untold) and found.why) or self._damaged)
        last, ever = self.extent, self._file is None or self._file.decoded
        piece = _Piece(self._position, bool(self._medium.senses))
        self.notices = piece.notes
        yield from self._items(self._end(), piece)
        rest = piece.extent()
        self.extent = Extent(
            last.start, max(last.end, rest.end), last.has_video or rest.has_video, last.has_audio or rest.has_audio
        )
        if not ever and not piece.holds_media:
            raise MalformedSegment(self._damaged)

    def close(self) -> None:
        """End the decoder, without waiting for it."""
        if self._file:
            self._file.decoder.abandon()
            self._file = None
        self._held = b""

    def _items(
        self, decoding: Iterator[Decoded | None], piece: _Piece
    ) -> Generator[Picture | Sound | None, None, None]:
        """Count what is decoded into the piece, and yield what there is to look at and to hear."""
        amount, spoken = Amount(self._bounds), time.monotonic()
        for decoded in decoding:
            if decoded:
                self._count(decoded, piece, amount)
            item = decoded.item if decoded else None
            if item or time.monotonic() - spoken >= LONGEST_SILENCE:
                yield item
                spoken = time.monotonic()

    def _count(self, decoded: Decoded, piece: _Piece, amount: Amount) -> None:
        piece.add(decoded)
        if decoded.note:
            return
        # Where nothing is decoded, hours cost no more than their packets: how long it is, is what is asked.
        advance, sound = max(0.0, decoded.end - self._position), decoded.sound
        advance, sound = (advance, sound) if piece.opened else (0.0, 0.0)
        if excess := amount.add(advance, decoded.pixels, sound):
            self._again()
            raise MalformedSegment(excess)
        self.video_frames += decoded.frames
        self._position = max(self._position, decoded.end)
        self._barren = 0

    def _judge(self, piece: _Piece, size: int) -> None:
        """Say so where the piece is damaged: nothing decodes, and that is not because nothing is complete yet."""
        notes = piece.notes
        if notes[Note.AGAIN] or notes[Note.LATE] > piece.frames + round(piece.sound / LEAST_SOUND):
            raise MalformedSegment(REPEATED)
        damaged = notes[Note.DAMAGED] or notes[Note.SOUND] or notes[Note.ASTRAY] > size // 2
        barren = self._barren > LARGEST_BARREN
        if (damaged or barren) and not piece.holds_media:
            if barren and self._file and not self._file.decoded:
                self._again()
            raise MalformedSegment(self._damaged)

    def _decode(self, data: bytes, piece: _Piece) -> Iterator[Decoded | None]:
        """Decode a piece, in which files may end and begin."""
        data = self._with_its_beginning(data)
        if self._file and self._file.structure:
            data = self._file.structure.going_on(data)
        if self._file and not self._file.continued_by(data):
            yield from self._end()
        elif self._file and self._file.repeats(data):
            piece.notes[Note.AGAIN] += 1
            return
        self._barren += len(data)
        while data:
            if self._file is None and not (data := self._begin(data, piece)):
                return
            assert self._file is not None  # noqa: S101 - begun
            file = self._file
            if file.structure is None:
                data, over = data[file.header.length :], True
            else:
                part = file.structure.feed(data)
                piece.notes[Note.ASTRAY] += part.astray
                file.decoder.restarts(part.restarts)
                for fit in part.fit:
                    file.decoder.write(fit)
                data, over = part.rest, part.over
            if over:
                yield from self._end()
                piece.notes[Note.DAMAGED] += not file.decoded
            elif (yield from self._drain(file)) is State.FINISHED:
                self._again()  # its decoder has given up
                piece.notes[Note.DAMAGED] += 1

    def _with_its_beginning(self, data: bytes) -> bytes:
        """The piece behind those few bytes before it with which it is a file: recorders send the first byte alone."""
        joined = self._tiny + data
        if self._tiny and begins_file(joined) and not begins_file(data):
            data = joined
        self._tiny = next((kept for kept in (joined, data) if len(kept) < LONGEST_MARK and may_begin(kept)), b"")
        return data

    def _begin(self, data: bytes, piece: _Piece) -> bytes:
        """Open the file that begins here; return the bytes to read, none where there is nothing to read yet."""
        joined = data if begins_file(data) else self._held + data
        found = self._read(joined)
        if found is None and self._held:
            joined, found = data, self._read(data)
        if found is None and (inside := transport_inside(data)) > 0:
            piece.notes[Note.ASTRAY] += inside
            joined = data[inside:]
            found = read_header(joined)
        self._held = b""
        if isinstance(found, Header):
            self._file = _File(found, joined, self._position, self._medium)
            self._barren = len(joined)
            return joined
        if isinstance(found, Untold) and found.why and (recording := continued(joined)):
            raise UnknownContainer(HEADERLESS.format(recording))
        if isinstance(found, Untold):
            self._held = joined if len(joined) <= LARGEST_HEADER else b""
            if (found.why or not self._held) and not piece.holds_media:
                raise MalformedSegment(found.why or self._damaged)
        elif not piece.holds_media:
            recording = continued(data)
            raise UnknownContainer(HEADERLESS.format(recording) if recording else self._no_container)
        return b""

    def _read(self, data: bytes) -> Header | Untold | None:
        """The file that begins here; one of sound alone where nobody wants to look."""
        return (None if self._medium.looks else read_sound_header(data)) or read_header(data)

    def _again(self) -> None:
        """Go on with the file at hand behind what was refused: whatever that was, the bytes after it are its own."""
        if self._file and not self._file.again(self._position):
            self._file = None
        self._barren = 0

    def _drain(self, file: _File) -> Generator[Decoded | None, None, State]:
        """Yield what the bytes given to the decoder give, until it wants more or is finished."""
        while True:
            got = file.decoder.get(LONGEST_SILENCE)
            if isinstance(got, Decoded):
                file.decoded = file.decoded or not got.note
                yield got
            elif got is State.BUSY:
                yield None
            else:
                return got

    def _end(self) -> Iterator[Decoded | None]:
        """End the file at hand, and yield what it held back."""
        file, self._file = self._file, None
        if file:
            file.decoder.end()
            try:
                yield from self._drain(file)
            finally:
                file.decoder.abandon()
