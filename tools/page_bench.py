"""Measures the page in Chromium: frames while half an hour of history scrolls, and memory and work over an hour.

No camera and no engine: the live view is fed with messages of a v2 session, `--speed` times as fast as they would come.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from interhuman_stream.protocol.v2 import LEVELS
from interhuman_stream.sample import CLIP
from tests.cli.hour import analysis
from tools.browser import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, CDPSession, Page, Route, WebSocketRoute

HOME: Final = "http://127.0.0.1:9"
"""Where the page is said to be: every request is answered from the package's files."""
KINDS: Final = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
WORK: Final = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
"""All of the thread's work, and three parts of it."""
LONG_FRAME: Final = 50.0
"""Milliseconds that no frame should take longer than."""
PREPARE: Final = """
async (messages) => {
  const [{ createHistory, apply }, { createScroller }, { t }] = await Promise.all(
    ["history", "scroller", "text"].map((name) => import(`/web/${name}.js`)));
  const history = createHistory();
  for (const each of messages) apply(history, each, 0);
  const app = { language: "en", t: (key, values) => t("en", key, values), onLanguage: () => {} };
  const lanes = createScroller(app, { scale: 14 });
  document.querySelector("main").replaceChildren(lanes.element);
  lanes.show(history);
  lanes.follow(false);
  return history.spans.length;
}
"""
SCROLL: Final = """
async (seconds) => {
  const view = document.querySelector(".lanes-view");
  const [frames, width] = [[], view.scrollWidth - view.clientWidth];
  const began = performance.now();
  for (let at = began; at - began < seconds * 1000; ) {
    at = await new Promise(requestAnimationFrame);
    frames.push(at);
    view.scrollLeft = width * (1 - (at - began) / (seconds * 1000));
  }
  return { frames: frames.slice(1).map((each, index) => each - frames[index]), width };
}
"""


def serve(route: Route) -> None:
    """Answer from the package's files, and give the page a token."""
    path = route.request.url.removeprefix(HOME).split("?")[0]
    name = "index.html" if path == "/" else path.removeprefix("/web/")
    if path == "/web/token":
        token = {"access_token": "t", "token_type": "Bearer", "expires_in": 900, "scope": "interhumanai.stream"}
        route.fulfill(json=token)
        return
    file = files("interhuman_stream.service") / "web" / name
    route.fulfill(body=file.read_bytes(), content_type=KINDS[Path(name).suffix])


def events(seconds: float) -> Iterator[tuple[float, dict[str, Any]]]:
    """The messages of a v2 session, each with the second at which it is told."""
    document = analysis(seconds)
    told: list[tuple[float, str, dict[str, Any]]] = []
    for each in document["signals"]:
        if each["type"] in LEVELS:
            continue
        about = {"signal_type": each["type"], "probability": each["probability"], "rationale": each["rationale"]}
        told.append((each["start"] + 0.5, "signal.detected", {**about, "start": each["start"]}))
        told.append((each["end"] + 2.5, "signal.ended", {"signal_type": each["type"], "end": each["end"]}))
    told += [
        (e["start"] + 1, "engagement.updated", {"state": e["state"], "start": e["start"]}) for e in _levels(document)
    ]
    for half in range(int(seconds * 2)):
        at = half / 2
        seen = {"face": 0.5, "speaking": 0.3, "voice": 0.4, "words": 1, "language": "en", "limits": []}
        look = {"box": [0.4, 0.3, 0.2, 0.3], "pose": [0, at % 20, 0], "gaze": [0, 0]}
        told.append((at + 0.6, "perception.updated", {"start": at, "end": at + 0.5, **seen, "look": look}))
    for number, (at, kind, data) in enumerate(sorted(told, key=lambda each: each[0])):
        yield at, {"type": kind, "timestamp": "2026-01-01T00:00:00Z", "correlation_id": f"{number:032x}", "data": data}


def _levels(document: dict[str, Any]) -> list[dict[str, Any]]:
    levels: list[dict[str, Any]] = document["engagement_state"]
    return levels


def opened(browser: Browser) -> Page:
    """The page, in a window of a laptop's size."""
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="en-US")
    page.route(f"{HOME}/**", serve)
    page.goto(HOME)
    return page


