/** Player, lanes, reason and exports of one recording, in step with each other. */
import { element } from "./app.js";
import { createHistory, moments } from "./history.js";
import { createReason } from "./reason.js";
import { exportsOf } from "./saved.js";
import { createScroller } from "./scroller.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./shelf.js").Recording} Recording */

/**
 * @param {App} app
 * @returns {{element: HTMLElement, show: (recording: Recording | null) => void}}
 */
export function createStage(app) {
  const video = element("video", { class: "player", id: "player", "data-t-label": "player" });
  Object.assign(video, { controls: true, playsInline: true, preload: "metadata" });
  const reason = createReason(app, jump);
  const lanes = createScroller(app, {
    chosen: (index) => {
      const span = open?.history?.spans[index] ?? null;
      reason.show(span);
      lanes.mark(span ? moments(span.rationale) : []);
    },
    jump,
    quiet: () => (open?.state === "failed" && !open.history ? open.problem : undefined),
  });
  const tools = element("div", { class: "tools" }, ...zooms(app, lanes), ...exportsOf(app, () => open),
    report(app, () => open?.history ?? null));
  const beside = element("div", { class: "beside" }, reason.element, tools);
  const root = element("div", { class: "stage card", id: "stage" }, video, beside, lanes.element);
  root.hidden = true;
  /** @type {Recording | null} */
  let open = null;
  /** @type {import("./history.js").History | null} */
  let drawn = null;
  let url = "";

  /** @param {number} seconds */
  function jump(seconds) {
    if (open?.file) video.currentTime = seconds;
    lanes.playhead(seconds);
  }

  function step() {
    lanes.playhead(video.currentTime, true);
    if (!video.paused && !video.ended) requestAnimationFrame(step);
  }
  for (const kind of ["play", "seeked", "pause"]) video.addEventListener(kind, step);

  /** @param {Recording | null} recording */
  function load(recording) {
    URL.revokeObjectURL(url);
    url = recording?.file ? URL.createObjectURL(recording.file) : "";
    if (url) video.src = url;
    else video.removeAttribute("src");
    reason.show(null);
    lanes.mark([]);
    lanes.playhead(0);
  }

  return {
    element: root,
    show(recording) {
      if (recording !== open) load(recording);
      open = recording;
      root.hidden = !recording;
      tools.hidden = !recording?.history;
      video.hidden = !url || (recording?.state === "failed" && !recording.history);
      const history = recording?.history ?? null;
      if (history && history === drawn) {
        lanes.update();
      } else {
        drawn = history;
        lanes.follow(false);
        lanes.show(history ?? createHistory());
        lanes.zoom("fit");
      }
    },
  };
}

/** @param {App} app @param {import("./scroller.js").Scroller} lanes @returns {HTMLElement[]} */
function zooms(app, lanes) {
  /** @type {[string, string, () => void][]} */
  const kinds = [["−", "zoom_out", () => lanes.zoomBy(1 / 2)], ["+", "zoom_in", () => lanes.zoomBy(2)],
    ["↔", "zoom_fit", () => lanes.zoom("fit")]];
  return kinds.map(([text, key, act]) => {
    const about = { "data-t-label": key, "aria-label": app.t(key), text };
    const button = element("button", { class: "button small zoom", id: key, ...about });
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  });
}

/** @param {App} app @param {() => import("./history.js").History | null} of @returns {HTMLElement} */
function report(app, of) {
  const button = element("button", { class: "button small", t: "file_report", text: app.t("file_report") });
  button.type = "button";
  button.addEventListener("click", () => {
    app.reported = of();
    app.show("report");
  });
  return button;
}
