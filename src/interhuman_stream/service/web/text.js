/** The page's words: one catalogue in English and German, and what puts them into the document. */
import { WORDS } from "./words.js";
import { FILE_WORDS } from "./words_file.js";

/** @typedef {"en" | "de"} Language */
/** @typedef {Record<string, { en: string, de: string }>} Catalogue */

/** @type {Catalogue} */
export const CATALOGUE = { ...WORDS, ...FILE_WORDS };

/**
 * A text in a language; `{name}` in it is replaced by the value of that name.
 * @param {Language} language
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(language, key, values = {}) {
  const entry = CATALOGUE[key];
  if (!entry) throw new Error(`There is no text ${key} in the catalogue.`);
  return entry[language].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * The language to begin with: the one that was chosen before, or else the first of the browser's that is there.
 * @param {string | null} chosen
 * @param {readonly string[]} wanted  as `navigator.languages` has them
 * @returns {Language}
 */
export function firstLanguage(chosen, wanted) {
  for (const each of [chosen ?? "", ...wanted]) {
    const short = each.slice(0, 2).toLowerCase();
    if (short === "en" || short === "de") return short;
  }
  return "en";
}

/**
 * Put the texts of a language into every element below `root` that names one: `data-t` its content, `data-t-label` its
 * accessible name, `data-t-placeholder` its placeholder.
 * @param {ParentNode} root
 * @param {Language} language
 */
export function translate(root, language) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-t]"))) {
    element.textContent = t(language, String(element.dataset.t));
  }
  for (const [data, attribute] of [["data-t-label", "aria-label"], ["data-t-placeholder", "placeholder"]]) {
    for (const element of root.querySelectorAll(`[${data}]`)) {
      element.setAttribute(attribute, t(language, String(element.getAttribute(data))));
    }
  }
}
