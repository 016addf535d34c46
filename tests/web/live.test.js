import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyNeeded, codeOf, createAccess } from "../../src/interhuman_stream/service/web/access.js";
import { Perceiving } from "../../src/interhuman_stream/service/web/chips.js";
import { ofDevices, ofLoss, ofStream, ofTrack } from "../../src/interhuman_stream/service/web/failures.js";
import { Kept } from "../../src/interhuman_stream/service/web/kept.js";
import { CODE_KINDS, snippet } from "../../src/interhuman_stream/service/web/snippets.js";
import { CATALOGUE } from "../../src/interhuman_stream/service/web/text.js";

/** @param {Record<string, unknown>} seen */
const seen = ({ why, ...rest }) => ({
  face: 0, voice: 0, speaking: 0, words: 0, language: null, ...rest, limits: why ? [{ why }] : [],
});

test("before anything is perceived nothing is claimed", () => {
  const chips = new Perceiving().chips(5);
  assert.deepEqual(Object.values(chips).map((each) => each.state), ["wait", "wait", "wait", "wait"]);
});

test("chips say what the engine perceived, and why not", () => {
  const now = new Perceiving();
  now.take(seen({ face: 0.5, voice: 0.4, speaking: 0.3, words: 2 }), 1);
  let chips = now.chips(1.8);
  assert.deepEqual(Object.values(chips).map((each) => each.state), ["on", "on", "on", "on"]);
  assert.deepEqual(chips.voice.key, "voice_own");
  assert.deepEqual(chips.words.values, { count: 2 });
  assert.deepEqual(chips.behind.values, { seconds: "0.8" });
  now.take(seen({ why: "nobody" }), 1.5);
  chips = now.chips(9);
  assert.equal(chips.face.key, "why_nobody");
  assert.equal(chips.voice.key, "voice_own");  // a moment ago
  assert.equal(chips.behind.state, "off");
  now.take(seen({ voice: 0.5, why: "anothers_voice" }), 6);
  assert.equal(now.chips(6).voice.key, "voice_other");
  now.take(seen({ voice: 0.5, why: "no_sound" }), 6.5);
  assert.equal(now.chips(6).voice.key, "why_no_sound");
  now.take(seen({ language: "de" }), 7);
  assert.deepEqual(now.chips(7).words, { key: "words_foreign", values: { language: "de" }, state: "off" });
  now.take(seen({}), 20);
  assert.equal(now.chips(20).voice.key, "voice_quiet");
});

test("without a microphone a mouth that moves is no voice", () => {
  const now = new Perceiving();
  now.take(seen({ face: 0.5, speaking: 0.5 }), 1);
  const { face, voice, words } = now.chips(1.2, false);
  assert.deepEqual([face.state, voice, words.state], ["on", { key: "no_microphone", state: "off" }, "off"]);
  for (const each of [voice, words]) assert.ok(CATALOGUE[each.key]);
});

test("words that are not known yet are looked for, and not missing", () => {
  const now = new Perceiving();
  now.take(seen({ face: 0.5 }), 0.5);
  assert.deepEqual(now.chips(1).words, { key: "words_none", state: "busy" });
  for (let end = 1; end <= 8; end += 0.5) now.take(seen({ voice: 0.5 }), end);
  assert.deepEqual(now.chips(8.5).words, { key: "words_hearing", state: "busy" });
  for (let end = 8.5; end <= 10; end += 0.5) now.take(seen({ voice: 0.5 }), end);
  assert.deepEqual(now.chips(10).words, { key: "words_unclear", state: "off" });
  now.take(seen({ voice: 0.5, words: 3 }), 10.5);
  assert.equal(now.chips(11).words.state, "on");
});

test("of what went over the wire the latest is kept, by number and by length", () => {
  const at = 0;
  const many = new Kept();
  for (let each = 0; each < 7000; each += 1) many.add({ direction: "out", text: "", bytes: each, at });
  assert.deepEqual([many.lines.length, many.gone, many.lines[0].bytes], [6000, 1000, 1000]);
  const long = new Kept();
  for (let each = 0; each < 5; each += 1) long.add({ direction: "in", text: "x".repeat(400_000), bytes: each, at });
  assert.deepEqual([long.lines.length, long.gone, long.letters], [2, 3, 800_000]);
  long.add({ direction: "in", text: "x".repeat(2_000_000), bytes: 5, at });
  assert.deepEqual([long.lines.length, long.lines[0].bytes], [1, 5]);  // the latest is there, whatever it is
});

