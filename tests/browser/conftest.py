"""These tests drive a browser."""

from __future__ import annotations

import pytest

from tests.chromium import browser, talking

__all__ = ["browser", "talking"]


@pytest.fixture
def problems() -> list[str]:
    """What the page said on its console, and what it asked of others."""
    return []
