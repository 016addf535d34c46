"""What is sent over the wire, frame by frame: headers in small frames, pieces that come again or late."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from interhuman_stream.protocol.limits import SMALLEST_SEGMENT
from tools.matrix.media import SIGNALS, Row, written
from tools.matrix.rows import H264, OPUS, VP8, VP9

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.field.ways import Given

PARTS: Final = 5
LATE: Final = "09 frames again and late"
AGAIN: Final = ("again", "once more", "repeat", "earlier", "order", "late", "before")
"""One of these words says what is the matter with a piece that was there already."""


@dataclass(frozen=True, slots=True)
class Wire:
    """Frames in an order.

    Attributes:
        kind: Of what is the matter with them.
        name: What is.
        pieces: Makes them.
        refused: How many are to be refused: those below the least size, and what was there already.
        says: One of these words is in what is said of those.
    """

    kind: str
    name: str
    pieces: Callable[[], list[bytes]]
    refused: int
    says: tuple[str, ...] = ()

    def differences(self, given: Given) -> list[str]:
        """What is not as it should be."""
        found = [f"{len(given.refused)} refused"] if len(given.refused) != self.refused else []
        found += [f"no {type_}" for type_ in SIGNALS if type_ not in {span.type for span in given.spans}]
        said = " ".join(given.refused).lower()
        silent = said and self.says and not any(word in said for word in self.says)
        return found + ([f"says “{given.refused[0]}”"] if silent else [])


LIVE: Final = {
    "VP8 in WebM": Row("live webm", VP8, OPUS, coding={"g": "25"}),
    "VP9 in WebM": Row("live webm", VP9, OPUS, coding={"g": "25"}),
    "H.264 in fragments": Row("fragmented mp4", H264, "aac", coding={"g": "25"}),
    "H.264 in Matroska": Row("mkv", H264, "aac", coding={"g": "25"}),
    "H.264 in MPEG-TS": Row("mpegts", H264, "aac", coding={"g": "25"}),
}


def cut(row: Row, *first: int) -> list[bytes]:
    """The talk behind pieces of these sizes, in equal parts."""
    data, pieces = written(row), list[bytes]()
    for size in first:
        pieces, data = [*pieces, data[:size]], data[size:]
    size = -(-len(data) // PARTS)
    return [*pieces, *(data[at : at + size] for at in range(0, len(data), size))]


def ordered(row: Row, order: str) -> list[bytes]:
    """Its equal parts in this order."""
    parts = cut(row)
    return [parts[int(each) - 1] for each in order]


WIRES: Final = (
    *(
        Wire(
            "01 small first frames",
            f"{name}: {' and '.join(map(str, sizes))} bytes first",
            partial(cut, LIVE[name], *sizes),
            len(sizes),
        )
        for name, sizes in (
            ("VP8 in WebM", (1,)),
            ("VP9 in WebM", (3, 100)),
            ("H.264 in fragments", (7,)),
            ("H.264 in fragments", (1181,)),
            ("H.264 in Matroska", (SMALLEST_SEGMENT - 1,)),
            ("H.264 in MPEG-TS", (250,)),
        )
    ),
    *(
        Wire(
            LATE,
            f"{name}: {' '.join(order)}",
            partial(ordered, LIVE[name], order),
            refused,
            AGAIN,
        )
        for name, order, refused in (
            ("VP8 in WebM", "122345", 1),
            ("H.264 in fragments", "1233345", 2),
            ("H.264 in Matroska", "1223345", 2),
            ("H.264 in MPEG-TS", "123435", 1),
        )
    ),
)
