/** What a session or a file has told so far, whichever version of the wire told it. No DOM, no clock. */

/** @typedef {import("./lanes.js").Band} Band */
/**
 * One signal over one stretch of time.
 * @typedef {object} Span
 * @property {string} signal its name on the wire
 * @property {number} start seconds of the session
 * @property {number} end seconds of the session; of an open one, as far as is known
 * @property {Band | null} band how sure; null where the wire does not say
 * @property {string} rationale why, its times counted from the session's start; "" where the wire does not say
 * @property {boolean} open whether it goes on
 * @property {boolean} [level] whether it was told as a level of engagement, which has neither band nor reasons
 */
/** @typedef {{start: number, end: number, state: string, open: boolean}} Level */
/** @typedef {{start: number, end: number, text: string}} Caption */
/** @typedef {{start: number, end: number, why: string, sentence: string}} Unjudged */
/** @typedef {Record<string, number>} Indices */
/**
 * What there was to go by.
 * @typedef {object} Perceived
 * @property {number} face seconds with a face
 * @property {number} speaking seconds in which the person seen spoke
 * @property {number} voice seconds in which anybody's voice was heard
 * @property {number} words how many words were understood
 * @property {string | null} language as ISO 639-1 has it
 */
/**
 * @typedef {object} History
 * @property {Span[]} spans in order of coming
 * @property {Level[]} engagement in order of start
 * @property {boolean} levelled whether engagement and disengagement are told as levels alone, as v2 does: their lanes show
 *   those, since nothing else ever comes into them
 * @property {Caption[]} captions what was understood, in order of start
 * @property {{overall: Indices | null, timeline: {start: number, end: number, values: Indices}[]}} quality
 * @property {Unjudged[]} unjudged what was not judged, and why
 * @property {Perceived | null} perceived null where the wire does not say
 * @property {number} duration seconds
 * @property {number} revision grows with each change of what is drawn
 */

