/** Where the parts of a timeline's picture are: for who draws it, and for who puts something over it. */
import { axis } from "./axis.js";
import { LANES } from "./lanes.js";

/** @typedef {import("./axis.js").Axis} Axis */
/** @typedef {import("./history.js").History} History */
/** @typedef {import("./text.js").Language} Language */
/**
 * @typedef {object} Look
 * @property {number} [width] pixels of the whole; 1200
 * @property {number} [from] seconds of the session; 0
 * @property {number} [to] seconds of the session; all of it
 * @property {Language} [language]
 * @property {import("./lanes.js").Theme} [theme]
 * @property {boolean} [words] whether what was said is written under the axis
 * @property {boolean} [narrow] whether it is for a phone: by itself below 560 pixels
 * @property {boolean} [labels] whether the lanes' names stand beside them
 * @property {boolean} [titles] whether a span has a title, which programs show where one points at it
 * @property {string} [heading] above it
 * @property {number} [edge] of a part of a longer picture: pixels from its left to where the whole ends
 */
/** @typedef {Required<Look> & {axis: Axis, lane: number, size: number, top: number, tile: boolean}} Drawing */

/** Pixels between the picture's edge and what is in it. */
export const PAD = 12;
/** Pixels that the lanes' names take. */
export const NAMES = { narrow: 128, wide: 152 };
/** Pixels a second below which stretches are too short to be drawn one by one. */
export const COARSE = 1.5;
/** Pixels of a column of an overview; a tile is a multiple of it wide. */
export const COLUMN = 5;
const FAMILY_GAP = 6;

/**
 * Where everything is: for who puts something over the picture, or asks which moment a place in it is.
 * @param {History} history
 * @param {Look} look
 * @param {boolean} [tile] whether it is a part of a longer picture: what begins in it goes on beyond its right edge
 * @returns {Drawing}
 */
export function drawing(history, look, tile = false) {
  const whole = look.width ?? 1200;
  const narrow = look.narrow ?? whole < 560;
  const labels = look.labels ?? true;
  const [from, to] = [look.from ?? 0, look.to ?? Math.max(history.duration, 1)];
  const left = labels ? NAMES[narrow ? "narrow" : "wide"] : tile ? 0 : PAD;
  return {
    width: whole,
    from,
    to,
    language: look.language ?? "en",
    theme: look.theme ?? "light",
    words: look.words ?? true,
    labels,
    titles: look.titles ?? true,
    heading: look.heading ?? "",
    narrow,
    edge: look.edge ?? Infinity,
    tile,
    axis: axis(from, to, left, tile ? whole : whole - PAD, tile),
    lane: narrow ? 20 : 22,
    size: narrow ? 12 : 13,
    top: look.heading ? 40 : 8,
  };
}

/**
 * Pixels from the top to a lane's upper edge.
 * @param {Drawing} on
 * @param {number} at which lane; 12 for what stands below them
 * @returns {number}
 */
export function laneTop(on, at) {
  const upTo = LANES.slice(0, at + 1);
  const gaps = upTo.filter((each, index) => index > 0 && each.family !== upTo[index - 1].family).length;
  return on.top + at * on.lane + gaps * FAMILY_GAP;
}

/**
 * @param {Drawing} on
 * @returns {{ribbon: number, unjudged: number, axis: number, said: number}} pixels from the top
 */
export function rows(on) {
  const ribbon = laneTop(on, LANES.length) + FAMILY_GAP + 4;
  return { ribbon, unjudged: ribbon + on.lane, axis: ribbon + 2 * on.lane + 2, said: ribbon + 3 * on.lane + 4 };
}

/**
 * @param {Drawing} on
 * @returns {number} pixels
 */
export function timelineHeight(on) {
  return rows(on).said + (on.words ? 2 * 18 + 8 : 4);
}

/**
 * Whether a stretch is to be drawn.
 * @param {Drawing} on
 * @param {number} start seconds
 * @param {number} end seconds
 * @returns {boolean}
 */
export function shown(on, start, end) {
  return on.tile ? start >= on.from && start < on.to : end >= on.from && start <= on.to;
}