def scrolled(browser: Browser, minutes: float, seconds: float) -> None:
    """Scroll through a history, and print how the frames came."""
    page = opened(browser)
    spans = page.evaluate(PREPARE, [message for _, message in events(minutes * 60)])
    browser.start_tracing(
        page=page, categories=["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"]
    )
    got = page.evaluate(SCROLL, seconds)
    trace = json.loads(browser.stop_tracing())
    page.close()
    frames: list[float] = got["frames"]
    tasks = _tasks(trace["traceEvents"])
    print(f"{minutes:.0f} minutes of history ({spans} stretches, {got['width']:.0f} px) in {seconds:.0f} s:")
    print(
        f"  {1000 / statistics.mean(frames):.1f} frames a second; longest {max(frames):.0f} ms, "
        f"{sum(each > LONG_FRAME for each in frames)} of {len(frames)} over {LONG_FRAME:.0f} ms"
    )
    print(
        f"  tasks of the page's thread: longest {max(tasks):.0f} ms, together {sum(tasks) / seconds / 10:.0f} % of it"
    )


def _tasks(trace: list[dict[str, Any]]) -> list[float]:
    """Milliseconds of processor time of each piece of work of the thread that runs the page."""
    threads = {
        (each["pid"], each["tid"])
        for each in trace
        if each.get("name") == "thread_name" and each["args"].get("name") == "CrRendererMain"
    }
    return [
        each["tdur"] / 1000
        for each in trace
        if each.get("name") == "RunTask" and "tdur" in each and (each["pid"], each["tid"]) in threads
    ]


def lived(browser: Browser, seconds: float, speed: float) -> None:
    """Feed the live view with a session, and print what it holds and works on the way."""
    page = opened(browser)
    sockets: list[WebSocketRoute] = []

    def connect(socket: WebSocketRoute) -> None:
        socket.on_message(lambda _: None)
        sockets.append(socket)

    page.route_web_socket("**/v2/stream/analyze*", connect)
    meter = page.context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.click("#start")
    while not sockets:
        page.wait_for_timeout(50)
    options = {"include": [], "goal_dimensions": None, "model": ["inter-2"]}
    ready = {"session_idle_timeout_seconds": 60, "session_max_duration_seconds": 7200, "min_segment_size_bytes": 1}
    sockets[0].send(_text("session.ready", {**ready, "supported_session_config_options": options}))
    print(f"{seconds / 60:.0f} minutes at {speed:.0f} times their speed:")
    began, due, before = time.monotonic(), 0.0, _measures(meter)
    for at, message in events(seconds):
        while (ahead := at - (time.monotonic() - began) * speed) > 0:
            page.wait_for_timeout(min(200.0, ahead / speed * 1000 + 1))
        sockets[0].send(json.dumps(message))
        if at >= due:
            now = _measures(meter)
            print(f"  {at / 60:5.1f} min: heap {now['JSHeapUsedSize'] / 1e6:6.1f} MB, {now['Nodes']:6.0f} nodes")
            due += seconds / 6
    now = _measures(meter)
    work = {name: now[name] - before[name] for name in WORK}
    print(f"  at the end: heap {now['JSHeapUsedSize'] / 1e6:6.1f} MB, {now['Nodes']:6.0f} nodes")
    each = ", ".join(f"{name} {value / (seconds / 60):.2f} s" for name, value in work.items())
    print(f"  processor time of the page's thread for a minute of the session: {each}")
    page.close()


def _measures(meter: CDPSession) -> dict[str, float]:
    meter.send("HeapProfiler.collectGarbage")
    return {each["name"]: each["value"] for each in meter.send("Performance.getMetrics")["metrics"]}


def _text(kind: str, data: dict[str, Any]) -> str:
    envelope = {"type": kind, "timestamp": "2026-01-01T00:00:00Z", "correlation_id": "0" * 32, "data": data}
    return json.dumps(envelope)


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="of history that are scrolled through")
    parser.add_argument("--seconds", type=float, default=15, help="that the scrolling takes")
    parser.add_argument("--session", type=float, default=3600, help="seconds of the session that is fed")
    parser.add_argument("--speed", type=float, default=20, help="times as fast as they would come")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, chromium(CLIP, Path(folder)) as browser:
        scrolled(browser, asked.minutes, asked.seconds)
        lived(browser, asked.session, asked.speed)


if __name__ == "__main__":
    main()