test("every failure has its sentence in both languages, and every remedy its button", () => {
  const there = { secure: true, cameras: 1, microphones: 1 };
  const kinds = /** @type {const} */ (["full", "restarting", "gone", "lost", "asleep", "limit", "quota", "credential",
    "too_old", "refused", "ended"]);
  const failures = [
    ...["NotAllowedError", "NotFoundError", "NotReadableError", "OverconstrainedError", "Other"].flatMap((name) =>
      [there, { ...there, cameras: 0 }, { ...there, microphones: 0 }, { ...there, secure: false }]
        .map((each) => ofDevices(name, each))),
    ofTrack("video"), ofTrack("audio"),
    ...kinds.flatMap((kind) => [3, undefined].map((seconds) => ofStream({ kind }, { seconds, version: "v2" }))),
    ...(/** @type {const} */ (["disconnected", "slow", "asleep", "replaced"])).map((why) => ofLoss(why, 2)),
  ];
  for (const { key, values, actions } of failures) {
    assert.ok(CATALOGUE[key], key);
    const wanted = [...CATALOGUE[key].en.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
    for (const name of wanted) assert.notEqual(values?.[name], undefined, `${key} ${name}`);
    for (const action of actions) assert.ok(CATALOGUE[`do_${action}`], action);
  }
  assert.equal(ofDevices("NotFoundError", { ...there, cameras: 0 }).key, "camera_none");
  assert.equal(ofDevices("NotFoundError", { ...there, microphones: 0 }).key, "microphone_none");
  assert.equal(ofDevices("OverconstrainedError", there).key, "camera_away");
});

/** @param {(path: string, body: any) => [number, object]} answer */
function server(answer) {
  /** @type {[string, any][]} */
  const asked = [];
  const ask = /** @type {typeof fetch} */ (async (path, about) => {
    const body = JSON.parse(String(about?.body));
    asked.push([String(path), body]);
    const [status, said] = answer(String(path), body);
    return new Response(JSON.stringify(said), { status });
  });
  return { asked, ask };
}

test("a token is kept until it is nearly over, and renewed with what came with it", async () => {
  let now = 0;
  let made = 0;
  const { asked, ask } = server(() => [200, { access_token: `t${made += 1}`, expires_in: 900, renew: `r${made}` }]);
  const access = createAccess({ ask, now: () => now });
  assert.deepEqual(await Promise.all([access.credential(), access.credential()]), ["t1", "t1"]);
  now = 800_000;
  assert.equal(await access.credential(), "t1");
  now = 850_000;
  assert.equal(await access.credential(), "t2");
  assert.equal(await access.credential(true), "t3");
  assert.deepEqual(asked.map(([, body]) => body), [{}, { renew: "r1" }, { renew: "r2" }]);
});

test("the code of the address is used once; where nothing lets the page in, a key is asked for", async () => {
  const token = { access_token: "t", expires_in: 1 };
  const { asked, ask } = server((_, body) => (body.once === "good" ? [200, token] : [401, {}]));
  const access = createAccess({ once: "good", ask });
  assert.equal(await access.credential(), "t");
  await assert.rejects(access.credential(), KeyNeeded);
  assert.deepEqual(asked.map(([, body]) => body), [{ once: "good" }, {}]);
  access.use("ih_live_key", "");
  assert.equal(await access.credential(), "ih_live_key");
});

test("a key that may do one thing only is still good for that", async () => {
  const { asked, ask } = server((_, { scopes }) =>
    (scopes.length > 1 ? [403, { message: "no scope" }] : [200, { access_token: "t", expires_in: 900 }]));
  const access = createAccess({ ask });
  access.use("ihk_1", "secret");
  assert.equal(await access.credential(), "t");
  assert.equal(asked.length, 2);
  const wrong = createAccess({ ask: server(() => [401, { message: "is wrong" }]).ask });
  wrong.use("ihk_1", "guess");
  await assert.rejects(wrong.credential(), /is wrong/);
});

test("the code leaves the address", () => {
  /** @type {string[]} */
  const left = [];
  const history = /** @type {any} */ ({ replaceState: (/** @type {any[]} */ ...all) => left.push(all[2]) });
  assert.equal(codeOf(/** @type {any} */ ({ hash: "#once=abc", pathname: "/", search: "" }), history), "abc");
  assert.deepEqual(left, ["/"]);
  assert.equal(codeOf(/** @type {any} */ ({ hash: "#live", pathname: "/", search: "" }), history), null);
});

test("the code to copy names the address and version", () => {
  for (const kind of CODE_KINDS) {
    for (const version of ["v0", "v1", "v2"]) {
      const code = snippet(kind, version, "https://stream.example.com");
      assert.match(code, new RegExp(`stream\\.example\\.com/${version}/`));
      if (kind === "browser") assert.match(code, /wss:\/\//);
    }
  }
});
