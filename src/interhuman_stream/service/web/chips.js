/** What the engine perceives at this moment, as four chips: the face, the voice, the words, how far behind. No DOM. */
import { FACELESS } from "./history.js";

/**
 * `wait`: nothing is known yet; `busy`: it is looked for, and cannot be known sooner; `on`, `off`: it is so, or not.
 * @typedef {{ key: string, values?: Record<string, string | number>, state: "wait" | "busy" | "on" | "off" }} Chip
 */
/** @typedef {Record<"face" | "voice" | "words" | "behind", Chip>} Chips */

const LATELY = 3;  // seconds for which a voice that was heard counts as heard now
const UNCLEAR = 8;  // seconds of a voice without a word after which it is not understood; four are heard at a time
const BEHIND = 4;  // seconds behind from which on it is late

export class Perceiving {
  constructor() {
    /** @type {any} */
    this.last = null;
    this.reached = 0;
    this.words = 0;
    this.wordless = 0;  // seconds of voice since the last word
    this.voiceAt = this.ownAt = -Infinity;
    /** @type {string | null} */
    this.language = null;
  }

  /**
   * @param {any} told  `perception.updated`'s data, or a v0 result's `perception`
   * @param {number} end  seconds of the session to which it goes
   */
  take(told, end) {
    this.last = told;
    this.reached = end;
    this.words += told.words ?? 0;
    this.wordless = told.words > 0 ? 0 : this.wordless + (told.voice ?? 0);
    if (told.voice > 0) this.voiceAt = end;
    if (told.speaking > 0) this.ownAt = end;
    this.language = told.language ?? (told.words > 0 ? null : this.language);
  }

  /**
   * @param {number} now  seconds of the session
   * @param {boolean} [heard]  whether there is a microphone: without one, what a mouth does is no voice
   * @returns {Chips}
   */
  chips(now, heard = true) {
    /** @type {Pick<Chips, "voice" | "words"> | null} */
    const silent = heard ? null :
      { voice: { key: "no_microphone", state: "off" }, words: { key: "words_unheard", state: "off" } };
    if (!this.last) {
      const wait = (/** @type {string} */ key) => /** @type {Chip} */ ({ key, state: "wait" });
      const [face, voice] = [wait("face_wait"), wait("voice_wait")];
      return { face, voice, words: wait("words_wait"), behind: wait("behind_wait"), ...silent };
    }
    const behind = Math.max(0, now - this.reached);
    return {
      face: this.face(),
      voice: this.voice(),
      words: this.understood(),
      behind: { key: "behind", values: { seconds: behind.toFixed(1) }, state: behind < BEHIND ? "on" : "off" },
      ...silent,
    };
  }

  /** @returns {Chip} */
  face() {
    const limits = /** @type {{ why: string }[]} */ (this.last.limits ?? []).map((each) => each.why);
    const why = FACELESS.find((each) => limits.includes(each));
    if (this.last.face > 0 && !why) return { key: "face_seen", state: "on" };
    return { key: why ? `why_${why}` : "why_no_face", state: "off" };
  }

  /** @returns {Chip} */
  voice() {
    const limits = /** @type {{ why: string }[]} */ (this.last.limits ?? []).map((each) => each.why);
    if (limits.includes("no_sound")) return { key: "why_no_sound", state: "off" };
    if (this.reached - this.ownAt <= LATELY) return { key: "voice_own", state: "on" };
    if (this.reached - this.voiceAt <= LATELY) {
      if (limits.includes("anothers_voice")) return { key: "voice_other", state: "off" };
      return { key: "voice_heard", state: "on" };
    }
    return { key: limits.includes("noisy") ? "why_noisy" : "voice_quiet", state: "off" };
  }

  /** @returns {Chip} */
  understood() {
    if (this.language && this.language !== "en") {
      return { key: "words_foreign", values: { language: this.language }, state: "off" };
    }
    if (this.wordless > UNCLEAR) return { key: "words_unclear", state: "off" };
    if (!this.words) return { key: this.wordless > 0 ? "words_hearing" : "words_none", state: "busy" };
    return { key: "words_english", values: { count: this.words }, state: "on" };
  }
}
