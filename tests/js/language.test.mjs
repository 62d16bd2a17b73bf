/** Texts with values, plural forms and parts that may be left out. */

import assert from "node:assert/strict";
import { test } from "node:test";

const given = {
  language: "en",
  otherwise: "en",
  languages: {
    en: { name: "English", texts: "/texts/en-1.json" },
    ko: { name: "한국어", texts: "/texts/ko-1.json" },
    fr: { name: "français", texts: "/texts/fr-1.json" },
  },
  strings: {
    count: { by: "count", one: "1 entry", other: "{count} entries" },
    sum: "{answered} of {whole} answered[, {asked} without an answer]",
    bare: "Say [anything] of {role}",
    "language.ko": "Korean",
  },
};
const page = { textContent: JSON.stringify(given), append() {} };
const button = () => ({ dataset: {}, addEventListener() {}, setAttribute() {} });
globalThis.document = {
  documentElement: { classList: { remove() {} } },
  getElementById: () => page,
  querySelectorAll: () => [],
  createElement: button,
};
const { knows, language, languageName, languages, spokenFor, startLanguage, text } = await import(
  "../../static/js/language.js"
);
await startLanguage();

test("a text is filled, and a value may be asked for anew", () => {
  assert.equal(text("bare", { role: "Nurse" }), "Say [anything] of Nurse");
  assert.equal(text("bare", { role: () => "Cook" }), "Say [anything] of Cook");
  assert.equal(text("bare"), "Say [anything] of {role}");
  assert.equal(text("unknown.key"), "unknown.key");
});

test("a number has its plural form", () => {
  assert.equal(text("count", { count: 1 }), "1 entry");
  assert.equal(text("count", { count: 0 }), "0 entries");
});

test("a part in brackets is left out where its value is none", () => {
  assert.equal(text("sum", { answered: 1, whole: 5, asked: 0 }), "1 of 5 answered");
  assert.equal(text("sum", { answered: 1, whole: 5, asked: 2 }), "1 of 5 answered, 2 without an answer");
});

test("the languages are those that the page was sent with", () => {
  assert.deepEqual(languages(), ["en", "ko", "fr"]);
  assert.equal(language(), "en");
  assert.equal(languageName("ko"), "Korean");
  assert.equal(languageName("fr"), "français");
  assert.equal(languageName("de"), "de");
  assert.equal(spokenFor("fr"), "fr");
  assert.equal(spokenFor("de"), "en");
  assert.ok(knows("language.ko") && !knows("language.fr"));
});
