/** The picture of a session: twelve lanes, the level of engagement, what was not judged and what was said. No DOM. */
import { across, clock, ticks } from "./axis.js";
import { createHistory, emptiness, moments } from "./history.js";
import { BANDS, FAMILIES, LANES, SURFACES, bandColour, place, readableOn } from "./lanes.js";
import { COARSE, COLUMN, PAD, drawing, laneTop, rows, shown, timelineHeight } from "./layout.js";
import { overview } from "./overview.js";
import { fitting, line, tag, tenth, titled, width } from "./svg.js";
import { t } from "./text.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {import("./history.js").Span} Span */
/** @typedef {import("./text.js").Language} Language */
/** @typedef {import("./layout.js").Drawing} Drawing */
/** @typedef {import("./layout.js").Look} Look */

const FONT = 'Lato, "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", sans-serif';
/** Pixels that the legend takes. */
const LEGEND = 330;
/** Letters of a reason that say enough, where not all of it fits. */
const SHORTEST = 16;
/** Pixels between two stretches of text in a row. */
const APART = 8;

/**
 * Draw a history.
 * @param {History} history
 * @param {Look} [look]
 * @returns {string} one `<svg>`; every stretch of a signal in it is a `<g data-span="its index in history.spans">`
 */
export function drawTimeline(history, look = {}) {
  const on = drawing(history, look);
  const { ink, ground } = SURFACES[on.theme];
  const head = fitting(on.heading, 17, on.width - 2 * PAD - LEGEND);
  const parts = [tag("rect", { width: on.width, height: timelineHeight(on), fill: ground })];
  if (head) parts.push(line(PAD, 24, head, { "font-size": 17, fill: ink }), legend(on));
  parts.push(stripes(on), contents(history, on), quiet(history, on));
  return picture(on, parts.join(""));
}

/**
 * Draw what lies under the tiles of a long picture: the lanes and their names, without anything in them.
 * @param {Look} look
 * @returns {string} one `<svg>`
 */
export function drawBackdrop(look) {
  const on = drawing(createHistory(), look);
  return picture(on, tag("rect", { width: on.width, height: timelineHeight(on), fill: SURFACES[on.theme].ground }) +
    stripes(on));
}

/**
 * Draw a part of a long picture: what begins in it, with nothing behind it. What lasts longer reaches into the next.
 * @param {History} history
 * @param {Look & {width: number, from: number, to: number}} look
 * @returns {string} one `<svg>`, to be put where `from` is, over the backdrop
 */
export function drawTile(history, look) {
  const on = drawing(history, { ...look, labels: false, titles: false, heading: "" }, true);
  return picture(on, contents(history, on));
}

/** @param {History} history @param {Drawing} on @returns {string} */
function contents(history, on) {
  const drawn = on.axis.scale < COARSE ? overview(history, on) : spans(history, on);
  return [grid(on), drawn, ribbon(history, on), unjudged(history, on), axisLabels(on),
    on.words ? said(history, on) : ""].join("");
}

/** @param {Drawing} on @param {string} content @returns {string} */
function picture(on, content) {
  const height = timelineHeight(on);
  const label = on.heading || t(on.language, "timeline_of", { from: clock(on.from), to: clock(on.to) });
  return tag("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${on.width} ${height}`,
    width: on.width,
    height,
    role: "group",
    "aria-label": label,
    "font-family": FONT,
    "font-size": on.size,
    overflow: on.tile ? "visible" : undefined,
  }, content);
}

/** How sure is how high, and in an overview what a column is. @param {Drawing} on @returns {string} */
function legend(on) {
  if (on.width < 2 * LEGEND) return "";
  const { soft } = SURFACES[on.theme];
  const size = on.size - 1;
  const parts = [];
  let x = on.axis.right;
  const put = (/** @type {string} */ text) => {
    x -= width(text, size) + 4;
    parts.push(line(x, 24, text, { fill: soft, "font-size": size }));
  };
  for (const band of /** @type {const} */ (["high", "medium", "low"])) {
    put(t(on.language, `band_${band}`));
    const height = BANDS[band].height * (on.lane - 4);
    x -= 22;
    parts.push(tag("rect", { x, y: 20 - height / 2, width: 16, height, rx: Math.min(3, height / 3),
      fill: bandColour("stance", band, on.theme), stroke: FAMILIES.stance[on.theme], "stroke-opacity": "0.55" }));
    x -= 10;
  }
  if (on.axis.scale < COARSE) {
    put(t(on.language, "columns", { seconds: (COLUMN / on.axis.scale).toFixed(0) }));
  }
  return parts.join("");
}

/** @param {Drawing} on @returns {string} */
function grid(on) {
  const bottom = rows(on).axis;
  const d = ticks(on.axis).map((at) => `M${Math.round(across(on.axis, at)) + 0.5} ${on.top}V${bottom}`).join("");
  return tag("path", { d, stroke: SURFACES[on.theme].line, "stroke-width": 1, fill: "none" });
}

