import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName, toCsv, toJson, toVtt } from "../../src/interhuman_stream/service/web/exports.js";
import { course, covered, left, shares, talk } from "../../src/interhuman_stream/service/web/figures.js";
import { apply, close, createHistory } from "../../src/interhuman_stream/service/web/history.js";

function told() {
  const history = createHistory();
  apply(history, {
    duration: 100,
    signals: [
      { type: "stress", start: 61.5, end: 63, probability: "low", rationale: '=Said “a, b” (61.5–62.0 s), "twice".' },
      { type: "agreement", start: 1, end: 21, probability: "high", rationale: "Nodded --> twice (1.0–2.0 s)." },
    ],
    engagement_state: [{ start: 0, end: 50, state: "engaged" }, { start: 50, end: 100, state: "disengaged" }],
    conversation_quality: { overall: { quality_index: 55.5 }, timeline: [] },
    perceived: { face: 90, speaking: 25, voice: 50, words: 12, language: "en",
      limits: [
        { why: "dark", start: 10, end: 12, sentence: "Dark." },
        { why: "no_face", start: 20, end: 30, sentence: "No." },
        { why: "dark", start: 40, end: 41, sentence: "Dark." },
      ] },
  });
  return history;
}

test("JSON that was saved gives the same history when it is opened", () => {
  const history = told();
  const again = createHistory();
  apply(again, JSON.parse(toJson(history, "x.webm")));
  const kept = (/** @type {any} */ each) => ({ ...each, revision: 0 });
  assert.deepEqual(kept(again), kept(history));
});

test("a level that stood in a signal's lane is saved as a level, and stands there again", () => {
  const live = createHistory();
  apply(live, { type: "session.ready", data: { supported_session_config_options: { model: ["inter-2"] } } });
  apply(live, { type: "engagement.updated", data: { state: "engaged", start: 0 } });
  apply(live, { type: "perception.updated", data: { start: 0, end: 9 } });
  close(live);
  assert.deepEqual(JSON.parse(toJson(live, "x")).signals, []);
  assert.equal(toCsv(live).trim().split("\r\n").length, 1);
  const again = createHistory();
  apply(again, JSON.parse(toJson(live, "x")));
  assert.deepEqual(again.spans, live.spans);
  assert.equal(shares(again)[0].share, 1);
});

test("CSV keeps commas and quotes, in order of start, and no spreadsheet takes a cell for a formula", () => {
  const lines = toCsv(told()).split("\r\n");
  assert.equal(lines[0], "signal,start,end,probability,rationale");
  assert.equal(lines[1], "agreement,1.000,21.000,high,Nodded --> twice (1.0–2.0 s).");
  assert.equal(lines[2], `stress,61.500,63.000,low,"'=Said “a, b” (61.5–62.0 s), ""twice""."`);
  assert.equal(lines[3], "");
});

test("WebVTT has a cue a stretch, with times of three digits and no arrow in its text", () => {
  const [head, first, second] = toVtt(told()).trimEnd().split("\n\n");
  assert.equal(head, "WEBVTT");
  const said = "<v agreement>agreement (high) Nodded --&gt; twice (1.0–2.0 s).";
  assert.equal(first, `1\n00:00:01.000 --> 00:00:21.000\n${said}`);
  assert.match(second, /^2\n00:01:01\.500 --> 00:01:03\.000\n<v stress>/);
});

test("a file is named after the recording", () => {
  assert.equal(fileName("Gespräch 1.webm", "svg"), "Gespräch 1.svg");
  assert.equal(fileName("../a:b?.mp4", "csv"), ".._a_b_.csv");
  assert.equal(fileName("", "csv"), "timeline.csv");
});

test("shares are of the whole time, what overlaps counts once", () => {
  assert.equal(covered([{ start: 0, end: 4 }, { start: 2, end: 6 }, { start: 8, end: 9 }]), 7);
  const all = shares(told());
  assert.equal(all.length, 12);
  const agreement = all.find((each) => each.signal === "agreement");
  assert.deepEqual(agreement, { signal: "agreement", seconds: 20, share: 0.2, count: 1, surest: "high" });
  assert.equal(all.filter((each) => each.count === 0).length, 10);
});

test("talk time, the course of engagement, and what was left are told", () => {
  assert.deepEqual(talk(told()), { speaking: 0.25, voice: 0.5, face: 0.9, words: 12 });
  assert.equal(talk(createHistory()), null);
  const parts = course(told());
  assert.equal(parts.length, 20);
  assert.deepEqual([parts[0].engaged, parts[19].disengaged, course(createHistory()).length], [1, 1, 0]);
  const whys = left(told()).map(({ why, seconds, count }) => [why, seconds, count]);
  assert.deepEqual(whys, [["no_face", 10, 1], ["dark", 3, 2]]);
});
