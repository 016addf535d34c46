import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, apply, close, createHistory, joined, moments } from "../../src/interhuman_stream/service/web/history.js";

const REASON = "Said “Yes, exactly” (1.6–2.8 s) and nodded 3 times (1.5–3.1 s).";

/** @param {string} type @param {object} data */
const event = (type, data) => ({ type, timestamp: "", correlation_id: "", data });
/** @param {object} more */
const found = (more) => ({ type: "agreement", start: 1, end: 3, probability: "high", rationale: REASON, ...more });

test("a v0 segment's times count from where the segment begins, in the reasons as well", () => {
  const history = createHistory();
  apply(history, { status: "result", segment: 3, signals: [found({})],
    engagement_state: [{ start: 0, end: 3, state: "engaged" }] }, 6);
  assert.deepEqual(history.spans.map(({ start, end, band }) => [start, end, band]), [[7, 9, "high"]]);
  assert.equal(history.spans[0].rationale, "Said “Yes, exactly” (7.6–8.8 s) and nodded 3 times (7.5–9.1 s).");
  assert.deepEqual(history.captions, [{ text: "Yes, exactly", start: 7.6, end: 8.8 }]);
  assert.equal(history.duration, 9);
});

test("what goes on over the border of two v0 segments is one, as sure as its surest part", () => {
  const history = createHistory();
  apply(history, { status: "result", signals: [found({ start: 1, end: 3, probability: "low" })] }, 0);
  const surer = found({ start: 0, end: 2, probability: "high", rationale: "Nodded." });
  apply(history, { status: "result", signals: [surer] }, 3);
  assert.equal(history.spans.length, 1);
  assert.deepEqual([history.spans[0].start, history.spans[0].end, history.spans[0].band], [1, 5, "high"]);
  apply(history, { status: "result", signals: [found({ start: 1, end: 2 })] }, 6);
  assert.equal(history.spans.length, 2);
});

test("a v2 signal begins, changes and ends, and lasts until now while it is open", () => {
  const history = createHistory();
  const began = { signal_type: "interest", start: 2, probability: "low", rationale: "A (2.0–2.5 s)." };
  apply(history, event("signal.detected", began), 10);
  advance(history, 15);
  assert.deepEqual([history.spans[0].start, history.spans[0].end, history.spans[0].open], [12, 15, true]);
  const surer = { ...began, probability: "high", rationale: "B (2.0–3.0 s)." };
  apply(history, event("signal.updated", surer), 10);
  assert.deepEqual([history.spans[0].band, history.spans[0].rationale], ["high", "B (12.0–13.0 s)."]);
  apply(history, event("signal.ended", { signal_type: "interest", end: 4 }), 10);
  advance(history, 30);
  assert.deepEqual([history.spans.length, history.spans[0].end, history.spans[0].open], [1, 14, false]);
});

test("an end or an update of what never began changes nothing, or begins it", () => {
  const history = createHistory();
  apply(history, event("signal.ended", { signal_type: "interest", end: 4 }), 0);
  assert.equal(history.spans.length, 0);
  const data = { signal_type: "stress", start: 1, probability: "low", rationale: "C." };
  apply(history, event("signal.updated", data), 0);
  assert.equal(history.spans.length, 1);
});

test("a level lasts until the next; what is left out has its reason; quality and what was perceived are kept", () => {
  const history = createHistory();
  apply(history, event("engagement.updated", { state: "engaged", start: 0 }), 0);
  apply(history, event("engagement.updated", { state: "neutral", start: 5 }), 0);
  apply(history, event("coverage.degraded", { ranges: [{ start: 6, end: 8 }], reason: "video_gap" }), 0);
  apply(history, event("coverage.dropped", { ranges: [{ start: 8, end: 9 }] }), 0);
  const timeline = [{ start: 0, end: 8, values: { quality_index: 61 } }];
  apply(history, event("conversation_quality.updated", { overall: { quality_index: 60 }, timeline }), 0);
  for (const start of [0, 0.5]) {
    const limits = [{ why: "dark", start, end: start + 0.5, sentence: "Dark." }];
    const seen = { start, end: start + 0.5, face: 0.5, speaking: 0.2, voice: 0.3, words: 2, language: "en", limits };
    apply(history, event("perception.updated", seen), 0);
  }
  const levels = history.engagement.map(({ start, end, state }) => [start, end, state]);
  assert.deepEqual(levels, [[0, 5, "engaged"], [5, 9, "neutral"]]);
  assert.deepEqual(history.unjudged.map(({ start, end, why }) => [start, end, why]),
    [[6, 8, "no_picture"], [8, 9, "dropped"], [0, 1, "dark"]]);
  assert.equal(history.quality.overall?.quality_index, 60);
  assert.deepEqual([history.perceived?.face, history.perceived?.words, history.perceived?.language], [1, 4, "en"]);
});

