"""Decodes one file in a thread of its own, so that decoding and perceiving overlap."""

from __future__ import annotations

import contextlib
import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import av
import av.error
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from interhuman_stream.analysis.media.clock import Clock
from interhuman_stream.analysis.media.pictures import Picture, Sampling, upright_rgb
from interhuman_stream.analysis.media.pipe import Abandoned, Pipe
from interhuman_stream.analysis.media.sounds import Mono, Sound, plausible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.container import InputContainer

    from interhuman_stream.analysis.media.pipe import State

# Up to 8K pictures; a header that asks for more is refused by the decoder before it allocates anything.
MAX_PIXELS: Final = 8192 * 4320
# A recording has two or three tracks.
MOST_TRACKS: Final = 64
DEMUXER_OPTIONS: Final = {
    # The tracks are wanted as soon as they can be told; waiting five seconds to measure a frame rate is not.
    "analyzeduration": "1000000",
    "fpsprobesize": "0",
    "max_streams": str(MOST_TRACKS),
    # Nothing but the bytes at hand is ever opened: no file, no address, whatever a header refers to.
    "protocol_whitelist": "none",
}
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
        failed: It could not be decoded.
    """

    item: Picture | Sound | None
    begin: float
    end: float
    frames: int = 0
    pixels: int = 0
    sound: float = 0.0
    failed: bool = False


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
        whole: The whole file, where it can only be read by seeking; else its bytes are written as they come.
    """

    def __init__(self, demuxer: str, start: float, whole: bytes | None = None) -> None:
        self._pipe: Pipe[Decoded] = Pipe()
        source = self._pipe if whole is None else _WholeFile(whole, self._pipe)
        work = _Work(self._pipe, source, demuxer, Clock(start, jumps=demuxer in JUMPING))
        threading.Thread(target=work.run, name="decoder", daemon=True).start()

    def write(self, data: memoryview) -> None:
        """Continue the file."""
        self._pipe.write(data)

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

    def __init__(self, pipe: Pipe[Decoded], source: _Source, demuxer: str, clock: Clock) -> None:
        self._pipe = pipe
        self._source = source
        self._demuxer = demuxer
        self._clock = clock
        self._sampling = Sampling()
        self._mono = Mono()

    def run(self) -> None:
        # Whatever FFmpeg makes of hostile bytes ends this file, not the session: the segment shows as malformed.
        try:
            with (
                contextlib.suppress(Abandoned, *HOSTILE),
                av.open(
                    self._source, "r", format=self._demuxer, buffer_size=CHUNK, options=DEMUXER_OPTIONS
                ) as container,
            ):
                self._decode(container)
        finally:
            # Also after what nobody foresaw: whoever waits for this thread would wait for ever.
            self._pipe.finish()

    def _decode(self, container: InputContainer) -> None:
        video, audio = _tracks(container)
        if video:
            # Frame threads would hold frames back; slices of one frame do not.
            video.thread_type = "SLICE"
            video.codec_context.thread_count = 1
            video.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        streams = [stream for stream in (video, audio) if stream]
        if not streams:
            return
        if container.start_time is not None:
            self._clock.begins(container.start_time / av.time_base)
        for demuxed in container.demux(*streams):
            for packet in self._clock.take(demuxed):
                self._put(packet, video)
            if self._pipe.abandoned:
                return

    def _put(self, packet: av.Packet[Any], video: av.VideoStream | None) -> None:
        frames = _frames(packet)
        if frames is None:
            self._pipe.put(Decoded(None, 0.0, 0.0, failed=True))
        for frame in frames or ():
            if isinstance(frame, VideoFrame):
                self._put_video(frame, packet.stream_index, video)
            elif isinstance(frame, AudioFrame):
                self._put_audio(frame, packet.stream_index)

    def _put_video(self, frame: VideoFrame, index: int, stream: av.VideoStream | None) -> None:
        if frame.time is None or frame.is_corrupt:
            return
        time = self._clock.session(index, frame.time)
        rate = stream.average_rate if stream else None
        end = time + (min(float(1 / rate), 0.2) if rate else 0.04)
        picture = Picture(time, upright_rgb(frame)) if self._sampling.takes(time) else None
        self._pipe.put(Decoded(picture, time, end, frames=1, pixels=frame.width * frame.height))

    def _put_audio(self, frame: AudioFrame, index: int) -> None:
        if frame.time is None or not plausible(frame):
            return
        time = self._clock.session(index, frame.time)
        seconds = frame.samples / frame.sample_rate
        samples = self._mono.take(frame)
        if samples is not None:
            self._pipe.put(Decoded(Sound(time, samples), time, time + seconds, sound=seconds))


def _frames(packet: av.Packet[Any]) -> Sequence[object] | None:
    """What the packet decodes to; None where it is damaged, which costs itself alone."""
    try:
        return packet.decode()
    except av.error.FFmpegError:
        return None


def _tracks(container: InputContainer) -> tuple[av.VideoStream | None, av.AudioStream | None]:
    """The best track of either kind. One whose codec is not known has no context, and would not decode."""
    video, audio = container.streams.best("video"), container.streams.best("audio")
    return (
        video if isinstance(video, av.VideoStream) and video.codec_context else None,
        audio if isinstance(audio, av.AudioStream) and audio.codec_context else None,
    )
