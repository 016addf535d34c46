/** The page: its views, its language, and what they share. */
import { codeOf, createAccess } from "./access.js";
import { byId } from "./app.js";
import { mountFile } from "./file.js";
import { createHistory } from "./history.js";
import { mountInspector } from "./inspector.js";
import { mountLive } from "./live.js";
import { mountReport } from "./report.js";
import { firstLanguage, t, translate } from "./text.js";

const VIEWS = /** @type {const} */ (["live", "file", "report", "inspector"]);
const CHOSEN = "language";

/** @type {(() => void)[]} */
const onHistory = [];
/** @type {(() => void)[]} */
const onLanguage = [];

/** @type {(() => void)[]} */
const onShow = [];
const access = createAccess({ once: codeOf(location, history) });
let state = "idle";

/** @type {import("./app.js").App} */
const app = {
  language: firstLanguage(localStorage.getItem(CHOSEN), navigator.languages),
  t: (key, values) => t(app.language, key, values),
  credential: () => access.credential(),
  history: createHistory(),
  reported: null,
  onHistory: (told) => onHistory.push(told),
  onLanguage: (told) => onLanguage.push(told),
  announce: (text) => { byId("summary", HTMLElement).textContent = text; },
  show,
  changed: () => { for (const told of onHistory) told(); },
  state: (name) => { state = name; sayState(); },
  onShow: (told) => onShow.push(told),
};

function sayState() {
  const shown = byId("state", HTMLElement);
  shown.dataset.state = state;
  const text = app.t(`state_${state}`);
  if (shown.textContent !== text) shown.textContent = text;
}


/** @param {typeof VIEWS[number]} view */
function show(view) {
  for (const each of VIEWS) {
    const tab = byId(`tab-${each}`, HTMLButtonElement);
    tab.setAttribute("aria-selected", String(each === view));
    tab.tabIndex = each === view ? 0 : -1;
    byId(each, HTMLElement).hidden = each !== view;
  }
  for (const told of onShow) told();
}

/** @param {KeyboardEvent} event */
function arrow(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const tabs = VIEWS.map((each) => byId(`tab-${each}`, HTMLButtonElement));
  const at = tabs.findIndex((tab) => tab === document.activeElement);
  if (step === undefined || at < 0) return;
  const next = (at + step + VIEWS.length) % VIEWS.length;
  show(VIEWS[next]);
  tabs[next].focus();
}

/** @param {import("./text.js").Language} language */
function speak(language) {
  app.language = language;
  document.documentElement.lang = language;
  byId("language", HTMLSelectElement).value = language;
  translate(document, language);
  sayState();
  for (const told of onLanguage) told();
}

for (const view of VIEWS) byId(`tab-${view}`, HTMLButtonElement).addEventListener("click", () => show(view));
byId("tabs", HTMLElement).addEventListener("keydown", arrow);
byId("language", HTMLSelectElement).addEventListener("change", (event) => {
  const language = firstLanguage(/** @type {HTMLSelectElement} */ (event.target).value, []);
  localStorage.setItem(CHOSEN, language);
  speak(language);
});
mountLive(app, access, mountInspector(app));
mountFile(byId("file", HTMLElement), app);
mountReport(byId("report", HTMLElement), app);
speak(app.language);