/** The lanes' grounds and names. @param {Drawing} on @returns {string} */
function stripes(on) {
  const { stripe, ink, soft } = SURFACES[on.theme];
  const { left, right } = on.axis;
  const ground = (/** @type {number} */ y, /** @type {number} */ height) =>
    tag("rect", { x: left, y, width: right - left, height, rx: 3, fill: stripe, "fill-opacity": "0.75" });
  const parts = LANES.map((each, at) => {
    const y = laneTop(on, at);
    const mark = tag("path", { d: each.shape, fill: FAMILIES[each.family][on.theme],
      transform: `translate(${PAD} ${y + (on.lane - 12) / 2})`, "fill-rule": "evenodd" });
    const said = t(on.language, `signal_${each.signal}`);
    const name = line(PAD + 19, y + on.lane / 2 + on.size * 0.36, said, { fill: ink });
    return ground(y + 1, on.lane - 2) + (on.labels ? mark + name : "");
  });
  const under = rows(on);
  const named = { lane_level: under.ribbon, lane_unjudged: under.unjudged, lane_said: on.words ? under.said - 8 : NaN };
  for (const [key, y] of Object.entries(named)) {
    if (!on.labels || isNaN(y)) continue;
    parts.push(line(PAD + 19, y + on.lane / 2 + on.size * 0.36, t(on.language, key), { fill: soft }));
  }
  parts.push(ground(under.ribbon + 1, on.lane - 2), ground(under.unjudged + 1, on.lane - 2));
  return parts.join("");
}

/** Each stretch on its own. @param {History} history @param {Drawing} on @returns {string} */
function spans(history, on) {
  const parts = [];
  for (const [index, span] of history.spans.entries()) {
    const end = ended(history, span);
    if (place(span.signal) < 0 || !shown(on, span.start, end)) continue;
    parts.push(stretch(history, index, span, end, on));
  }
  return parts.join("");
}

/**
 * @param {History} history
 * @param {number} index of the stretch in the history
 * @param {Span} span
 * @param {number} end seconds
 * @param {Drawing} on
 * @returns {string}
 */
function stretch(history, index, span, end, on) {
  const at = place(span.signal);
  const { family, shape } = LANES[at];
  const band = span.band ?? "medium";
  const height = BANDS[band].height * (on.lane - 4);
  const [x, y] = [across(on.axis, span.start), laneTop(on, at) + (on.lane - height) / 2];
  const wide = Math.max(3, across(on.axis, end) - x);
  const colour = bandColour(family, band, on.theme);
  const label = spanLabel(history, span, on.language);
  let inside = tag("rect", { x, y, width: wide, height, rx: Math.min(3, height / 3), fill: colour,
    stroke: FAMILIES[family][on.theme], "stroke-width": 1, "stroke-opacity": band === "high" ? "0" : "0.55" });
  if (span.open) {
    const d = `M${x + wide - 1} ${y - 1}v${height + 2}`;
    inside += tag("path", { d, stroke: FAMILIES[family][on.theme], "stroke-width": 2, "stroke-dasharray": "2 2" });
  }
  const fill = readableOn(colour, on.theme);
  if (wide > 18 && band !== "low") {
    const transform = `translate(${x + 4} ${laneTop(on, at) + on.lane / 2 - 4.5}) scale(.75)`;
    inside += tag("path", { d: shape, fill, transform, "fill-rule": "evenodd" });
  }
  const reason = moments(span.rationale)[0]?.text ?? "";
  const text = fitting(reason, on.size - 2, wide - 24);
  if (band !== "low" && text.length >= Math.min(reason.length, SHORTEST)) {
    inside += line(x + 18, laneTop(on, at) + on.lane / 2 + 4, text, { fill, "font-size": on.size - 2 });
  }
  return titled(label, inside, on, { "data-span": String(index), tabindex: on.tile ? "-1" : "0" });
}

/**
 * What a stretch is, in words: which signal, how sure, when, and why.
 * @param {History} history
 * @param {Span} span
 * @param {Language} language
 * @returns {string}
 */
export function spanLabel(history, span, language) {
  const signal = t(language, `signal_${span.signal}`);
  const [from, to] = [clock(span.start, true), clock(ended(history, span), true)];
  const band = span.band ? t(language, `band_${span.band}`) : "";
  const key = span.open ? (span.band ? "span_open" : "span_since") : span.band ? "span_said" : "span_plain";
  return `${t(language, key, { signal, band, from, to })}. ${span.rationale}`.trim();
}

/** @param {History} history @param {Span} span @returns {number} */
function ended(history, span) {
  return span.open ? Math.max(span.end, history.duration) : span.end;
}

/** A person who gives no signal is not an empty page. @param {History} history @param {Drawing} on @returns {string} */
function quiet(history, on) {
  const shown = history.spans.some((each) => ended(history, each) >= on.from && each.start <= on.to);
  if (shown) return "";
  const { key, why } = emptiness(history);
  const text = t(on.language, key, why ? { why: t(on.language, why) } : {});
  const { left, right } = on.axis;
  const y = (laneTop(on, 0) + laneTop(on, LANES.length)) / 2;
  return line((left + right) / 2, y, text,
    { "text-anchor": "middle", fill: SURFACES[on.theme].soft, "font-size": on.size + 3 });
}

