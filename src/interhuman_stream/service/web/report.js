/** The report on the live session or a recording: what a page of paper can hold. */
import { element } from "./app.js";
import { clock } from "./axis.js";
import { courseChart, mark, shareBar } from "./charts.js";
import { course, left, shares, talk } from "./figures.js";
import { exportsOf } from "./saved.js";
import { onShelf, shelf } from "./shelf.js";
import { drawTimeline } from "./timeline.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./history.js").History} History */
/** @typedef {{name: string, history: History}} Source */
/** @typedef {{wide: number, theme: import("./lanes.js").Theme}} Paper  pixels of its pictures, and their colours */

/** Milliseconds between two drawings while a session goes on: faster than that nobody reads. */
const EVERY = 1000;
/** Pixels of the report's pictures, which are scaled to its column; on a phone they are as wide as that. */
const WIDE = 960;
const NARROW = 560;
const INDICES = ["quality_index", "clarity", "authority", "energy", "rapport", "learning"];

/**
 * @param {HTMLElement} root  an empty panel
 * @param {App} app
 */
export function mountReport(root, app) {
  const choice = element("select", { id: "report_source" });
  const print = element("button", { class: "button small", t: "report_print", text: app.t("report_print") });
  print.type = "button";
  print.addEventListener("click", () => window.print());
  const label = element("label", { class: "inline" }, element("span", { t: "report_of" }), choice);
  const tools = element("div", { class: "tools sources" }, label, print, ...exportsOf(app, chosen));
  const body = element("article", { class: "report card", id: "report_body" });
  root.append(tools, body);
  let due = false;
  let drawnAt = 0;
  let timer = 0;
  /** @type {Paper | null} */
  let drawnOn = null;
  const [dark, printed] = ["(prefers-color-scheme: dark)", "print"].map((each) => matchMedia(each));

  /** @returns {Paper} */
  function paper() {
    const narrow = body.clientWidth > 0 && body.clientWidth < NARROW;
    return { wide: narrow ? body.clientWidth : WIDE, theme: dark.matches && !printed.matches ? "dark" : "light" };
  }

  /** @returns {Source[]} */
  function sources() {
    const files = shelf().flatMap(({ name, history }) => (history ? [{ name, history }] : []));
    return [...(app.history.duration > 0 ? [{ name: app.t("report_live"), history: app.history }] : []), ...files];
  }

  /** @returns {Source | null} */
  function chosen() {
    const all = sources();
    return all.find(({ history }) => history === app.reported) ?? all[all.length - 1] ?? null;
  }

  /** Something has changed: draw it, now or as soon as it may be. */
  function refresh() {
    due = true;
    if (!timer) timer = window.setTimeout(draw, Math.max(0, drawnAt + EVERY - Date.now()));
  }

  function anew() {
    due = true;
    draw();
  }

  function draw() {
    clearTimeout(timer);
    timer = 0;
    if (!due || root.hidden) return;
    [due, drawnAt, drawnOn] = [false, Date.now(), paper()];
    const all = sources();
    const shown = chosen();
    const names = all.map(({ name }) => name);
    if (names.join("\n") !== [...choice.options].map((each) => each.text).join("\n")) {  // it may be open
      choice.replaceChildren(...names.map((name, at) => new Option(name, String(at))));
    }
    choice.selectedIndex = all.findIndex(({ history }) => history === shown?.history);
    tools.hidden = !shown;
    const none = element("p", { class: "hint", text: app.t("report_none") });
    body.replaceChildren(...(shown ? written(shown, app, drawnOn) : [none]));
  }

  choice.addEventListener("change", () => {
    app.reported = sources()[choice.selectedIndex]?.history ?? null;
    anew();
  });
  onShelf(refresh);
  app.onHistory(refresh);
  app.onLanguage(anew);
  app.onShow(anew);
  new ResizeObserver(() => { if (paper().wide !== drawnOn?.wide) anew(); }).observe(body);
  for (const each of [dark, printed]) each.addEventListener("change", anew);
  refresh();
}

/** @param {Source} of @param {App} app @param {Paper} on @returns {HTMLElement[]} */
function written({ name, history }, app, on) {
  return [
    element("div", {}, element("h2", { text: name }), element("p", { text: opening(history, app) })),
    part("report_timeline", app, picture(drawTimeline(history, {
      width: on.wide, language: app.language, theme: on.theme, titles: false,
    }))),
    part("report_shares", app, sharesTable(history, app, on)),
    part("report_talk", app, ...talkList(history, app)),
    part("report_course", app, courseOf(history, app, on)),
    part("report_quality", app, qualityList(history, app)),
    part("report_left", app, leftTable(history, app)),
  ];
}

