"""A clip as one stream of bytes, to be cut by time or anywhere into pieces that continue each other."""

from __future__ import annotations

import io
import itertools
import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import av

from interhuman_stream.containers import Header, read_header

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

STREAMABLE: Final = frozenset({"matroska", "mpeg", "mpegts"})
"""Demuxers that read these containers from a pipe: such a file's own bytes are the stream."""
FRAGMENT_MICROSECONDS: Final = 100_000
LARGEST_RANDOM: Final = 60_000


class NoStream(Exception):  # noqa: N818 - as the project's other faults, it says what is the case
    """The file holds no picture, or nothing that can be told in time."""


@dataclass(frozen=True, slots=True)
class Streamable:
    """The bytes, and how far the media is at which byte.

    Attributes:
        marks: Seconds from the start, and the offset of the first byte that plays then; both only rise.
        seconds: How long it plays.
        remuxed: Whether it was written anew, since the file itself can only be read whole.
    """

    data: bytes
    marks: Sequence[tuple[float, int]]
    seconds: float
    remuxed: bool

    def every(self, seconds: float) -> list[bytes]:
        """Cut where so many seconds of media have passed, as a recorder with a timeslice does."""
        borders = [seconds * number for number in range(1, math.ceil(self.seconds / seconds))]
        offsets = [
            next((offset for time, offset in self.marks if time >= border), len(self.data)) for border in borders
        ]
        return self._cut(offsets)

    def anywhere(self, seed: str) -> list[bytes]:
        """Cut after numbers of bytes drawn at random from 1 to 60 000, as many small as large; the same for a seed."""
        chance = random.Random(seed)  # noqa: S311 - to be repeatable is the point
        offsets, at = list[int](), 0
        while at < len(self.data):
            at += round(math.exp(chance.uniform(0, math.log(LARGEST_RANDOM))))
            offsets.append(at)
        return self._cut(offsets)

    def _cut(self, offsets: Sequence[int]) -> list[bytes]:
        edges = sorted({0, len(self.data), *(offset for offset in offsets if offset < len(self.data))})
        return [self.data[start:end] for start, end in itertools.pairwise(edges)]


def streamable(file: Path) -> Streamable:
    """Give a clip as a stream: its own bytes where its container can be read from a pipe, else as fragmented MP4.

    Raises:
        NoStream: It is no video.
    """
    data = file.read_bytes()
    header = read_header(data)
    if not isinstance(header, Header):
        raise NoStream((header and header.why) or "it begins no container that the service takes")
    with av.open(io.BytesIO(data), "r") as source:
        if not source.streams.video:
            raise NoStream("it holds no picture")
        if header.demuxer in STREAMABLE:
            return _as_it_is(data, source)
        return _fragmented(source)


def _as_it_is(data: bytes, source: InputContainer) -> Streamable:
    marks = list[tuple[float, int]]()
    first, last = math.inf, 0.0
    for packet in source.demux():
        moment = _moment(packet)
        if moment is None or packet.pos is None or packet.pos < 0:
            continue
        first = min(first, moment)
        last = max(last, moment - first + _length(packet))
        marks.append((moment - first, packet.pos))
    return Streamable(data, _rising(marks), last, remuxed=False)


def _fragmented(source: InputContainer) -> Streamable:
    """Copy the best picture and sound into fragments of a tenth of a second, each packet as it is."""
    file = io.BytesIO()
    marks = list[tuple[float, int]]()
    first, last = math.inf, 0.0
    options = {
        "movflags": "empty_moov+default_base_moof",
        "frag_duration": str(FRAGMENT_MICROSECONDS),
        "fflags": "+flush_packets",
    }
    best = [found for kind in ("video", "audio") if (found := source.streams.best(kind)) is not None]
    with av.open(file, "w", format="mp4", options=options) as output:
        copies = {each.index: output.add_stream_from_template(each, opaque=True) for each in best}
        for packet in source.demux(best):
            moment = _moment(packet)
            if moment is None:
                continue
            first = min(first, moment)
            last = max(last, moment - first + _length(packet))
            # What is written by now is what had come before this packet.
            marks.append((moment - first, file.tell()))
            packet.stream = copies[packet.stream_index]
            output.mux(packet)
    return Streamable(file.getvalue(), _rising(marks), last, remuxed=True)


def _moment(packet: Packet[Stream]) -> float | None:
    """When a packet is decoded, in the file's own time; None for one that only marks an end."""
    stamp = packet.dts if packet.dts is not None else packet.pts
    return None if stamp is None or packet.time_base is None else float(stamp * packet.time_base)


def _length(packet: Packet[Stream]) -> float:
    return float((packet.duration or 0) * packet.time_base) if packet.time_base is not None else 0.0


def _rising(marks: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    """Keep the marks that are later than all before them, in the order of their bytes."""
    kept = list[tuple[float, int]]()
    for time, offset in sorted(marks, key=lambda mark: mark[1]):
        if not kept or time > kept[-1][0]:
            kept.append((time, offset))
    return kept
