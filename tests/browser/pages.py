"""The page, opened as tests want it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Request, ViewportSize

    from tests.conftest import Running

LAPTOP: Final[ViewportSize] = {"width": 1366, "height": 650}
"""What a browser leaves of 1366×768."""
PHONE: Final[ViewportSize] = {"width": 390, "height": 664}


@contextmanager
def opened(running: Running, browser: Browser, problems: list[str]) -> Iterator[Page]:
    """The page, with what goes wrong in it noted."""
    shown = browser.new_page(viewport=LAPTOP, locale="en-US")
    home = urlsplit(running.url).netloc

    def asked(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")) and urlsplit(request.url).netloc != home:
            problems.append(f"asked for {request.url}")

    shown.on("pageerror", lambda error: problems.append(str(error)))
    shown.on("console", lambda entry: problems.append(entry.text) if entry.type == "error" else None)
    shown.on("request", asked)
    shown.goto(running.url)
    yield shown
    shown.close()
