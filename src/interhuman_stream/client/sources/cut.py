"""An open source of media into segments: copied where possible, encoded anew where not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from interhuman_stream.client.errors import SourceBroken, SourceError
from interhuman_stream.client.sources.batches import batches, moment, well_ended
from interhuman_stream.client.sources.clock import steady
from interhuman_stream.client.sources.encode import AudioCoder, VideoCoder, encoded
from interhuman_stream.client.sources.mux import mux
from interhuman_stream.client.sources.segment import TOO_SMALL, Segment
from interhuman_stream.client.sources.tracks import anew, best_tracks, plan
from interhuman_stream.protocol.limits import SMALLEST_SEGMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

    from interhuman_stream.client.sources.batches import Batch
    from interhuman_stream.client.sources.encode import Coder
    from interhuman_stream.client.sources.tracks import Plan, Tracks

Ending: TypeAlias = Callable[["Generator[Batch, None, Batch | None]"], "Generator[Batch, None, Batch | None]"]
"""What is done about the last batches of a source."""
MICROSECOND: Final = Fraction(1, 1_000_000)
"""FFmpeg's unit for the times of a whole container."""


def cut(source: InputContainer, seconds: float, name: str) -> Iterator[Segment]:
    """Cut a recording into segments of about ``seconds`` seconds.

    From the first stretch on that cannot be copied (key frames too far apart, frames an edit list hides, packets
    without times, more bytes than a segment may hold) the rest is encoded anew.

    Raises:
        SourceError: There is neither picture nor sound, or the source breaks off with an error; the segments before
            that have been given.
    """
    return _cut(source, seconds, name, well_ended, threading.Event())


def cut_live(source: InputContainer, seconds: float, name: str, stopped: threading.Event) -> Iterator[Segment]:
    """Cut what is being recorded just now, as ``cut`` does, and give each segment as soon as it is whole.

    Args:
        source: The open source.
        seconds: How long a segment should be.
        name: What to call the source to people.
        stopped: Ends the source when it is set; what there is by then makes the last segment.
    """
    return _cut(source, seconds, name, lambda found: found, stopped)


def _cut(
    source: InputContainer, seconds: float, name: str, ending: Ending, stopped: threading.Event
) -> Iterator[Segment]:
    from av.format import Flags  # noqa: PLC0415 - PyAV is an extra

    tracks = best_tracks(source)
    troubles: list[str] = []
    packets = steady(
        _demuxed(source, tracks, troubles, stopped),
        jumps=bool(source.format.flags & cast("int", Flags.ts_discont.value)),
    )
    start, packets = _origin(source, packets)
    first = plan(tracks)
    coders = _coders(tracks, first, seconds)
    packets = encoded(packets, coders)
    cutting = Cutting(tracks, seconds, start, ending)
    rest = yield from cutting.segments(packets, first, coders, start)
    if rest is not None:
        second = anew(tracks)
        more = {index: coder for index, coder in _coders(tracks, second, seconds).items() if index not in coders}
        packets = encoded(chain(rest.packets, packets), more)
        yield from cutting.segments(packets, second, {**coders, **more}, rest.start)
    if troubles and not cutting.given:
        raise SourceError(
            f"{name} cannot be read ({troubles[0]}); send WebM, Matroska, MPEG-TS or fragmented MP4 "
            "(an MP4 with its index at the end is no stream)"
        )
    if troubles:
        raise SourceBroken(f"{name} breaks off: {troubles[0]}; what came before it has been sent")


def _origin(source: InputContainer, packets: Iterator[Packet[Any]]) -> tuple[Fraction, Iterator[Packet[Any]]]:
    """Give the time the source's clock begins at: what it says itself, else its first packet's."""
    if source.start_time is not None:
        return source.start_time * MICROSECOND, packets
    seen: list[Packet[Any]] = []
    for packet in packets:
        seen.append(packet)
        if packet.pts is not None:
            return moment(packet), chain(seen, packets)
    return Fraction(0), iter(seen)


@dataclass(slots=True)
class Cutting:
    """What both stages share: the source's tracks and clock, the length wanted, the ending; and if any was given."""

    tracks: Tracks
    seconds: float
    origin: Fraction
    ending: Ending
    given: bool = False

    def segments(
        self, packets: Iterable[Packet[Any]], stage: Plan, coders: Mapping[int, Coder], start: Fraction
    ) -> Generator[Segment, None, Batch | None]:
        """Give the segments of one stage, and what it leaves to the next."""
        streams = self.tracks.streams
        found = self.ending(
            batches(
                packets,
                anchor=streams[0].index,
                start=start,
                length=self.seconds,
                sound=len(streams) > 1,
                forced=self.tracks.video is not None and not stage.copies_video,
            )
        )
        while True:
            try:
                batch = next(found)
            except StopIteration as end:
                return cast("Batch | None", end.value)
            if not batch.packets:
                continue  # neither picture nor sound for so long: there is nothing to send
            templates = {stream.index: _template(stream, coders) for stream in streams}
            data = mux(batch, stage.container, templates)
            begins, ends = (float(time - self.origin) for time in (batch.start, batch.end))
            self.given = True
            yield Segment(data, begins, ends, note=TOO_SMALL if len(data) < SMALLEST_SEGMENT else "")


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


def _demuxed(
    source: InputContainer, tracks: Tracks, troubles: list[str], stopped: threading.Event
) -> Iterator[Packet[Any]]:
    """Read the packets of the tracks; an error ends the reading and is kept for when all before it is out."""
    from av import FFmpegError, Packet  # noqa: PLC0415 - PyAV is an extra

    try:
        for packet in source.demux(tracks.streams):
            yield packet
            if stopped.is_set():
                break
        else:
            return
    except FFmpegError as error:
        troubles.append(str(error.strerror or error))
    except IndexError:
        return  # PyAV trips at the very end over a stream that first appeared on the way; ours are through by then
    for stream in tracks.streams:  # the end that the source itself did not come to
        end: Packet[Any] = Packet()
        end.stream = stream
        yield end
