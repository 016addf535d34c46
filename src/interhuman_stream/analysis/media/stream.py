"""One byte stream into pictures and sound, across segment borders, without losing a frame."""

from __future__ import annotations

import contextlib
import io
import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from interhuman_stream.analysis.media.excess import Tally
from interhuman_stream.analysis.media.fragments import FragmentAligner
from interhuman_stream.containers import Header, read_header, stream_header
from interhuman_stream.faults import MalformedSegment, UnknownContainer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.container import InputContainer
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
PICTURES_PER_SECOND = 10.0
# The landmark model works on a 256-pixel crop: more than this on the long side only costs time.
LONGEST_SIDE = 960
# Up to 8K pictures; a header that asks for more is refused by the decoder before it allocates anything.
MAX_PIXELS = 8192 * 4320
# A stream that jumps further than this in either direction has lost its clock: its times go on from where they were.
LARGEST_JUMP = 60.0
# A gap in a continued stream longer than this is a hole: the segment begins where its own media begins.
HOLE = 0.5
# Where less of a segment than this belonged to packets, its bytes were not media.
LEAST_MEDIA_SHARE = 0.1
# No codec's frame lasts longer; a header that says one sample a second makes hours of a few bytes.
LONGEST_SOUND_FRAME = 10.0
# What sound is recorded at. From a damaged header's 900 MHz the resampler builds a filter for minutes on end.
SAMPLE_RATES = range(1_000, 384_001)
# A recording has two or three tracks.
MOST_TRACKS = 64
DEMUXER_OPTIONS = {
    # The streams are wanted as soon as they can be told; waiting five seconds to measure a frame rate is not.
    "fflags": "+discardcorrupt",
    "analyzeduration": "1000000",
    "fpsprobesize": "0",
    "max_streams": str(MOST_TRACKS),
    # Nothing but the bytes at hand is ever opened: no file, no address, whatever a header refers to.
    "protocol_whitelist": "none",
}
HOSTILE = (av.error.FFmpegError, ValueError, OSError, MemoryError, ArithmeticError, LookupError)
QUEUE_LENGTH = 16
CHUNK = 32_768


