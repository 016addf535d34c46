/** Cameras and microphones: which there are, opening them, and noticing when they fail. */
import { ofDevices } from "./failures.js";

const SILENT = 6;  // seconds without any sound after which the microphone counts as silent
const LEAST_SOUND = 0.0005;  // of full scale: under the hiss of any microphone that is switched on

/** @typedef {{ camera: string, microphone: string | null }} Choice  device ids, "" for the usual one, null for none */

/** The browser gives no devices, for a reason that can be said. */
export class NoDevices extends Error {
  /** @param {import("./failures.js").Failure} failure */
  constructor(failure) {
    super(failure.key);
    this.failure = failure;
  }
}

/** @returns {Promise<{ cameras: MediaDeviceInfo[], microphones: MediaDeviceInfo[] }>} */
export async function listDevices() {
  const all = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
  return {
    cameras: all.filter((each) => each.kind === "videoinput"),
    microphones: all.filter((each) => each.kind === "audioinput"),
  };
}

/**
 * @param {Choice} choice
 * @returns {Promise<MediaStream>}
 */
export async function openDevices({ camera, microphone }) {
  const exact = (/** @type {string} */ id) => (id ? { deviceId: { exact: id } } : {});
  const video = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 25 }, ...exact(camera) };
  const audio = microphone === null ? false : { echoCancellation: true, noiseSuppression: false, ...exact(microphone) };
  try {
    if (!navigator.mediaDevices) throw new DOMException("", "NotSupportedError");
    return await navigator.mediaDevices.getUserMedia({ video, audio });
  } catch (error) {
    const { cameras, microphones } = await listDevices();
    const there = { secure: window.isSecureContext, cameras: cameras.length, microphones: microphones.length };
    throw new NoDevices(ofDevices(/** @type {Error} */ (error).name, there));
  }
}

/**
 * Tell what becomes of the devices while they are used.
 * @param {MediaStream} media
 * @param {{ ended: (kind: string) => void, silent: (silent: boolean) => void, level: (level: number) => void }} told
 * @returns {() => void}  stop watching
 */
export function watchDevices(media, told) {
  const onEnded = (/** @type {Event} */ event) => told.ended(/** @type {MediaStreamTrack} */ (event.target).kind);
  for (const track of media.getTracks()) track.addEventListener("ended", onEnded);
  const unlisten = media.getAudioTracks().length ? listen(media, told) : () => {};
  return () => {
    for (const track of media.getTracks()) track.removeEventListener("ended", onEnded);
    unlisten();
  };
}

/**
 * @param {MediaStream} media
 * @param {{ silent: (silent: boolean) => void, level: (level: number) => void }} told
 * @returns {() => void}
 */
function listen(media, told) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(media).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let soundAt = Date.now();
  let silent = false;
  const timer = setInterval(() => {
    if (context.state !== "running") return;  // nothing is heard because nothing is measured
    analyser.getFloatTimeDomainData(samples);
    const level = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
    told.level(level);
    if (level > LEAST_SOUND) soundAt = Date.now();
    const now = Date.now() - soundAt > SILENT * 1000;
    if (now !== silent) told.silent(silent = now);
  }, 200);
  return () => { clearInterval(timer); void context.close(); };
}
