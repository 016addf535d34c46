/** Pieces of SVG as text, styled by attributes alone: a page without inline style shows them the same. */

/** Width of a letter, in parts of the font's size: an ordinary sans-serif's mean. */
const LETTER = 0.56;

/**
 * @param {string} text
 * @returns {string} fit for an element's content and an attribute
 */
export function escape(text) {
  return text.replace(/[&<>"]/g, (each) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[each] ?? each)
    // eslint-disable-next-line no-control-regex -- XML 1.0 has no place for these, not even escaped
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}

/**
 * An element.
 * @param {string} name
 * @param {Record<string, string | number | undefined>} about attributes; numbers are cut to tenths
 * @param {string} [content] SVG
 * @returns {string}
 */
export function tag(name, about, content) {
  let text = `<${name}`;
  for (const key of Object.keys(about)) {
    const value = about[key];
    if (value === undefined) continue;
    text += ` ${key}="${typeof value === "number" ? tenth(value) : escape(value)}"`;
  }
  return content === undefined ? `${text}/>` : `${text}>${content}</${name}>`;
}

/**
 * A line of text.
 * @param {number} x
 * @param {number} y of its baseline
 * @param {string} said
 * @param {Record<string, string | number | undefined>} about
 * @returns {string}
 */
export function line(x, y, said, about) {
  return tag("text", { x, y, ...about }, escape(said));
}

/**
 * About how wide a text is.
 * @param {string} said
 * @param {number} size of the font, pixels
 * @returns {number} pixels
 */
export function width(said, size) {
  return said.length * size * LETTER;
}

/**
 * As much of a text as fits, with a … where it was cut.
 * @param {string} said
 * @param {number} size of the font, pixels
 * @param {number} room pixels
 * @returns {string} "" where less than four letters fit
 */
export function fitting(said, size, room) {
  if (width(said, size) <= room) return said;
  const letters = Math.floor(room / (size * LETTER)) - 1;
  return letters < 4 ? "" : `${said.slice(0, letters).trimEnd()}…`;
}

/**
 * A group that says what it is to who cannot see it, or points at it.
 * @param {string} label
 * @param {string} content SVG
 * @param {{titles: boolean}} on whether programs show the label where one points at it
 * @param {Record<string, string>} [about] more attributes
 * @returns {string}
 */
export function titled(label, content, on, about = {}) {
  const title = on.titles ? tag("title", {}, escape(label)) : "";
  return tag("g", { ...about, role: "img", "aria-label": label }, title + content);
}

/**
 * @param {number} value
 * @returns {string} with at most one digit behind the point
 */
export function tenth(value) {
  return String(Math.round(value * 10) / 10);
}
