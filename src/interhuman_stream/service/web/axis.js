/** A stretch of time across a width: where a moment is, what its hours and minutes are called, where the ticks are. */

/**
 * @typedef {object} Axis
 * @property {number} from seconds
 * @property {number} to seconds
 * @property {number} left pixels
 * @property {number} right pixels
 * @property {number} scale pixels a second
 * @property {boolean} open whether moments beyond its ends have places, too
 */

const STEPS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600];
/** Pixels that a tick's label takes at least. */
const LABEL = 62;

/**
 * @param {number} from seconds
 * @param {number} to seconds, after `from`
 * @param {number} left pixels
 * @param {number} right pixels
 * @param {boolean} [open]
 * @returns {Axis}
 */
export function axis(from, to, left, right, open = false) {
  const until = Math.max(to, from + 0.1);
  return { from, to: until, left, right, scale: Math.max(1, right - left) / (until - from), open };
}

/**
 * Where a moment is; held within the axis, unless that is open.
 * @param {Axis} on
 * @param {number} seconds
 * @returns {number} pixels
 */
export function across(on, seconds) {
  const held = on.open ? seconds : Math.min(Math.max(seconds, on.from), on.to);
  return on.left + (held - on.from) * on.scale;
}

/**
 * The moment at a place.
 * @param {Axis} on
 * @param {number} pixels
 * @returns {number} seconds
 */
export function moment(on, pixels) {
  return Math.min(on.to, Math.max(on.from, on.from + (pixels - on.left) / on.scale));
}

/**
 * The moments that get a tick: round ones, with room for their labels.
 * @param {Axis} on
 * @returns {number[]} seconds
 */
export function ticks(on) {
  const step = STEPS.find((each) => each * on.scale >= LABEL) ?? STEPS[STEPS.length - 1];
  const found = [];
  for (let at = Math.ceil(on.from / step - 1e-6) * step; at <= on.to + 1e-6; at += step) found.push(at);
  return found;
}

/**
 * A moment as people write it: 0:05, 12:30, 1:02:03; with tenths where asked.
 * @param {number} seconds
 * @param {boolean} [tenths]
 * @returns {string}
 */
export function clock(seconds, tenths = false) {
  const unit = tenths ? 10 : 1;
  const whole = Math.round(Math.max(0, seconds) * unit);
  const rest = Math.floor(whole / unit);
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60];
  const head = hours ? `${hours}:${two(minutes)}` : String(minutes);
  return `${head}:${two(rest % 60)}${tenths ? `.${whole % 10}` : ""}`;
}
