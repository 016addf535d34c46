/** A timeline that scrolls: drawn in tiles, of which only those in sight are there, however long the session is. */
import { element } from "./app.js";
import { clock } from "./axis.js";
import { createHistory, emptiness } from "./history.js";
import { COLUMN, NAMES, drawing, timelineHeight } from "./layout.js";
import { drawBackdrop, drawTile } from "./timeline.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {{svg: string, box: HTMLElement, revision: number, until: number}} Tile */
/**
 * @typedef {object} Scroller
 * @property {HTMLElement} element
 * @property {(history: History) => void} show  another history, or the same again
 * @property {(now?: number) => void} update  draw what is new; as often as wanted
 * @property {(seconds: number, seen?: boolean) => void} playhead  where it is played, NaN for nowhere; and scroll there
 * @property {(pixelsPerSecond: number | "fit") => void} zoom
 * @property {(factor: number) => void} zoomBy
 * @property {(ranges: {start: number, end: number}[]) => void} mark  moments that are pointed out
 * @property {(follow: boolean) => void} follow  whether the end stays in sight
 */

/** Pixels of a tile: a multiple of an overview's column, about half a window. */
const TILE = COLUMN * 120;
/** Pixels a second, at most and at least. */
const CLOSEST = 60;
const FARTHEST = 0.05;
/** Pixels that stay free behind the end. */
const AHEAD = 24;
/** Seconds of the session that an open stretch may lag behind. */
const LAG = 0.2;

/** @param {number} at which tile @returns {HTMLElement} */
function tileBox(at) {
  const box = element("div", { class: "lanes-tile" });
  box.style.left = `${at * TILE}px`;
  box.style.zIndex = String(100_000 - at);  // what begins earlier reaches over what comes later
  return box;
}

/**
 * @param {import("./app.js").App} app
 * @param {{chosen?: (index: number) => void, jump?: (seconds: number) => void, scale?: number,
 *   quiet?: () => string | undefined, follows?: (on: boolean) => void}} [told]  `chosen`: a stretch of the history is
 *   pointed at, `jump`: a moment is clicked; `scale`: pixels a second to begin with; `quiet`: what to say where there is
 *   no stretch in sight, if something is known; `follows`: whether the end stays in sight from now on
 * @returns {Scroller}
 */
