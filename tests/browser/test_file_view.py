"""The file view and the report in a real browser: recordings dropped, analysed, looked at, saved and printed."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest

from interhuman_stream.service.app import WEB
from interhuman_stream.signals import SignalType
from tests.cli.hour import analysis
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.conftest import Running

pytestmark = [pytest.mark.timeout(240), pytest.mark.slow]

AXE: Final = ROOT / "tests" / "web" / "node_modules" / "axe-core" / "axe.min.js"
SPAN: Final = "#stage [data-span]"


@pytest.fixture
def problems() -> list[str]:
    """What the page said on its console, and what it asked of others."""
    return []


@pytest.fixture
def page(running: Running, browser: Browser, problems: list[str]) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1366, "height": 768}, locale="en-US")
    home = urlsplit(running.url).netloc

    def asked(url: str) -> None:
        if not url.startswith(("data:", "blob:")) and urlsplit(url).netloc != home:
            problems.append(f"asked for {url}")

    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda entry: problems.append(entry.text) if entry.type == "error" else None)
    opened.on("request", lambda request: asked(request.url))
    opened.goto(running.url)
    opened.click("#tab-file")
    yield opened
    opened.close()


def test_a_recording_is_analysed_and_its_lanes_go_with_the_player(
    page: Page, sample: Path, tmp_path: Path, problems: list[str]
) -> None:
    page.set_input_files("#file_input", sample)
    page.wait_for_selector("#recordings [data-state=done]", timeout=120_000)
    labels = page.eval_on_selector_all(SPAN, "all => all.map((each) => each.getAttribute('aria-label'))")
    assert len({label.split(",")[0] for label in labels} & set(SignalType)) >= 5
    assert any("nodded" in label.lower() for label in labels)
    assert page.evaluate("document.getElementById('player').videoWidth") > 0
    _clicked_span_is_played(page)
    _exports(page, tmp_path)
    _report(page)
    assert problems == []


def _clicked_span_is_played(page: Page) -> None:
    span = page.locator(SPAN).filter(has=page.locator("rect")).nth(1)
    index = int(span.get_attribute("data-span") or "")
    label = span.get_attribute("aria-label") or ""
    span.click(force=True)
    found = re.search(r"(\d+):(\d\d\.\d) to ", label)
    assert found, label
    start = int(found[1]) * 60 + float(found[2])
    at = page.evaluate("document.getElementById('player').currentTime")
    assert at == pytest.approx(start, abs=0.1), (index, label)
    page.wait_for_selector(".lanes-playhead[style*=translateX]")
    assert page.inner_text("#stage .reason h3") == label.split(",")[0]
    page.locator("#stage .reason .moment").first.click()
    page.focus("#stage .lanes-view")
    page.keyboard.press("ArrowRight")
    first = page.evaluate("document.activeElement.dataset.span")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.span") != first
    page.keyboard.press("Enter")


def _saved(page: Page, kind: str, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.click(f"#stage [data-export={kind}]")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_bytes()


def _exports(page: Page, folder: Path) -> None:
    document = json.loads(_saved(page, "JSON", folder))
    assert document["duration"] > 25
    rows = list(csv.DictReader(io.StringIO(_saved(page, "CSV", folder).decode())))
    assert len(rows) == len(document["signals"]) > 5
    assert {row["signal"] for row in rows} == {signal["type"] for signal in document["signals"]}
    captions = _saved(page, "WebVTT", folder).decode()
    assert captions.startswith("WEBVTT\n\n1\n00:00:")
    assert captions.count(" --> ") == len(rows)
    drawing = _saved(page, "SVG", folder).decode()
    assert drawing.startswith("<svg")
    assert drawing.count("data-span=") == len(rows)
    picture = _saved(page, "PNG", folder)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000
    assert {path.suffix for path in folder.iterdir()} >= {".json", ".csv", ".vtt", ".svg", ".png"}


def _report(page: Page) -> None:
    page.click("#tab-report")
    page.wait_for_selector("#report_body table")
    rows = page.eval_on_selector_all("#report_body tbody .signal", "all => all.map((each) => each.textContent.trim())")
    assert rows == [row for row in rows if row in set(SignalType)]
    assert len(rows) == len(SignalType)
    text = page.inner_text("#report_body")
    assert "this person talked" in text
    assert "Conversation quality" in text
    page.emulate_media(media="print")
    assert not page.is_visible("#tabs")
    assert not page.is_visible("#report .tools")
    assert page.is_visible("#report_body")
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")


def test_what_is_no_video_says_so_and_the_next_one_is_taken(page: Page, tmp_path: Path) -> None:
    junk, saved = tmp_path / "junk.mp4", tmp_path / "talk.json"
    junk.write_bytes(b"nothing" * 3000)
    saved.write_text(json.dumps(analysis(60.0)))
    page.set_input_files("#file_input", [junk, saved])
    page.wait_for_selector("#recordings [data-state=failed]", timeout=60_000)
    assert "container" in page.inner_text("#recordings [data-state=failed] .said")
    page.wait_for_selector("#recordings [data-state=done]")
    page.click("#recordings [data-state=done] .name")
    page.wait_for_selector(SPAN)
    page.click("#recordings [data-state=failed] .remove")
    assert page.locator("#recordings li").count() == 1


DROP: Final = """(names) => {
  const held = new DataTransfer();
  for (const name of names) held.items.add(new File(["{}"], name));
  const about = { dataTransfer: held, bubbles: true, cancelable: true };
  const taken = ["dragover", "drop"].map((kind) =>
    !document.getElementById("live").dispatchEvent(new DragEvent(kind, about)));
  return taken.every(Boolean);
}"""


def test_files_that_are_dropped_on_another_view_are_taken(page: Page) -> None:
    page.click("#tab-live")
    assert page.evaluate(DROP, ["one.JSON", "two.json"])  # else the browser opens them in the page's place
    page.wait_for_selector("#recordings li:nth-child(2)[data-state=failed]")
    assert page.get_attribute("#tab-file", "aria-selected") == "true"
    assert page.locator("#recordings li:has-text('no analysis')").count() == 2
    assert page.is_hidden("#player")
    assert "no analysis" in page.inner_text(".stage .lanes-quiet")


def test_the_report_is_on_the_recording_that_is_shown(page: Page, tmp_path: Path) -> None:
    for name, seconds in (("short.json", 60.0), ("long.json", 600.0)):
        (tmp_path / name).write_text(json.dumps(analysis(seconds)))
        page.set_input_files("#file_input", tmp_path / name)
    page.wait_for_selector("#recordings li:nth-child(2)[data-state=done]")
    for name in ("short.json", "long.json"):
        page.click("#tab-file")
        page.click(f"#recordings .name:text('{name}')")
        page.click("#stage button:text('Report')")
        assert page.inner_text("#report_body h2") == name
    page.select_option("#report_source", label="short.json")
    assert page.inner_text("#report_body h2") == "short.json"
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("() => document.querySelector('#report_body svg[width]').getAttribute('width') < 390")


def test_what_is_pointed_out_stays_where_it_belongs_at_another_width(page: Page, tmp_path: Path) -> None:
    (tmp_path / "talk.json").write_text(json.dumps(analysis(60.0)))
    page.set_input_files("#file_input", tmp_path / "talk.json")
    page.locator(SPAN).first.hover(force=True)
    middle = "() => [...document.querySelectorAll('.lanes-mark')].map((each) => each.offsetLeft /"
    middle += " each.closest('.lanes-strip').clientWidth)"
    before = page.evaluate(middle)
    assert before
    page.set_viewport_size({"width": 820, "height": 900})
    page.wait_for_timeout(300)
    after = page.evaluate(middle)
    assert all(abs(one - other) < 0.05 for one, other in zip(before, after, strict=True))


def test_a_service_that_is_gone_is_said_in_a_sentence(page: Page, sample: Path) -> None:
    page.route("**/v1/upload/analyze", lambda route: route.abort())
    page.set_input_files("#file_input", sample)
    page.wait_for_selector("#recordings [data-state=failed]", timeout=60_000)
    assert "was not reached" in page.inner_text("#recordings .said")


def test_a_full_service_is_asked_again_when_it_says(page: Page, sample: Path) -> None:
    answers = iter(
        [{"status": 503, "headers": {"Retry-After": "1"}, "body": '{"error_id":"ih1003","message":"Full."}'}]
    )
    found: dict[str, Any] = {"status": 200, "body": json.dumps(analysis(30.0))}
    page.route("**/v1/upload/analyze", lambda route: route.fulfill(**next(answers, found)))
    page.set_input_files("#file_input", sample)
    page.wait_for_selector("#recordings .said:text('asking again')", timeout=30_000)
    page.wait_for_selector("#recordings [data-state=done]", timeout=30_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_an_hour_hinders_who_sees_or_moves_otherwise(page: Page, tmp_path: Path, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make page")
    saved = tmp_path / "hour.json"
    saved.write_text(json.dumps(analysis(3600.0)))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_input_files("#file_input", saved)
    page.wait_for_selector(SPAN)
    for view in ("file", "report"):
        page.click(f"#tab-{view}")
        found = _axe(page)
        assert not found, json.dumps(found, indent=1)
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("#tab-file")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.select_option("#language", "de")
    assert page.inner_text("#file_drop strong") == "Aufnahmen hierher ziehen oder auswählen"
    page.wait_for_selector("#stage .lanes-backdrop text:text('Zustimmung')")


def _axe(page: Page) -> list[dict[str, Any]]:
    """Serious and critical violations. The debugger runs the script, not the page: its policy stays."""
    page.evaluate(AXE.read_text())
    got: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        {"id": each["id"], "help": each["help"], "nodes": [node["html"][:200] for node in each["nodes"][:3]]}
        for each in got["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def test_what_is_too_large_for_a_request_is_streamed(page: Page, sample: Path, running: Running) -> None:
    source = (WEB / "upload.js").read_text()
    smaller = source.replace("LARGEST = 33_554_432", "LARGEST = 100_000").replace("FRAME = 1 << 20", "FRAME = 1 << 16")
    assert smaller.count("100_000") == smaller.count("1 << 16") == 1
    page.route("**/web/upload.js", lambda route: route.fulfill(body=smaller, content_type="text/javascript"))
    page.goto(running.url)
    page.click("#tab-file")
    page.set_input_files("#file_input", sample)
    page.wait_for_selector("#recordings [data-state=done]", timeout=120_000)
    labels = page.eval_on_selector_all(SPAN, "all => all.map((each) => each.getAttribute('aria-label'))")
    assert len({label.split(",")[0] for label in labels} & set(SignalType)) >= 5
    assert not any("since" in label for label in labels)
    page.click("#tab-report")
    assert "this person talked" in page.inner_text("#report_body")
