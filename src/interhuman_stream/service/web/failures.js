/** What can go wrong, each with its own sentence of the catalogue and what mends it. No DOM. */

/**
 * @typedef {object} Failure
 * @property {string} key  of the sentence in the catalogue
 * @property {Record<string, string | number>} [values]
 * @property {"error" | "note"} weight  whether it stops the session
 * @property {("start" | "retry" | "without_microphone" | "file" | "key" | "reload" | "v0")[]} actions  that may mend it
 */

/**
 * Why the browser gives no camera or microphone.
 * @param {string} name  of the DOMException
 * @param {{ secure: boolean, cameras: number, microphones: number }} there
 * @returns {Failure}
 */
export function ofDevices(name, there) {
  if (!there.secure) return error("camera_insecure");
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return error("camera_refused", ["start"]);
    case "NotFoundError":
    case "OverconstrainedError":
      if (!there.cameras) return error("camera_none", ["start", "file"]);
      if (!there.microphones) return error("microphone_none", ["without_microphone", "start"]);
      return error("camera_away", ["start"]);
    case "NotReadableError":
    case "AbortError":
      return error("camera_busy", ["start"]);
    default:
      return { ...error("camera_other", ["start"]), values: { name } };
  }
}

/**
 * A track that ended by itself.
 * @param {string} kind  "video" or "audio"
 * @returns {Failure}
 */
export function ofTrack(kind) {
  if (kind === "video") return error("camera_unplugged", ["start"]);
  return error("microphone_unplugged");
}

/**
 * Why a stream waits, or does not go on.
 * @param {import("./stream.js").Why} why
 * @param {{ seconds?: number, version: string }} now  `seconds` until it tries again, where it does
 * @returns {Failure}
 */
export function ofStream(why, { seconds, version }) {
  const again = seconds !== undefined;
  const wait = Math.max(0, Math.ceil(seconds ?? 0));
  const values = { seconds: wait, version, message: why.message ?? "", code: why.code ?? "" };
  const key = why.kind === "quota" && !again ? "stream_quota_over" : `stream_${why.kind}`;
  /** @type {Failure["actions"]} */
  let actions = again ? ["retry"] : ["start"];
  if (why.kind === "credential") actions = ["key"];
  if (why.kind === "too_old") actions = version === "v0" ? ["reload"] : ["v0", "reload"];
  return { key, values, weight: again ? "note" : "error", actions };
}

/**
 * What was not recorded, or may not have been analysed.
 * @param {import("./stream.js").Loss} why
 * @param {number} seconds
 * @returns {Failure}
 */
export function ofLoss(why, seconds) {
  return { key: `lost_${why}`, values: { seconds: seconds.toFixed(1) }, weight: "note", actions: [] };
}

/**
 * @param {string} key
 * @param {Failure["actions"]} [actions]
 * @returns {Failure}
 */
function error(key, actions = []) {
  return { key, weight: "error", actions };
}
