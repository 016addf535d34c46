/** The report's small pictures, as SVG. No DOM. */
import { clock } from "./axis.js";
import { LANES, SURFACES, bandColour, place } from "./lanes.js";
import { line, tag, width } from "./svg.js";
import { t } from "./text.js";

/** @typedef {import("./figures.js").Part} Part */
/** @typedef {import("./lanes.js").Theme} Theme */
/** @typedef {import("./text.js").Language} Language */

const BAR = { width: 200, height: 12 };
const COURSE = { height: 84, top: 26, bottom: 24 };
const SIZE = 13;
const STATES = /** @type {const} */ (["engaged", "neutral", "disengaged"]);
const NEUTRAL = { light: "#c3c6cd", dark: "#565c68" };
/** Pixels between two labels under the course, and that the last takes at least. */
const LABEL = 80;
const LAST = 46;

/**
 * The mark of a signal's lane.
 * @param {string} signal
 * @param {Theme} theme
 * @returns {string}
 */
export function mark(signal, theme) {
  const { family, shape } = LANES[place(signal)];
  const fill = bandColour(family, "high", theme);
  return picture(12, 12, tag("path", { d: shape, fill, "fill-rule": "evenodd" }));
}

/**
 * How much of the time a signal had, as a bar.
 * @param {string} signal
 * @param {number} share from 0 to 1
 * @param {Theme} theme
 * @returns {string}
 */
export function shareBar(signal, share, theme) {
  const fill = bandColour(LANES[place(signal)].family, "high", theme);
  const ground = tag("rect", { ...BAR, rx: 3, fill: "#888888", "fill-opacity": "0.18" });
  const wide = share > 0 ? Math.max(2, BAR.width * share) : 0;
  return picture(BAR.width, BAR.height, ground + tag("rect", { ...BAR, width: wide, rx: 3, fill }));
}

/**
 * Engagement over time, as stacked columns.
 * @param {readonly Part[]} parts
 * @param {Language} language
 * @param {string} label
 * @param {number} wide  pixels
 * @param {Theme} theme
 * @returns {string}
 */
export function courseChart(parts, language, label, wide, theme) {
  const { ink, soft, ground } = SURFACES[theme];
  const colours = { engaged: bandColour("attention", "high", theme), neutral: NEUTRAL[theme],
    disengaged: bandColour("strain", "medium", theme) };
  const drawn = [];
  let x = 0;
  for (const state of STATES) {
    const said = t(language, `state_${state}`);
    drawn.push(tag("rect", { x, y: 4, width: 12, height: 12, rx: 2, fill: colours[state] }));
    drawn.push(line(x + 18, 15, said, { fill: ink }));
    x += 40 + width(said, SIZE);
  }
  const room = wide / Math.max(1, parts.length);
  const every = Math.ceil(LABEL / room);
  for (const [at, each] of parts.entries()) {
    let y = COURSE.top + COURSE.height;
    for (const state of STATES) {
      const height = each[state] * COURSE.height;
      y -= height;
      const there = { x: at * room + 1, y, width: Math.max(1, room - 2), height };
      if (height > 0.2) drawn.push(tag("rect", { ...there, fill: colours[state] }));
    }
    const under = COURSE.top + COURSE.height + 16;
    if (at % every || at * room > wide - LAST) continue;
    drawn.push(line(at * room + 1, under, clock(each.start), { fill: soft }));
  }
  const content = tag("rect", { width: wide, height: 200, fill: ground }) + drawn.join("");
  return picture(wide, COURSE.top + COURSE.height + COURSE.bottom, content, label);
}

/**
 * @param {number} wide
 * @param {number} high
 * @param {string} content
 * @param {string} [label] none for what says nothing
 * @returns {string}
 */
function picture(wide, high, content, label) {
  const told = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return tag("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${wide} ${high}`, width: wide, height: high,
    "font-size": SIZE, ...told }, content);
}
