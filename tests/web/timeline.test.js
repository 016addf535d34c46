import assert from "node:assert/strict";
import { test } from "node:test";
import { axis, clock, ticks } from "../../src/interhuman_stream/service/web/axis.js";
import { apply, createHistory } from "../../src/interhuman_stream/service/web/history.js";
import { FAMILIES, LANES, SURFACES, bandColour, contrast, readableOn } from "../../src/interhuman_stream/service/web/lanes.js";
import { escape, fitting } from "../../src/interhuman_stream/service/web/svg.js";
import { t } from "../../src/interhuman_stream/service/web/text.js";
import { drawBackdrop, drawTile, drawTimeline } from "../../src/interhuman_stream/service/web/timeline.js";

const THEMES = /** @type {const} */ (["light", "dark"]);
const BANDS = /** @type {const} */ (["low", "medium", "high"]);

/** @param {number} seconds @param {number} every */
function talk(seconds, every = 5) {
  const history = createHistory();
  const signals = [];
  for (let at = 0; at + 2 < seconds; at += every) {
    const type = LANES[(at / every) % LANES.length].signal;
    const rationale = `Nodded (${at}.0–${at + 1}.0 s).`;
    signals.push({ type, start: at, end: at + 2, probability: BANDS[at % 3], rationale });
  }
  apply(history, { signals, duration: seconds, engagement_state: [{ start: 0, end: seconds, state: "engaged" }] });
  return history;
}

/** @param {string} svg */
function groups(svg) {
  return [...svg.matchAll(/<g data-span="(\d+)"[^>]*aria-label="([^"]*)"/g)].map((each) => [each[1], each[2]]);
}

test("every signal has a lane, a name in both languages, and a shape of its own", () => {
  assert.equal(LANES.length, 12);
  assert.equal(new Set(LANES.map((each) => each.shape)).size, 12);
  for (const { signal } of LANES) assert.ok(t("en", `signal_${signal}`) && t("de", `signal_${signal}`));
});

test("what is written on a stretch can be read, in both themes, and marks stand out from the ground", () => {
  for (const theme of THEMES) {
    const { ink, soft, ground, stripe } = SURFACES[theme];
    for (const text of [ink, soft]) {
      for (const under of [ground, stripe]) assert.ok(contrast(text, under) >= 4.5, `${theme} ${text}`);
    }
    for (const family of LANES.map((each) => each.family)) {
      assert.ok(contrast(FAMILIES[family][theme], ground) >= 3, `${theme} ${family}`);
      for (const band of BANDS) {
        const colour = bandColour(family, band, theme);
        assert.ok(contrast(readableOn(colour, theme), colour) >= 4.5, `${theme} ${family} ${band}`);
      }
    }
  }
});

test("each stretch is a group that can be reached and says what it is, when and why", () => {
  const told = groups(drawTimeline(talk(60)));
  assert.equal(told.length, 12);
  assert.match(told[0][1], /^engagement, low, 0:00\.0 to 0:02\.0\. Nodded \(0\.0–1\.0 s\)\.$/);
  assert.match(groups(drawTimeline(talk(60), { language: "de" }))[3][1], /^Zustimmung, niedrig, 0:15,?/);
});

test("an hour has columns instead, and every stretch is in one of the groups", () => {
  const svg = drawTimeline(talk(3600, 7), { width: 1600 });
  const counts = [...svg.matchAll(/data-count="(\d+)"/g)].map((each) => Number(each[1]));
  assert.equal(counts.reduce((sum, each) => sum + each, 0), talk(3600, 7).spans.length);
});

test("only what is between from and to is drawn", () => {
  const told = groups(drawTimeline(talk(60), { from: 20, to: 30 })).map((each) => Number(each[0]));
  assert.deepEqual(told, [4, 5, 6]);
});

test("tiles together have every stretch once, and none can be reached but by its own way", () => {
  const history = talk(60);
  const tiles = [0, 20, 40].map((from) => drawTile(history, { width: 600, from, to: from + 20 }));
  assert.deepEqual(tiles.flatMap(groups).map((each) => Number(each[0])), [...history.spans.keys()]);
  assert.ok(tiles.every((each) => !each.includes('tabindex="0"') && !each.includes("<title>")));
});

