/** Which of a browser's voices says the questions. */

import assert from "node:assert/strict";
import test from "node:test";

import { sentences, voicesFor } from "../../static/js/browservoice.js";

const voice = (name, lang, more = {}) => ({ name, lang, voiceURI: name, localService: true, default: false, ...more });
const names = (offered, language, cloud = false) => voicesFor(offered, language, cloud).map(({ name }) => name);

test("a voice of the device comes first, and one of a server only where it may", () => {
  const offered = [
    voice("Google 한국의", "ko-KR", { localService: false }),
    voice("Yuna", "ko-KR"),
    voice("Samantha", "en-US", { default: true }),
  ];
  assert.deepEqual(names(offered, "ko"), ["Yuna"]);
  assert.deepEqual(names(offered, "ko", true), ["Yuna", "Google 한국의"]);
  assert.deepEqual(names(offered.slice(0, 1), "ko"), []);
  assert.deepEqual(names(offered, "fr", true), []);
});

test("the usual one before others, good ones before it, small ones last, and no jokes", () => {
  const offered = [
    voice("Albert", "en-US"),
    voice("Eddy (English (US))", "en_US"),
    voice("Karen", "en-AU"),
    voice("Samantha", "en-US", { default: true }),
    voice("Ava (Premium)", "en-US"),
  ];
  assert.deepEqual(names(offered, "en"), ["Ava (Premium)", "Samantha", "Karen", "Eddy (English (US))"]);
});

test("what the server has itself is no better here", () => {
  assert.deepEqual(names([voice("English (America)+espeak-ng", "en-US")], "en"), []);
});

test("it is said a sentence at a time", () => {
  assert.deepEqual(sentences("Thank you. Why?", "en"), ["Thank you. ", "Why?"]);
  assert.deepEqual(sentences("네, 감사합니다. 왜 그러셨나요?", "ko"), ["네, 감사합니다. ", "왜 그러셨나요?"]);
});
