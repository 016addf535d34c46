"""An open source of media into segments: copied where possible, encoded anew where not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from interhuman_stream.client.errors import SourceBroken, SourceError
from interhuman_stream.client.sources.batches import Rules, batches, well_ended
from interhuman_stream.client.sources.clock import Line
from interhuman_stream.client.sources.encode import VideoCoder, encoded
from interhuman_stream.client.sources.look import Hearing, look
from interhuman_stream.client.sources.mux import mux
from interhuman_stream.client.sources.segment import Segment
from interhuman_stream.client.sources.sound import AudioCoder
from interhuman_stream.client.sources.tracks import best_tracks, instead, plan
from interhuman_stream.display import SQUARE, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

    from interhuman_stream.client.sources.batches import Batch, Uncopied
    from interhuman_stream.client.sources.encode import Coder
    from interhuman_stream.client.sources.tracks import Look, Plan, Tracks

Ending: TypeAlias = Callable[["Generator[Batch, None, Uncopied | None]"], "Generator[Batch, None, Uncopied | None]"]
"""What is done about the last batches of a source."""
MICROSECONDS: Final = 1_000_000
"""FFmpeg's unit for the times of a whole container, in a second."""


def cut(source: InputContainer, seconds: float, name: str) -> Iterator[Segment]:
    """Cut a recording into segments of about ``seconds`` seconds.

    From the first stretch on that cannot be copied (key frames too far apart, frames an edit list hides, packets
    without times, more bytes than a segment may hold, sound that becomes another) the rest is encoded anew, and the
    first segment of it says why.

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
    line = Line(
        None if source.start_time is None else source.start_time / MICROSECONDS,
        jumps=bool(source.format.flags & cast("int", Flags.ts_discont.value)),
    )
    if tracks.video is not None:
        tracks.video.thread_type = "AUTO"
    shape = None if tracks.video is None else Shape(tracks.video)
    packets = line.steady(_demuxed(source, tracks, troubles, stopped))
    shown, packets = look(packets, tracks.video, shape, source.format.name)
    cutting = Cutting(tracks, shape, shown, seconds, line, ending)
    yield from cutting.all(packets)
    if troubles and not cutting.given:
        raise SourceError(
            f"{name} cannot be read ({troubles[0]}); send WebM, Matroska, MPEG-TS or fragmented MP4 "
            "(an MP4 with its index at the end is no stream)"
        )
    if troubles:
        raise SourceBroken(f"{name} breaks off: {troubles[0]}; what came before it has been sent")


@dataclass(slots=True)
class Cutting:
    """What all stages share: the source's tracks, look and clock, the length wanted, the ending; if any was given."""

    tracks: Tracks
    shape: Shape | None
    look: Look
    seconds: float
    line: Line
    ending: Ending
    given: bool = False
    coders: dict[int, Coder] = field(default_factory=dict)

    def all(self, packets: Iterator[Packet[Any]]) -> Iterator[Segment]:
        """Give the segments: copied, and from where that does not go on, with the sound or all of it made anew."""
        stage, start, note = plan(self.tracks, self.look), Fraction(0), ""
        while True:
            packets = encoded(packets, self._more_coders(stage))
            left = yield from self._segments(packets, stage, start, note)
            if left is None:
                return
            packets, start = chain(left.batch.packets, packets), left.batch.start
            stage = instead(self.tracks, self.look, stage, left.why)
            note = f"from here on {'the sound is' if stage.copies_video else 'it is'} encoded anew: {left.why.value}"

    def _segments(
        self, packets: Iterable[Packet[Any]], stage: Plan, start: Fraction, note: str
    ) -> Generator[Segment, None, Uncopied | None]:
        """Give the segments of one stage, and what it leaves to the next."""
        hearing = Hearing(self.tracks.audio[0]) if self.tracks.audio and stage.copies_audio else None
        rules = Rules(
            self.seconds,
            sound=len(self.tracks.sent) > 1,
            forced=self.tracks.video is not None and not stage.copies_video,
            copies=hearing.goes_on if hearing is not None else lambda _: True,
        )
        found = self.ending(batches(packets, self.tracks.sent[0].index, start, rules))
        while True:
            try:
                batch = next(found)
            except StopIteration as end:
                if hearing is not None:
                    hearing.end()
                return cast("Uncopied | None", end.value)
            if not batch.packets:
                continue  # neither picture nor sound for so long: there is nothing to send
            yield self._segment(batch, stage, note)
            note = ""

    def _segment(self, batch: Batch, stage: Plan, note: str) -> Segment:
        templates = {stream.index: self._template(stream) for stream in self.tracks.sent}
        data = mux(batch, stage.container, templates, self._pixel(stage))
        self.given = True
        notes = [*([note] if note else []), *self.line.notes()]
        return Segment(data, float(batch.start), float(batch.end), note="; ".join(notes))

    def _pixel(self, stage: Plan) -> Fraction | None:
        """Give the pixels' shape for the container to say; None where the codec's own word counts, which may change."""
        if self.shape is None or not stage.copies_video:
            return SQUARE
        return None if self.look.coded else self.shape.pixel

    def _template(self, stream: VideoStream | AudioStream) -> Stream:
        """Give the stream whose codec the packets are in by now."""
        coder = self.coders.get(stream.index)
        return stream if coder is None or coder.template is None else coder.template

    def _more_coders(self, stage: Plan) -> dict[int, Coder]:
        """Make the coders that a stage needs and those before it did not have."""
        more: dict[int, Coder] = {}
        video, audio = self.tracks.video, self.tracks.audio
        if video is not None and self.shape is not None and not stage.copies_video and video.index not in self.coders:
            more[video.index] = VideoCoder(video, self.shape, self.seconds)
        if audio and not stage.copies_audio and audio[0].index not in self.coders:
            coder = AudioCoder(audio)
            more |= dict.fromkeys((stream.index for stream in audio), coder)
        self.coders |= more
        return more


def _demuxed(
    source: InputContainer, tracks: Tracks, troubles: list[str], stopped: threading.Event
) -> Iterator[Packet[Any]]:
    """Read the packets of the tracks; an error ends the reading and is kept for when all before it is out."""
    from av import FFmpegError, Packet  # noqa: PLC0415 - PyAV is an extra

    try:
        for packet in source.demux(tracks.read):
            yield packet
            if stopped.is_set():
                break
        else:
            return
    except FFmpegError as error:
        troubles.append(str(error.strerror or error))
    except IndexError:
        return  # PyAV trips at the very end over a stream that first appeared on the way; ours are through by then
    for stream in tracks.read:  # the end that the source itself did not come to
        end: Packet[Any] = Packet()
        end.stream = stream
        yield end