@dataclass(frozen=True, slots=True)
class Picture:
    """One sampled frame: ``time`` in seconds of the session, ``image`` H×W×3 uint8 RGB, upright."""

    time: float
    image: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound: ``time`` of its first sample in seconds of the session, ``samples`` float32 mono at 16 kHz."""

    time: float
    samples: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Extent:
    """What a segment turned out to be. Times in seconds of the session."""

    start: float
    end: float
    has_video: bool
    has_audio: bool


@dataclass(frozen=True, slots=True)
class _Decoded:
    """What one packet gave: ``size`` of it is zero where nothing of it decoded."""

    item: Picture | Sound | None
    end: float
    size: int
    frames: int = 0
    pixels: int = 0
    sound: float = 0.0


class _Starved:
    """The decoder has used up every byte it was given."""


class _Finished:
    """The decoder has come to the end of its file, or failed for good."""


class _Source(Protocol):
    def read(self, size: int) -> bytes: ...


class _Pipe:
    """A file that never ends until it is closed; reading blocks, and says so first."""

    def __init__(self, starved: queue.Queue[_Decoded | _Starved | _Finished]) -> None:
        self._bytes: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._starved = starved
        self._rest = memoryview(b"")
        self._ended = False

    def write(self, data: bytes) -> None:
        self._bytes.put(data)

    def end(self) -> None:
        self._bytes.put(b"")

    def read(self, size: int) -> bytes:
        if not self._rest and not self._ended:
            if self._bytes.empty():
                self._starved.put(_Starved())
            self._rest = memoryview(self._bytes.get())
            self._ended = not self._rest
        data, self._rest = self._rest[:size], self._rest[size:]
        return bytes(data)


class _Decoder:
    """Decodes one file in a thread of its own, so that decoding and perceiving overlap."""

    def __init__(self, header: Header, data: bytes, offset: float) -> None:
        self._out: queue.Queue[_Decoded | _Starved | _Finished] = queue.Queue(QUEUE_LENGTH)
        self._aligner = FragmentAligner() if header.demuxer == "mov" and not header.whole else None
        self._pipe: _Pipe | None = None
        self._demuxer = header.demuxer
        self._offset = offset
        self._first: float | None = None
        self._last = offset
        self._next_picture = float("-inf")
        self._abandoned = threading.Event()
        source: _Source
        if header.whole:
            source = io.BytesIO(data)
        else:
            source = self._pipe = _Pipe(self._out)
            self._write(data)
        self.finished = False
        threading.Thread(target=self._run, args=(source,), name="decoder", daemon=True).start()

    def decoded(self) -> Iterator[_Decoded]:
        """Yield what the bytes fed so far give, until the decoder asks for more or is finished."""
        while not self.finished:
            item = self._out.get()
            if isinstance(item, _Starved):
                return
            if isinstance(item, _Finished):
                self.finished = True
            else:
                yield item

    def feed(self, data: bytes) -> Iterator[_Decoded]:
        """Continue the file with ``data``."""
        if self._write(data):
            yield from self.decoded()

    def finish(self) -> Iterator[_Decoded]:
        """End the file and yield what was still held back for reordering."""
        if self._pipe:
            self._pipe.end()
        yield from self.decoded()

    def abandon(self) -> None:
        """End the thread without waiting for what it holds."""
        self._abandoned.set()
        for _ in self.finish():
            pass

    def _write(self, data: bytes) -> bool:
        """Hand ``data`` on; False where nothing of it is fit to be read (an empty write would mean the end)."""
        fit = self._aligner.feed(data) if self._aligner else data
        if self._pipe and fit:
            self._pipe.write(fit)
        return bool(fit)

    def _run(self, source: _Source) -> None:
        # Whatever FFmpeg makes of hostile bytes ends this file, not the session: the segment shows as malformed.
        try:
            with (
                contextlib.suppress(*HOSTILE),
                av.open(source, "r", format=self._demuxer, buffer_size=CHUNK, options=DEMUXER_OPTIONS) as container,
            ):
                self._decode(container)
        finally:
            # Also after what nobody foresaw: whoever waits for this thread would wait for ever.
            self._out.put(_Finished())

    def _decode(self, container: InputContainer) -> None:
        video, audio = _tracks(container)
        if video:
            # Frame threads would hold frames back; slices of one frame do not.
            video.thread_type = "SLICE"
            video.codec_context.thread_count = 1
            video.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
        streams = [stream for stream in (video, audio) if stream]
        if not streams:
            return
        if container.start_time is not None:
            self._first = container.start_time / av.time_base
        for packet in container.demux(*streams):
            if self._abandoned.is_set():
                return
            frames = _frames(packet)
            if not frames:
                self._out.put(_Decoded(None, self._last, 0))
            size = packet.size
            for frame in frames:
                if isinstance(frame, VideoFrame):
                    self._put_video(frame, size, video)
                elif isinstance(frame, AudioFrame):
                    self._put_audio(frame, size, resampler)
                size = 0

    def _time(self, time: float) -> float:
        """The session's time for a time of this file."""
        if self._first is None:
            self._first = time
        at = time - self._first + self._offset
        if abs(at - self._last) > LARGEST_JUMP:
            self._first = time - self._last + self._offset
            at = self._last
        self._last = at
        return at

    def _put_video(self, frame: VideoFrame, size: int, stream: av.VideoStream | None) -> None:
        if frame.time is None:
            return
        time = self._time(frame.time)
        rate = stream.average_rate if stream else None
        end = time + (min(float(1 / rate), 0.2) if rate else 0.04)
        picture = None
        if time >= self._next_picture or time < self._next_picture - 2 / PICTURES_PER_SECOND:
            self._next_picture = max(self._next_picture, time - 0.5 / PICTURES_PER_SECOND) + 1 / PICTURES_PER_SECOND
            if time >= self._next_picture:
                self._next_picture = time + 1 / PICTURES_PER_SECOND
            picture = Picture(time, _upright_rgb(frame))
        self._out.put(_Decoded(picture, end, size, frames=1, pixels=frame.width * frame.height))

    def _put_audio(self, frame: AudioFrame, size: int, resampler: av.AudioResampler) -> None:
        if frame.time is None or not frame.samples or frame.sample_rate not in SAMPLE_RATES:
            return
        if frame.samples > LONGEST_SOUND_FRAME * frame.sample_rate:
            return
        time = self._time(frame.time)
        seconds = frame.samples / frame.sample_rate
        try:
            parts = [part.to_ndarray()[0] for part in resampler.resample(frame)]
        except ValueError:
            return  # the sound changed its format in mid-stream: keep what fits the first
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        self._out.put(
            _Decoded(Sound(time, samples.astype(np.float32, copy=False)), time + seconds, size, sound=seconds)
        )


