import assert from "node:assert/strict";
import { test } from "node:test";
import { MediaClock, openStream, probe, verdict, waits } from "../../src/interhuman_stream/service/web/stream.js";

const URL_V2 = "ws://127.0.0.1:8000/v2/stream/analyze";

test("how a connection ended says whether and why to come back", () => {
  for (const [code, error, kind, again] of /** @type {const} */ ([
    [1006, undefined, "lost", true],
    [1011, "ih1001", "lost", true],
    [1012, undefined, "restarting", true],
    [1013, "ih1003", "full", true],
    [1001, "ih6004", "limit", true],
    [1013, "ih3003", "quota", true],
    [1008, "ih3006", "quota", false],
    [1008, "ih2014", "credential", false],
    [4003, "ih2003", "credential", false],
    [1008, undefined, "credential", false],
    [1006, "ih5001", "lost", true],
    [1002, undefined, "refused", false],
    [1000, undefined, "ended", false],
  ])) assert.deepEqual(verdict(code, error), { kind, again }, `${code} ${error}`);
});

test("waits double up to half a minute, at random below that", () => {
  const most = waits(() => 1);
  assert.deepEqual(Array.from({ length: 8 }, () => most.next().value), [0.5, 1, 2, 4, 8, 16, 30, 30]);
  assert.equal(waits(() => 0).next().value, 0);
});

test("media that was recorded after a pause belongs later", () => {
  const clock = new MediaClock(100);
  assert.equal(clock.offset(0), 100);
  clock.pause(110);
  clock.pause(111);
  assert.equal(clock.resume(115), 110);
  assert.equal(clock.offset(9.9), 100);
  assert.equal(clock.offset(10), 105);
  clock.pause(120);
  assert.equal(clock.resume(123), 120);
  assert.equal(clock.offset(16), 108);
});

/** @param {Record<string, [number, string, Record<string, string>?]>} answers */
const server = (answers) => /** @type {typeof fetch} */ (async (address) => {
  const path = new URL(String(address)).pathname;
  if (!answers[path]) throw new TypeError("Failed to fetch");
  const [status, body, headers] = answers[path];
  return new Response(body, { status, headers });
});

test("why a socket does not open is asked for", async () => {
  const ready = /** @type {[number, string]} */ ([200, "{}"]);
  const full = await probe(URL_V2, server({ "/readyz": [503, '{"status":"full"}', { "Retry-After": "5" }] }));
  assert.deepEqual(full, { kind: "full", again: true, retryAfter: 5 });
  const draining = await probe(URL_V2, server({ "/readyz": [503, '{"status":"draining"}'] }));
  assert.equal(draining.kind, "restarting");
  assert.deepEqual(await probe(URL_V2, server({})), { kind: "gone", again: true });
  const old = server({ "/readyz": ready, "/asyncapi.json": [200, '{"address":"/v0/stream/analyze"}'] });
  assert.deepEqual(await probe(URL_V2, old), { kind: "too_old", again: false });
  const good = server({ "/readyz": ready, "/asyncapi.json": [200, '{"address":"/v2/stream/analyze"}'] });
  assert.deepEqual(await probe(URL_V2, good), { kind: "credential", again: false });
});

/** A recorder that gives one blob at its end, as browsers do, and a socket that opens at once. */
function browser() {
  /** @type {any[]} */
  const [recorders, sockets] = [[], []];
  class Recorder {
    /** @param {any} media */
    constructor(media) {
      Object.assign(this, { media, state: "inactive" });
      recorders.push(this);
    }
    static isTypeSupported() { return true; }
    start() { /** @type {any} */ (this).state = "recording"; }
    stop() {
      const me = /** @type {any} */ (this);
      me.state = "inactive";
      setTimeout(() => {
        me.ondataavailable?.({ data: { size: 1, media: me.media } });
        me.onstop?.();
      });
    }
  }
  class Socket {
    constructor() {
      Object.assign(this, { readyState: 1, bufferedAmount: 0, said: [] });
      sockets.push(this);
      setTimeout(() => /** @type {any} */ (this).onmessage({ data: '{"type":"session.ready"}' }));
    }
    /** @param {any} data */
    send(data) { /** @type {any} */ (this).said.push(data.media ?? data); }
    close() { /** @type {any} */ (this).onclose({ code: 1000 }); }
  }
  Object.assign(Socket, { OPEN: 1, CONNECTING: 0 });
  Object.assign(globalThis, { MediaRecorder: Recorder, WebSocket: Socket });
  return { recorders, sockets };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

test("other devices go on in the same session, as a recording of their own", async () => {
  const { recorders, sockets } = browser();
  let now = 0;
  /** @type {any[]} */
  const lost = [];
  const media = (/** @type {string} */ name) => /** @type {any} */ (name);
  const stream = openStream({ url: URL_V2, media: media("one"), credential: async () => "t", now: () => now, origin: 0,
    onLost: (each) => lost.push(each) });
  await soon();
  now = 5000;
  stream.replace(media("two"));
  now = 5200;
  await soon();
  assert.deepEqual(recorders.map((each) => [each.media, each.state]), [["one", "inactive"], ["two", "recording"]]);
  assert.deepEqual(lost, [{ start: 5, end: 5.2, why: "replaced" }]);
  stream.replace(media("three"));
  const over = stream.stop();  // while the second recording ends
  await soon();
  assert.deepEqual(sockets.map((each) => each.said), [["one", "two", '{"type":"session.close"}']]);
  sockets[0].close();
  await over;
  assert.equal(recorders.length, 2);
  assert.equal(stream.state.name, "ended");
  assert.ok(!process.getActiveResourcesInfo().includes("Timeout"), "no clock goes on after the end");
});
