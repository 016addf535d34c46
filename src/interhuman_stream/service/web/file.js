/** The file view: recordings are dropped, analysed, and looked at beside their lanes. */
import { element } from "./app.js";
import { clock } from "./axis.js";
import { apply, createHistory } from "./history.js";
import { changed, onShelf, put, remove, shelf } from "./shelf.js";
import { createStage } from "./stage.js";
import { UploadError, analyse } from "./upload.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./shelf.js").Recording} Recording */
/**
 * A recording's line in the list.
 * @typedef {object} Item
 * @property {HTMLElement} root
 * @property {HTMLElement} name
 * @property {HTMLElement} said
 * @property {HTMLProgressElement} bar
 * @property {HTMLElement} drop
 */

/**
 * @param {HTMLElement} root  an empty panel
 * @param {App} app
 */
export function mountFile(root, app) {
  const input = element("input", { class: "hidden", id: "file_input" });
  Object.assign(input, { type: "file", multiple: true, accept: "video/*,.mkv,.ts,.json" });
  const label = element("label", { class: "drop", id: "file_drop" }, element("strong", { t: "file_drop" }),
    element("span", { t: "file_where" }), element("span", { class: "kinds", t: "file_kinds" }), input);
  const list = element("ul", { class: "recordings", id: "recordings" });
  const stage = createStage(app);
  root.append(element("div", { class: "chooser card" }, label, list), stage.element);

  /** @type {Map<Recording, Item>} */
  const items = new Map();
  /** @type {Recording | null} */
  let current = null;
  /** @type {Promise<unknown>} */
  let busy = Promise.resolve();

  /** @param {Iterable<File>} files */
  function add(files) {
    for (const file of files) {
      const recording = put(file.name, /\.json$/i.test(file.name) ? null : file);
      busy = busy.then(() => run(recording, file, app));
      if (!current || current.state === "failed") current = recording;
    }
    changed();
  }

  function refresh() {
    if (current && !shelf().includes(current)) current = shelf()[0] ?? null;
    for (const [recording, { root: gone }] of items) {
      if (shelf().includes(recording)) continue;
      gone.remove();
      items.delete(recording);
    }
    for (const each of shelf()) say(each, items.get(each) ?? made(each));
    root.dataset.shown = String(Boolean(current));
    stage.show(current);
  }

  /** @param {Recording} each @returns {Item} */
  function made(each) {
    const name = element("button", { class: "name", text: each.name });
    const drop = element("button", { class: "remove", text: "×" });
    name.type = drop.type = "button";
    name.addEventListener("click", () => {
      current = each;
      changed();
    });
    drop.addEventListener("click", () => remove(each));
    const [said, bar] = [element("span", { class: "said" }), element("progress")];
    const item = { root: element("li", {}, name, said, bar, drop), name, said, bar, drop };
    items.set(each, item);
    list.append(item.root);
    return item;
  }

  /** @param {Recording} each @param {Item} item */
  function say(each, item) {
    item.root.dataset.state = each.state;
    item.name.setAttribute("aria-current", String(each === current));
    item.said.textContent = standing(each, app);
    item.bar.hidden = each.state === "done" || each.state === "failed";
    if (Number.isNaN(each.share)) item.bar.removeAttribute("value");
    else item.bar.value = each.share;
    item.bar.setAttribute("aria-label", app.t("file_progress", { name: each.name }));
    item.drop.setAttribute("aria-label", app.t("file_remove", { name: each.name }));
  }

  input.addEventListener("change", () => {
    add(input.files ?? []);
    input.value = "";
  });
  taken((files) => {
    add(files);
    app.show("file");
  });
  onShelf(refresh);
  app.onLanguage(refresh);
}

/**
 * Take files wherever in the page they are dropped: a browser would open them in its place, and a session would be lost.
 * @param {(files: FileList) => void} told
 */
function taken(told) {
  const over = (/** @type {boolean} */ on) => document.body.classList.toggle("dropping", on);
  for (const kind of /** @type {const} */ (["dragenter", "dragover", "drop"])) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      over(kind !== "drop");
      if (kind === "drop") told(event.dataTransfer.files);
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) over(false);
  });
}

/** How far a recording is, in words. @param {Recording} each @param {App} app @returns {string} */
function standing(each, app) {
  if (each.problem) return each.problem;
  if (each.state === "done" && each.history) return clock(each.history.duration);
  const percent = Number.isNaN(each.share) ? "" : ` ${Math.round(each.share * 100)} %`;
  return app.t(`file_${each.state}`) + (each.state === "waiting" ? "" : percent);
}

/** @param {Recording} recording @param {File} file @param {App} app @returns {Promise<void>} */
async function run(recording, file, app) {
  const { signal } = recording.stop;
  if (signal.aborted) return;
  try {
    recording.history = recording.file ? await sent(recording, recording.file, app) : opened(await file.text());
    recording.state = "done";
    recording.problem = "";
    app.announce(app.t("file_announce", { name: recording.name, count: recording.history.spans.length }));
  } catch (error) {
    if (signal.aborted) return;
    recording.state = "failed";
    recording.problem = problem(error, app);
    app.announce(`${recording.name}: ${recording.problem}`);
  }
  changed();
}

/** @param {Recording} recording @param {File} file @param {App} app */
async function sent(recording, file, app) {
  const duration = await lengthOf(file);
  const history = await analyse(file, duration, () => app.credential("interhumanai.upload"), (progress) => {
    recording.problem = progress.seconds ? app.t("file_full", { seconds: progress.seconds }) : "";
    if (progress.state !== "waiting") recording.state = progress.state;
    recording.share = progress.share;
    changed();
  }, recording.stop.signal, (grown) => {
    recording.history = grown;
    changed();
  });
  if (duration > history.duration) history.duration = duration;
  return history;
}

/** An analysis that was saved. @param {string} text @returns {import("./history.js").History} */
function opened(text) {
  const history = createHistory();
  apply(history, JSON.parse(text), 0);
  if (!history.revision) throw new SyntaxError("no analysis");
  return history;
}

/** @param {unknown} error @param {App} app @returns {string} */
function problem(error, app) {
  if (error instanceof UploadError && !error.code && !error.message) return app.t("file_gone");
  if (error instanceof SyntaxError) return app.t("file_no_analysis");
  return error instanceof Error ? error.message : String(error);
}

/**
 * Seconds of a recording, as the browser reads them; NaN where it cannot.
 * @param {File} file
 * @returns {Promise<number>}
 */
async function lengthOf(file) {
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  const seconds = await new Promise((resolve) => {
    video.onloadedmetadata = () => resolve(video.duration);
    video.onerror = () => resolve(NaN);
    video.preload = "metadata";
    video.src = url;
  });
  URL.revokeObjectURL(url);
  return Number.isFinite(seconds) ? seconds : NaN;
}