test("what was said last is set back where the picture ends, and what has something behind it stays", () => {
  const history = createHistory();
  const text = "and that is all";
  history.captions = [1, 8, 9.8].map((start) => ({ start, end: start + 0.2, text }));
  history.duration = 10;
  const places = (/** @type {string} */ svg) =>
    [...svg.matchAll(/<text x="([\d.]+)"[^>]*>and that[^<]*</g)].map((each) => Number(each[1]));
  const tile = { width: 600, from: 0, to: 10 };
  assert.deepEqual(places(drawTile(history, tile)), [60, 480, 588]);
  assert.deepEqual(places(drawTile(history, { ...tile, edge: 620 })).slice(0, 2), [60, 480]);
  const last = places(drawTile(history, { ...tile, edge: 620 }))[2];
  assert.ok(last < 530 && last > 480, String(last));
});

test("the backdrop has the names, and no stretch", () => {
  const svg = drawBackdrop({ width: 800 });
  assert.match(svg, />disengagement</);
  assert.equal(groups(svg).length, 0);
});

test("who was not seen is not said to attend", () => {
  const nobody = createHistory();
  const limits = [{ why: "anothers_voice", start: 0, end: 9 }, { why: "dark", start: 0, end: 5 }];
  const perceived = { face: 0, speaking: 0, voice: 9, words: 0, language: null, limits };
  apply(nobody, { signals: [], engagement_state: [{ start: 0, end: 9, state: "neutral" }], perceived });
  assert.match(drawTimeline(nobody), /nothing to report: too dark/);
  assert.match(drawTimeline(nobody, { language: "de" }), /nichts zu melden: zu dunkel/);
});

test("a still person is not an empty picture, and an open stretch is not a finished one", () => {
  const still = createHistory();
  assert.match(drawTimeline(still), /nothing judged yet/);
  apply(still, { signals: [], engagement_state: [{ start: 0, end: 9, state: "neutral" }] });
  assert.match(drawTimeline(still), /attending, nothing to report/);
  const data = { signal_type: "stress", start: 2, probability: "high", rationale: "A." };
  apply(still, { type: "signal.detected", data });
  assert.match(drawTimeline(still), /stress, high, since 0:02\.0/);
  const level = createHistory();
  apply(level, { type: "session.ready", data: { supported_session_config_options: { model: ["inter-2"] } } });
  apply(level, { type: "engagement.updated", data: { state: "engaged", start: 2 } });
  assert.match(drawTimeline(level), /"engagement, since 0:02\.0\."/);  // a level has no band to name
});

test("nothing in a picture needs a style that a page's policy forbids, and no text is markup", () => {
  const history = talk(30);
  history.captions.push({ start: 1, end: 5, text: '<img src=x onerror="1">\u0000' });
  const svg = drawTimeline(history, { heading: "<b>&" });
  for (const each of [" style=", "<style", "<img", "<b>", "\u0000"]) assert.ok(!svg.includes(each), each);
});

test("moments are written as people do, and ticks are round and far enough apart", () => {
  assert.deepEqual([0, 5, 65.25, 3725].map((each) => clock(each)), ["0:00", "0:05", "1:05", "1:02:05"]);
  assert.equal(clock(59.97, true), "1:00.0");
  for (const seconds of [1, 20, 300, 3600, 86_400]) {
    const on = axis(0, seconds, 0, 1000);
    const at = ticks(on);
    assert.ok(at.length >= 2 && at.length <= 17, `${seconds}: ${at.length}`);
  }
});

test("a text is cut where it does not fit, and left out where too little would be left", () => {
  assert.equal(fitting("short", 12, 100), "short");
  assert.match(fitting("a long line of words", 12, 60), /^a long.*…$/);
  assert.equal(fitting("a long line of words", 12, 20), "");
  assert.equal(escape('<&">\u0001'), "&lt;&amp;&quot;&gt;");
});
