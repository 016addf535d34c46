/** The one place where the page says what is wrong, and offers what mends it. */
import { byId, element } from "./app.js";

/** @typedef {import("./failures.js").Failure} Failure */
/**
 * @typedef {{ show: (failure: Failure | null) => void, pass: (failure: Failure, seconds?: number) => void }} Trouble
 */

/**
 * @param {import("./app.js").App} app
 * @param {(action: Failure["actions"][number]) => void} act
 * @returns {Trouble}  `show`: until something else is shown; `pass`: for some seconds, then what was shown before
 */
export function createTrouble(app, act) {
  const root = byId("trouble", HTMLElement);
  /** @type {Failure | null} */
  let lasting = null;
  /** @type {Failure | null} */
  let passing = null;
  let said = "";
  let timer = 0;

  function draw() {
    const now = passing ?? lasting;
    root.hidden = !now;
    if (!now) {
      root.replaceChildren();
      said = "";
      return;
    }
    root.dataset.weight = now.weight;
    root.dataset.key = now.key;
    const sentence = app.t(now.key, now.values);
    // A countdown changes the text alone: no button is lost under a finger.
    const text = root.querySelector("p");
    if (said === now.key && text) {
      text.textContent = sentence;
      return;
    }
    said = now.key;
    root.setAttribute("role", now.weight === "error" ? "alert" : "status");
    root.replaceChildren(element("p", { text: sentence }), ...now.actions.map((action) => {
      const button = element("button", { class: "button small", text: app.t(`do_${action}`), "data-action": action });
      button.type = "button";
      button.addEventListener("click", () => act(action));
      return button;
    }));
  }

  app.onLanguage(() => { said = ""; draw(); });
  return {
    show(failure) {
      lasting = failure;
      draw();
    },
    pass(failure, seconds = 8) {
      passing = failure;
      clearTimeout(timer);
      timer = window.setTimeout(() => { passing = null; said = ""; draw(); }, seconds * 1000);
      draw();
    },
  };
}
