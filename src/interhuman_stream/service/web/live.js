/** The live view: the camera's picture, what the engine perceives of it, and the lanes over the session. */
import { byId, element } from "./app.js";
import { clock } from "./axis.js";
import { Perceiving } from "./chips.js";
import { createChoosing } from "./choosing.js";
import { NoDevices, openDevices, watchDevices } from "./devices.js";
import { ofLoss, ofStream, ofTrack } from "./failures.js";
import { apply, close, createHistory } from "./history.js";
import { drawLook } from "./overlay.js";
import { createReason } from "./reason.js";
import { createScroller } from "./scroller.js";
import { openStream } from "./stream.js";
import { createSummary } from "./summary.js";
import { createTrouble } from "./trouble.js";

const INCLUDE = ["conversation_quality_overall", "conversation_quality_timeline", "perception"];
const CHIPS = /** @type {const} */ (["face", "voice", "words", "behind"]);
const POINTED = 10;  // seconds for which what somebody points at stays
const BLINK = 1;  // seconds without a connection that are worth no word
const HIDDEN = 3;  // seconds for which the tab must have been hidden to be worth a word

/**
 * @typedef {object} Told  what the inspector is told
 * @property {(direction: "in" | "out", text: string, bytes?: number) => void} message
 * @property {(state: import("./stream.js").State, url: string) => void} state
 */

/**
 * @param {import("./app.js").App} app
 * @param {import("./access.js").Access} access
 * @param {Told} told
 */
