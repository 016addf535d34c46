"""The live view, with a person before the camera and the real engine behind the page."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from interhuman_stream.service.app import WEB
from tests.browser.pages import LAPTOP, PHONE, opened
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, ViewportSize

    from tests.conftest import Running

pytestmark = [pytest.mark.timeout(240), pytest.mark.slow]

HEAVIEST: Final = 150_000
"""Bytes of the page, compressed."""
TOLD: Final = "#lanes [data-span]:not([aria-label^=engagement], [aria-label^=disengagement])"
"""A stretch that was told as a signal: v2 tells engagement as a level."""
LANES: Final = (
    "[...new Set([...document.querySelectorAll('#lanes [data-span]')].map((each) =>"
    " each.getAttribute('aria-label').split(',')[0]))]"
)
THREE_LANES: Final = f"() => {LANES}.length >= 3"
AXE: Final = ROOT / "tests" / "web" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def page(running: Running, talking: Browser, problems: list[str]) -> Iterator[Page]:
    with opened(running, talking, problems) as shown:
        yield shown


def test_one_click_and_a_person_is_seen_heard_and_understood(page: Page, problems: list[str]) -> None:
    began = time.monotonic()
    page.click("#start")
    seconds: dict[str, float] = {}

    def reached(name: str, selector: str) -> None:
        page.wait_for_selector(selector, timeout=90_000)
        seconds[name] = time.monotonic() - began

    for name in ("face", "behind", "voice"):
        reached(name, f"#chips [data-chip={name}][data-state=on]")
    reached("words looked for", "#chips [data-chip=words]:is([data-state=busy], [data-state=on])")
    reached("first level", "#lanes [data-span]")
    reached("first signal", TOLD)
    reached("words", "#chips [data-chip=words][data-state=on]")
    page.wait_for_function(THREE_LANES, timeout=90_000)
    seconds["three lanes"] = time.monotonic() - began
    lanes = page.evaluate(LANES)
    print("seconds from the click:", {name: round(each, 1) for name, each in seconds.items()}, lanes)  # noqa: T201 - a figure
    assert page.inner_text("#state") == "Live"
    assert page.inner_text(".reason h3")
    page.click("#stop")
    page.wait_for_selector("body[data-phase=ended]", timeout=80_000)
    page.click("#tab-inspector")
    page.fill("#search", '"session.')
    page.wait_for_selector("#messages li:has-text('session.ended')")
    texts = page.eval_on_selector_all("#messages li[data-way=in] code", "all => all.map((each) => each.textContent)")
    assert [json.loads(text)["type"] for text in reversed(texts)] == [
        "session.ready", "session.updated", "session.closing", "session.ended"
    ]  # fmt: skip
    assert problems == []


def test_another_microphone_in_the_middle(page: Page, problems: list[str]) -> None:
    page.click("#start")
    page.wait_for_selector("#chips [data-chip=voice][data-state=on]", timeout=90_000)
    others = page.eval_on_selector_all("#microphone option", "all => all.map((each) => each.value)")
    assert len(others) > 1
    before = page.evaluate("document.getElementById('video').srcObject.getAudioTracks()[0].id")
    page.select_option("#microphone", others[1])
    page.wait_for_function(
        "(id) => document.getElementById('video').srcObject.getAudioTracks()[0].id !== id", arg=before, timeout=30_000
    )
    changed = float(page.evaluate("Date.now()"))
    minutes, seconds = page.inner_text("#elapsed").split(":")
    page.wait_for_function("(at) => Date.now() > at + 6000", arg=changed, timeout=30_000)
    assert page.get_attribute("#state", "data-state") == "live"
    page.click("#stop")
    page.wait_for_selector("body[data-phase=ended]", timeout=80_000)
    page.click("#tab-inspector")
    page.fill("#search", '"session.')
    page.wait_for_selector("#messages li:has-text('session.ended')")
    assert page.locator("#messages li[data-way=in]:has-text('session.ready')").count() == 1  # the same session
    page.fill("#search", '"perception.updated"')
    seen = page.eval_on_selector_all("#messages li[data-way=in] code", "all => all.map((each) => each.textContent)")
    heard = (json.loads(text)["data"] for text in seen)
    later = [each for each in heard if each["end"] > int(minutes) * 60 + int(seconds) + 3]
    assert later, "the sound and the picture came from then on, too"
    assert any(each["look"] for each in later)  # not each: the last one may hold less than a picture's time
    page.fill("#search", '"type":"error"')
    assert page.locator("#messages li[data-way=in]").count() == 0
    assert problems == []


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_the_older_wires_show_the_same(page: Page, version: str, problems: list[str]) -> None:
    page.select_option("#version", version)
    page.click("#start")
    page.wait_for_selector("#chips [data-chip=face][data-state=on]", timeout=60_000)
    page.wait_for_selector("#lanes [data-span]", timeout=90_000)
    page.click("#stop")
    page.wait_for_selector("body[data-phase=ended]", timeout=80_000)
    assert problems == []


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_start_is_in_view(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.wait_for_timeout(300)
    box = page.locator("#start").bounding_box()
    assert box
    assert box["y"] + box["height"] < size["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert "this computer" in page.inner_text("#consent")
    assert page.is_hidden("#key")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["live", "file", "report", "inspector"])
def test_nothing_keeps_people_out(page: Page, view: str, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci in tests/web)")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.click(f"#tab-{view}")
    page.wait_for_timeout(300)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run()")
    told = [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html']:.200}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
    assert told == []


def test_the_page_speaks_german_and_goes_by_keys(page: Page) -> None:
    page.select_option("#language", "de")
    assert page.inner_text("#start") == "Einverstanden, starten"
    assert page.get_attribute("html", "lang") == "de"
    page.focus("#tab-live")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#tab-file", "aria-selected") == "true"
    page.keyboard.press("ArrowLeft")
    page.reload()
    assert page.inner_text("#tab-file") == "Aufnahmen"
    page.select_option("#language", "en")


def test_a_session_goes_by_keys_alone(page: Page, problems: list[str]) -> None:
    def focused() -> str:
        return str(page.evaluate("document.activeElement.id || document.activeElement.className"))

    page.focus("#start")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lanes [data-span]", timeout=90_000)
    assert focused() == "stop"
    found = ["stop"]
    while found[-1] != "lanes-view":
        page.keyboard.press("Tab")
        found.append(focused())
        assert len(found) < 12, found
    assert {"looks", "camera", "microphone", "closer", "farther"} <= set(found)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.span") is not None
    assert page.inner_text(".reason h3")
    page.focus("#stop")
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-phase=ended]", timeout=80_000)
    assert focused() == "start"
    assert problems == []


def test_the_page_is_light() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in sorted(Path(WEB).iterdir())}
    print(f"{sum(sizes.values())} bytes compressed in {len(sizes)} files")  # noqa: T201 - a figure
    assert sum(sizes.values()) <= HEAVIEST
