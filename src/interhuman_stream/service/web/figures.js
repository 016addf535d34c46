/** What a report says of a history, in numbers. No DOM. */
import { LANES } from "./lanes.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {import("./lanes.js").Band} Band */
/** @typedef {{signal: string, seconds: number, share: number, count: number, surest: Band | null}} Share */
/** @typedef {{start: number, end: number, engaged: number, neutral: number, disengaged: number}} Part */
/** @typedef {{why: string, seconds: number, count: number, sentence: string}} Left */

const ORDER = ["low", "medium", "high"];
/** As many parts the course of engagement has, at most; none is shorter than this many seconds. */
const PARTS = 24;
const SHORTEST = 5;

/**
 * How much of the time each signal had; every signal is there.
 * @param {History} history
 * @returns {Share[]} in the lanes' order; shares from 0 to 1
 */
export function shares(history) {
  return LANES.map(({ signal }) => {
    const spans = history.spans.filter((each) => each.signal === signal);
    const seconds = covered(spans);
    const ranks = spans.map((each) => ORDER.indexOf(each.band ?? ""));
    const surest = /** @type {Band | undefined} */ (ORDER[Math.max(-1, ...ranks)]) ?? null;
    return { signal, seconds, share: share(seconds, history), count: spans.length, surest };
  });
}

/**
 * How much of the time the person spoke, a voice was heard and a face was seen.
 * @param {History} history
 * @returns {{speaking: number, voice: number, face: number, words: number} | null} shares from 0 to 1, and a number of
 *   words; null where the wire did not say
 */
export function talk(history) {
  const known = history.perceived;
  if (!known) return null;
  const of = (/** @type {number} */ seconds) => share(seconds, history);
  return { speaking: of(known.speaking), voice: of(known.voice), face: of(known.face), words: known.words };
}

/**
 * Engagement over time: equal parts of the whole, and how much of each had which level.
 * @param {History} history
 * @returns {Part[]} shares from 0 to 1; what is missing to 1 was not judged
 */
export function course(history) {
  const parts = Math.max(1, Math.min(PARTS, Math.floor(history.duration / SHORTEST)));
  const wide = history.duration / parts;
  return Array.from({ length: history.duration > 0 ? parts : 0 }, (_, at) => {
    const [start, end] = [at * wide, (at + 1) * wide];
    const of = (/** @type {string} */ state) => covered(history.engagement
      .filter((each) => each.state === state && each.end > start && each.start < end)
      .map((each) => ({ start: Math.max(start, each.start), end: Math.min(end, each.end) }))) / wide;
    return { start, end, engaged: of("engaged"), neutral: of("neutral"), disengaged: of("disengaged") };
  });
}

/**
 * What was not judged, by why, the longest first.
 * @param {History} history
 * @returns {Left[]}
 */
export function left(history) {
  const whys = [...new Set(history.unjudged.map((each) => each.why))];
  return whys.map((why) => {
    const there = history.unjudged.filter((each) => each.why === why);
    return { why, seconds: covered(there), count: there.length, sentence: there[0].sentence };
  }).sort((one, other) => other.seconds - one.seconds);
}

/**
 * Seconds that stretches take, what two of them share once.
 * @param {readonly {start: number, end: number}[]} stretches
 * @returns {number}
 */
export function covered(stretches) {
  let [seconds, until] = [0, -Infinity];
  for (const each of [...stretches].sort((one, other) => one.start - other.start)) {
    seconds += Math.max(0, each.end - Math.max(each.start, until));
    until = Math.max(until, each.end);
  }
  return seconds;
}

/** @param {number} seconds @param {History} history @returns {number} */
function share(seconds, history) {
  return history.duration > 0 ? Math.min(1, seconds / history.duration) : 0;
}
