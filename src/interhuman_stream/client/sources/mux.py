"""A batch of packets into the bytes of one file."""

from __future__ import annotations

import io
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from interhuman_stream.protocol.limits import SMALLEST_SEGMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.stream import Stream

    from interhuman_stream.client.sources.batches import Batch

INDEX_BASE: Final = 16_384
INDEX_PER_PACKET: Final = 48
"""Bytes an MP4 index takes: the header once, and for each packet at most 8 (duration) + 8 (composition) + 4 (size) +
12 (chunk) + 8 (place) + 4 (key frame)."""


TS_NULL: Final = b"\x47\x1f\xff\x10" + b"\xff" * 184
"""A packet of MPEG-TS that everybody passes over (ISO/IEC 13818-1, 2.4.3.3)."""


def mux(batch: Batch, container: str, templates: Mapping[int, Stream], pixel: Fraction | None) -> bytes:
    """Write a batch as a file that begins at 0, filled up to what a server takes.

    Args:
        batch: The packets; they are used up.
        container: FFmpeg's name of the container.
        templates: The stream each packet's index stands for, whose codec it is in.
        pixel: The width of a pixel over its height; None leaves that to the codec.
    """
    import av  # noqa: PLC0415 - PyAV is an extra, and loads for a tenth of a second

    file = io.BytesIO()
    with av.open(file, "w", format=container, container_options=_options(batch, container)) as output:
        present = {packet.stream_index for packet in batch.packets}
        streams = {
            index: output.add_stream_from_template(template, opaque=True)
            for index, template in templates.items()
            if index in present
        }
        for stream in output.streams.video:
            stream.codec_context.sample_aspect_ratio = Fraction(0) if pixel is None else pixel
        for packet in batch.packets:
            shift = round(batch.start / packet.time_base)
            if packet.pts is not None:
                packet.pts -= shift
            if packet.dts is not None:
                packet.dts -= shift
            packet.stream = streams[packet.stream_index]
            # What is refused like this is a damaged packet, which no decoder would take either.
            with suppress(av.error.InvalidDataError, av.error.PatchWelcomeError):
                output.mux(packet)
    data = file.getvalue()
    missing = max(0, SMALLEST_SEGMENT - len(data))
    return data + TS_NULL * -(-missing // len(TS_NULL)) if container == "mpegts" else data


def _options(batch: Batch, container: str) -> dict[str, str]:
    if container == "webm" and batch.size < SMALLEST_SEGMENT:
        # Room for an index in front, the rest of which is filled with an element that everybody passes over.
        return {"reserve_index_space": str(SMALLEST_SEGMENT)}
    if container != "mp4":
        return {}
    # The index goes ahead of the media, into room kept for it: who reads the segment as a stream can begin at once.
    return {"moov_size": str(INDEX_BASE + INDEX_PER_PACKET * len(batch.packets))}
