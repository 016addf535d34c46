/**
 * Camera and microphone to an Interhuman stream: recorded, sent, answered, and taken up again when the network fails.
 *
 * This module stands alone: copy it, or import it from a service at `/web/stream.js`; `stream.d.ts` has its types.
 *
 *     import { openStream } from "/web/stream.js";
 *     const media = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
 *     const stream = openStream({
 *       url: "wss://stream.example.com/v2/stream/analyze",
 *       media,
 *       credential: async () => (await (await fetch("/my-backend/client-token")).json()).client_token,
 *       onMessage: ({ message, at }) => console.log(message.type, message.data, "counts from second", at),
 *       onState: (state) => console.log(state.name, state.why ?? ""),
 *     });
 *     // later
 *     await stream.stop();  // what was sent is still answered
 *
 * Each connection is a recording of its own: the service begins anew with it, and so do its times. `at` says where in the
 * session, in seconds since `origin`, the times of a message count from. Whatever was not recorded or may not have been
 * analysed is told by `onLost`. Nothing is stored, and nothing goes anywhere but to `url` and, to learn why a connection
 * fails, `/readyz` and `/asyncapi.json` of the same server.
 */

/** Milliseconds of media in a blob: v0 answers each blob, v1 and v2 tell what they see as it comes. */
export const SLICES = { v0: 3000, v1: 500, v2: 250 };
/** Close codes with which a server or a network goes away for a while (RFC 6455 and IANA's registry). */
const PASSING = new Set([1001, 1005, 1006, 1011, 1012, 1013]);
const KINDS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const FIRST_WAIT = 0.5;
const LONGEST_WAIT = 30;
const ASLEEP = 8;  // seconds without a blob after which nothing was recorded meanwhile
const GOOD = 10;  // seconds after which a connection counts as a good one
const DRAIN = 65;  // seconds in which what was sent is answered after the end; the service promises 60
const DRAINED = 0.25;  // of what may wait to be sent, below which recording goes on

/**
 * How to go on after a connection has ended.
 * @param {number} code  of the close
 * @param {string | undefined} error  the id of the last error that was told, such as `ih6004`
 * @returns {{ kind: import("./stream.js").Kind, again: boolean }}
 */
export function verdict(code, error) {
  if (error === "ih6004" || error === "ih6003") return { kind: "limit", again: true };
  if (error === "ih3002" || error === "ih3003") return { kind: "quota", again: code === 1013 };
  if (error === "ih3006") return { kind: "quota", again: false };
  if (error === "ih1003") return { kind: "full", again: true };
  if (code === 1012) return { kind: "restarting", again: true };
  if (error?.startsWith("ih2") || code === 1008 || code === 4003) return { kind: "credential", again: false };
  if (code === 1000) return { kind: "ended", again: false };
  return PASSING.has(code) ? { kind: "lost", again: true } : { kind: "refused", again: false };
}

/**
 * Seconds to wait before each try: up to twice as long each time, at random below that, so that the pages of a server
 * that restarts do not come back all at once (full jitter; Brooker, AWS Architecture Blog, 2015).
 * @param {() => number} [random]
 * @returns {Generator<number, never>}
 */
export function* waits(random = Math.random) {
  for (let most = FIRST_WAIT; ; most = Math.min(2 * most, LONGEST_WAIT)) yield random() * most;
}

/** Where in the session the times of a connection's media are; recording that pauses takes time out of the media. */
export class MediaClock {
  /** @param {number} at  seconds of the session at which the media begins */
  constructor(at) {
    this.steps = [{ media: 0, at }];
    /** @type {number | null} */
    this.paused = null;
  }

  /** @param {number} now  seconds of the session */
  pause(now) {
    this.paused ??= now;
  }

  /** @param {number} now  @returns {number}  seconds of the session at which it was paused */
  resume(now) {
    const last = this.steps[this.steps.length - 1];
    const from = this.paused ?? now;
    this.steps.push({ media: last.media + from - last.at, at: now });
    this.paused = null;
    return from;
  }

