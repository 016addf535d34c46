/** The buttons that save a history: as JSON, CSV, WebVTT, SVG and PNG. */
import { element } from "./app.js";
import { fileName, toCsv, toJson, toVtt } from "./exports.js";
import { save, toPng } from "./saving.js";
import { drawTimeline } from "./timeline.js";

/** @typedef {{name: string, history: import("./history.js").History | null}} Named */

/** Pixels of a picture that is saved, and of one of more than ten minutes. */
const WIDTH = 1200;
const LONG = { seconds: 600, width: 1600 };

/**
 * @param {import("./app.js").App} app
 * @param {() => Named | null} of  what is shown now
 * @returns {HTMLElement[]}
 */
export function exportsOf(app, of) {
  /** @type {Record<string, (named: Named, history: import("./history.js").History) => Promise<void> | void>} */
  const kinds = {
    JSON: ({ name }, history) => save(fileName(name, "json"), toJson(history, name), "application/json"),
    CSV: ({ name }, history) => save(fileName(name, "csv"), toCsv(history), "text/csv"),
    WebVTT: ({ name }, history) => save(fileName(name, "vtt"), toVtt(history), "text/vtt"),
    SVG: ({ name }, history) => save(fileName(name, "svg"), drawn(name, history), "image/svg+xml"),
    PNG: async ({ name }, history) => save(fileName(name, "png"), await toPng(drawn(name, history)), "image/png"),
  };
  /** @param {string} name @param {import("./history.js").History} history @returns {string} */
  function drawn(name, history) {
    const width = history.duration > LONG.seconds ? LONG.width : WIDTH;
    return drawTimeline(history, { width, heading: name, language: app.language });
  }
  const label = element("span", { class: "fine", t: "save_as", text: app.t("save_as") });
  return [label, ...Object.entries(kinds).map(([kind, act]) => {
    const button = element("button", { class: "button small export", "data-export": kind, text: kind });
    button.type = "button";
    button.addEventListener("click", () => {
      const named = of();
      if (named?.history) void act(named, named.history);
    });
    return button;
  })];
}
