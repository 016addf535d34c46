"""The matrix writes what its rows say, and tells what differs."""

from __future__ import annotations

import numpy as np
import pytest

from interhuman_stream.analysis.media.stream import MediaStream, Picture
from interhuman_stream.containers import Header, read_header
from tools.matrix.__main__ import PICTURES, WORDS, differences, said
from tools.matrix.media import MIRRORED, QUARTER, SIGNALS, Row, talk, written
from tools.matrix.rows import B_FRAMES, ROWS, WIDE
from tools.matrix.ways import Seen


@pytest.mark.parametrize(
    "row",
    [
        Row("mp4", "libx264", "aac", "turned", matrix=QUARTER),
        Row("mov", "libx264", "aac", "mirrored", matrix=MIRRORED),
        Row("mkv", "libx264", "libopus", "squeezed", shape=WIDE),
        Row("flv", "libx264", "aac", "with B-frames", coding=B_FRAMES),
    ],
    ids=lambda row: row.name,
)
def test_a_row_shows_what_the_sample_shows(row: Row) -> None:
    stream = MediaStream()
    items = [*stream.feed(written(row, 0.0, 1.0)), *stream.finish()]
    stream.close()
    assert stream.video_frames == 25
    first = next(item.image for item in items if isinstance(item, Picture))
    meant = talk()[0][0]
    assert first.shape == meant.shape
    assert np.abs(first.astype(int) - meant).mean() < 8


def test_a_camera_s_transport_stream_is_written_as_one() -> None:
    assert read_header(written(Row("m2ts", "libx264", "aac"), 0.0, 1.0)) == Header("mpegts", spacing=192)


def test_what_differs_is_said() -> None:
    assert len({(row.container, row.codecs, row.name) for row in ROWS}) == len(ROWS)
    seen = Seen(pictures=PICTURES - 1, signals=set(SIGNALS), faults=["damaged"])
    assert differences(seen) == ["249 pictures", "“”", "1 refused"]
    assert WORDS not in said(seen)
