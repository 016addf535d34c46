"""Measure the page's lanes: frames while half an hour scrolls by, main-thread work, and memory over an hour's session.

The sessions are made up and told to the page's own modules as a server would, at twenty times their speed; the browser
draws them without a graphics card, which is the slowest way.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from interhuman_stream.sample import CLIP
from tools.browser import chromium
from tools.load.service import service

SPEED: Final = 20
PREPARE: Final = """async () => {
  const { createScroller } = await import("/web/scroller.js");
  const { createHistory, apply, advance } = await import("/web/history.js");
  const { LANES } = await import("/web/lanes.js");
  const { t } = await import("/web/text.js");
  const app = { language: "en", t: (key, values) => t("en", key, values), onLanguage: () => {} };
  const scroller = createScroller(app, { scale: 14 });
  document.getElementById("lanes").replaceChildren(scroller.element);
  const history = createHistory();
  scroller.show(history);
  let random = 7;
  const chance = () => (random = random * 16807 % 2147483647) / 2147483647;
  const tell = (type, data) => apply(history, { type, data }, 0);
  const open = new Map();
  window.second = (at) => {
    for (const half of [at, at + 0.5]) {
      const limits = chance() < 0.1 ? [{ why: "turned", start: half, end: half + 0.5, sentence: "" }] : [];
      const there = { face: 0.5, speaking: 0.3, voice: 0.4, words: 1, limits };
      tell("perception.updated", { start: half, end: half + 0.5, ...there });
    }
    for (const { signal } of LANES) {
      if (open.has(signal) && at - open.get(signal) > 4 * chance()) {
        tell("signal.ended", { signal_type: signal, end: at });
        open.delete(signal);
      } else if (!open.has(signal) && chance() < 0.04) {
        const rationale = `Nodded 3 times (${at.toFixed(1)}–${(at + 1).toFixed(1)} s), said “yes” (${at}.0–${at}.4 s).`;
        tell("signal.detected", { signal_type: signal, start: at, probability: "medium", rationale });
        open.set(signal, at);
      }
    }
    if (chance() < 0.1) tell("engagement.updated", { state: chance() < 0.5 ? "engaged" : "neutral", start: at });
  };
  window.bench = { scroller, history, advance };
}"""
SCROLL: Final = """async (seconds) => {
  const view = document.querySelector("#lanes .lanes-view");
  const long = [];
  new PerformanceObserver((list) => long.push(...list.getEntries().map((each) => each.duration)))
    .observe({ entryTypes: ["longtask"] });
  const frames = [];
  const began = performance.now();
  let last = began;
  await new Promise((done) => requestAnimationFrame(function frame(now) {
    frames.push(now - last);
    last = now;
    const share = (now - began) / 1000 / seconds;
    view.scrollLeft = share * (view.scrollWidth - view.clientWidth);
    if (share < 1) requestAnimationFrame(frame); else done();
  }));
  frames.shift();
  frames.sort((a, b) => a - b);
  const at = (share) => frames[Math.floor(frames.length * share)];
  return { frames: frames.length, seconds, median_ms: at(0.5), p99_ms: at(0.99),
    worst_ms: frames.at(-1), long_tasks_over_50_ms: long.length, spans: bench.history.spans.length };
}"""
LIVE: Final = """async ([from, to, speed]) => {
  for (let at = from; at < to; at += 1) {
    second(at);
    const until = performance.now() + 1000 / speed;
    do {
      await new Promise(requestAnimationFrame);
      bench.advance(bench.history, at + 1);
      bench.scroller.update(at + 1);
    } while (performance.now() < until);
  }
}"""


def main() -> None:
    """Print one JSON object a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60, help="of the session whose memory is watched")
    parser.add_argument("--scroll", type=float, default=20.0, help="seconds in which half an hour scrolls by")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, service() as served, chromium(CLIP, Path(folder)) as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(served.url)
        page.evaluate(PREPARE)
        page.evaluate("() => { for (let at = 0; at < 1800; at += 1) second(at); bench.scroller.update(1800); }")
        page.evaluate("() => bench.scroller.follow(false)")
        print(json.dumps({"half an hour scrolled": page.evaluate(SCROLL, asked.scroll)}), flush=True)
        page.reload()
        page.evaluate(PREPARE)
        client = page.context.new_cdp_session(page)
        client.send("Performance.enable")
        for minute in range(0, asked.minutes, 10):
            before = _metrics(client)
            page.evaluate(LIVE, [minute * 60, min(minute + 10, asked.minutes) * 60, SPEED])
            client.send("HeapProfiler.collectGarbage")
            after = _metrics(client)
            told = {
                "minute": minute + 10,
                "heap_mb": round(after["JSHeapUsedSize"] / 1e6, 1),
                "nodes": after["Nodes"],
                "main_thread_seconds_a_minute": round((after["TaskDuration"] - before["TaskDuration"]) / 10, 2),
                "spans": page.evaluate("() => bench.history.spans.length"),
            }
            print(json.dumps(told), flush=True)


def _metrics(client: Any) -> dict[str, float]:
    """What Chromium counts of the page."""
    return {each["name"]: each["value"] for each in client.send("Performance.getMetrics")["metrics"]}


if __name__ == "__main__":
    main()