/** @param {History} history @param {Drawing} on @returns {string} */
function ribbon(history, on) {
  const top = rows(on).ribbon;
  const looks = /** @type {Record<string, {share: number, fill: string, stroke?: string}>} */ ({
    engaged: { share: 0.8, fill: FAMILIES.attention[on.theme] },
    neutral: { share: 0.3, fill: SURFACES[on.theme].soft },
    disengaged: { share: 0.8, fill: "none", stroke: FAMILIES.strain[on.theme] },
  });
  const parts = [];
  for (const each of history.engagement) {
    const end = each.open ? Math.max(each.end, history.duration) : each.end;
    if (!shown(on, each.start, end)) continue;
    const as = looks[each.state] ?? looks.neutral;
    const height = as.share * (on.lane - 4);
    const x = across(on.axis, each.start);
    const wide = Math.max(1, across(on.axis, end) - x);
    const state = t(on.language, `state_${each.state}`);
    const label = t(on.language, "level_said", { state, from: clock(each.start, true), to: clock(end, true) });
    const y = top + (on.lane - height) / 2;
    let inside = tag("rect", { x: x + 0.5, y, width: Math.max(1, wide - 1), height, rx: 2, fill: as.fill,
      stroke: as.stroke, "stroke-dasharray": as.stroke && "3 2" });
    if (each.state !== "neutral" && width(state, on.size - 2) < wide - 12) {
      const fill = as.stroke ? SURFACES[on.theme].ink : readableOn(as.fill, on.theme);
      inside += line(x + 7, top + on.lane / 2 + 4, state, { fill, "font-size": on.size - 2 });
    }
    parts.push(titled(label, inside, on));
  }
  return parts.join("");
}

/** @param {History} history @param {Drawing} on @returns {string} */
function unjudged(history, on) {
  const top = rows(on).unjudged;
  const { soft, ground } = SURFACES[on.theme];
  const parts = [];
  let free = -Infinity;
  for (const each of history.unjudged) {
    if (!shown(on, each.start, each.end)) continue;
    const x = across(on.axis, each.start);
    const wide = Math.max(2, across(on.axis, each.end) - x);
    const why = t(on.language, `why_${each.why}`);
    const label = t(on.language, "level_said",
      { state: why, from: clock(each.start, true), to: clock(each.end, true) });
    const bar = { x, y: top + 5, width: wide, height: on.lane - 10, rx: 2, fill: soft, "fill-opacity": "0.55" };
    let inside = tag("rect", bar);
    if (width(why, on.size - 2) < wide - 10 && x >= free) {
      const w = width(why, on.size - 2) + 8;
      inside += tag("rect", { x: x + 4, y: top + 3, width: w, height: on.lane - 6, rx: 3, fill: ground });
      inside += line(x + 8, top + on.lane / 2 + 4, why, { fill: soft, "font-size": on.size - 2 });
      free = x + w + APART;
    }
    parts.push(titled(label, inside, on));
  }
  return parts.join("");
}

/** @param {Drawing} on @returns {string} */
function axisLabels(on) {
  const y = rows(on).axis + 15;
  return ticks(on.axis).filter((at) => !on.tile || at < on.to).map((at) => {
    const said = clock(at, at % 1 !== 0);
    const half = width(said, on.size - 1) / 2;
    const within = Math.min(Math.max(across(on.axis, at), on.axis.left + half - 4), on.width - half - 2);
    const x = on.tile ? across(on.axis, at) + (at === 0 ? half : 0) : within;
    return line(x, y, said, { "text-anchor": "middle", fill: SURFACES[on.theme].soft, "font-size": on.size - 1 });
  }).join("");
}

/** What was said: when, as strokes, and in words where they fit. @param {History} history @param {Drawing} on */
function said(history, on) {
  const top = rows(on).said;
  const size = on.size - 1;
  const free = on.tile ? [0, 0] : [-Infinity, -Infinity];
  const strokes = [];
  const parts = [];
  for (const [index, each] of history.captions.entries()) {
    if (!shown(on, each.start, each.end)) continue;
    const begins = across(on.axis, each.start);
    strokes.push(`M${tenth(begins)} ${top}H${tenth(Math.max(begins + 1, across(on.axis, each.end) - 1))}`);
    const row = free.findIndex((until) => begins >= until);
    if (row < 0) continue;
    const next = history.captions[index + free.length];
    const edge = on.tile ? on.edge : on.axis.right;
    const back = edge - width(each.text, size);  // what is said last is set back, where it fits
    const x = !next && back < begins && back >= free[row] ? back : begins;
    const room = Math.min(edge, next ? across(on.axis, next.start) - APART : Infinity) - x;
    const text = fitting(each.text, size, Math.max(room, Math.min(edge, across(on.axis, each.end)) - x));
    if (text.length < each.text.length / 2) continue;
    parts.push(line(x, top + 16 + row * 17, text, { fill: SURFACES[on.theme].ink, "font-size": size }));
    free[row] = x + width(text, size) + APART;
  }
  return tag("path", { d: strokes.join(""), stroke: SURFACES[on.theme].soft, "stroke-width": 3 }) + parts.join("");
}
