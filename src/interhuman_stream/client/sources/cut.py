"""An open source of media into segments: copied where possible, encoded anew where not."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, cast

from interhuman_stream.client.errors import SourceError
from interhuman_stream.client.sources.batches import batches
from interhuman_stream.client.sources.clock import steady
from interhuman_stream.client.sources.encode import AudioCoder, VideoCoder, encoded
from interhuman_stream.client.sources.mux import mux
from interhuman_stream.client.sources.segment import Segment
from interhuman_stream.client.sources.tracks import anew, best_tracks, plan

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

    from interhuman_stream.client.sources.batches import Batch
    from interhuman_stream.client.sources.encode import Coder
    from interhuman_stream.client.sources.tracks import Plan, Tracks

MICROSECOND: Final = Fraction(1, 1_000_000)
"""FFmpeg's unit for the times of a whole container."""


def cut(source: InputContainer, seconds: float) -> Iterator[Segment]:
    """Cut an open source into segments of about ``seconds`` seconds.

    From the first stretch on that cannot be copied (key frames too far apart, frames an edit list hides, packets
    without times, more bytes than a segment may hold) the rest is encoded anew.

    Raises:
        SourceError: There is neither picture nor sound, or the source breaks off with an error; the segments before
            that have been given.
    """
    from av.format import Flags  # noqa: PLC0415 - PyAV is an extra

    tracks = best_tracks(source)
    troubles: list[str] = []
    packets = steady(
        _demuxed(source, tracks, troubles), jumps=bool(source.format.flags & cast("int", Flags.ts_discont.value))
    )
    first = plan(tracks)
    coders = _coders(tracks, first, seconds)
    packets = encoded(packets, coders)
    start = Fraction(source.start_time or 0) * MICROSECOND
    cutting = Cutting(tracks, seconds, origin=start)
    rest = yield from cutting.segments(packets, first, coders, start)
    if rest is not None:
        second = anew(tracks)
        more = {index: coder for index, coder in _coders(tracks, second, seconds).items() if index not in coders}
        packets = encoded(chain(rest.packets, packets), more)
        yield from cutting.segments(packets, second, {**coders, **more}, rest.start)
    if troubles:
        raise SourceError(f"{source.name} breaks off: {troubles[0]}; what came before it has been sent")


@dataclass(frozen=True, slots=True)
class Cutting:
    """What both stages share: the tracks, the length wanted, and where the source's clock began."""

    tracks: Tracks
    seconds: float
    origin: Fraction

    def segments(
        self, packets: Iterable[Packet[Any]], stage: Plan, coders: Mapping[int, Coder], start: Fraction
    ) -> Generator[Segment, None, Batch | None]:
        """Give the segments of one stage, and what it leaves to the next."""
        streams = self.tracks.streams
        found = batches(
            packets,
            anchor=streams[0].index,
            start=start,
            length=self.seconds,
            sound=len(streams) > 1,
            forced=self.tracks.video is not None and not stage.copies_video,
        )
        while True:
            try:
                batch = next(found)
            except StopIteration as end:
                return cast("Batch | None", end.value)
            if not batch.packets:
                continue  # neither picture nor sound for so long: there is nothing to send
            templates = {stream.index: _template(stream, coders) for stream in streams}
            yield Segment(
                mux(batch, stage.container, templates),
                float(batch.start - self.origin),
                float(batch.end - self.origin),
            )


def _template(stream: VideoStream | AudioStream, coders: Mapping[int, Coder]) -> Stream:
    """Give the stream whose codec the packets are in by now."""
    coder = coders.get(stream.index)
    return stream if coder is None or coder.template is None else coder.template


def _coders(tracks: Tracks, stage: Plan, seconds: float) -> dict[int, Coder]:
    coders: dict[int, Coder] = {}
    if tracks.video is not None and not stage.copies_video:
        coders[tracks.video.index] = VideoCoder(tracks.video, seconds)
    if tracks.audio is not None and not stage.copies_audio:
        coders[tracks.audio.index] = AudioCoder(tracks.audio)
    return coders


def _demuxed(source: InputContainer, tracks: Tracks, troubles: list[str]) -> Iterator[Packet[Any]]:
    """Read the packets of the tracks; an error ends the reading and is kept for when all before it is out."""
    from av import FFmpegError  # noqa: PLC0415 - PyAV is an extra

    try:
        yield from source.demux(tracks.streams)
    except FFmpegError as error:
        troubles.append(str(error.strerror or error))
    except IndexError:
        return  # PyAV trips at the very end over a stream that first appeared on the way; ours are through by then
