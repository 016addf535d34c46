"""Pictures as they are meant: upright, square pixels, one size from the first to the last."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast

from interhuman_stream.display import UPRIGHT, Turn, turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from av.buffer import Buffer
    from av.filter.graph import Graph
    from av.sidedata.sidedata import Type
    from av.video.frame import VideoFrame

LONGEST_SIDE: Final = 1280
"""Pixels; beyond it a face gains nothing and a small machine no longer keeps up."""
QUARTERS: Final = ((), ("transpose=clock",), ("hflip", "vflip"), ("transpose=cclock",))
"""FFmpeg's filters for turns to the right, by how many quarters."""
ANY_TIME: Final = Fraction(1, 1000)


def asked(frame: VideoFrame) -> Turn:
    """Give the turn a decoded frame asks for."""
    from av.sidedata.sidedata import Type  # noqa: PLC0415 - PyAV is an extra

    matrix = cast("Mapping[Type, Buffer]", frame.side_data).get(Type.DISPLAYMATRIX)
    return UPRIGHT if matrix is None else turn(bytes(matrix))


@dataclass(frozen=True, slots=True)
class _Stored:
    """What decides how a frame is changed."""

    width: int
    height: int
    format: str
    pixel: Fraction
    turn: Turn

    @property
    def unturned(self) -> tuple[float, float]:
        """Its width and height in square pixels."""
        return self.width * max(1.0, float(self.pixel)), self.height * max(1.0, float(1 / self.pixel))

    @property
    def shown(self) -> tuple[float, float]:
        """Its width and height as it is shown, the corners of a turned one too."""
        wide, high = self.unturned
        across, along = abs(math.sin(math.radians(self.turn.angle))), abs(math.cos(math.radians(self.turn.angle)))
        return wide * along + high * across, wide * across + high * along


class Upright:
    """Sets frames upright. The first one decides the size; what comes in another shape is put into it, on black."""

    def __init__(self) -> None:
        self._size: tuple[int, int] | None = None
        self._stored: _Stored | None = None
        self._graph: Graph | None = None

    def shown(self, frame: VideoFrame, pixel: Fraction) -> VideoFrame:
        """Give the frame as it is meant to be shown, in planar 4:2:0.

        Args:
            frame: As it was decoded.
            pixel: The width of its pixels over their height.
        """
        stored = _Stored(frame.width, frame.height, frame.format.name, pixel, asked(frame))
        if stored != self._stored or self._graph is None:
            self._stored, self._graph = stored, self._made(frame, stored)
        self._graph.vpush(frame)
        return self._graph.vpull()

    def _made(self, frame: VideoFrame, stored: _Stored) -> Graph:
        from av.filter import Graph  # noqa: PLC0415 - PyAV is an extra

        graph = Graph()
        time_base = frame.time_base or ANY_TIME
        first = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=time_base)
        nodes = [graph.add(*spec.split("=", 1)) for spec in self._filters(stored)]
        graph.link_nodes(first, *nodes, graph.add("buffersink")).configure()
        return graph

    def _filters(self, stored: _Stored) -> list[str]:
        wide, high = stored.shown
        if self._size is None:
            scale = min(1.0, LONGEST_SIDE / max(wide, high))
            self._size = _even(wide * scale), _even(high * scale)
        width, height = self._size
        scale = min(width / wide, height / high)
        fits = min(width, _even(wide * scale)), min(height, _even(high * scale))
        turned, quarters = stored.turn, stored.turn.quarters
        if quarters is None:
            before = _even(stored.unturned[0] * scale), _even(stored.unturned[1] * scale)
            angle = math.radians(turned.angle)
            turning: tuple[str, ...] = (
                f"rotate={angle}:rotw({angle}):roth({angle}):c=black",
                "scale={}:{}".format(*fits),
            )
        else:
            before = fits[::-1] if quarters % 2 else fits
            turning = QUARTERS[quarters]
        filters = ["scale={}:{}".format(*before), "format=yuv420p", *["hflip"] * turned.mirrored, *turning]
        return filters if fits == self._size else [*filters, f"pad={width}:{height}:(ow-iw)/2:(oh-ih)/2:black"]


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)
