"""A media file as the pieces of one stream: the packets as they are, in a container that can be cut as it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import av
from av.error import FFmpegError

from interhuman_stream.evaluation.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.packet import Packet

SECONDS: Final = 5.0
"""Of a piece: what the product streams by default."""
SHORTEST_REST: Final = 0.5
"""Seconds below which what is left joins the piece before it: sound often ends a little after the picture."""
# Clusters this short, so that a piece holds what lies before its end, and no cluster waits for the next piece.
MUXER_OPTIONS: Final = {"live": "1", "cluster_time_limit": "40", "flush_packets": "1"}


def pieces(path: Path, seconds: float = SECONDS) -> Iterator[bytes]:
    """Cut a file into pieces of one Matroska stream, nothing encoded anew; the file is held in memory.

    Raises:
        EvaluationError: It cannot be read, or holds what Matroska cannot.
    """
    try:
        yield from _pieces(path, seconds)
    except (FFmpegError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be cut as a stream: {error}; convert it to MP4 or WebM.") from error


def _pieces(path: Path, seconds: float) -> Iterator[bytes]:
    written = _Written()
    # AVI and MPEG program streams leave times out that Matroska wants.
    with av.open(str(path), options={"fflags": "+genpts"}) as source:
        streams = [stream for stream in (source.streams.best("video"), source.streams.best("audio")) if stream]
        packets = [packet for packet in source.demux(*streams) if packet.dts is not None]
        # In some files a second of picture lies before the second of sound that belongs to it.
        packets.sort(key=_time)
        with av.open(written, "w", format="matroska", options=MUXER_OPTIONS) as output:
            copied = {stream.index: output.add_stream_from_template(stream) for stream in streams}
            border = _time(packets[0]) + seconds if packets else 0.0
            for packet in packets:
                if _time(packet) >= border and _time(packets[-1]) - border >= SHORTEST_REST:
                    yield written.taken()
                    border += seconds
                packet.stream = copied[packet.stream.index]
                output.mux(packet)
        yield written.taken()


def _time(packet: Packet[Any]) -> float:
    """When a packet is to be decoded, in seconds of its file."""
    return float((packet.dts or 0) * packet.time_base)


class _Written:
    """A file that only grows, and gives away what has been written since the last time."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def write(self, data: bytes) -> int:
        self._bytes += data
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self._bytes)
        self._bytes.clear()
        return data
