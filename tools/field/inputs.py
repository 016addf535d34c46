"""The inputs: ten seconds of talk as what goes wrong in the field leaves them, at least three of every kind.

Kinds are numbered as the reports were that they were first seen in. Each says what should come of it: whether the talk
is all there, when it begins, and how long the recording is.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import av

from tools.field.mpeg import AUDIO, VIDEO, WRAP, Pes, restamped
from tools.matrix.media import FPS, HALF, MIRRORED, MUXERS, QUARTER, SECONDS, Row, written
from tools.matrix.rows import B_FRAMES, H264, H265, MP3, OPUS, VP8, VP9

if TYPE_CHECKING:
    from collections.abc import Callable

UPSIDE_DOWN, TRANSPOSED, ANTI, THREE_QUARTERS = (1, 0, 0, -1), (0, 1, 1, 0), (0, -1, -1, 0), (0, -1, 1, 0)
STEREO: Final = partial(Row, "mpegts", H264, layout="stereo", channels=(1.0, 1.0))
HALFWAY: Final = SECONDS / 2
"""Nobody speaks then, and the head is still."""
SUFFIXES: Final = {"fragmented mp4": "mp4", "live webm": "webm", "mpegts": "ts"}


@dataclass(frozen=True, slots=True)
class Input:
    """One recording.

    Attributes:
        kind: Of what is the matter with it.
        name: What is.
        container: A name of the matrix' muxers.
        make: Writes it.
        begins: When the talk begins in it, in seconds; once for each time it is there.
        seconds: How long it is; without sound, when its last picture comes: how long that one lasts, not all say.
        pause: By how much what comes later than halfway is later.
        talks: Whether it can be heard, and is seen as often as the talk.
        clients: Whether the client's `stream` is what is tried with it, rather than `analyze`.
    """

    kind: str
    name: str
    container: str
    make: Callable[[], bytes]
    begins: tuple[float, ...] = (0.0,)
    seconds: float = SECONDS
    pause: float = 0.0
    talks: bool = True
    clients: bool = False

    @property
    def suffix(self) -> str:
        """Of its file's name."""
        return SUFFIXES.get(self.container, self.container)

    def put(self, time: float, begin: float) -> float:
        """When something in the talk that begins there is to be found."""
        return begin + time + self.pause * (time > HALFWAY)


def of(kind: str, name: str, row: Row, *, clients: bool = False) -> Input:
    """One that a row of the matrix can say."""
    pause = sum(by for _, by in row.pauses)
    seconds = SECONDS + pause if row.audio else SECONDS - row.every / FPS
    return Input(
        kind,
        name,
        row.container,
        partial(written, row),
        seconds=seconds,
        pause=pause,
        talks=bool(row.audio),
        clients=clients,
    )


def halves(first: Row, second: Row) -> bytes:
    """Two transport streams, of which the second goes on with the first one's clock."""
    return written(first, 0, HALFWAY) + restamped(written(second, HALFWAY, SECONDS), lambda pes: pes.time + HALFWAY)


def joined(*spans: tuple[float, float], row: Row) -> bytes:
    """Recordings one after the other, each with a clock of its own."""
    return b"".join(written(row, begin, end) for begin, end in spans)


def beside(container: str, *rows: Row) -> bytes:
    """The pictures of the first one, and the sound of all of them as tracks."""
    file = io.BytesIO()
    muxer, options = MUXERS[container]
    with av.open(file, "w", format=muxer, options=options) as out:
        packets: list[tuple[float, Any, Any]] = []
        for number, row in enumerate(rows):
            source = av.open(io.BytesIO(written(row)), "r")
            kept = [each for each in source.streams if each.type == "audio" or not number]
            streams = {each.index: out.add_stream_from_template(each) for each in kept}
            packets += [
                (float(packet.dts * packet.time_base), packet, streams[packet.stream.index])
                for packet in source.demux(kept)
                if packet.dts is not None
            ]
        for _, packet, stream in sorted(packets, key=lambda timed: timed[0]):
            packet.stream = stream
            out.mux(packet)
    return file.getvalue()


TS: Final = Row("mpegts", H264, "aac")
TALK: Final = of("", "the talk itself", TS)


