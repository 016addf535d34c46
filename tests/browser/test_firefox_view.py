"""The page in Firefox: a live session of a talking face, another microphone in its middle, a recording, the report."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.firefox import firefox

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Running
    from tests.firefox import Page

__all__ = ["firefox"]

pytestmark = [pytest.mark.timeout(400), pytest.mark.long]

PATIENCE: Final = 80
"""Seconds for each thing that is waited for."""
TOOLS: Final = """
window.until = async (there) => {
  for (let at = 0; at < %d; at += 1) {
    const found = there();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not in time: ${there}: ${document.body.innerText}`);
};
window.one = (selector) => document.querySelector(selector);
window.texts = (selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent);
window.faults = [];
window.addEventListener("error", (event) => faults.push(String(event.message)));
window.addEventListener("unhandledrejection", (event) => faults.push(String(event.reason)));
""" % (PATIENCE * 10)  # noqa: UP031 - the other ways want its braces doubled
# Firefox's own made-up camera shows no face: what it records here is the sample as it is played.
CAMERA: Final = """
async ({ tools, clip }) => {
  new Function(tools)();
  const bytes = Uint8Array.from(atob(clip), (each) => each.charCodeAt(0));
  window.clip = new File([bytes], "sample.webm", { type: "video/webm" });
  navigator.mediaDevices.getUserMedia = async () => {
    const video = document.createElement("video");
    Object.assign(video, { src: URL.createObjectURL(window.clip), loop: true });
    await video.play();
    return video.mozCaptureStream();
  };
  return navigator.userAgent;
}
"""
LIVE: Final = """
async () => {
  one("#start").click();
  for (const name of ["face", "voice", "behind"]) await until(() => one(`#chips [data-chip=${name}][data-state=on]`));
  await until(() => one("#lanes [data-span]"));
  const before = one("#elapsed").textContent;
  one("#microphone").dispatchEvent(new Event("change"));
  await until(() => one("#elapsed").textContent > before);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await until(() => one("#chips [data-chip=face][data-state=on]") && one("#chips [data-chip=behind][data-state=on]"));
  const state = one("#state").dataset.state;
  one("#stop").click();
  await until(() => document.body.dataset.phase === "ended");
  one("#tab-inspector").click();
  one("#search").value = '"session.';
  one("#search").dispatchEvent(new Event("input"));
  const kinds = texts("#messages li[data-way=in] code").map((each) => JSON.parse(each).type).reverse();
  one("#search").value = '"error"';
  one("#search").dispatchEvent(new Event("input"));
  return { state, kinds, errors: texts("#messages li[data-way=in] code"), faults };
}
"""
FILE: Final = """
async () => {
  one("#tab-file").click();
  const given = new DataTransfer();
  given.items.add(window.clip);
  one("#file_input").files = given.files;
  one("#file_input").dispatchEvent(new Event("change"));
  await until(() => one("#recordings [data-state=done]"));
  const lanes = [...document.querySelectorAll("#stage [data-span]")].map((each) =>
    each.getAttribute("aria-label").split(",")[0]);
  await until(() => one("#player").videoWidth > 0);
  one("#tab-report").click();
  await until(() => one("#report_body tbody tr"));
  return { lanes: [...new Set(lanes)], rows: texts("#report_body tbody tr").length, faults };
}
"""


def test_live_file_and_report(running: Running, firefox: Page, sample: Path) -> None:
    firefox.goto(running.url)
    clip = base64.b64encode(sample.read_bytes()).decode("ascii")
    assert "Firefox" in firefox.evaluate(CAMERA, {"tools": TOOLS, "clip": clip})
    live: dict[str, Any] = firefox.evaluate(LIVE, None)
    assert live == {
        "state": "live",
        "kinds": ["session.ready", "session.updated", "session.closing", "session.ended"],
        "errors": [],
        "faults": [],
    }
    file: dict[str, Any] = firefox.evaluate(FILE, None)
    assert len(file["lanes"]) >= 5
    assert file["rows"] >= 12
    assert file["faults"] == []