export function mountLive(app, access, told) {
  const reason = createReason(app);
  const scroller = createScroller(app, { chosen: point, scale: 14, quiet: quietly, follows });
  const summary = createSummary(app);
  const trouble = createTrouble(app, act);
  const devices = createChoosing(app, () => void change());
  byId("lanes", HTMLElement).append(scroller.element, reason.element);
  const video = byId("video", HTMLVideoElement);
  const canvas = byId("overlay", HTMLCanvasElement);
  const elapsed = byId("elapsed", HTMLElement);
  let perceiving = new Perceiving();
  let origin = Date.now();
  /** @type {import("./stream.js").LiveStream | null} */
  let stream = null;
  /** @type {MediaStream | null} */
  let media = null;
  let unwatch = () => {};
  let silent = false;
  let unheard = false;  // the microphone went away in the middle, and no other has been chosen
  let hiddenAt = 0;
  let held = false;  // the focus is in a panel that is changed for another
  let pointedAt = 0;  // when somebody last pointed at a stretch

  const version = () => byId("version", HTMLSelectElement).value;
  const address = () => `${location.origin.replace(/^http/, "ws")}/${version()}/stream/analyze`;

  async function start() {
    if (stream) return;
    useKey();
    phase("starting");
    trouble.show(null);
    // Both at once: the token is there before somebody has answered the browser's question.
    const token = access.credential().catch((error) => error);
    try {
      media = await openDevices(devices.choice());
    } catch (error) {
      if (!(error instanceof NoDevices)) throw error;
      fail(error.failure);
      return;
    }
    await token;
    void devices.fill();
    video.srcObject = media;
    watch(media);
    if (app.history.duration === 0) begin();
    else origin = Date.now() - (app.history.duration + 0.01) * 1000;
    perceiving = new Perceiving();
    phase("live");
    stream = openStream({
      url: address(), media, origin, include: INCLUDE, credential: (renew) => access.credential(renew),
      onMessage, onState,
      onSent: ({ text, bytes }) => told.message("out", text ?? "", bytes),
      onLost: ({ start, end, why }) => {
        apply(app.history, { type: "coverage.dropped", data: { ranges: [{ start, end }] } }, 0);
        if (why !== "disconnected" || end - start > BLINK) trouble.pass(ofLoss(why, end - start));
        app.changed();
      },
      onSlow: ({ slow }) => trouble.show(slow ? { key: "slow", weight: "note", actions: [] } : null),
    });
    frame();
  }

  /** @param {MediaStream} used */
  function watch(used) {
    unwatch();
    byId("picture", HTMLElement).style.setProperty("--level", "0");
    unwatch = watchDevices(used, {
      ended,
      silent: (now) => { silent = now; say(); },
      level: (level) => byId("picture", HTMLElement).style.setProperty("--level", Math.min(1, level * 6).toFixed(2)),
    });
  }

  /**
   * A device went away: without a camera there is nothing to judge, without a microphone the face still is.
   * @param {string} kind
   */
  function ended(kind) {
    if (kind === "audio" && media) {
      devices.without();
      unheard = true;
      use(new MediaStream(media.getVideoTracks()));
    } else {
      void halt();
      fail(ofTrack(kind));
    }
  }

  /** Another camera or microphone was chosen: go on with it, or with the one there was if it cannot be had. */
  async function change() {
    const before = media;
    if (!stream || !before) return;
    let next;
    try {
      next = await openDevices(devices.choice());
    } catch (error) {
      if (!(error instanceof NoDevices)) throw error;
      trouble.pass({ ...error.failure, weight: "note", actions: [] });
      devices.used(before.getTracks());
      return;
    }
    if (media !== before) return release(next);  // it was stopped meanwhile, or changed once more
    unheard = false;
    use(next);
    release(before);
  }

  /** Go on with other devices. @param {MediaStream} next */
  function use(next) {
    [media, video.srcObject, silent] = [next, next, false];
    watch(next);
    stream?.replace(next);
    say();
  }

  /** @param {MediaStream | null} given */
  const release = (given) => given?.getTracks().forEach((track) => track.stop());

  /** @param {boolean} on  whether the present stays in sight: only where it does not, something leads back to it */
  function follows(on) {
    byId("follow", HTMLButtonElement).hidden = on || document.body.dataset.phase !== "live";
  }

  /** A new session, with a history of its own. */
  function begin() {
    origin = Date.now();
    app.history = createHistory();
    scroller.show(app.history);
    scroller.playhead(NaN);
    scroller.follow(true);
    reason.show(null);
    app.changed();
  }

  /** What stands in empty lanes: that somebody attends is said only while a face is seen. */
  function quietly() {
    if (!stream) return app.history.duration ? undefined : app.t("before_start");
    const { face, behind } = perceiving.chips(stream.seconds);
    if (face.state === "wait" || !app.history.engagement.length) return app.t("nothing_yet");
    if (behind.state === "off") return app.t(behind.key, behind.values);
    return face.state === "on" ? app.t("quiet") : app.t("unseen", { why: app.t(face.key) });
  }

  /** @param {number} index  of a stretch that somebody points at */
  function point(index) {
    pointedAt = Date.now();
    reason.show(app.history.spans[index] ?? null);
  }

  /** The reason of what was told last, while nobody points at anything else. */
  function latest() {
    const last = app.history.spans.findLast((each) => !each.level) ?? app.history.spans.at(-1);
    if (last && Date.now() - pointedAt > POINTED * 1000) reason.show(last);
  }

  /** @param {import("./stream.js").Incoming} came */
  function onMessage({ text, message, at }) {
    told.message("in", text);
    if (!message) return;
    apply(app.history, message, at);
    const there = message.type === "perception.updated" ? message.data : message.perception;
    if (there) perceiving.take(there, message.type ? there.end + at : app.history.duration);
    if (there?.look !== undefined) look(there.look);
    if (message.type === "session.ended" || message.type === "session.ready") close(app.history);
    summary.came(message);
    if (/^(signal|engagement)\./.test(message.type) || message.signals?.length) latest();
    app.changed();
    chips();
  }

  /** @param {import("./stream.js").State} state */
  function onState(state) {
    told.state(state, address());
    if (state.name !== "live") close(app.history);
    if (state.name === "live") trouble.show(null);
    if (state.name === "failed") {
      void halt();
      const failure = ofStream(state.why, { version: version() });
      fail(failure);
      if (failure.actions.includes("key")) byId("key", HTMLElement).hidden = false;
      return;
    }
    say();
  }

  /** What stands over everything else now. */
  function say() {
    const state = stream?.state;
    if (state?.name === "waiting") {
      trouble.show(ofStream(state.why, { seconds: (state.until - Date.now()) / 1000, version: version() }));
    } else if (unheard) {
      trouble.show({ ...ofTrack("audio"), weight: "note" });
    } else if (silent) {
      trouble.show({ key: "microphone_silent", weight: "note", actions: [] });
    } else if (state?.name === "live" && byId("trouble", HTMLElement).dataset.key !== "slow") {
      trouble.show(null);
    }
    app.state(state?.name ?? "idle");
  }

  /** @param {import("./failures.js").Failure} failure */
  function fail(failure) {
    phase("idle");
    trouble.show(failure);
    app.state("failed");
  }

  async function halt() {
    const ending = stream;
    unwatch();
    unwatch = () => {};
    silent = unheard = false;
    const dark = () => {
      release(media);
      [video.srcObject, media] = [null, null];
    };
    if (!ending) return dark();
    hold();
    byId("stop", HTMLButtonElement).disabled = byId("badge", HTMLElement).hidden = true;
    const answered = ending.stop();
    byId("picture", HTMLElement).style.setProperty("--level", "0");
    release(media);  // at once: what was recorded is on its way, and answers may take a minute
    await answered;
    if (stream === ending) stream = null;
    dark();
    byId("stop", HTMLButtonElement).disabled = false;
    close(app.history);
    app.changed();
  }

  async function stop() {
    await halt();
    trouble.show(null);
    phase("ended");
    app.state("idle");
  }

  /** @param {import("./failures.js").Failure["actions"][number]} action */
  function act(action) {
    if (action === "retry") stream?.retry();
    else if (action === "file") app.show("file");
    else if (action === "reload") location.reload();
    else if (action === "key") {
      byId("key", HTMLElement).hidden = false;
      byId("key_id", HTMLInputElement).focus();
    } else {
      if (action === "v0") byId("version", HTMLSelectElement).value = "v0";
      if (action === "without_microphone") devices.without();
      void start();
    }
  }

  /** Note where the focus is before its button is disabled or hidden, which takes it away. */
  function hold() {
    held ||= ["welcome", "picture"].some((each) => byId(each, HTMLElement).contains(document.activeElement));
  }

  /** @param {"idle" | "starting" | "live" | "ended"} now */
  function phase(now) {
    hold();
    document.body.dataset.phase = now;
    byId("welcome", HTMLElement).hidden = now === "live";
    byId("picture", HTMLElement).hidden = now !== "live";
    byId(now === "live" ? "changing" : "choosing", HTMLElement).append(byId("devices", HTMLElement));
    byId("start", HTMLButtonElement).disabled = now === "starting";
    byId("to-report", HTMLElement).hidden = now === "live" || now === "starting" || !app.history.duration;
    byId("badge", HTMLElement).hidden = now !== "live";
    if (held && now !== "starting") {
      byId(now === "live" ? "stop" : "start", HTMLButtonElement).focus({ preventScroll: true });
      held = false;
    }
    byId("looks", HTMLInputElement).disabled = version() === "v0";  // which does not say where the face is
    if (now !== "live") look(null);
    app.state(now === "ended" ? "idle" : now === "live" ? "connecting" : now);
  }

  /** @param {{ box: number[], gaze: number[] } | null} seen */
  function look(seen) {
    const shown = byId("looks", HTMLInputElement).checked && version() !== "v0";
    drawLook(canvas, shown ? seen : null, { width: video.videoWidth, height: video.videoHeight });
  }

  function chips() {
    const now = perceiving.chips((Date.now() - origin) / 1000, !media || media.getAudioTracks().length > 0);
    const list = byId("chips", HTMLElement);
    for (const name of CHIPS) {
      const { key, values, state } = now[name];
      const chip = list.querySelector(`[data-chip=${name}]`) ?? list.appendChild(element("li", { "data-chip": name }));
      const text = app.t(key, values?.language ? { language: languageName(String(values.language)) } : values);
      if (chip.textContent !== text) chip.textContent = text;
      chip.setAttribute("data-state", state);
    }
  }

  /** @param {string} code */
  function languageName(code) {
    return new Intl.DisplayNames([app.language], { type: "language" }).of(code) ?? code;
  }

  function frame() {
    if (!stream) return;
    const now = (Date.now() - origin) / 1000;  // what goes on is drawn as far as it is judged, and no further
    scroller.update(Math.max(now, app.history.duration));
    const said = clock(Math.floor(now));
    if (elapsed.textContent !== said) elapsed.textContent = said;
    requestAnimationFrame(frame);
  }

  function useKey() {
    const id = byId("key_id", HTMLInputElement).value.trim();
    const secret = byId("key_secret", HTMLInputElement);
    if (id && !byId("key", HTMLElement).hidden) access.use(id, secret.value.trim());
  }

  function consent() {
    const here = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
    byId("consent", HTMLElement).textContent = app.t(here ? "consent_here" : "consent_there", { host: location.host });
  }

  byId("welcome", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    if (document.body.dataset.phase === "ended") app.history = createHistory();
    void start();
  });
  byId("stop", HTMLButtonElement).addEventListener("click", () => void stop());
  byId("looks", HTMLInputElement).addEventListener("change", () => look(null));
  byId("follow", HTMLButtonElement).addEventListener("click", () => {
    const view = scroller.element.querySelector(".lanes-view");  // the button goes, and the focus would with it
    if (view instanceof HTMLElement) view.focus({ preventScroll: true });
    scroller.follow(true);
  });
  byId("closer", HTMLButtonElement).addEventListener("click", () => scroller.zoomBy(1.5));
  byId("farther", HTMLButtonElement).addEventListener("click", () => scroller.zoomBy(1 / 1.5));
  byId("whole", HTMLButtonElement).addEventListener("click", () => scroller.zoom("fit"));
  byId("to-report", HTMLButtonElement).addEventListener("click", () => {
    app.reported = app.history;
    app.show("report");
  });
  byId("version", HTMLSelectElement).addEventListener("change", () => told.state({ name: "ended" }, address()));
  navigator.mediaDevices?.addEventListener("devicechange", async () => {
    const names = await devices.fill();
    if (stream && names.length) {
      trouble.pass({ key: "device_came", values: { names: names.join(", ") }, weight: "note", actions: [] });
    }
  });
  document.addEventListener("visibilitychange", () => {
    const away = (Date.now() - hiddenAt) / 1000;
    if (document.hidden) hiddenAt = Date.now();
    else if (stream && away > HIDDEN) {
      trouble.pass({ key: "tab_hidden", values: { seconds: Math.round(away) }, weight: "note", actions: [] });
    }
  });
  setInterval(() => {
    if (!stream) return;
    chips();
    say();
    summary.due();
  }, 500);
  app.onLanguage(() => {
    consent();
    void devices.fill();
    chips();
  });
  scroller.show(app.history);
  scroller.playhead(NaN);
  access.credential().catch((error) => { byId("key", HTMLElement).hidden = error instanceof TypeError; });
}
