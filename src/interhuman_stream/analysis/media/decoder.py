"""Decodes one file in a thread of its own, so that decoding and perceiving overlap."""

from __future__ import annotations

import contextlib
import io
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import av
import av.error
from av.audio.frame import AudioFrame
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from interhuman_stream.analysis.media.mix import SAMPLE_RATE
from interhuman_stream.analysis.media.pictures import Picture, Sampling, asked_turn, rgb, turned
from interhuman_stream.analysis.media.pipe import Abandoned, Pipe
from interhuman_stream.analysis.media.sounds import JITTER, Blend, Mono, Sound, plausible
from interhuman_stream.clock import Clock, length
from interhuman_stream.display import UPRIGHT, Shape
from interhuman_stream.findings import Note
from interhuman_stream.medium import MOST_SOUND_TRACKS

if TYPE_CHECKING:
    import numpy as np
    from av.container import InputContainer
    from numpy.typing import NDArray

    from interhuman_stream.analysis.media.pipe import State
    from interhuman_stream.display import Turn
    from interhuman_stream.medium import Medium

# Up to 8K pictures; a header that asks for more is refused by the decoder before it allocates anything.
MAX_PIXELS: Final = 8192 * 4320
# A recording has two or three tracks.
MOST_TRACKS: Final = 64
# How long a frame lasts where its track does not say, and at most, in seconds.
SHORTEST_PICTURE: Final = 0.04
LONGEST_PICTURE: Final = 0.2
# A packet of sound.
LEAST_SOUND: Final = 0.02
DEMUXER_OPTIONS: Final = {
    # The tracks are wanted as soon as they can be told; waiting five seconds to measure a frame rate is not.
    "analyzeduration": "1000000",
    "fpsprobesize": "0",
    "max_streams": str(MOST_TRACKS),
    # Nothing but the bytes at hand is ever opened: no file, no address, whatever a header refers to.
    "protocol_whitelist": "none",
}
# What names its tracks nowhere shows them by their packets: small pictures come a second or two before their sound.
UNNAMED: Final = {"mpeg": {"analyzeduration": "3000000"}}
# Containers whose clocks may jump: recordings joined end to end, clocks that wrap.
JUMPING: Final = frozenset({"mpegts", "mpeg"})
HOSTILE: Final = (av.error.FFmpegError, ValueError, OSError, MemoryError, ArithmeticError, LookupError)
CHUNK: Final = 32_768


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one packet gave.

    Attributes:
        item: What is given on.
        begin: Seconds of the session at which it begins.
        end: And ends.
        frames: Video frames.
        pixels: Theirs.
        sound: Seconds of sound.
        note: What was left out or put right instead.
        count: How many of that.
    """

    item: Picture | Sound | None = None
    begin: float = 0.0
    end: float = 0.0
    frames: int = 0
    pixels: int = 0
    sound: float = 0.0
    note: Note | None = None
    count: int = 1


class _Source(Protocol):
    def read(self, size: int) -> bytes: ...


class _WholeFile(io.BytesIO):
    """A file that ends as soon as nobody waits for what is in it."""

    def __init__(self, data: bytes, pipe: Pipe[Decoded]) -> None:
        super().__init__(data)
        self._pipe = pipe

    def read(self, size: int | None = -1, /) -> bytes:
        return b"" if self._pipe.abandoned else super().read(size)


class Decoder:
    """One file under decoding.

    Args:
        demuxer: FFmpeg's name for what reads the file.
        start: Seconds of the session at which the file begins.
        medium: What is to be perceived of it: no more is decoded.
        whole: The whole file, where it can only be read by seeking; else its bytes are written as they come.
    """

    def __init__(self, demuxer: str, start: float, medium: Medium, whole: bytes | None = None) -> None:
        self._pipe: Pipe[Decoded] = Pipe()
        self._clock: Clock[av.Packet[Any]] = Clock(start, jumps=demuxer in JUMPING)
        source = self._pipe if whole is None else _WholeFile(whole, self._pipe)
        work = _Work(self._pipe, source, demuxer, self._clock, start, medium)
        threading.Thread(target=work.run, name="decoder", daemon=True).start()

    def write(self, data: memoryview) -> None:
        """Continue the file."""
        self._pipe.write(data)

    def restarts(self, places: list[int]) -> None:
        """Say where in the file, in bytes, another recording may begin; before those bytes are written."""
        self._clock.restarts.extend(places)

    def end(self) -> None:
        """Say that the file is over: what was held back for reordering comes out."""
        self._pipe.end()

    def get(self, seconds: float) -> Decoded | State:
        """Take what was decoded next; see ``Pipe.get``."""
        return self._pipe.get(seconds)

    def abandon(self) -> None:
        """End the thread, as soon as the packet it is at is decoded, without waiting for it."""
        self._pipe.abandon()


class _Work:
    """What the thread does."""

    def __init__(
        self,
        pipe: Pipe[Decoded],
        source: _Source,
        demuxer: str,
        clock: Clock[av.Packet[Any]],
        start: float,
        medium: Medium,
    ) -> None:
        self._pipe = pipe
        self._medium = medium
        self._start = start
        self._source = source
        self._demuxer = demuxer
        self._clock = clock
        self._said: Counter[Note] = Counter()

    def run(self) -> None:
        options = DEMUXER_OPTIONS | UNNAMED.get(self._demuxer, {})
        # Whatever FFmpeg makes of hostile bytes ends this file, not the session: the segment shows as malformed.
        try:
            with (
                contextlib.suppress(Abandoned, *HOSTILE),
                av.open(self._source, "r", format=self._demuxer, buffer_size=CHUNK, options=options) as container,
            ):
                self._decode(container)
        finally:
            # Also after what nobody foresaw: whoever waits for this thread would wait for ever.
            self._pipe.finish()

    def _decode(self, container: InputContainer) -> None:
        video, audio = _tracks(container, self._medium)
        if len(audio) > MOST_SOUND_TRACKS:
            self._note(Note.TRACK, len(audio) - MOST_SOUND_TRACKS)
            audio = audio[:MOST_SOUND_TRACKS]
        if len(audio) > 1:
            self._note(Note.MIXED, len(audio))
        if container.start_time is not None:
            self._clock.begins(container.start_time / av.time_base)
        frames = _VideoFrames(video, self._clock) if video else None
        samples = _AudioFrames(audio, self._clock, self._start)
        streams = [*([video] if video else []), *audio]
        if not streams:
            return
        for demuxed in container.demux(*streams):
            for packet in self._clock.take(demuxed):
                self._put(packet, frames, samples)
            self._say_what_the_clock_did()
            if self._pipe.abandoned:
                return
        for each in samples.rest():
            self._pipe.put(each)

    def _put(self, packet: av.Packet[Any], video: _VideoFrames | None, audio: _AudioFrames) -> None:
        if not self._medium.senses:
            self._pipe.put(_counted(packet, self._clock))
            return
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            self._note(Note.DAMAGED, 1)  # which costs itself alone
            return
        for frame in frames:
            if isinstance(frame, VideoFrame) and video:
                self._pipe.put(video.decoded(frame))
            elif isinstance(frame, AudioFrame):
                for each in audio.decoded(frame, packet.stream_index):
                    self._pipe.put(each)

    def _say_what_the_clock_did(self) -> None:
        done = self._clock.done
        if done.total() == self._said.total():
            return
        for note, count in (done - self._said).items():
            self._note(note, count)
        self._said = done.copy()

    def _note(self, note: Note, count: int) -> None:
        self._pipe.put(Decoded(note=note, count=count))


class _VideoFrames:
    """Makes pictures of one track's frames."""

    def __init__(self, stream: av.VideoStream, clock: Clock[av.Packet[Any]]) -> None:
        # Frame threads would hold frames back; slices of one frame do not.
        stream.thread_type = "SLICE"
        stream.codec_context.thread_count = 1
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        self._index = stream.index
        self._clock = clock
        self._sampling = Sampling()
        self._reformatter = VideoReformatter()
        self._shape = Shape(stream)
        self._turn: Turn | None = None
        rate = stream.average_rate
        self._lasts = min(float(1 / rate), LONGEST_PICTURE) if rate else SHORTEST_PICTURE
        self._due: float | None = None

    def decoded(self, frame: VideoFrame) -> Decoded:
        time = self._due if frame.pts is None else self._clock.session(self._index, frame.pts)
        if frame.is_corrupt or time is None:
            return Decoded(note=Note.CORRUPT)
        self._due = end = time + self._lasts
        if frame.key_frame or self._turn is None:
            self._turn = asked_turn(frame)
        picture = Picture(time, self._shown(frame)) if self._sampling.takes(time) else None
        return Decoded(picture, time, end, frames=1, pixels=frame.width * frame.height)

    def _shown(self, frame: VideoFrame) -> NDArray[np.uint8]:
        return turned(rgb(frame, float(self._shape.pixel), self._reformatter), self._turn or UPRIGHT)


