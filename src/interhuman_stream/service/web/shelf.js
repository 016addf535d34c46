/** The recordings that were opened, for the views that show them. No DOM. */

/** @typedef {import("./history.js").History} History */
/**
 * @typedef {object} Recording
 * @property {string} name
 * @property {File | null} file  null where only its analysis was opened
 * @property {History | null} history  null until something is known
 * @property {"waiting" | "sending" | "analysing" | "done" | "failed"} state
 * @property {number} share  of what it is at, from 0 to 1; NaN where that is not known
 * @property {string} problem  what went wrong, to be shown; "" for nothing
 * @property {AbortController} stop
 */

/** @type {Recording[]} */
const recordings = [];
/** @type {(() => void)[]} */
const told = [];

/** All of them. @returns {readonly Recording[]} */
export function shelf() {
  return recordings;
}

/** @param {string} name @param {File | null} file @returns {Recording} */
export function put(name, file) {
  /** @type {Recording} */
  const added = { name, file, history: null, state: "waiting", share: 0, problem: "", stop: new AbortController() };
  recordings.push(added);
  return added;
}

/** @param {Recording} recording @returns {void} */
export function remove(recording) {
  recording.stop.abort();
  const at = recordings.indexOf(recording);
  if (at >= 0) recordings.splice(at, 1);
  changed();
}

/** Be told when something about one has changed. @param {() => void} listener @returns {void} */
export function onShelf(listener) {
  told.push(listener);
}

/** Something about one has changed. @returns {void} */
export function changed() {
  for (const each of told) each();
}
