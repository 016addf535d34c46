import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { CATALOGUE, firstLanguage, t } from "../../src/interhuman_stream/service/web/text.js";

test("every text is there in both languages, with the same values", () => {
  for (const [key, entry] of Object.entries(CATALOGUE)) {
    const values = (/** @type {string} */ text) => [...text.matchAll(/\{\w+\}/g)].map((found) => found[0]).sort();
    assert.ok(entry.en && entry.de, key);
    assert.deepEqual(values(entry.en), values(entry.de), key);
  }
});

test("a text that is not there is an error, a value that is not given stays visible", () => {
  assert.throws(() => t("en", "nowhere"), /nowhere/);
  assert.equal(t("de", "tab_live", {}), "Live");
});

test("the language is the chosen one, else the first of the browser's that is there, else English", () => {
  assert.equal(firstLanguage("de", ["en-US"]), "de");
  assert.equal(firstLanguage(null, ["fr", "de-AT", "en"]), "de");
  assert.equal(firstLanguage(null, ["fr"]), "en");
});

test("what stands in the document before its script runs is what the catalogue says", async () => {
  const page = await readFile(new URL("../../src/interhuman_stream/service/web/index.html", import.meta.url), "utf8");
  const texts = [...page.matchAll(/data-t="(\w+)"[^>]*>([^<]*)</g)];
  assert.ok(texts.length > 20);
  for (const [, key, text] of texts) assert.equal(text, CATALOGUE[key].en, key);
});