class _AudioFrames:
    """Makes one sound of all tracks' frames."""

    def __init__(self, streams: list[av.AudioStream], clock: Clock[av.Packet[Any]], start: float) -> None:
        self._clock = clock
        self._tracks = {stream.index: number for number, stream in enumerate(streams)}
        self._mono = [Mono() for _ in streams]
        self._due: list[float | None] = [None] * len(streams)
        self._end = start
        self._blend = Blend(len(streams)) if len(streams) > 1 else None

    def decoded(self, frame: AudioFrame, index: int) -> list[Decoded]:
        track = self._tracks[index]
        time = self._due[track] if frame.pts is None else self._clock.session(index, frame.pts)
        mono = self._mono[track]
        changes = mono.changes
        samples = mono.take(frame) if plausible(frame) else None
        if samples is None or time is None:
            return [Decoded(note=Note.SOUND)]
        seconds = frame.samples / frame.sample_rate
        self._due[track] = time + seconds
        out = self._given(track, Sound(time, samples), seconds)
        return out if mono.changes == changes else [Decoded(note=Note.FORMAT), *out]

    def rest(self) -> list[Decoded]:
        """What resamplers, and tracks that waited for each other, still hold."""
        out = []
        for track, due in enumerate(self._due):
            samples = self._mono[track].flush()
            if due is not None and len(samples):
                out += self._given(track, Sound(due - len(samples) / SAMPLE_RATE, samples), 0.0)
        if self._blend:
            out += [_sounding(sound, 0.0) for sound in self._blend.flush()]
        return out

    def _given(self, track: int, sound: Sound, seconds: float) -> list[Decoded]:
        """The sound, once the other tracks have come as far; ``seconds`` of it count as decoded at once."""
        if not self._blend:
            return [_sounding(self._behind_the_last(sound), seconds)]
        return [Decoded(sound=seconds, begin=sound.time, end=sound.time + seconds)] + [
            _sounding(each, 0.0) for each in self._blend.add(track, sound)
        ]

    def _behind_the_last(self, sound: Sound) -> Sound:
        """The sound without what overlaps the one before it; clocks jitter, and recordings are joined loosely."""
        if (over := self._end - sound.time) > JITTER:
            sound = Sound(self._end, sound.samples[round(over * SAMPLE_RATE) :])
        self._end = sound.time + len(sound.samples) / SAMPLE_RATE
        return sound


