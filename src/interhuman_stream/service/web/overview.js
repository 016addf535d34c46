/** The lanes where a stretch is shorter than a pixel or two: how much of each few seconds a signal had. */
import { across, clock } from "./axis.js";
import { FAMILIES, LANES, bandColour, place } from "./lanes.js";
import { COLUMN, laneTop } from "./layout.js";
import { tag, tenth, titled } from "./svg.js";
import { t } from "./text.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {import("./layout.js").Drawing} Drawing */
/** @typedef {{share: number, band: number}} Bin */
/** @typedef {{first: number, count: number, start: number, end: number, bins: number[]}} Run */

const BANDS = /** @type {const} */ (["low", "medium", "high"]);

/**
 * Draw the stretches of all signals as columns; what stands together is one group, named by the first stretch in it.
 * @param {History} history
 * @param {Drawing} on
 * @returns {string}
 */
export function overview(history, on) {
  const columns = Math.max(1, Math.floor((on.axis.right - on.axis.left) / COLUMN));
  return LANES.map((lane, at) => {
    const { bins, runs } = gathered(history, at, columns, on);
    return runs.map((run) => group(run, bins, lane, at, on)).join("");
  }).join("");
}

/** @param {History} history @param {number} lane @param {number} columns @param {Drawing} on */
function gathered(history, lane, columns, on) {
  /** @type {Bin[]} */
  const bins = Array.from({ length: columns }, () => ({ share: 0, band: 0 }));
  /** @type {Run[]} */
  const runs = [];
  const seconds = COLUMN / on.axis.scale;
  for (const [index, span] of history.spans.entries()) {
    const end = span.open ? Math.max(span.end, history.duration) : span.end;
    if (place(span.signal) !== lane || end < on.from || span.start > on.to) continue;
    const [first, last] = [span.start, end].map((each) =>
      Math.min(columns - 1, Math.max(0, Math.floor((across(on.axis, each) - on.axis.left) / COLUMN))));
    for (let at = first; at <= last; at += 1) {
      const begins = on.from + at * seconds;
      bins[at].share += Math.max(0, Math.min(end, begins + seconds) - Math.max(span.start, begins)) / seconds;
      bins[at].band = Math.max(bins[at].band, BANDS.indexOf(span.band ?? "medium"));
    }
    const run = runs.at(-1);
    const reached = Array.from({ length: last - first + 1 }, (_, each) => first + each);
    if (run && first <= run.bins[run.bins.length - 1] + 1) {
      run.count += 1;
      run.end = Math.max(run.end, end);
      run.bins.push(...reached.filter((each) => each > run.bins[run.bins.length - 1]));
    } else {
      runs.push({ first: index, count: 1, start: span.start, end, bins: reached });
    }
  }
  return { bins, runs };
}

/**
 * @param {Run} run
 * @param {Bin[]} bins of its lane
 * @param {import("./lanes.js").Lane} lane
 * @param {number} at which lane
 * @param {Drawing} on
 * @returns {string}
 */
function group(run, bins, lane, at, on) {
  const signal = t(on.language, `signal_${lane.signal}`);
  const label = t(on.language, "span_many", { signal, count: run.count, from: clock(run.start), to: clock(run.end) });
  const [bottom, full] = [laneTop(on, at) + on.lane - 2, on.lane - 4];
  const paths = BANDS.map((band, rank) => {
    const d = run.bins.filter((each) => bins[each].band === rank).map((each) => {
      const height = tenth(Math.max(3, Math.sqrt(Math.min(1, bins[each].share)) * full));
      return `M${tenth(on.axis.left + each * COLUMN + 0.5)} ${bottom}v-${height}h${COLUMN - 1}v${height}z`;
    }).join("");
    const edge = rank < 2 ? { stroke: FAMILIES[lane.family][on.theme], "stroke-width": "0.5" } : {};
    return d && tag("path", { d, fill: bandColour(lane.family, band, on.theme), ...edge });
  }).join("");
  return titled(label, paths, on, { "data-span": String(run.first), "data-count": String(run.count), 
    tabindex: on.tile ? "-1" : "0" });
}
