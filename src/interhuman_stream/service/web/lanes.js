/** The twelve signals as the page and `analyze --plot` show them: their order, family, colours and shape. */

/** @typedef {"light" | "dark"} Theme */
/** @typedef {"low" | "medium" | "high"} Band */
/** @typedef {"attention" | "stance" | "sureness" | "strain"} Family */
/**
 * One signal's lane.
 * @typedef {object} Lane
 * @property {string} signal its name on the wire
 * @property {Family} family what it is coloured by
 * @property {string} shape an SVG path in a square of 12 by 12: the mark that needs no colour
 */

/** How far a band fills its lane's height, and how much of the family's colour it has: seen with and without colour. */
export const BANDS = /** @type {const} */ ({
  low: { height: 0.45, tint: 0.28 },
  medium: { height: 0.7, tint: 0.45 },
  high: { height: 1, tint: 1 },
});

/** @type {Record<Theme, {ground: string, stripe: string, ink: string, soft: string, line: string}>} */
export const SURFACES = {
  light: { ground: "#ffffff", stripe: "#f4f3ef", ink: "#1c1d21", soft: "#5c606a", line: "#dedcd6" },
  dark: { ground: "#1d2026", stripe: "#24282f", ink: "#e9eaee", soft: "#a4aab6", line: "#383d47" },
};

/** @type {Record<Family, Record<Theme, string>>} */
export const FAMILIES = {
  attention: { light: "#0f766e", dark: "#4fd1c0" },
  stance: { light: "#3557b7", dark: "#8fb0ff" },
  sureness: { light: "#9a5b00", dark: "#f0b550" },
  strain: { light: "#b3304f", dark: "#ff8fa6" },
};

/** @type {readonly Lane[]} */
export const LANES = [
  lane("engagement", "attention", "M6 1a5 5 0 1 1 0 10a5 5 0 1 1 0-10z"),
  lane("interest", "attention", "M6 .5l1.6 3.6 3.9.4-2.9 2.6.8 3.9L6 9l-3.4 2 .8-3.9L.5 4.5l3.9-.4z"),
  lane("disengagement", "attention",
    "M6 1a5 5 0 1 1 0 10a5 5 0 1 1 0-10zM6 3.4a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 1 0 0-5.2z"),
  lane("agreement", "stance", "M6 1l5.5 10h-11z"),
  lane("disagreement", "stance", "M6 11L.5 1h11z"),
  lane("skepticism", "stance", "M6 .5L11.5 6 6 11.5.5 6z"),
  lane("confidence", "sureness", "M1 1h10v10H1z"),
  lane("uncertainty", "sureness", "M1 1h10v10H1zM3.6 3.6v4.8h4.8V3.6z"),
  lane("hesitation", "sureness", "M2 1h3v10H2zM7 1h3v10H7z"),
  lane("confusion", "sureness", "M1 2.8L2.8 1 6 4.2 9.2 1 11 2.8 7.8 6 11 9.2 9.2 11 6 7.8 2.8 11 1 9.2 4.2 6z"),
  lane("stress", "strain", "M7.5 0L1.5 7h3.6L4.5 12l6-7.2H6.8z"),
  lane("frustration", "strain", "M4.3 1h3.4v3.3H11v3.4H7.7V11H4.3V7.7H1V4.3h3.3z"),
];

/** @type {ReadonlyMap<string, number>} */
const PLACES = new Map(LANES.map((each, place) => [each.signal, place]));

/**
 * Which lane a signal has.
 * @param {string} signal its name on the wire
 * @returns {number} from 0; -1 for one that is not known
 */
export function place(signal) {
  return PLACES.get(signal) ?? -1;
}

/**
 * A family's colour at a band's strength on a theme's ground.
 * @param {Family} family
 * @param {Band} band
 * @param {Theme} theme
 * @returns {string} as #rrggbb
 */
export function bandColour(family, band, theme) {
  return mix(FAMILIES[family][theme], SURFACES[theme].ground, BANDS[band].tint);
}

/**
 * Ink or ground: whichever is easier to read on a colour.
 * @param {string} colour as #rrggbb
 * @param {Theme} theme
 * @returns {string}
 */
export function readableOn(colour, theme) {
  const { ink, ground } = SURFACES[theme];
  return contrast(ink, colour) >= contrast(ground, colour) ? ink : ground;
}

/**
 * Contrast of two colours as WCAG 2 has it.
 * @param {string} one as #rrggbb
 * @param {string} other as #rrggbb
 * @returns {number} from 1 to 21
 */
export function contrast(one, other) {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

/**
 * @param {string} signal
 * @param {Family} family
 * @param {string} shape
 * @returns {Lane}
 */
function lane(signal, family, shape) {
  return { signal, family, shape };
}

/** @param {string} colour @returns {[number, number, number]} */
function parts(colour) {
  const value = parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** @param {string} colour @param {string} ground @param {number} share @returns {string} */
function mix(colour, ground, share) {
  const under = parts(ground);
  const mixed = parts(colour).map((each, at) => Math.round(each * share + under[at] * (1 - share)));
  return `#${mixed.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

/** @param {string} colour @returns {number} */
function luminance(colour) {
  const [red, green, blue] = parts(colour).map((each) => {
    const share = each / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
