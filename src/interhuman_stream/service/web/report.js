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
  let wanted = "";
  let due = false;

  /** @returns {Source[]} */
  function sources() {
    const files = shelf().flatMap(({ name, history }) => (history ? [{ name, history }] : []));
    return [...(app.history.duration > 0 ? [{ name: app.t("report_live"), history: app.history }] : []), ...files];
  }

  /** @returns {Source | null} */
  function chosen() {
    const all = sources();
    return all[Number(wanted)] ?? all[all.length - 1] ?? null;
  }

  function refresh() {
    due = true;
    draw();
  }

  function draw() {
    if (!due || root.hidden) return;
    due = false;
    const all = sources();
    const shown = chosen();
    choice.replaceChildren(...all.map(({ name, history }, at) =>
      new Option(name, String(at), false, history === shown?.history)));
    tools.hidden = !shown;
    const none = element("p", { class: "hint", text: app.t("report_none") });
    const narrow = body.clientWidth > 0 && body.clientWidth < NARROW;
    body.replaceChildren(...(shown ? written(shown, app, narrow ? body.clientWidth : WIDE) : [none]));
  }

  choice.addEventListener("change", () => {
    wanted = choice.value;
    refresh();
  });
  onShelf(refresh);
  app.onHistory(refresh);
  app.onLanguage(refresh);
  app.onShow(draw);
  refresh();
}

/** @param {Source} of @param {App} app @param {number} wide  pixels of its pictures @returns {HTMLElement[]} */
function written({ name, history }, app, wide) {
  return [
    element("div", {}, element("h2", { text: name }), element("p", { text: opening(history, app) })),
    part("report_timeline", app, picture(drawTimeline(history, {
      width: wide, language: app.language, theme: "light", titles: false,
    }))),
    part("report_shares", app, sharesTable(history, app)),
    part("report_talk", app, ...talkList(history, app)),
    part("report_course", app, courseOf(history, app, wide)),
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

/** @param {History} history @param {App} app @returns {HTMLElement} */
function sharesTable(history, app) {
  const rows = shares(history).map((each) => {
    const [name, bar] = [element("th", { class: "signal" }), element("td", { class: "part" })];
    name.scope = "row";
    name.innerHTML = mark(each.signal);
    name.append(` ${app.t(`signal_${each.signal}`)}`);
    bar.innerHTML = shareBar(each.signal, each.share);
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

/** @param {History} history @param {App} app @param {number} wide @returns {HTMLElement} */
function courseOf(history, app, wide) {
  const parts = course(history);
  const [engaged, disengaged] = /** @type {const} */ (["engaged", "disengaged"])
    .map((state) => percent(parts.reduce((sum, each) => sum + each[state], 0) / Math.max(1, parts.length)));
  return picture(courseChart(parts, app.language, app.t("report_course_label", { engaged, disengaged }), wide));
}

/** @param {History} history @param {App} app @returns {HTMLElement} */
function qualityList(history, app) {
  const { overall } = history.quality;
  if (!overall) return element("p", { class: "hint", text: app.t("report_quality_none") });
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
