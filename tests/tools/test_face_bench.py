"""The face bench times what it says it times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interhuman_stream.analysis.model_files import FACE_LANDMARKER, locate
from interhuman_stream.analysis.perception.face_model import FaceLandmarker
from interhuman_stream.faults import ModelMissing
from tools.face_bench import bench, line, pictures, raw_models

if TYPE_CHECKING:
    from pathlib import Path


def test_the_parts_add_up_and_every_picture_counts_once(sample: Path) -> None:
    try:
        task = locate(FACE_LANDMARKER)
    except ModelMissing as error:
        pytest.skip(str(error))
    shown = pictures(sample)[:6]
    times = bench(shown, FaceLandmarker(task), raw_models(task), None)
    assert {len(times.spent[name]) for name in ("raw", "observe", "crop", "head pose", "rest")} == {5}
    parts = sum(sum(times.spent[name]) for name in ("models", "crop", "write input", "head pose", "light", "rest"))
    assert parts == pytest.approx(sum(times.spent["observe"]))
    assert line("clip", times).startswith("clip")