def _sounding(sound: Sound, seconds: float) -> Decoded:
    end = sound.time + (seconds or len(sound.samples) / SAMPLE_RATE)
    return Decoded(sound, sound.time, end, sound=seconds)


def _counted(packet: av.Packet[Any], clock: Clock[av.Packet[Any]]) -> Decoded:
    """What a packet holds, by what its container says of it."""
    pictures = isinstance(packet.stream, av.VideoStream)
    tick = float(packet.time_base)
    lasts = length(packet, tick) or (SHORTEST_PICTURE if pictures else LEAST_SOUND)
    time = packet.dts if packet.pts is None else packet.pts
    begin = clock.session(packet.stream_index, time) if time is not None else None
    if begin is None:
        return Decoded(note=Note.CORRUPT if pictures else Note.SOUND)
    return Decoded(None, begin, begin + lasts, frames=int(pictures), sound=0.0 if pictures else lasts)


def _tracks(container: InputContainer, medium: Medium) -> tuple[av.VideoStream | None, list[av.AudioStream]]:
    """The best video track and those of sound, as far as they are wanted.

    One whose codec is not known has no context, and would not decode. A song's cover is no video.
    """
    best = container.streams.best("video") if medium.looks or not medium.senses else None
    video = best if isinstance(best, av.VideoStream) and best.codec_context else None
    if video and video.disposition & Disposition.attached_pic:
        video = None
    return video, [stream for stream in container.streams.audio if stream.codec_context]
