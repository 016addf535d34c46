"""Recorders as people set them, in Chromium and in Firefox: every legal blob is completed, and no picture is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.recorded import is_whole, record
from tests.firefox import firefox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from tests.conftest import Running
    from tests.firefox import Page

__all__ = ["firefox"]

pytestmark = [pytest.mark.timeout(180), pytest.mark.long]

VP8, VP9, FMP4 = "video/webm;codecs=vp8,opus", "video/webm;codecs=vp9,opus", "video/mp4;codecs=vp9,opus"


@pytest.fixture
def evaluate(running: Running, browser: Browser) -> Iterator[Callable[[str, Any], Any]]:
    page = browser.new_page()
    page.goto(running.url)
    yield page.evaluate
    page.close()


@pytest.mark.parametrize("kind", [VP8, FMP4])
def test_chromium_every_quarter_of_a_second(running: Running, evaluate: Callable[[str, Any], Any], kind: str) -> None:
    recorded = record(evaluate, running, {"mimeType": kind, "videoBitsPerSecond": 1_000_000}, slice_ms=250)
    is_whole(recorded)
    assert any(message.get("signals") for message in recorded.messages)


@pytest.mark.parametrize("kind", [VP8, VP9])
def test_chromium_with_few_bits(running: Running, evaluate: Callable[[str, Any], Any], kind: str) -> None:
    recorded = record(evaluate, running, {"mimeType": kind, "videoBitsPerSecond": 60_000}, slice_ms=1000, seconds=6)
    is_whole(recorded)


@pytest.mark.parametrize("kind", [VP8, FMP4])
def test_chromium_paused(running: Running, evaluate: Callable[[str, Any], Any], kind: str) -> None:
    options = {"mimeType": kind, "videoBitsPerSecond": 1_000_000}
    recorded = record(evaluate, running, options, slice_ms=1000, paused=2)
    is_whole(recorded)


@pytest.mark.parametrize("slice_ms", [250, 1000])
def test_firefox(running: Running, firefox: Page, slice_ms: int) -> None:
    firefox.goto(running.url)
    options = {"mimeType": VP8, "videoBitsPerSecond": 1_000_000}
    is_whole(record(firefox.evaluate, running, options, slice_ms=slice_ms, paused=2 * (slice_ms == 1000)))


def test_firefox_with_few_bits(running: Running, firefox: Page) -> None:
    firefox.goto(running.url)
    options = {"mimeType": VP8, "videoBitsPerSecond": 60_000}
    is_whole(record(firefox.evaluate, running, options, slice_ms=1000))