def _frames(packet: av.Packet[Any]) -> Sequence[object]:
    """What the packet decodes to. A damaged one costs itself."""
    try:
        return packet.decode()
    except av.error.FFmpegError:
        return ()


def _tracks(container: InputContainer) -> tuple[av.VideoStream | None, av.AudioStream | None]:
    """The best track of either kind. One whose codec is not known has no context, and would not decode."""
    video, audio = container.streams.best("video"), container.streams.best("audio")
    return (
        video if isinstance(video, av.VideoStream) and video.codec_context else None,
        audio if isinstance(audio, av.AudioStream) and audio.codec_context else None,
    )


def _upright_rgb(frame: VideoFrame) -> NDArray[np.uint8]:
    """Convert to RGB, no larger than needed, turned as the file's display matrix says (a phone held upright)."""
    scale = min(1.0, LONGEST_SIDE / max(frame.width, frame.height))
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    image = np.asarray(frame.to_ndarray(format="rgb24", width=width, height=height), np.uint8)
    quarter_turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, quarter_turns)) if quarter_turns else image


class MediaStream:
    """The byte stream of one session: whole files, or one file in pieces, or any mix, one after the other.

    Attributes:
        video_frames: Video frames decoded so far.
        extent: What the last segment turned out to be; valid once its ``feed`` is used up.
    """

    def __init__(self, start: float = 0.0) -> None:
        self.header = b""
        self.video_frames = 0
        self.extent = Extent(0.0, 0.0, has_video=False, has_audio=False)
        self._decoder: _Decoder | None = None
        self._position = start

    def prime(self, header: bytes) -> None:
        """Open the stream with a container header that came alone; anything else is ignored."""
        try:
            found = read_header(header)
        except MalformedSegment:
            return
        if found and found.alone:
            for _ in self._open(found, header):
                pass

    def feed(self, data: bytes) -> Iterator[Picture | Sound]:
        """Decode the next segment and yield its pictures (about ten a second) and sound as they come.

        Frames that the file before held back for reordering come first, with their own, earlier times.

        Raises:
            MalformedSegment: Nothing in ``data`` decodes, or it is too short or cut short, or more decodes than a
                segment may hold. The stream goes on.
        """
        header = read_header(data)
        if header and not header.whole:
            self.header = stream_header(data) or b""
        before = self._position
        begin, end, media_bytes = float("inf"), before, 0
        has_video = has_audio = False
        if header:
            for late in self._end():
                if late.item:
                    yield late.item
            before = begin = end = self._position
            decoded = self._open(header, data)
        elif self._decoder and not self._decoder.finished:
            decoded = self._decoder.feed(data)
        else:
            raise UnknownContainer(
                "the segment is no video: it begins no MP4, MOV, AVI, MKV, WebM or MPEG-TS file and continues none"
            )
        tally = Tally()
        for each in decoded:
            if excess := tally.add(each.end - before, each.pixels, each.sound):
                self.close()
                raise MalformedSegment(excess)
            self.video_frames += each.frames
            media_bytes += each.size
            has_video = has_video or each.frames > 0
            has_audio = has_audio or isinstance(each.item, Sound)
            end = max(end, each.end)
            if isinstance(each.item, Sound) or each.frames:
                begin = min(begin, each.item.time if each.item else each.end)
            self._position = max(self._position, each.end)
            if each.item:
                yield each.item
        if header is None and len(data) > 200_000 and (media_bytes < LEAST_MEDIA_SHARE * len(data) or end <= before):
            raise MalformedSegment("nothing in the segment could be decoded; its bytes are damaged or are no video")
        start = begin if begin - before > HOLE and begin < end else before
        self.extent = Extent(start, end, has_video, has_audio)

    def close(self) -> None:
        """End the decoder."""
        if self._decoder:
            self._decoder.abandon()
            self._decoder = None

    def _open(self, header: Header, data: bytes) -> Iterator[_Decoded]:
        self._decoder = _Decoder(header, data, self._position)
        return self._decoder.decoded()

    def _end(self) -> Iterator[_Decoded]:
        if self._decoder:
            for late in self._decoder.finish():
                self.video_frames += late.frames
                self._position = max(self._position, late.end)
                yield late
            self._decoder = None
