/** One session's history, from the messages of v0, v1, v2 or the result of an upload. */

/**
 * @typedef {object} Span
 * @property {string} signal
 * @property {number} start
 * @property {number} end
 * @property {"high" | "medium" | "low" | null} band
 * @property {string} rationale
 * @property {boolean} open  whether it goes on
 */
/**
 * @typedef {object} History
 * @property {Span[]} spans
 * @property {{ start: number, end: number, state: string }[]} engagement
 * @property {{ start: number, end: number, text: string }[]} captions
 * @property {{ start: number, end: number, why: string }[]} unjudged
 * @property {unknown} quality
 * @property {number} duration
 */

/** @returns {History} */
export function createHistory() {
  return { spans: [], engagement: [], captions: [], unjudged: [], quality: null, duration: 0 };
}

/**
 * @param {History} _history
 * @param {unknown} _message  as parsed
 * @param {number} _atSeconds  where the message's time zero is: the start of the connection, in v0 of the segment
 */
export function apply(_history, _message, _atSeconds) {}
