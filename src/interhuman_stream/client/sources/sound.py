"""The sound of one or more tracks into Opus, whatever their rates and channels are and become."""

from __future__ import annotations

import io
from array import array
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.client.sources.batches import ends_stream
from interhuman_stream.client.sources.blend import Blend
from interhuman_stream.client.sources.encode import decoded, moment_of, under

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.packet import Packet

BITS: Final = 64_000
"""Bits a second of sound, constant: 3 s are 24 kB, so that even silence makes a segment the server takes."""
RATE: Final = 48_000
FRAME: Final = 960
"""Samples of a 20 ms frame of Opus."""
LAYOUT: Final = "stereo"
"""Not mono: a microphone's two wires may be crossed, and would cancel each other."""
MONO: Final = "mono"
RATES: Final = range(1_000, 384_001)
"""What sound is recorded at; from a damaged header's rate a resampler builds a filter for minutes on end."""


class AudioCoder:
    """Makes Opus of tracks, under the number of the first one; several are laid on each other."""

    def __init__(self, streams: Sequence[AudioStream]) -> None:
        import av  # noqa: PLC0415 - PyAV is an extra, and loads for a tenth of a second

        self._source = streams[0]
        self._tracks = {stream.index: _Track(stream, number) for number, stream in enumerate(streams)}
        self._running = len(streams)
        self._blend = Blend(len(streams), 2 * FRAME) if len(streams) > 1 else None
        self._next = 0
        output = av.open(io.BytesIO(), "w", format="webm")
        self.template = output.add_stream("libopus", rate=RATE, options={"vbr": "off"})
        self.template.layout = LAYOUT
        self.template.format = "s16"
        self.template.bit_rate = BITS
        self.template.codec_context.time_base = Fraction(1, RATE)
        output.start_encoding()  # what the codec says of itself (its header, its delay) is known from here on

    def convert(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        """Give the Opus packets that come out of the next packet of any of the tracks."""
        track = self._tracks[packet.stream.index]
        for samples in track.resampled(packet):
            if self._blend is None:
                yield from self._encode(samples, moment_of(samples, Fraction(self._next, RATE)))
            else:
                yield from self._blended(self._blend.add(track.number, track.time(samples), _whole(samples)))
        if not ends_stream(packet):
            return
        self._running -= 1
        if self._blend is not None:
            yield from self._blended(self._blend.end(track.number))
        if not self._running:
            yield from under(self._source, self.template.encode(None))

    def _blended(self, parts: Sequence[tuple[int, array[int]]]) -> Iterator[Packet[Any]]:
        from av.audio.frame import AudioFrame  # noqa: PLC0415 - PyAV is an extra

        for place, samples in parts:
            frame = AudioFrame("s16", LAYOUT, FRAME)
            frame.sample_rate = RATE
            frame.planes[0].update(samples.tobytes())
            yield from self._encode(frame, Fraction(place * FRAME, RATE))

    def _encode(self, samples: AudioFrame, time: Fraction) -> Iterator[Packet[Any]]:
        samples.pts = max(self._next, round(time * RATE))
        samples.time_base = Fraction(1, RATE)
        self._next = samples.pts + samples.samples
        yield from under(self._source, self.template.encode(samples))


class _Track:
    """One track, decoded and brought to the one rate and layout."""

    def __init__(self, stream: AudioStream, number: int) -> None:
        self.number = number
        self._stream = stream
        self._resampler: AudioResampler | None = None
        self._mono = False
        self._due = Fraction(0)

    def time(self, samples: AudioFrame) -> Fraction:
        """When samples begin, which the next ones follow."""
        time = moment_of(samples, self._due)
        self._due = time + Fraction(samples.samples, RATE)
        return time

    def resampled(self, packet: Packet[Any]) -> Iterator[AudioFrame]:
        """Give what comes out of the next packet, in frames of Opus's length; at the end, the rest."""
        for frame in decoded(self._stream, packet):
            if frame.sample_rate in RATES:
                yield from self._brought(frame)
        if ends_stream(packet):
            yield from self._converted(None)

    def _brought(self, frame: AudioFrame) -> Iterator[AudioFrame]:
        try:
            yield from self._converted(frame)
        except ValueError:
            # The stream has changed its rate or its channels: what is inside comes out, and a new one begins.
            yield from self._converted(None)
            self._resampler = None
            yield from self._converted(frame)

    def _converted(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        """Convert a frame; None brings what is still inside."""
        if self._resampler is None:
            if frame is None:
                return
            self._mono = frame.layout.nb_channels == 1
            self._resampler = _resampler(MONO if self._mono else LAYOUT)
        for each in self._resampler.resample(frame):
            yield _doubled(each) if self._mono else each


def _resampler(layout: str) -> AudioResampler:
    from av.audio.resampler import AudioResampler  # noqa: PLC0415 - PyAV is an extra

    return AudioResampler("s16", layout, RATE, FRAME)


def _doubled(samples: AudioFrame) -> AudioFrame:
    """One channel as two, each as loud as it: FFmpeg's own takes 3 dB off, and a voice would fall where that begins."""
    from av.audio.frame import AudioFrame  # noqa: PLC0415 - PyAV is an extra

    one = array("h", bytes(samples.planes[0])[: samples.samples * 2])
    both = array("h", bytes(4 * len(one)))
    both[0::2] = both[1::2] = one
    frame = AudioFrame("s16", LAYOUT, samples.samples)
    frame.planes[0].update(both.tobytes())
    frame.sample_rate, frame.pts, frame.time_base = RATE, samples.pts, samples.time_base
    return frame


def _whole(samples: AudioFrame) -> array[int]:
    """One frame's samples, the channels in turn, filled up with silence to a whole frame."""
    whole = array("h", bytes(samples.planes[0])[: samples.samples * 4])
    whole.extend([0] * (2 * FRAME - len(whole)))
    return whole
