"""A real Chromium as a fixture: its camera shows the sample, or a person who talks, and its microphone plays it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import SHARED
from tools.browser import CHROMIUM, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

TALKING = "talk_Obama_clip1.mp4"


# Closed behind each module: while it is open, Playwright's event loop runs in this thread, and no other can.
@pytest.fixture(scope="module")
def browser(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    with chromium(sample, tmp_path_factory.mktemp("camera")) as launched:
        yield launched


@pytest.fixture(scope="module")
def talking(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One before whose camera somebody talks: a real person where the shared clips are, else the sample's puppet."""
    if not CHROMIUM:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    clip = SHARED / "clips" / TALKING
    with chromium(clip if clip.is_file() else sample, tmp_path_factory.mktemp("camera")) as launched:
        yield launched
