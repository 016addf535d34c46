"""The engine's face perception agrees with MediaPipe's own, where that is installed (`make oracle`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from interhuman_stream.analysis.model_files import FACE_LANDMARKER, locate
from interhuman_stream.analysis.perception.face_model import FaceLandmarker
from interhuman_stream.faults import ModelMissing
from tools.oracle import compare

PYTHON = Path(__file__).resolve().parents[2] / ".venv" / "oracle" / "bin" / "python"


def test_sees_what_mediapipe_sees(sample: Path, request: pytest.FixtureRequest) -> None:
    if not PYTHON.exists():
        pytest.skip("MediaPipe is not installed: `make oracle` makes an environment for it")
    try:
        task = locate(FACE_LANDMARKER)
    except ModelMissing as error:
        pytest.skip(str(error))
    clips = [sample]
    if (shared := request.config.rootpath.parent / "shared" / "data" / "clips").is_dir():
        clips += sorted(shared.glob("talk_*"))[:2]
    for row in compare(clips, PYTHON, FaceLandmarker(task), task):
        assert row.both == row.pictures
        assert row.within, row