export function createScroller(app, told = {}) {
  const backdrop = element("div", { class: "lanes-backdrop" });
  const strip = element("div", { class: "lanes-strip" });
  const head = element("div", { class: "lanes-playhead", "aria-hidden": "true" });
  const marks = element("div", { class: "lanes-marks", "aria-hidden": "true" });
  const view = element("div", { class: "lanes-view" }, strip);
  view.setAttribute("role", "group");
  view.tabIndex = 0;
  const quiet = element("p", { class: "lanes-quiet" });
  const root = element("div", { class: "lanes" }, backdrop, view, quiet);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  /** @type {Map<number, Tile>} */
  const tiles = new Map();
  let history = createHistory();
  let scale = told.scale ?? 12;
  let fit = false;
  let following = true;
  let wide = 0;
  let length = 0;
  let played = NaN;  // seconds
  /** @type {{start: number, end: number}[]} */
  let pointed = [];
  let left = 0;  // pixels that are scrolled away; asking the document for it would lay it out
  let drawn = { revision: -1, until: 0 };

  const look = () => ({
    language: app.language,
    theme: /** @type {"light" | "dark"} */ (dark.matches ? "dark" : "light"),
    narrow: wide < 560,
  });
  const names = () => NAMES[wide < 560 ? "narrow" : "wide"];
  const room = () => Math.max(1, wide - names());

  /** Everything anew: another size, language, theme or scale. */
  function lay() {
    wide = root.clientWidth;
    if (!wide) return;
    if (fit) scale = Math.max(FARTHEST, (room() - AHEAD) / Math.max(history.duration, 1));
    backdrop.innerHTML = drawBackdrop({ ...look(), width: wide });
    const height = timelineHeight(drawing(history, { ...look(), width: wide }));
    view.style.left = `${names()}px`;
    root.style.height = `${height + 14}px`;
    strip.style.height = `${height}px`;
    strip.replaceChildren(marks, head);
    tiles.clear();
    [length, drawn] = [0, { revision: -1, until: 0 }];
    placed();
    update();
    left = view.scrollLeft;
    draw(Math.max(history.duration, drawn.until));
  }

  /** The playhead and what is pointed out, at this scale. */
  function placed() {
    head.hidden = Number.isNaN(played);
    if (!head.hidden) head.style.transform = `translateX(${played * scale}px)`;
    marks.replaceChildren(...pointed.map((range) => {
      const band = element("div", { class: "lanes-mark" });
      band.style.left = `${range.start * scale}px`;
      band.style.width = `${Math.max(2, (range.end - range.start) * scale)}px`;
      return band;
    }));
  }

  /** @param {number} [now] seconds of the session */
  function update(now = history.duration) {
    if (!wide) return;
    const until = Math.max(now, history.duration);
    if (fit && until * scale > room()) {
      lay();
      return;
    }
    const needed = Math.max(room(), until * scale + AHEAD);
    const longer = Math.abs(needed - length) > 1;
    if (longer) {
      length = needed;
      strip.style.width = `${needed}px`;
      if (following) bring(needed - room());
    }
    if (longer || drawn.revision !== history.revision || until - drawn.until > LAG) draw(until);
  }

  /** @param {number} pixels  to be scrolled away */
  function bring(pixels) {
    left = Math.max(0, Math.min(pixels, length - room()));
    view.scrollLeft = left;
  }

  /** @param {number} now seconds of the session */
  function draw(now) {
    drawn = { revision: history.revision, until: now };
    // No further than it is long: it may have become shorter than what was scrolled away.
    const [first, last] = [left, left + room()].map((at) => Math.floor(Math.min(at, Math.max(0, length - 1)) / TILE));
    const wanted = new Set(reaching(first));
    for (let at = first; at <= last; at += 1) wanted.add(at);
    for (const [at, tile] of tiles) {
      if (wanted.has(at)) continue;
      tile.box.remove();
      tiles.delete(at);
    }
    for (const at of wanted) paint(at, now);
    const any = history.spans.some((each) => each.end * scale >= left);
    quiet.hidden = any;
    quiet.textContent = any ? "" : told.quiet?.() ?? meaning();
  }

  /** What it means that there is no stretch. @returns {string} */
  function meaning() {
    const { key, why } = emptiness(history);
    return app.t(key, why ? { why: app.t(why) } : {});
  }

  /** Earlier tiles of which something reaches into this one. @param {number} first @returns {number[]} */
  function reaching(first) {
    const begins = first * TILE / scale;
    const found = [];
    for (const all of [history.spans, history.engagement, history.unjudged]) {
      for (const each of all) {
        const reaches = each.end > begins || ("open" in each && each.open);
        if (reaches && each.start < begins) found.push(Math.floor(each.start * scale / TILE));
      }
    }
    return found;
  }

  /** @param {number} at which tile @param {number} now seconds of the session */
  function paint(at, now) {
    const seconds = TILE / scale;
    const [from, to] = [at * seconds, (at + 1) * seconds];
    const known = tiles.get(at);
    const open = known && now - known.until > LAG && alive(from, to);
    if (known && known.revision === history.revision && !open) return;
    const focused = known?.box.contains(document.activeElement) ? document.activeElement : null;
    if (focused && known?.revision === history.revision) return;  // it only grows: no reason to be read out again
    const svg = drawTile(history, { ...look(), width: TILE, from, to, edge: length - at * TILE });
    const box = known?.box ?? strip.appendChild(tileBox(at));
    if (svg !== known?.svg) box.innerHTML = svg;
    tiles.set(at, { svg, box, revision: history.revision, until: now });
    const index = focused instanceof SVGElement ? focused.dataset.span : undefined;
    if (index) focus(Number(index), false);
  }

  /** Whether something that began in a stretch of time goes on. @param {number} from @param {number} to */
  function alive(from, to) {
    const goes = (/** @type {{open: boolean, start: number}} */ each) =>
      each.open && each.start >= from && each.start < to;
    return history.spans.some(goes) || history.engagement.some(goes);
  }

  /** @param {number} index of a stretch @param {boolean} seen whether it is scrolled to */
  function focus(index, seen) {
    const span = history.spans[index];
    if (!span) return;
    if (seen) {
      const x = span.start * scale;
      if (x < left || x > left + room() - 40) {
        follow(false);
        bring(x - room() / 3);
      }
      draw(history.duration);
    }
    const found = strip.querySelector(`[data-span="${index}"]`);
    if (found instanceof SVGElement) found.focus({ preventScroll: true });
  }

  /** @param {EventTarget | null} target @returns {number} the index of the stretch it belongs to; -1 for none */
  function spanOf(target) {
    const group = target instanceof Element ? target.closest("[data-span]") : null;
    return group ? Number(group.getAttribute("data-span")) : -1;
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = spanOf(document.activeElement);
    if (step !== undefined && history.spans.length) {
      event.preventDefault();
      const starts = history.spans.map((each) => each.start);
      const order = [...starts.keys()].sort((a, b) => starts[a] - starts[b]);
      const here = order.indexOf(at);
      const next = here < 0 ? (step > 0 ? 0 : order.length - 1) : here + step;
      if (order[next] !== undefined) focus(order[next], true);
    } else if ((event.key === "Enter" || event.key === " ") && at >= 0) {
      event.preventDefault();
      told.jump?.(history.spans[at].start);
    }
  }

  view.addEventListener("scroll", () => {
    if (Math.abs(view.scrollLeft - left) < 1) return;  // it was scrolled by this module, which has drawn
    left = view.scrollLeft;
    draw(Math.max(history.duration, drawn.until));
  }, { passive: true });
  view.addEventListener("wheel", (event) => { if (event.deltaX < 0) follow(false); }, { passive: true });
  view.addEventListener("pointerdown", () => follow(false));
  view.addEventListener("keydown", key);
  view.addEventListener("focusin", (event) => point(event.target));
  view.addEventListener("pointerover", (event) => point(event.target));
  view.addEventListener("click", (event) => {
    const at = spanOf(event.target);
    const x = event.clientX - strip.getBoundingClientRect().left;
    told.jump?.(at >= 0 ? history.spans[at].start : Math.min(history.duration, Math.max(0, x / scale)));
  });
  dark.addEventListener("change", lay);
  app.onLanguage(lay);
  new ResizeObserver(() => { if (root.clientWidth !== wide) lay(); }).observe(root);

  /** @param {boolean} on */
  function follow(on) {
    following = on;
    told.follows?.(on);
  }

  /** @param {EventTarget | null} target */
  function point(target) {
    const at = spanOf(target);
    if (at >= 0) told.chosen?.(at);
  }

  return {
    element: root,
    show(other) {
      history = other;
      view.setAttribute("aria-label", app.t("timeline_of", { from: clock(0), to: clock(history.duration) }));
      lay();
    },
    update,
    playhead(seconds, seen = false) {
      played = seconds;
      head.hidden = Number.isNaN(seconds);
      if (head.hidden) return;
      head.style.transform = `translateX(${seconds * scale}px)`;
      const x = seconds * scale - left;
      if (seen && (x < 0 || x > room() * 0.9)) bring(seconds * scale - room() * 0.2);
    },
    zoom(wanted) {
      const middle = (left + room() / 2) / scale;
      fit = wanted === "fit";
      if (wanted !== "fit") scale = Math.min(CLOSEST, Math.max(FARTHEST, wanted));
      lay();
      if (fit || following) return;
      bring(middle * scale - room() / 2);
      draw(history.duration);
    },
    zoomBy(factor) {
      this.zoom(scale * factor);
    },
    mark(ranges) {
      pointed = ranges;
      placed();
    },
    follow(on) {
      follow(on);
      if (!on) return;
      bring(length - room());
      draw(Math.max(history.duration, drawn.until));
    },
  };
}
