"""What was measured stays in order, and what was handed out stays as it was."""

from __future__ import annotations

import numpy as np

from interhuman_stream.analysis.perception.face_model import BLENDSHAPES
from interhuman_stream.analysis.perception.face_table import ROOM, FaceSample, FaceTable


def sample(time: float) -> FaceSample:
    """A face that says when it was, everywhere."""
    shapes = np.full(len(BLENDSHAPES), time, np.float32)
    return FaceSample(time, (time, 1.0, 2.0), (time, 3.0), shapes, time, time, time, width=100.0 + time)


def times(table: FaceTable) -> list[float]:
    track = table.track()
    return [] if track is None else track.time.tolist()


def test_before_the_first_picture_there_is_no_track() -> None:
    table = FaceTable()
    assert table.track() is None
    table.append(sample(1.0))
    table.forget(2.0)
    assert table.track() is None


def test_it_grows_and_forgets_without_losing_a_value() -> None:
    table = FaceTable()
    for step in range(5 * ROOM):
        table.append(sample(float(step)) if step % 7 else FaceSample(float(step)))
        if step % 50 == 0:
            table.forget(step - 80.0)
    track = table.track()
    assert track is not None
    assert track.time.tolist() == [float(step) for step in range(5 * ROOM - 50 - 80, 5 * ROOM)]
    seen = track.time % 7 != 0
    assert (track.present == seen).all()
    for column in (track.pose[:, 0], track.gaze[:, 0], track.shapes[:, -1], track.brow, track.aperture, track.light):
        assert (column[seen] == track.time[seen]).all()
        assert np.isnan(column[~seen]).all()


def test_what_was_handed_out_stays_as_it_was() -> None:
    table = FaceTable()
    for step in range(10):
        table.append(sample(float(step)))
    track = table.track()
    assert track is not None
    table.forget(8.0)
    for step in range(10, 3 * ROOM):
        table.append(sample(float(step)))
    table.append(sample(9.5))
    assert track.time.tolist() == [float(step) for step in range(10)]
    assert track.pose[:, 0].tolist() == track.time.tolist()


def test_a_clock_that_goes_back_keeps_the_order() -> None:
    table = FaceTable()
    for time in (1.0, 2.0, 3.0, 1.5, 2.5, 0.5, 4.0):
        table.append(sample(time))
    assert times(table) == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0]
    table.forget(1.5)
    table.append(sample(1.25))
    assert times(table) == [1.25, 1.5, 2.0, 2.5, 3.0, 4.0]


def test_of_pictures_at_the_same_time_the_first_stays_first() -> None:
    table = FaceTable()
    for time, light in ((1.0, 1.0), (2.0, 2.0), (1.0, 3.0)):
        table.append(FaceSample(time, light=light))
    track = table.track()
    assert track is not None
    assert track.light.tolist() == [1.0, 3.0, 2.0]
