"""The page and the documents' own browser flow, in a real Chromium with a face before its camera."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.conftest import Running

pytestmark = pytest.mark.timeout(180)

# What the v0 documents show a browser to do, and nothing else: six segments of three seconds.
DOCUMENTED_FLOW = """
async ([url, token, mimeType]) => {
  const media = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 }, audio: true });
  const socket = new WebSocket(url, ["access_token", token]);
  const messages = [];
  const sizes = [];
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onclose = (event) => reject("closed " + event.code);
  });
  const protocol = socket.protocol;
  const recorder = new MediaRecorder(media, { mimeType, videoBitsPerSecond: 1000000 });
  const answered = new Promise((resolve) => {
    socket.onclose = resolve;
    socket.onmessage = (event) => {
      messages.push(event.data);
      const done = messages.filter((m) => /"status":"(completed|error)"/.test(m)).length;
      if (recorder.state === "inactive" && done >= sizes.length) resolve();
    };
  });
  recorder.ondataavailable = (event) => {
    if (sizes.length >= 6) return;
    sizes.push(event.data.size);
    socket.send(event.data);
    if (sizes.length === 6) recorder.stop();
  };
  recorder.start(3000);
  await answered;
  socket.close();
  media.getTracks().forEach((track) => track.stop());
  return { protocol, messages, sizes };
}
"""


@pytest.mark.long
@pytest.mark.parametrize("kind", ["video/webm;codecs=vp8,opus", "video/mp4;codecs=vp9,opus"])
def test_the_documented_flow_completes_every_segment(running: Running, browser: Browser, kind: str) -> None:
    page = browser.new_page()
    page.goto(running.url)
    if not page.evaluate("kind => MediaRecorder.isTypeSupported(kind)", kind):
        pytest.skip(f"this Chromium records no {kind}")
    got = page.evaluate(DOCUMENTED_FLOW, [running.socket_url, running.token(), kind])
    page.close()
    messages: list[dict[str, Any]] = [json.loads(text) for text in got["messages"]]
    assert got["protocol"] == "access_token"
    assert len(got["sizes"]) == 6
    refused = [message for message in messages if message["status"] == "error"]
    if kind.startswith("video/mp4"):
        assert got["sizes"][0] < 10_000  # the container's header comes alone
        assert [message["segment"] for message in refused] == [1]
    else:
        assert refused == []
    completed = [message["segment"] for message in messages if message["status"] == "completed"]
    assert completed == list(range(1 + len(refused), 7))
    found = {signal["type"] for message in messages for signal in message.get("signals", [])}
    assert found, "a nodding, speaking face passed by and nothing was reported"


def test_the_page_shows_signals_beside_the_picture(running: Running, browser: Browser) -> None:
    key = running.service.store.create(["interhumanai.stream"])
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda entry: problems.append(entry.text) if entry.type == "error" else None)
    page.goto(running.url)
    page.fill("#key_id", key.key_id)
    page.fill("#key_secret", key.key_secret)
    page.click("#start")
    page.wait_for_selector("#state[data-state=live]")
    # Selectors, not expressions: the page's policy lets nobody evaluate a string in it, the tests included.
    page.wait_for_selector("#signals li.on", timeout=40_000)
    assert page.evaluate("document.getElementById('picture').videoWidth") == 640
    page.wait_for_selector("#messages li:nth-child(9)", timeout=30_000)
    page.click("#stop")
    page.wait_for_selector("#state:text-is('Stopped')", timeout=20_000)
    texts = page.eval_on_selector_all("#messages li", "items => items.map(item => item.textContent)")
    messages = [json.loads(text) for text in texts]
    assert not [message for message in messages if message["status"] == "error" and message["segment"] == 1]
    sent = max(message["segment"] for message in messages)
    finished = {message["segment"] for message in messages if message["status"] in {"completed", "error"}}
    assert finished == set(range(1, sent + 1))
    assert page.inner_text("#reasons li:first-child b")
    assert problems == []
    page.close()


@pytest.mark.parametrize(
    ("key_id", "secret", "said"),
    [("", "", "Give a key id"), ("ihk_nobody", "wrong", "is wrong, or the key was revoked")],
)
def test_the_page_says_what_is_wrong(running: Running, browser: Browser, key_id: str, secret: str, said: str) -> None:
    page = browser.new_page()
    page.goto(running.url)
    page.fill("#key_id", key_id)
    page.fill("#key_secret", secret)
    page.click("#start")
    page.wait_for_selector("#state[data-state=error]")
    assert said in page.inner_text("#state")
    assert page.is_enabled("#start")
    page.close()
