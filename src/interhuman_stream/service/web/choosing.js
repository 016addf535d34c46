/** The lists of cameras and microphones: what is chosen in them, and how they follow what is plugged in and out. */
import { byId } from "./app.js";
import { listDevices } from "./devices.js";

/** @typedef {"camera" | "microphone"} Which */
/**
 * @typedef {object} Choosing
 * @property {() => import("./devices.js").Choice} choice  what is chosen now
 * @property {() => void} without  choose no microphone
 * @property {(tracks: MediaStreamTrack[]) => void} used  let the lists say what is used, "none" where there is no sound
 * @property {() => Promise<string[]>} fill  ask the browser anew; the names of what has come since it was asked last
 */

const NONE = "none";  // what no browser has for a device's id: they are long, or empty
/** @type {readonly Which[]} */
const LISTS = ["camera", "microphone"];

/**
 * @param {import("./app.js").App} app
 * @param {(which: Which) => void} changed  somebody has chosen another
 * @returns {Choosing}
 */
export function createChoosing(app, changed) {
  const lists = { camera: byId("camera", HTMLSelectElement), microphone: byId("microphone", HTMLSelectElement) };
  /** @type {Set<string> | null}  ids; null before the browser has told any, as it does once it may give a device */
  let known = null;

  /** @param {Which} which  @param {MediaDeviceInfo[]} devices */
  function show(which, devices) {
    const list = lists[which];
    const named = (/** @type {string} */ label, /** @type {number} */ at) => label || `${app.t(which)} ${at + 1}`;
    const options = devices.map((each, at) => ({ value: each.deviceId, text: named(each.label, at) }));
    options.unshift({ value: "", text: app.t("usual_device") });
    if (which === "microphone") options.push({ value: NONE, text: app.t("no_microphone") });
    const there = [...list.options].map((each) => ({ value: each.value, text: each.text }));
    if (JSON.stringify(there) === JSON.stringify(options)) return;  // it may be open under somebody's hand
    const before = list.value;
    list.replaceChildren(...options.map(({ value, text }) => new Option(text, value)));
    list.value = options.some((each) => each.value === before) ? before : "";
  }

  for (const which of LISTS) lists[which].addEventListener("change", () => changed(which));
  return {
    choice() {
      const microphone = lists.microphone.value;
      return { camera: lists.camera.value, microphone: microphone === NONE ? null : microphone };
    },
    without() {
      lists.microphone.value = NONE;
    },
    used(tracks) {
      for (const which of LISTS) {
        const track = tracks.find((each) => each.kind === (which === "camera" ? "video" : "audio"));
        const id = track ? track.getSettings().deviceId : NONE;
        lists[which].value = id ?? "";
        if (lists[which].selectedIndex < 0) lists[which].value = "";
      }
    },
    async fill() {
      const found = await listDevices();
      const named = (/** @type {MediaDeviceInfo} */ each) => each.deviceId && each.deviceId !== "default";
      const [cameras, microphones] = [found.cameras.filter(named), found.microphones.filter(named)];
      show("camera", cameras);
      show("microphone", microphones);
      const all = [...cameras, ...microphones];
      const before = known;
      if (all.length) known = new Set(all.map((each) => each.deviceId));
      return before ? all.filter((each) => each.label && !before.has(each.deviceId)).map((each) => each.label) : [];
    },
  };
}
