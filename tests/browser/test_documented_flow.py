"""The documents' own browser flow, in a real Chromium with a face before its camera."""

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
