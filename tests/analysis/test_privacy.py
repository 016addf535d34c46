"""Nothing of a video, and nothing about its analysis, is left on the disk, also not by the libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.analysis.model_files import models_dir

if TYPE_CHECKING:
    from pathlib import Path

ANALYSE = """
import sys
from pathlib import Path
from interhuman_stream.analysis.perception.models import load_models
from interhuman_stream.analysis.session import AnalysisSession
session = AnalysisSession(load_models(Path(sys.argv[1])))
print(len(session.feed(Path(sys.argv[2]).read_bytes()).words))
session.close()
"""


@pytest.mark.usefixtures("models")
def test_an_analysis_writes_no_file(short: Path, tmp_path: Path) -> None:
    home, scratch, here = (tmp_path / name for name in ("home", "scratch", "here"))
    for folder in (home, scratch, here):
        folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "COVERAGE_", "ORT_"))}
    done = subprocess.run(
        [sys.executable, "-B", "-c", ANALYSE, models_dir(), short],
        env=kept | {"HOME": str(home), "TMPDIR": str(scratch)},
        cwd=here,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) > 8
    # onnxruntime's telemetry, where it is on, keeps its id and its reports under HOME.
    assert [path for folder in (home, scratch, here) for path in folder.rglob("*")] == []
