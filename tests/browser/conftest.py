"""These tests drive a browser."""

from tests.chromium import browser, talking

__all__ = ["browser", "talking"]
