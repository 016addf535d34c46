"""What only decoding shows: how the first picture is meant, and that the sound has become another."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.client.sources.encode import decoded
from interhuman_stream.client.sources.tracks import Look
from interhuman_stream.client.sources.upright import asked
from interhuman_stream.display import UPRIGHT, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.packet import Packet
    from av.video.stream import VideoStream

PATIENCE: Final = 100
"""Packets of picture among which one that decodes is looked for."""
CODED: Final = frozenset({"mpegts", "mpeg", "mpegvideo", "h264", "hevc"})
"""Containers, by FFmpeg's names, that have no word of their own on how a picture is meant."""


def look(
    packets: Iterator[Packet[Any]], video: VideoStream | None, shape: Shape | None, container: str
) -> tuple[Look, Iterator[Packet[Any]]]:
    """Decode up to the first picture; give how it is meant, and all packets once more."""
    if video is None or shape is None:
        return Look(), packets
    seen: list[Packet[Any]] = []
    turn, tries = None, 0
    for packet in packets:
        seen.append(packet)
        if packet.stream.index != video.index:
            continue
        tries += 1
        turn = next((asked(frame) for frame in decoded(video, packet)), None)
        if turn is not None or tries >= PATIENCE:
            break
    video.codec_context.flush_buffers()
    return Look(turn or UPRIGHT, shape.pixel, coded=container in CODED), chain(seen, packets)


class Hearing:
    """Decodes a track of sound that is copied, to hear whether it stays what it was."""

    def __init__(self, audio: AudioStream) -> None:
        self._audio = audio
        self._format: tuple[int, str] | None = None

    def goes_on(self, packet: Packet[Any]) -> bool:
        """Whether a packet's sound has the rate and the channels of that before it."""
        if packet.stream.index != self._audio.index:
            return True
        formats = [_format(frame) for frame in decoded(self._audio, packet)]
        before = self._format or next(iter(formats), None)
        self._format = formats[-1] if formats else before
        return all(each == before for each in formats)

    def end(self) -> None:
        """Let the track be decoded by somebody else."""
        self._audio.codec_context.flush_buffers()


def _format(frame: AudioFrame) -> tuple[int, str]:
    return frame.sample_rate, frame.layout.name
