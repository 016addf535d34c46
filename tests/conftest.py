"""What every test can use: the shared clips where they are present, and the sample that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real clips and browser recordings; they are not part of the project."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared clips are not at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample clip that ships with the project."""
    return ROOT / "samples" / "sample.webm"