test("where engagement is told as a level alone, that stands in its lane; elsewhere the lane has what was told", () => {
  const levels = [["neutral", 0], ["engaged", 2], ["neutral", 5], ["disengaged", 7]];
  for (const model of [["inter-2"], null]) {
    const history = createHistory();
    apply(history, event("session.ready", { supported_session_config_options: { include: [], model } }), 0);
    for (const [state, start] of levels) apply(history, event("engagement.updated", { state, start }), 0);
    advance(history, 9);
    assert.deepEqual(history.spans.map(({ signal, start, end, band, open }) => [signal, start, end, band, open]),
      model ? [["engagement", 2, 5, null, false], ["disengagement", 7, 9, null, true]] : []);
    assert.equal(history.engagement.length, 4);
  }
});

test("close ends all that goes on", () => {
  const history = createHistory();
  apply(history, event("signal.detected", { signal_type: "interest", start: 2, probability: "low", rationale: "" }), 0);
  apply(history, event("engagement.updated", { state: "engaged", start: 0 }), 0);
  close(history);
  assert.ok(![...history.spans, ...history.engagement].some((each) => each.open));
});

test("uploads of v0 and v1, jobs of v2 and analyze's own document are read", () => {
  const plain = createHistory();
  apply(plain, { signals: [{ type: "stress", start: 1, end: 2 }] });
  assert.deepEqual([plain.spans[0].band, plain.spans[0].rationale, plain.duration], [null, "", 2]);
  const windows = [0, 5, 10].map((start, index) => ({
    index, start_seconds: start, end_seconds: start + 5,
    engagement_status: index < 2 ? "engaged" : "neutral",
    signals: index < 2 ? [found({ start, end: start + 5 })] : [],
  }));
  const job = createHistory();
  apply(job, { job_id: "1", status: "completed", result: { duration_seconds: 15, window_seconds: 5, windows } });
  assert.deepEqual(job.spans.map(({ signal, start, end, level }) => [signal, start, end, Boolean(level)]),
    [["agreement", 0, 10, false], ["engagement", 0, 10, true]]);
  assert.deepEqual(job.engagement.map(({ start, end }) => [start, end]), [[0, 10], [10, 15]]);
  const words = "this is said. And this, too".split(" ")
    .map((word, at) => ({ word, start: at / 2, end: at / 2 + 0.4 }));
  const document = createHistory();
  apply(document, { file: "x", duration: 20, signals: [found({})], words, perceived: { face: 20, limits: [] } });
  assert.deepEqual(document.captions.map((each) => each.text), ["this is said.", "And this, too"]);
  assert.equal(document.duration, 20);
});

test("what is not known is passed over", () => {
  const history = createHistory();
  const unknown = [null, "text", {}, { status: "processing", segment: 1 }, event("session.ready", {})];
  for (const each of unknown) apply(history, each, 0);
  assert.equal(history.spans.length + history.duration, 0);
});

test("the moments of a reason are found, each with its own words", () => {
  assert.deepEqual(moments(REASON), [
    { text: "Said “Yes, exactly”", start: 1.6, end: 2.8 },
    { text: "nodded 3 times", start: 1.5, end: 3.1 },
  ]);
  assert.deepEqual(moments("Nothing to see."), []);
});

test("the same told of each segment anew is one moment", () => {
  const told = "Spoke for 3.0 s (0.0–3.0 s), nodded (1.0–2.0 s), spoke for 6.0 s (3.0–6.0 s) and nodded (5.0–5.5 s).";
  assert.deepEqual(joined(moments(told)).map(({ text, start, end }) => [text, start, end]),
    [["Spoke", 0, 6], ["nodded", 1, 2], ["nodded", 5, 5.5]]);
});
