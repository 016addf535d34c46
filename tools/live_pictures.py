"""Makes the pictures of the page's live view and inspector under docs/images: light, dark and on a phone."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from interhuman_stream.sample import CLIP
from tools.browser import chromium
from tools.load.service import service

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

LAPTOP: Final[ViewportSize] = {"width": 1366, "height": 650}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
SECONDS: Final = 22.0
"""Of the session after which the first picture is taken: the sample has nodded, shaken its head and frowned."""


def main() -> None:
    """Make them all, of one session."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("into", nargs="?", type=Path, default=Path("docs/images"))
    parser.add_argument("--clip", type=Path, default=CLIP, help="who is before the camera; the sample")
    asked = parser.parse_args()
    into: Path = asked.into
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, service() as served, chromium(asked.clip, Path(folder)) as browser:
        context = browser.new_context(viewport=LAPTOP, color_scheme="light", locale="en-US", device_scale_factor=1.0)
        page = context.new_page()
        page.goto(served.url)
        page.wait_for_timeout(500)
        page.screenshot(path=into / "page-start.png")
        page.set_viewport_size(PHONE)
        page.wait_for_timeout(500)
        page.screenshot(path=into / "page-start-phone.png")
        page.set_viewport_size(LAPTOP)
        page.click("#start")
        page.wait_for_selector("#chips [data-chip=face][data-state=on]", timeout=60_000)
        page.check("#looks")
        page.wait_for_timeout(SECONDS * 1000)
        page.screenshot(path=into / "page-live-light.png")
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(500)
        page.screenshot(path=into / "page-live-dark.png")
        page.set_viewport_size(PHONE)
        page.wait_for_timeout(500)
        page.screenshot(path=into / "page-live-phone.png", full_page=True)
        page.set_viewport_size(LAPTOP)
        page.emulate_media(color_scheme="light")
        page.click("#tab-inspector")
        page.wait_for_timeout(500)
        page.screenshot(path=into / "page-inspector.png")
        context.close()


if __name__ == "__main__":
    main()
