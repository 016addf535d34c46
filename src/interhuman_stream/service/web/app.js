/** What the views of the page share. */

/**
 * @typedef {object} App
 * @property {import("./text.js").Language} language  that is shown now
 * @property {(key: string, values?: Record<string, string | number>) => string} t  a text in that language
 * @property {(scope?: string) => Promise<string>} credential  a token that is good now, asked for where there is none
 * @property {import("./history.js").History} history  of the live session; another object once a new one begins
 * @property {import("./history.js").History | null} reported  what the report is to be on; null for the latest
 * @property {(told: () => void) => void} onHistory  be told when something came into it, or it is another
 * @property {(told: () => void) => void} onLanguage  be told when the language has changed
 * @property {(text: string) => void} announce  say it to who listens instead of looks
 * @property {() => void} changed  say that the history has changed
 * @property {(name: string) => void} state  how the live connection stands, for the frame
 * @property {(told: () => void) => void} onShow  be told when another view has come to the front
 * @property {(view: "live" | "file" | "report" | "inspector") => void} show  bring a view to the front
 */

/**
 * An element with a class, a text of the catalogue (`t`), or plain text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} kind
 * @param {{ class?: string, id?: string, t?: string, text?: string, lang?: string, [attribute: `data-${string}` | `aria-${string}`]: string }} [about]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(kind, about = {}, ...children) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(about)) {
    if (value === undefined) continue;
    if (name === "text") made.textContent = value;
    else if (name === "t") made.dataset.t = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * The element of an id, which must be there and of this kind.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`There is no ${kind.name} #${id} in the page.`);
  return found;
}