  /** @param {number} media  seconds of the media  @returns {number}  what to add for seconds of the session */
  offset(media) {
    let step = this.steps[0];
    for (const each of this.steps) if (each.media <= media) step = each;
    return step.at - step.media;
  }
}

/**
 * Why a server does not open a socket, which browsers do not tell.
 * @param {string} url  of the stream
 * @param {typeof fetch} [ask]
 * @returns {Promise<import("./stream.js").Why & { again: boolean }>}
 */
export async function probe(url, ask = fetch) {
  const server = new URL(url.replace(/^ws/, "http"));
  try {
    const ready = await ask(new URL("/readyz", server), { cache: "no-store" });
    if (ready.status === 503) {
      const { status } = await ready.json().catch(() => ({ status: "full" }));
      const kind = status === "full" ? "full" : "restarting";
      return { kind, again: true, retryAfter: Number(ready.headers.get("Retry-After")) || undefined };
    }
    const described = await ask(new URL("/asyncapi.json", server), { cache: "no-store" });
    const known = described.ok ? await described.text() : "";
    if (!known.includes(`"${server.pathname}"`)) return { kind: "too_old", again: false };
    return { kind: "credential", again: false };
  } catch {
    return { kind: "gone", again: true };
  }
}

/**
 * @param {import("./stream.js").Kind} kind
 * @param {boolean} again
 * @returns {import("./stream.js").Why & { again: boolean }}
 */
function ending(kind, again) {
  return { kind, again };
}

/**
 * Record a media stream, send it, and go on until `stop`.
 * @param {import("./stream.js").StreamOptions} options
 * @returns {import("./stream.js").LiveStream}
 */
export function openStream(options) {
  return new Live(options);
}

class Live {
  /** @param {import("./stream.js").StreamOptions} options */
  constructor(options) {
    const version = /\/(v[012])\//.exec(new URL(options.url).pathname)?.[1] ?? "v2";
    this.version = /** @type {keyof typeof SLICES} */ (version);
    const slice = SLICES[this.version];
    this.options = { include: [], slice, bitsPerSecond: 1_000_000, mostWaiting: 2_000_000, ...options };
    this.now = options.now ?? Date.now;
    this.origin = options.origin ?? this.now();
    /** @type {import("./stream.js").State} */
    this.state = { name: "connecting" };
    this.stopping = false;
    /** @type {Connection | null} */
    this.connection = null;
    this.wake = () => {};
    this.done = this.run();
  }

  /** Seconds since the origin. */
  get seconds() {
    return (this.now() - this.origin) / 1000;
  }

  async run() {
    let waiting = waits();
    let renewed = false;  // a credential that is refused is asked for anew, once
    /** @type {number | null} */
    let lostAt = null;
    while (!this.stopping) {
      this.tell({ name: "connecting" });
      const connection = new Connection(this, lostAt);
      this.connection = connection;
      const why = await connection.run(renewed);
      this.connection = null;
      if (connection.reached !== null) lostAt = connection.reached;
      if (this.stopping) break;
      if (connection.liveFor > GOOD) [waiting, renewed] = [waits(), false];
      if (why.kind === "credential" && connection.socket && !connection.live && !renewed) {
        renewed = true;
        continue;
      }
      if (!why.again) {
        this.tell({ name: "failed", why });
        return;
      }
      const wait = why.kind === "limit" ? 0 : Math.max(waiting.next().value, why.retryAfter ?? 0);
      this.tell({ name: "waiting", why, until: this.now() + wait * 1000 });
      await this.sleep(wait);
    }
    this.tell({ name: "ended" });
  }

  /** End: what was sent is still answered. */
  async stop() {
    this.stopping = true;
    this.wake();
    this.connection?.finish();
    await this.done;
  }

  /**
   * Go on with other devices, in the same session.
   * @param {MediaStream} media
   */
  replace(media) {
    this.options.media = media;
    this.connection?.replace();
  }

  /** Try again now, where it waits to. */
  retry() {
    this.wake();
  }

  /** @param {import("./stream.js").State} state */
  tell(state) {
    this.state = state;
    this.options.onState?.(state);
  }

