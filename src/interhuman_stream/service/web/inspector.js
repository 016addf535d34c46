/** The inspector: what went over the wire, verbatim, the connection's state, and the code that does the same. */
import { byId, element } from "./app.js";
import { Kept } from "./kept.js";
import { CODE_KINDS, snippet } from "./snippets.js";

/** @typedef {import("./kept.js").Line} Line */

const SHOWN = 400;  // lines in the document

/**
 * @param {import("./app.js").App} app
 * @returns {import("./live.js").Told}
 */
export function mountInspector(app) {
  const kept = new Kept();
  const counts = { in: 0, out: 0, bytes: 0 };
  /** @type {import("./stream.js").State} */
  let state = { name: "ended" };
  let url = "";
  /** @type {import("./snippets.js").CodeKind} */
  let kind = "browser";
  let due = false;

  const panel = byId("inspector", HTMLElement);
  const search = byId("search", HTMLInputElement);

  /** @returns {Line[]}  that are looked for */
  function found() {
    const wanted = search.value.toLowerCase();
    const shown = { in: byId("received", HTMLInputElement).checked, out: byId("sent", HTMLInputElement).checked };
    return kept.lines.filter((each) => shown[each.direction] && said(each).toLowerCase().includes(wanted));
  }

  /** @param {Line} line */
  function said(line) {
    return line.text || app.t("blob", { bytes: line.bytes });
  }

  function drawLines() {
    const all = found();
    byId("messages", HTMLElement).replaceChildren(...all.slice(-SHOWN).reverse().map(row));
    const many = { shown: Math.min(all.length, SHOWN), found: all.length, all: kept.lines.length };
    const gone = kept.gone ? ` ${app.t("gone", { gone: kept.gone })}` : "";
    byId("shown", HTMLElement).textContent = many.all ? `${app.t("shown", many)}.${gone}` : app.t("no_messages");
  }

  /** @param {boolean} [came]  whether only new messages are the reason */
  function draw(came = false) {
    due = false;
    if (panel.hidden) return;
    if (!came || !byId("hold", HTMLInputElement).checked) drawLines();
    const sent = { count: counts.out, kilobytes: Math.round(counts.bytes / 1000) };
    const about = [
      ["state", app.t(`state_${state.name}`)], ["address", url || app.t("none_yet")], ["wire", version()],
      ["received", String(counts.in)], ["sent", app.t("sent_count", sent)],
    ];
    byId("connection", HTMLElement).replaceChildren(...about.map(([name, value]) =>
      element("div", {}, element("dt", { text: app.t(`about_${name}`) }), element("dd", { text: value }))));
    byId("code", HTMLElement).textContent = snippet(kind, version(), location.origin);
    for (const each of byId("code-kinds", HTMLElement).children) {
      each.setAttribute("aria-pressed", String(each.getAttribute("data-kind") === kind));
    }
  }

  function version() {
    return byId("version", HTMLSelectElement).value;
  }

  /** @param {Line} line */
  function row(line) {
    const way = line.direction === "in" ? "↓" : "↑";
    const copy = element("button", { class: "copy", text: app.t("copy_short") });
    copy.type = "button";
    copy.addEventListener("click", () => void clip(line.text || said(line)));
    const time = element("time", { text: clockTime(new Date(line.at)) });
    time.dateTime = new Date(line.at).toISOString();
    const named = app.t(line.direction === "in" ? "received" : "sent");
    const about = element("span", { class: "way", "aria-label": named, text: way });
    about.setAttribute("role", "img");
    return element("li", { "data-way": line.direction }, time, about, element("code", { text: said(line) }), copy);
  }

  /** @param {string} text */
  async function clip(text) {
    // Browsers have no clipboard for pages that came by plain HTTP from elsewhere.
    const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    app.announce(app.t(done ? "copied" : "not_copied"));
  }

  function soon() {
    if (due) return;
    due = true;
    setTimeout(() => draw(true), 250);
  }

  for (const id of ["search", "sent", "received", "hold"]) {
    byId(id, HTMLInputElement).addEventListener("input", () => draw());
  }
  byId("copy-messages", HTMLButtonElement).addEventListener("click", () => void clip(
    found().map((each) => `${new Date(each.at).toISOString()} ${each.direction} ${said(each)}`).join("\n")));
  byId("copy-code", HTMLButtonElement).addEventListener("click", () =>
    void clip(byId("code", HTMLElement).textContent ?? ""));
  byId("code-kinds", HTMLElement).append(...CODE_KINDS.map((each) => {
    const button = element("button", { class: "button small", t: `code_${each}`, "data-kind": each });
    button.type = "button";
    button.addEventListener("click", () => { kind = each; draw(); });
    return button;
  }));
  app.onLanguage(() => draw());
  app.onShow(() => draw());

  return {
    message(direction, text, bytes = 0) {
      kept.add({ direction, text, bytes, at: Date.now() });
      counts[direction] += 1;
      counts.bytes += bytes;
      soon();
    },
    state(now, address) {
      [state, url] = [now, address];
      soon();
    },
  };
}

/** @param {Date} at */
function clockTime(at) {
  const padded = (/** @type {number} */ each, digits = 2) => String(each).padStart(digits, "0");
  const parts = [at.getHours(), at.getMinutes(), at.getSeconds()].map((each) => padded(each));
  return `${parts.join(":")}.${padded(at.getMilliseconds(), 3)}`;
}
