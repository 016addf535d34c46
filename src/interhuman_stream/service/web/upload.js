/** A recording to the service, and its result back: in one request, or as a stream where it is too large for one. */
import { apply, close, createHistory } from "./history.js";

/** @typedef {import("./history.js").History} History */
/**
 * @typedef {object} Progress
 * @property {"sending" | "analysing" | "waiting"} state
 * @property {number} share  from 0 to 1; NaN where it is not known
 * @property {number} [seconds]  that it waits before it asks again
 */
/** @typedef {(progress: Progress) => void} Told */
/** @typedef {(renew?: boolean) => Promise<string>} Credential */

/** Bytes of a file that one request takes: the service's `LARGEST_UPLOAD`, less what the form around it weighs. */
export const LARGEST = 33_554_432;
/** Bytes of a frame of a file that is streamed, and that may wait to be sent. */
const FRAME = 1 << 20;
const WAITING = 4 * FRAME;
/** Seconds before a full service is asked again, where it does not say. */
const AGAIN = 5;
const INCLUDES = ["conversation_quality_overall", "conversation_quality_timeline", "perception"];

/** What the service said to be wrong, or that it was not reached (`code` ""). */
export class UploadError extends Error {
  /** @param {string} code as the wire has it, "ih4003" @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * Have a recording analysed.
 * @param {File} file
 * @param {number} duration seconds of it, as far as is known; NaN where it is not
 * @param {Credential} credential
 * @param {Told} told
 * @param {AbortSignal} signal
 * @param {(history: History) => void} grown what is known so far, each time that it is more
 * @returns {Promise<History>}
 * @throws {UploadError} the service refused it, or was lost
 */
export async function analyse(file, duration, credential, told, signal, grown) {
  const history = createHistory();
  if (file.size <= LARGEST) {
    apply(history, await request(file, credential, told, signal), 0);
  } else {
    await stream(file, duration, await credential(), told, signal, (message) => {
      apply(history, message, 0);
      grown(history);
    });
    close(history);
  }
  return history;
}

/**
 * One request; asked again where the service is full, and once with another token.
 * @param {File} file @param {Credential} credential @param {Told} told @param {AbortSignal} signal
 * @returns {Promise<unknown>}
 */
async function request(file, credential, told, signal) {
  let token = await credential();
  let renewed = false;
  for (;;) {
    const answer = await post(file, token, told, signal);
    if (answer.status === 200) return JSON.parse(answer.text);
    const { code, message } = said(answer.text, answer.status);
    if (answer.status === 401 && !renewed) {
      renewed = true;
      token = await credential(true);
    } else if (answer.status === 503 || (answer.status === 429 && answer.retryAfter)) {
      await pause(answer.retryAfter ?? AGAIN, told, signal);
    } else {
      throw new UploadError(code, message);
    }
  }
}

/**
 * @param {File} file @param {string} token @param {Told} told @param {AbortSignal} signal
 * @returns {Promise<{status: number, text: string, retryAfter: number | null}>}
 */
function post(file, token, told, signal) {
  const form = new FormData();
  for (const include of INCLUDES) form.append("include[]", include);
  form.append("file", file, file.name);
  const asked = new XMLHttpRequest();  // fetch tells nothing of what was sent
  return new Promise((resolve, reject) => {
    asked.open("POST", "/v1/upload/analyze");
    asked.setRequestHeader("Authorization", `Bearer ${token}`);
    asked.upload.onprogress = (event) => told({ state: "sending", share: event.loaded / Math.max(1, event.total) });
    asked.upload.onload = () => told({ state: "analysing", share: NaN });
    asked.onload = () => resolve({
      status: asked.status,
      text: asked.responseText,
      retryAfter: Number(asked.getResponseHeader("Retry-After")) || null,
    });
    asked.onerror = () => reject(new UploadError("", ""));
    asked.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => asked.abort(), { once: true });
    asked.send(form);
  });
}

/** @param {string} text @param {number} status @returns {{code: string, message: string}} */
function said(text, status) {
  try {
    const body = JSON.parse(text);
    return { code: String(body.error_id ?? ""), message: String(body.message ?? "") };
  } catch {
    return { code: "", message: `HTTP ${status}` };
  }
}

/** @param {number} seconds @param {Told} told @param {AbortSignal} signal @returns {Promise<void>} */
async function pause(seconds, told, signal) {
  for (let rest = Math.ceil(seconds); rest > 0; rest -= 1) {
    told({ state: "waiting", share: NaN, seconds: rest });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    signal.throwIfAborted();
  }
}

/**
 * As a v1 session: frames may be any bytes, and all twelve signals are told as they are found.
 * @param {File} file @param {number} duration @param {string} token @param {Told} told @param {AbortSignal} signal
 * @param {(message: any) => void} came
 * @returns {Promise<void>}
 */
async function stream(file, duration, token, told, signal, came) {
  const url = new URL("/v1/stream/analyze", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url, ["access_token", token]);
  /** @type {UploadError | null} */
  let wrong = null;
  const opened = new Promise((resolve) => { socket.onopen = resolve; });
  const closed = new Promise((resolve) => { socket.onclose = resolve; });
  const abort = () => socket.close(1000);
  signal.addEventListener("abort", abort, { once: true });
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "error") wrong ??= new UploadError(message.data.code, message.data.message);
    if (message.type === "perception.updated") told({ state: "analysing", share: message.data.end / duration });
    came(message);
  };
  await Promise.race([opened, closed]);
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ include: INCLUDES }));
  for (let at = 0; at < file.size && socket.readyState === WebSocket.OPEN; at += FRAME) {
    socket.send(await file.slice(at, at + FRAME).arrayBuffer());
    if (Number.isNaN(duration)) told({ state: "sending", share: at / file.size });
    while (socket.bufferedAmount > WAITING && socket.readyState === WebSocket.OPEN) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "session.close" }));
  const end = /** @type {CloseEvent} */ (await closed);
  signal.removeEventListener("abort", abort);
  signal.throwIfAborted();
  if (end.code !== 1000 || wrong) throw wrong ?? new UploadError("", end.reason);
}
