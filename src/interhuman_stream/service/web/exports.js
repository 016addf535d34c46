/** A history as files that other programs read. No DOM. */

/** @typedef {import("./history.js").History} History */

/** Digits of a time: milliseconds. */
const DIGITS = 3;

/**
 * As `analyze --json` writes it, where it knows the same; the page opens it again.
 * @param {History} history
 * @param {string} name of the recording
 * @returns {string}
 */
export function toJson(history, name) {
  const rounded = (/** @type {number} */ value) => Number(value.toFixed(DIGITS));
  const times = (/** @type {{start: number, end: number}} */ each) =>
    ({ start: rounded(each.start), end: rounded(each.end) });
  const document = {
    file: name,
    duration: rounded(history.duration),
    signals: signals(history).map((each) => ({
      type: each.signal,
      ...times(each),
      ...(each.band ? { probability: each.band } : {}),
      ...(each.rationale ? { rationale: each.rationale } : {}),
    })),
    engagement_state: history.engagement.map((each) => ({ ...times(each), state: each.state })),
    ...(history.levelled ? { levelled: true } : {}),
    ...(history.quality.overall || history.quality.timeline.length ? { conversation_quality: history.quality } : {}),
    perceived: {
      ...history.perceived,
      limits: history.unjudged.map((each) => ({ why: each.why, ...times(each), sentence: each.sentence })),
    },
    captions: history.captions.map((each) => ({ ...times(each), text: each.text })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * One line a stretch, as RFC 4180 has it.
 * @param {History} history
 * @returns {string}
 */
export function toCsv(history) {
  const lines = inOrder(history).map((each) =>
    [each.signal, each.start.toFixed(DIGITS), each.end.toFixed(DIGITS), each.band ?? "", each.rationale].map(cell));
  const head = ["signal", "start", "end", "probability", "rationale"];
  return [head, ...lines].map((each) => `${each.join(",")}\r\n`).join("");
}

/**
 * WebVTT: what players show beside the picture; the signal stands as the voice that speaks.
 * @param {History} history
 * @returns {string}
 */
export function toVtt(history) {
  const cues = inOrder(history).map((each, index) => {
    const said = [each.band && `(${each.band})`, each.rationale].filter(Boolean).join(" ");
    const end = Math.max(each.end, each.start + 0.001);
    const times = `${stamp(each.start)} --> ${stamp(end)}`;
    return `${index + 1}\n${times}\n<v ${each.signal}>${each.signal} ${plain(said)}`.trim();
  });
  return `${["WEBVTT", ...cues].join("\n\n")}\n`;
}

/** What was told as signals: a level stands among the levels. @param {History} history */
function signals(history) {
  return history.spans.filter((each) => !each.level);
}

/** @param {History} history */
function inOrder(history) {
  return signals(history).sort((one, other) => one.start - other.start || one.signal.localeCompare(other.signal));
}

/** @param {string} value @returns {string} */
function cell(value) {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;  // spreadsheets take these for formulas
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param {string} text @returns {string} fit for a cue: no markup, no arrow, no empty line */
function plain(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replace(/\s*\n\s*/g, " ");
}

/** @param {number} seconds @returns {string} hours always there, three digits behind the point */
function stamp(seconds) {
  const thousandths = Math.round(Math.max(0, seconds) * 1000);
  const [minutes, hours] = [Math.floor(thousandths / 60_000) % 60, Math.floor(thousandths / 3_600_000)];
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const rest = two(Math.floor(thousandths / 1000) % 60);
  return `${two(hours)}:${two(minutes)}:${rest}.${String(thousandths % 1000).padStart(3, "0")}`;
}

/**
 * What a file of a recording is called.
 * @param {string} name of the recording
 * @param {string} ending
 * @returns {string}
 */
export function fileName(name, ending) {
  const stem = name.replace(/\.[^.]{1,5}$/, "").replace(/[^\p{L}\p{N}._ -]+/gu, "_").trim() || "timeline";
  return `${stem}.${ending}`;
}