  /** @param {number} seconds */
  sleep(seconds) {
    return /** @type {Promise<void>} */ (new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.wake = () => { clearTimeout(timer); resolve(); };
    }));
  }
}

/** One connection, its recording, and what became of it. */
class Connection {
  /**
   * @param {Live} stream
   * @param {number | null} lostAt  how far the session was known when the connection before was lost
   */
  constructor(stream, lostAt) {
    this.stream = stream;
    this.options = stream.options;
    this.lostAt = lostAt;
    this.live = false;
    this.began = 0;
    /** @type {MediaClock | null} */
    this.clock = null;
    /** @type {MediaRecorder | null} */
    this.recorder = null;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.sent = this.answered = 0;
    this.answeredMedia = 0;  // v0 counts each segment's times from its own start
    /** @type {number | null} */
    this.reached = null;
    this.lastBlob = 0;
    /** @type {string | undefined} */
    this.error = undefined;
    /** @type {string | undefined} */
    this.errorMessage = undefined;
    this.finishing = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.draining = undefined;
    this.replacing = false;
    this.asleep = false;
  }

  get liveFor() {
    return this.live ? this.stream.seconds - this.began : 0;
  }

  /** @param {boolean} renew  whether the credential is to be made anew */
  async run(renew) {
    let credential;
    try {
      credential = await this.options.credential(renew);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      // A TypeError is how `fetch` says that there is no server.
      return error instanceof TypeError ? ending("gone", true) : { ...ending("credential", false), message };
    }
    if (this.stream.stopping) return ending("ended", false);
    const code = await this.talk(credential);
    this.halt();
    if (this.asleep) return ending("asleep", true);
    if (!this.live && (this.error === undefined || this.error === "ih1003")) return probe(this.options.url);
    return { ...verdict(code, this.error), code, message: this.errorMessage };
  }

  /** @param {string} credential  @returns {Promise<number>}  the code of the close */
  talk(credential) {
    const url = new URL(this.options.url);
    if (this.stream.version === "v0") {
      for (const each of this.options.include) url.searchParams.append("include[]", each);
    }
    const socket = new WebSocket(url, ["access_token", credential]);
    this.socket = socket;
    return new Promise((resolve) => {
      socket.onopen = () => { if (this.stream.version === "v0") this.begin(); };
      socket.onmessage = (event) => this.came(String(event.data));
      socket.onclose = (event) => resolve(event.code);
      if (this.stream.stopping) socket.close();
    });
  }

  begin() {
    if (this.finishing || this.live) return;
    this.live = true;
    this.began = this.stream.seconds;
    this.clock = new MediaClock(this.began);
    if (this.lostAt !== null) this.lost(this.lostAt, this.began, "disconnected");
    this.reached = this.began;
    this.record();
    this.stream.tell({ name: "live" });
  }

  /** Record from here on; in the middle of a session too, where it is a file of its own and the service takes it so. */
  record() {
    const { media, bitsPerSecond, slice } = this.options;
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const recorder = new MediaRecorder(media, { mimeType, videoBitsPerSecond: bitsPerSecond });
    this.recorder = recorder;
    this.lastBlob = this.stream.seconds;
    // Every blob is sent, however small: each continues the one before it.
    recorder.ondataavailable = (event) => this.recorded(event.data);
    recorder.onstop = () => this.close();
    recorder.start(slice);
  }

  /** End the recording at hand, and begin another of what the stream records now. */
  replace() {
    const { recorder, clock, stream } = this;
    if (!recorder || recorder.state === "inactive" || !clock || this.finishing) return;
    const slow = recorder.state === "paused";
    this.replacing = true;
    clock.pause(stream.seconds);
    recorder.onstop = () => {  // the last blob has come
      this.replacing = false;
      if (this.finishing) return this.close();
      this.record();
      this.lost(clock.resume(stream.seconds), stream.seconds, "replaced");
      if (slow) this.options.onSlow?.({ slow: false, waiting: this.socket?.bufferedAmount ?? 0 });
    };
    recorder.stop();
  }

