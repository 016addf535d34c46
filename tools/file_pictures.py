"""Makes the pictures of the page's file view and report under docs/images: light, dark and on a phone."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal

from interhuman_stream.sample import CLIP
from tools.browser import chromium
from tools.load.service import service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

LAPTOP: Final[ViewportSize] = {"width": 1366, "height": 900}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
PLAYED: Final = 2.2
"""Seconds of the sample at which it is shown: somebody says yes and nods."""


def picture(
    browser: Browser, url: str, into: Path, scheme: Literal["light", "dark"], size: ViewportSize, scale: float
) -> None:
    """Have the sample analysed, and take pictures of its lanes and its report."""
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-US", device_scale_factor=scale)
    page = context.new_page()
    page.goto(url)
    page.click("#tab-file")
    page.set_input_files("#file_input", CLIP)
    page.wait_for_selector("#recordings [data-state=done]", timeout=300_000)
    page.evaluate("(at) => { document.getElementById('player').currentTime = at; }", PLAYED)
    page.locator("#stage [data-span][aria-label^=agreement]").first.hover(force=True)
    page.wait_for_timeout(500)  # the player shows the moment it was sent to, and tells nobody when
    kind = "phone" if size is PHONE else scheme
    page.screenshot(path=into / f"page-file-{kind}.png", full_page=size is PHONE)
    page.click("#tab-report")
    page.wait_for_selector("#report_body table")
    if scheme == "light":
        page.screenshot(path=into / f"page-report{'-phone' if size is PHONE else ''}.png", full_page=True)
    context.close()


def main() -> None:
    """Make them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("into", nargs="?", type=Path, default=Path("docs/images"))
    into: Path = parser.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, service() as served, chromium(CLIP, Path(folder)) as browser:
        picture(browser, served.url, into, "light", LAPTOP, 1.5)
        picture(browser, served.url, into, "dark", LAPTOP, 1.5)
        picture(browser, served.url, into, "light", PHONE, 2)


if __name__ == "__main__":
    main()
