"""These tests drive a browser."""

from tests.chromium import browser

__all__ = ["browser"]