/** @param {History} history @param {App} app @returns {string} */
function opening(history, app) {
  const most = shares(history).filter((each) => each.seconds > 0).sort((one, other) => other.seconds - one.seconds);
  const named = most.slice(0, 3).map((each) => `${app.t(`signal_${each.signal}`)} (${percent(each.share)})`).join(", ");
  const length = clock(history.duration);
  return named ? app.t("report_opening", { length, named }) : app.t("report_opening_none", { length });
}

/** @param {string} key @param {App} app @param {...(HTMLElement | string)} content @returns {HTMLElement} */
function part(key, app, ...content) {
  return element("section", {}, element("h3", { text: app.t(key) }), ...content);
}

/** @param {string} svg @returns {HTMLElement} */
function picture(svg) {
  const holder = element("div", { class: "picture" });
  holder.innerHTML = svg;
  for (const each of holder.querySelectorAll("[tabindex]")) each.removeAttribute("tabindex");
  return holder;
}

/** @param {History} history @param {App} app @param {Paper} on @returns {HTMLElement} */
function sharesTable(history, app, on) {
  const rows = shares(history).map((each) => {
    const [name, bar] = [element("th", { class: "signal" }), element("td", { class: "part" })];
    name.scope = "row";
    name.innerHTML = mark(each.signal, on.theme);
    name.append(` ${app.t(`signal_${each.signal}`)}`);
    bar.innerHTML = shareBar(each.signal, each.share, on.theme);
    const surest = each.surest ? app.t(`band_${each.surest}`) : "";
    const cells = [percent(each.share), seconds(each.seconds), each.count ? `${each.count}×` : "", surest];
    const row = element("tr", {}, name, bar, ...cells.map((text) => element("td", { text })));
    row.dataset.none = String(each.count === 0);
    return row;
  });
  const head = ["report_signal", "", "report_share", "report_seconds", "report_count", "report_surest"];
  return table(head.map((key) => (key ? app.t(key) : "")), rows);
}

/** @param {string[]} head @param {HTMLElement[]} rows @returns {HTMLElement} */
function table(head, rows) {
  const names = head.map((text) => {
    const cell = element(text ? "th" : "td", { text });
    if (cell instanceof HTMLTableCellElement && text) cell.scope = "col";
    return cell;
  });
  return element("table", {}, element("thead", {}, element("tr", {}, ...names)), element("tbody", {}, ...rows));
}

/** @param {History} history @param {App} app @returns {HTMLElement[]} */
function talkList(history, app) {
  const known = talk(history);
  if (!known) return [element("p", { class: "hint", text: app.t("report_talk_none") })];
  const times = /** @type {const} */ (["speaking", "voice", "face"]);
  const pairs = times.map((key) => [app.t(`report_${key}`), percent(known[key])]);
  return [definitions([...pairs, [app.t("report_words"), String(known.words)]])];
}

/** @param {string[][]} pairs @returns {HTMLElement} */
function definitions(pairs) {
  return element("dl", {}, ...pairs.map(([name, value]) =>
    element("div", {}, element("dt", { text: name }), element("dd", { text: value }))));
}

/** @param {History} history @param {App} app @param {Paper} on @returns {HTMLElement} */
function courseOf(history, app, on) {
  const parts = course(history);
  const [engaged, disengaged] = /** @type {const} */ (["engaged", "disengaged"])
    .map((state) => percent(parts.reduce((sum, each) => sum + each[state], 0) / Math.max(1, parts.length)));
  const label = app.t("report_course_label", { engaged, disengaged });
  return picture(courseChart(parts, app.language, label, on.wide, on.theme));
}

/** @param {History} history @param {App} app @returns {HTMLElement} */
function qualityList(history, app) {
  const { overall } = history.quality;
  const known = talk(history);
  const key = known && !known.face && !known.voice ? "report_quality_nobody" : overall ? "" : "report_quality_none";
  if (key || !overall) return element("p", { class: "hint", text: app.t(key) });
  return definitions(INDICES.filter((name) => name in overall)
    .map((name) => [app.t(`quality_${name}`), String(Math.round(overall[name]))]));
}

/** @param {History} history @param {App} app @returns {HTMLElement} */
function leftTable(history, app) {
  const rows = left(history).map((each) => {
    const name = element("th", { text: app.t(`why_${each.why}`) });
    name.scope = "row";
    const cells = [seconds(each.seconds), `${each.count}×`, app.language === "en" ? each.sentence : ""];
    return element("tr", {}, name, ...cells.map((text) => element("td", { text })));
  });
  if (!rows.length) return element("p", { class: "hint", text: app.t("report_left_none") });
  return table([app.t("report_why"), app.t("report_seconds"), app.t("report_count"), ""], rows);
}

/** @param {number} share @returns {string} */
function percent(share) {
  return `${share > 0 && share < 0.01 ? "<1" : Math.round(share * 100)} %`;
}

/** @param {number} value @returns {string} */
function seconds(value) {
  return value >= 60 ? clock(value) : `${value.toFixed(1)} s`;
}