/** Seconds between two stretches of one signal that are one: the tracker's own, and rounding. */
const JOINED = 0.06;
/** The same of what was not judged: each half second is told of by itself, the last of it not yet known. */
const UNJUDGED_JOINED = 0.6;
/** Share of the time with a face below which nobody was there to attend. */
const LEAST_SEEN = 0.1;
/** Why no face can be read, in the order of what says most. */
export const FACELESS = ["no_picture", "dark", "bright", "nobody", "covered", "no_face", "small", "blurred", "turned"];
/** Words of one caption are no further apart, in seconds, and no more characters. */
const BREATH = 0.6;
const LONGEST_CAPTION = 42;
/** The lanes in which levels stand. @type {ReadonlyMap<string, string>} */
const LEVELS = new Map([["engaged", "engagement"], ["disengaged", "disengagement"]]);
const TIMES = /(\d+(?:\.\d+)?)–(\d+(?:\.\d+)?) s/g;
const QUOTED = /“([^”]+)”[^(“]*\((\d+(?:\.\d+)?)–(\d+(?:\.\d+)?) s\)/g;

/** @returns {History} */
export function createHistory() {
  return {
    spans: [],
    engagement: [],
    levelled: false,
    captions: [],
    quality: { overall: null, timeline: [] },
    unjudged: [],
    perceived: null,
    duration: 0,
    revision: 0,
  };
}

/**
 * Take in what the server said: a message of a v0, v1 or v2 session, the result of an upload or a job, or the document
 * of `analyze --json`. What is not known is passed over.
 * @param {History} history
 * @param {any} message parsed
 * @param {number} [atSeconds] where the message's time zero is: a v0 segment's start, a v1 or v2 session's, 0 of a file
 * @returns {void}
 */
export function apply(history, message, atSeconds = 0) {
  if (typeof message !== "object" || message === null) return;
  const result = message.result ?? message;
  if (typeof message.type === "string") event(history, message.type, message.data ?? {}, atSeconds);
  else if (Array.isArray(result.windows)) job(history, result, atSeconds);
  else if (Array.isArray(message.signals)) judged(history, message, atSeconds);
  else if (message.status === "error") failed(history, message, atSeconds);
  else return;
  // Twice a second it is told what there was to go by: of that, only what was not judged is drawn.
  if (message.type !== "perception.updated" || message.data?.limits?.length) history.revision += 1;
}

/**
 * Time went on: what is open lasts until then.
 * @param {History} history
 * @param {number} seconds of the session
 * @returns {void}
 */
export function advance(history, seconds) {
  if (seconds <= history.duration) return;
  history.duration = seconds;
  for (const each of history.spans) if (each.open) each.end = Math.max(each.end, seconds);
  const level = history.engagement.at(-1);
  if (level?.open) level.end = Math.max(level.end, seconds);
}

/**
 * The session ended, or was lost: nothing goes on.
 * @param {History} history
 * @returns {void}
 */
export function close(history) {
  for (const each of history.spans) each.open = false;
  for (const each of history.engagement) each.open = false;
  history.revision += 1;
}

/**
 * What it means that a history has no stretch: who is not seen does not attend either.
 * @param {History} history
 * @returns {{key: string, why?: string}} keys of the catalogue; `why` is a value of that text
 */
export function emptiness(history) {
  const { engagement, perceived, duration, unjudged } = history;
  if (!engagement.length) return { key: "nothing_yet" };
  if (!perceived || perceived.face >= LEAST_SEEN * duration) return { key: "quiet" };
  const longest = unjudged.filter((each) => FACELESS.includes(each.why))
    .sort((one, other) => other.end - other.start - one.end + one.start)[0];
  return { key: "unseen", why: `why_${longest?.why ?? "no_face"}` };
}

/**
 * The moments that a rationale names.
 * @param {string} rationale with times of the session
 * @returns {{text: string, start: number, end: number}[]}
 */
export function moments(rationale) {
  const found = [];
  let from = 0;
  for (const match of rationale.matchAll(TIMES)) {
    const text = rationale.slice(from, match.index).replace(/^\)?[,.]?\s*(and )?/, "").replace(/\s*\($/, "");
    found.push({ text, start: Number(match[1]), end: Number(match[2]) });
    from = match.index + match[0].length;
  }
  return found;
}

/**
 * Moments of the same kind that touch, as v0 tells them of each segment anew, as one: without the lengths of its parts.
 * @param {{text: string, start: number, end: number}[]} found
 * @returns {{text: string, start: number, end: number}[]}
 */
export function joined(found) {
  /** @type {{text: string, start: number, end: number}[]} */
  const made = [];
  const kind = (/** @type {string} */ text) => text.replace(/ for \d+(\.\d+)? s$/, "");
  for (const each of found) {
    const name = kind(each.text).toLowerCase();
    const last = made.find(({ text, end }) =>
      kind(text).toLowerCase() === name && Math.abs(each.start - end) < JOINED);
    if (last) [last.text, last.end] = [kind(last.text), each.end];
    else made.push({ ...each });
  }
  return made;
}

/** @param {History} history @param {string} type @param {any} data @param {number} origin @returns {void} */
function event(history, type, data, origin) {
  const at = (/** @type {number} */ seconds) => seconds + origin;
  if (type === "signal.detected" || type === "signal.updated") {
    const going = history.spans.findLast((each) => each.open && each.signal === data.signal_type);
    const start = at(data.start);
    const span = going ?? { signal: data.signal_type, start, end: start, band: null, rationale: "", open: true };
    if (!going) history.spans.push(span);
    span.band = data.probability ?? span.band;
    span.rationale = retimed(data.rationale ?? "", origin) || span.rationale;
    quotes(history, span.rationale);
    advance(history, span.start);
    span.end = Math.max(span.end, history.duration);
  } else if (type === "signal.ended") {
    const going = history.spans.findLast((each) => each.open && each.signal === data.signal_type);
    if (!going) return;
    going.end = Math.max(at(data.end), going.start);
    going.open = false;
    advance(history, going.end);
  } else if (type === "engagement.updated") {
    entered(history, data.state, at(data.start));
  } else if (type === "session.ready") {
    history.levelled = Boolean(data.supported_session_config_options?.model);  // which v2 alone lets one choose
  } else if (type === "conversation_quality.updated") {
    rate(history, data, origin);
  } else if (type === "coverage.degraded" || type === "coverage.dropped") {
    for (const range of data.ranges ?? []) {
      leave(history, at(range.start), at(range.end), type === "coverage.dropped" ? "dropped" : "no_picture", "");
    }
  } else if (type === "perception.updated") {
    perceive(history, data, origin);
    advance(history, at(data.end));
  }
}

/**
 * Another level of engagement begins, and the one before it ends.
 * @param {History} history
 * @param {string} state
 * @param {number} start
 * @returns {void}
 */
function entered(history, state, start) {
  const last = history.engagement.at(-1);
  const lane = history.spans.findLast((each) => each.level && each.open);
  if (last?.open) Object.assign(last, { end: Math.max(start, last.start), open: false });
  if (lane) Object.assign(lane, { end: Math.max(start, lane.start), open: false });
  advance(history, start);
  history.engagement.push({ start, end: history.duration, state, open: true });
  stand(history, history.engagement[history.engagement.length - 1]);
}

/**
 * A level in its signal's lane, where the wire tells it in no other way.
 * @param {History} history
 * @param {Level} level
 * @returns {void}
 */
function stand(history, { state, start, end, open }) {
  const signal = LEVELS.get(state);
  if (!history.levelled || !signal) return;
  history.spans.push({ signal, start, end, band: null, rationale: "", open, level: true });
}

/**
 * A segment of v0, a file, or `analyze --json`.
 * @param {History} history
 * @param {any} told
 * @param {number} origin
 * @returns {void}
 */
function judged(history, told, origin) {
  for (const each of told.signals) span(history, each, each.start + origin, each.end + origin, origin);
  for (const each of told.engagement_state ?? []) {
    const last = history.engagement.at(-1);
    const [start, end] = [each.start + origin, each.end + origin];
    if (last && last.state === each.state && start - last.end <= JOINED) last.end = end;
    else history.engagement.push({ start, end, state: each.state, open: false });
    advance(history, end);
  }
  if (told.levelled) {  // a live session of v2 that was saved
    history.levelled = true;
    for (const each of history.engagement) stand(history, each);
  }
  if (told.conversation_quality) rate(history, told.conversation_quality, origin);
  const perceived = told.perception ?? told.perceived;
  if (perceived) perceive(history, perceived, origin);
  if (Array.isArray(told.words)) history.captions = captions(told.words);  // all of it, and not only what is quoted
  if (typeof told.duration === "number") advance(history, origin + told.duration);
}

/** The result of a v2 job. @param {History} history @param {any} result @param {number} origin @returns {void} */
function job(history, result, origin) {
  for (const window of result.windows) {
    const [start, end] = [window.start_seconds + origin, window.end_seconds + origin];
    for (const each of window.signals) span(history, each, each.start + origin, each.end + origin, origin);
    const last = history.engagement.at(-1);
    if (last && last.state === window.engagement_status && start - last.end <= JOINED) last.end = end;
    else history.engagement.push({ start, end, state: window.engagement_status, open: false });
  }
  history.levelled = true;
  for (const each of history.engagement) stand(history, each);
  if (result.conversation_quality) rate(history, result.conversation_quality, origin);
  advance(history, origin + result.duration_seconds);
}

/** @param {History} history @param {any} message @param {number} origin @returns {void} */
function failed(history, message, origin) {
  leave(history, origin, origin, "failed", message.message ?? message.error ?? "");
}

/**
 * Add a stretch of a signal, or carry on the one it continues.
 * @param {History} history @param {any} told @param {number} start @param {number} end @param {number} origin @returns {void}
 */
function span(history, told, start, end, origin) {
  const rationale = retimed(told.rationale ?? "", origin);
  quotes(history, rationale);
  advance(history, end);
  const before = history.spans.findLast((each) => each.signal === told.type);
  const band = told.probability ?? null;
  if (!before || start - before.end > JOINED || start < before.start) {
    history.spans.push({ signal: told.type, start, end, band, rationale, open: false });
    return;
  }
  before.end = Math.max(before.end, end);
  if (rank(band) > rank(before.band)) before.band = band;
  if (rationale && !before.rationale.includes(rationale)) before.rationale = `${before.rationale} ${rationale}`.trim();
}

/** @param {Band | null} band @returns {number} */
function rank(band) {
  return ["low", "medium", "high"].indexOf(band ?? "");
}

/** @param {History} history @param {any} quality @param {number} origin @returns {void} */
function rate(history, quality, origin) {
  history.quality.overall = quality.overall ?? history.quality.overall;
  for (const each of quality.timeline ?? []) {
    history.quality.timeline.push({ start: each.start + origin, end: each.end + origin, values: each.values });
    advance(history, each.end + origin);
  }
}

/** @param {History} history @param {any} told @param {number} origin @returns {void} */
function perceive(history, told, origin) {
  const known = history.perceived ?? { face: 0, speaking: 0, voice: 0, words: 0, language: null };
  for (const name of /** @type {const} */ (["face", "speaking", "voice", "words"])) known[name] += told[name] ?? 0;
  known.language = told.language ?? known.language;
  history.perceived = known;
  for (const each of told.limits ?? []) {
    leave(history, each.start + origin, each.end + origin, each.why, each.sentence ?? "");
  }
}

/**
 * @param {History} history
 * @param {number} start
 * @param {number} end
 * @param {string} why
 * @param {string} sentence
 * @returns {void}
 */
function leave(history, start, end, why, sentence) {
  const before = history.unjudged.findLast((each) => each.why === why);
  if (before && start - before.end <= UNJUDGED_JOINED && start >= before.start) before.end = Math.max(before.end, end);
  else history.unjudged.push({ start, end, why, sentence });
  advance(history, end);
}

/** What was said, where a rationale quotes it. @param {History} history @param {string} rationale @returns {void} */
function quotes(history, rationale) {
  for (const match of rationale.matchAll(QUOTED)) {
    caption(history, { text: match[1], start: Number(match[2]), end: Number(match[3]) });
  }
}

/** @param {History} history @param {Caption} added @returns {void} */
function caption(history, added) {
  let at = history.captions.length;
  while (at > 0 && history.captions[at - 1].start > added.start) at -= 1;
  const near = history.captions.slice(Math.max(0, at - 3), at + 3);
  if (near.some((each) => each.text === added.text && Math.abs(each.start - added.start) < 1)) return;
  history.captions.splice(at, 0, added);
  advance(history, added.end);
}

/** Words as lines. @param {{word: string, start: number, end: number}[]} words @returns {Caption[]} */
function captions(words) {
  /** @type {Caption[]} */
  const lines = [];
  for (const { word, start, end } of words) {
    const last = lines.at(-1);
    const text = word.trim();
    const goes = last && start - last.end <= BREATH && !/[.?!]$/.test(last.text);
    if (goes && last.text.length + text.length < LONGEST_CAPTION) {
      Object.assign(last, { text: `${last.text} ${text}`, end });
    } else {
      lines.push({ text, start, end });
    }
  }
  return lines;
}

/**
 * Count the times in a rationale from the session's start.
 * @param {string} rationale
 * @param {number} origin
 * @returns {string}
 */
function retimed(rationale, origin) {
  if (!origin) return rationale;
  const moved = (/** @type {string} */ text) => (Number(text) + origin).toFixed(1);
  return rationale.replace(TIMES, (_, start, end) => `${moved(start)}–${moved(end)} s`);
}
