/** What is said of the stretch that is pointed at: which signal, how sure, when, and the moments it rests on. */
import { element } from "./app.js";
import { clock } from "./axis.js";
import { joined, moments } from "./history.js";
import { LANES, place } from "./lanes.js";

/** @typedef {import("./history.js").Span} Span */

/**
 * @param {import("./app.js").App} app
 * @param {(seconds: number) => void} [jump]  a moment is chosen
 * @returns {{element: HTMLElement, show: (span: Span | null) => void}}
 */
export function createReason(app, jump) {
  const root = element("div", { class: "reason" });

  /** @type {Span | null} */
  let shown = null;

  /** @param {Span | null} span */
  function show(span) {
    shown = span;
    if (!span) {
      root.replaceChildren(element("p", { class: "hint", text: app.t("reason_hint") }));
      return;
    }
    const said = joined(moments(span.rationale));
    const band = span.band ? `${app.t(`band_${span.band}`)} · ` : "";
    const times = span.open ? app.t("since", { from: clock(span.start, true) }) :
      `${clock(span.start, true)}–${clock(span.end, true)}`;
    const heading = element("h3", { text: app.t(`signal_${span.signal}`) });
    const family = LANES[place(span.signal)]?.family;
    if (family) heading.dataset.family = family;
    const line = element("p", {}, heading, ` · ${band}${times}`);
    const list = element("ul", {}, ...said.map((each) => element("li", { lang: "en" }, moment(each))));
    root.replaceChildren(line, said.length ? list : span.rationale ?
      element("p", { lang: "en", text: span.rationale }) :
      element("p", { text: app.t(span.level ? "reason_level" : "reason_none") }));
  }

  /** @param {{text: string, start: number, end: number}} each @returns {HTMLElement} */
  function moment(each) {
    const text = `${each.text} · ${clock(each.start, true)}–${clock(each.end, true)}`;
    if (!jump) return element("span", { class: "moment", text });
    const button = element("button", { class: "moment", text });
    button.type = "button";
    button.addEventListener("click", () => jump(each.start));
    return button;
  }

  app.onLanguage(() => show(shown));
  show(null);
  return { element: root, show };
}