def late(kind: int, by: float, after: float = 0.0) -> Callable[[Pes], float]:
    """A clock of one kind of track that is ahead by seconds, from a time on; a stream begins at 1.4."""
    return lambda pes: pes.time + by * (pes.kind == kind and pes.time >= after)


def stray(kind: int, every: int, by: float) -> Callable[[Pes], float]:
    """One time in so many is wrong."""
    return lambda pes: pes.time + by * (pes.kind == kind and pes.number % every == every - 1)


def clocked(kind: str, name: str, move: Callable[[Pes], float], *, clients: bool = False) -> Input:
    """A transport stream whose times are moved."""
    return Input(kind, name, "mpegts", lambda: restamped(written(TS), move), clients=clients)


SHOWN: Final = "02 turned, mirrored"
SHAPED: Final = "03 shape of pixels"
SENT: Final = "04 what the client sends"
CHANGED: Final = "05 sound changes"
BACK: Final = "06 clock steps"
APART: Final = "07 two clocks"
GAP: Final = "08 gaps"
TAIL: Final = "10 the last pictures"
STRAY: Final = "14 stray times"
OPPOSITE: Final = "15 channels"
TRACKS: Final = "16 two tracks"

INPUTS: Final = (
    of(SHOWN, "upside down, not turned", Row("mp4", H264, "aac", matrix=UPSIDE_DOWN)),
    of(SHOWN, "transposed, HEVC", Row("mov", H265, "aac", matrix=TRANSPOSED)),
    of(SHOWN, "transposed the other way, in fragments", Row("fragmented mp4", H264, "aac", matrix=ANTI)),
    of(SHOWN, "turned by 270°, MPEG-4", Row("mov", "mpeg4", "aac", matrix=THREE_QUARTERS)),
    of(SHOWN, "mirrored and squeezed", Row("mp4", H264, "aac", matrix=MIRRORED, shape=Fraction(4, 3))),
    of(SHAPED, "1:2, HEVC in Matroska", Row("mkv", H265, "flac", shape=Fraction(1, 2))),
    of(SHAPED, "16:11, MPEG-2 in a transport stream", Row("mpegts", "mpeg2video", "mp2", shape=Fraction(16, 11))),
    of(SHAPED, "2:1, MPEG-4 in AVI", Row("avi", "mpeg4", MP3, shape=Fraction(2))),
    of(SHAPED, "3:4, in fragments", Row("fragmented mp4", H264, "aac", shape=Fraction(3, 4))),
    of(SHAPED, "4:3, FLV", Row("flv", H264, "aac", shape=Fraction(4, 3))),
    of(SENT, "turned, with AC-3", Row("mp4", H264, "ac3", matrix=THREE_QUARTERS), clients=True),
    of(SENT, "turned round, HEVC with MP2", Row("mov", H265, "mp2", matrix=HALF), clients=True),
    of(SENT, "mirrored MJPEG", Row("mov", "mjpeg", "pcm_s16le", matrix=UPSIDE_DOWN), clients=True),
    of(SENT, "transposed MPEG-4 of 2:1", Row("mov", "mpeg4", MP3, matrix=QUARTER, shape=Fraction(2)), clients=True),
    of(SENT, "squeezed MPEG-4 in AVI", Row("avi", "mpeg4", MP3, shape=Fraction(2)), clients=True),
    clocked(SENT, "sound an hour ahead", late(AUDIO, 3600), clients=True),
    Input(
        SENT,
        "two recordings joined",
        "mpegts",
        partial(joined, (0, HALFWAY), (HALFWAY, SECONDS), row=TS),
        clients=True,
    ),
    Input(CHANGED, "48, then 44.1 kHz", "mpegts", lambda: halves(TS, Row("mpegts", H264, "aac", rate=44_100))),
    Input(
        CHANGED,
        "5.1, then stereo, AC-3",
        "mpegts",
        lambda: halves(
            Row("mpegts", H264, "ac3", layout="5.1", channels=(0, 0, 1, 0, 0, 0)),
            STEREO("ac3"),
        ),
    ),
    Input(
        CHANGED,
        "stereo at 44.1, then mono at 48 kHz, MP2",
        "mpegts",
        lambda: halves(STEREO("mp2", rate=44_100), Row("mpegts", H264, "mp2")),
    ),
    Input(CHANGED, "AAC, then AC-3", "mpegts", lambda: halves(TS, Row("mpegts", H264, "ac3"))),
    Input(BACK, "two halves", "mpegts", partial(joined, (0, HALFWAY), (HALFWAY, SECONDS), row=TS)),
    Input(BACK, "three parts of other lengths", "mpegts", partial(joined, (0, 1), (1, 5), (5, 10), row=TS)),
    Input(BACK, "the whole, twice", "mpegts", lambda: written(TS) * 2, (0.0, SECONDS), 2 * SECONDS),
    Input(
        BACK,
        "two halves of a program stream",
        "mpg",
        partial(joined, (0, HALFWAY), (HALFWAY, SECONDS), row=Row("mpg", "mpeg2video", "mp2")),
    ),
    Input(
        BACK, "two files of FLV", "flv", partial(joined, (0, HALFWAY), (HALFWAY, SECONDS), row=Row("flv", H264, "aac"))
    ),
    clocked(BACK, "ahead by 40 s in between", lambda pes: pes.time + 40 * (pes.time > 1.4 + HALFWAY)),
    clocked(BACK, "wraps in between", lambda pes: pes.time + WRAP / 90_000 - 1.4 - HALFWAY),
    clocked(APART, "sound 100 s ahead", late(AUDIO, 100)),
    clocked(APART, "sound 60 s back", late(AUDIO, -60)),
    clocked(APART, "pictures 89 000 s ahead", late(VIDEO, 89_000)),
    clocked(APART, "sound leaps by 20 s in between", late(AUDIO, 20, 1.4 + HALFWAY)),
    of(GAP, "microphone off for 1 s, FLV", Row("flv", H264, "aac", muted=(4.3, 5.3))),
    of(GAP, "paused for 45 s, WebM", Row("webm", VP9, OPUS, pauses=((4.8, 45.0),))),
    of(GAP, "paused for 2 min, Matroska", Row("mkv", H264, "aac", pauses=((4.8, 120.0),))),
    of(GAP, "asleep for an hour, in fragments", Row("fragmented mp4", H264, "aac", pauses=((4.8, 3600.0),))),
    *(
        of(TAIL, f"one a second, {name}", Row(container, codec, "", every=25))
        for container, codec, name in (
            ("mpegts", H264, "transport stream"),
            ("fragmented mp4", H265, "HEVC in fragments"),
            ("live webm", VP8, "live WebM"),
            ("mpg", "mpeg2video", "program stream"),
            ("flv", H264, "FLV"),
        )
    ),
    of(TAIL, "five a second with B-frames", Row("mpegts", H264, "", every=5, coding=B_FRAMES)),
    clocked(STRAY, "every 40th picture 20 s ahead", stray(VIDEO, 40, 20)),
    clocked(STRAY, "every 25th picture an hour back", stray(VIDEO, 25, -3600)),
    clocked(STRAY, "every fifth packet of sound 20 s ahead", stray(AUDIO, 5, 20)),
    clocked(STRAY, "every 33rd picture 5 s ahead", stray(VIDEO, 33, 5)),
    of(OPPOSITE, "opposite, AC-3", Row("mpegts", H264, "ac3", layout="stereo", channels=(1, -1))),
    of(OPPOSITE, "opposite, one weaker, MP3", Row("avi", "mpeg4", MP3, layout="stereo", channels=(1, -0.7))),
    of(OPPOSITE, "opposite, Opus", Row("webm", VP8, OPUS, layout="stereo", channels=(-1, 1))),
    of(
        OPPOSITE,
        "5.1, the surrounds opposite",
        Row("mp4", H264, "ac3", layout="5.1", channels=(0, 0, 0, 0, 1, -1)),
    ),
    *(
        Input(TRACKS, name, container, partial(beside, container, *rows))
        for container, name, rows in (
            ("mkv", "silence, then the voice", (Row("mkv", H264, "aac", channels=(0,)), Row("mkv", H264, OPUS))),
            ("mp4", "silence, then the voice, MP4", (Row("mp4", H264, "aac", channels=(0,)), Row("mp4", H264, "aac"))),
            ("mpegts", "the voice, then silence", (TS, Row("mpegts", H264, "ac3", channels=(0,)))),
            ("mkv", "faint, then loud", (Row("mkv", H264, "aac", channels=(0.01,)), Row("mkv", H264, "aac"))),
        )
    ),
)
