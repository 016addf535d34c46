"""The live view with the sample before the camera, which does known things."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.browser.pages import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.conftest import Running

pytestmark = [pytest.mark.timeout(240), pytest.mark.slow]

LANES: Final = """() => [...new Set([...document.querySelectorAll("#lanes [data-span]")]
    .map((each) => each.getAttribute("aria-label").split(",")[0]))]"""


def test_what_the_sample_does_fills_lanes(running: Running, browser: Browser, problems: list[str]) -> None:
    with opened(running, browser, problems) as page:
        page.click("#start")
        lanes: set[str] = set()  # what is out of sight is not in the document
        began = time.monotonic()
        while len(lanes) < 3 and time.monotonic() - began < 120:
            page.wait_for_timeout(500)
            lanes |= set(page.evaluate(LANES))
        print(f"three lanes after {time.monotonic() - began:.1f} s: {sorted(lanes)}")  # noqa: T201 - a figure
        assert len(lanes) >= 3
        span = page.locator("#lanes [data-span]").last
        span.focus()
        assert page.inner_text(".reason h3") in (span.get_attribute("aria-label") or "")
    assert problems == []