  /** @param {Blob} blob */
  recorded(blob) {
    const { socket, recorder, clock, stream } = this;
    if (socket?.readyState !== WebSocket.OPEN || !clock) return;
    const now = stream.seconds;
    if (now - this.lastBlob > ASLEEP && !clock.paused) {
      this.asleep = true;
      this.lost(this.lastBlob, now, "asleep");
      this.reached = now;
      socket.close();
      return;
    }
    this.lastBlob = now;
    if (blob.size) {
      this.sent += 1;
      socket.send(blob);
      this.options.onSent?.({ bytes: blob.size, number: this.sent });
    }
    const waiting = socket.bufferedAmount;
    if (recorder?.state === "recording" && waiting > this.options.mostWaiting) {
      recorder.pause();
      clock.pause(now);
      this.options.onSlow?.({ slow: true, waiting });
      this.drain();
    }
  }

  /** Go on recording once the network has taken most of what waits. */
  drain() {
    const { socket, recorder, clock, stream } = this;
    if (recorder?.state !== "paused" || !clock || socket?.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > DRAINED * this.options.mostWaiting) {
      setTimeout(() => this.drain(), 100);
      return;
    }
    recorder.resume();
    this.lastBlob = stream.seconds;
    this.lost(clock.resume(stream.seconds), stream.seconds, "slow");
    this.options.onSlow?.({ slow: false, waiting: socket.bufferedAmount });
  }

  /** @param {string} text */
  came(text) {
    /** @type {any} */
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      this.options.onMessage?.({ text, message: null, at: this.stream.seconds });
      return;
    }
    if (message.type === "session.ready") this.ready();
    const wrong = message.type === "error" ? message.data : message;
    if (message.type === "error" || message.status === "error") {
      this.error = wrong?.code ?? wrong?.error_id;
      this.errorMessage = wrong?.message ?? wrong?.error;
    }
    const at = this.at(message);
    this.options.onMessage?.({ text, message, at });
    if (message.status === "completed" || message.status === "error") {
      this.answered += 1;
      if (this.finishing) this.close();
    }
  }

  /** @param {any} message  @returns {number}  where in the session its times count from */
  at(message) {
    if (!this.clock) return this.stream.seconds;
    if (message.status === "result") {
      const media = this.answeredMedia;
      const spans = message.engagement_state ?? [];
      this.answeredMedia += spans.length ? spans[spans.length - 1].end : this.options.slice / 1000;
      this.reached = this.answeredMedia + this.clock.offset(media);
      return media + this.clock.offset(media);
    }
    const { start, end } = message.data ?? {};
    const offset = this.clock.offset(Math.max(0, start ?? end ?? 0));
    if (message.type === "perception.updated") this.reached = end + offset;
    return offset;
  }

  ready() {
    const { include } = this.options;
    if (include.length) this.say({ include });
    this.begin();
  }

  /** @param {object} message */
  say(message) {
    const text = JSON.stringify(message);
    this.socket?.send(text);
    this.options.onSent?.({ text });
  }

  finish() {
    if (this.finishing) return;
    this.finishing = true;
    this.stream.tell({ name: "finishing" });
    this.draining = setTimeout(() => this.socket?.close(), DRAIN * 1000);
    if (this.replacing) return;  // its recording's end is to come, and closes
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
    else this.close();
  }

  /** The last blob is sent: say so, or leave once all is answered. */
  close() {
    const { socket } = this;
    if (!this.finishing || !socket) return;
    if (socket.readyState === WebSocket.CONNECTING) socket.close();
    if (socket.readyState !== WebSocket.OPEN) return;
    if (this.stream.version !== "v0") this.say({ type: "session.close" });
    else if (this.answered >= this.sent) socket.close(1000);
  }

  halt() {
    clearTimeout(this.draining);
    if (this.recorder && this.recorder.state !== "inactive") {
      this.recorder.onstop = this.recorder.ondataavailable = null;
      this.recorder.stop();
    }
  }

  /** @param {number} start  @param {number} end  @param {import("./stream.js").Loss} why */
  lost(start, end, why) {
    if (end - start > 0.05) this.options.onLost?.({ start, end, why });
  }
}
