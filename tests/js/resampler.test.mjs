import assert from "node:assert/strict";
import { test } from "node:test";
import { Resampler } from "../../static/js/resampler.js";

function tone(hz, rate, samples) {
  return Float32Array.from({ length: samples }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));
}

function loudness(samples) {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}

for (const from of [44_100, 48_000, 8_000]) {
  test(`a second of ${from} Hz becomes a second of 16 kHz and as loud`, () => {
    const made = new Resampler(from, 16_000).process(tone(440, from, from));
    assert.ok(Math.abs(made.length - 16_000) < 64, String(made.length));
    assert.ok(Math.abs(loudness(made.slice(200, -200)) - Math.SQRT1_2) < 0.01);
  });
}

test("what 16 kHz cannot carry is left out, not folded back", () => {
  const made = new Resampler(48_000, 16_000).process(tone(12_000, 48_000, 48_000));
  assert.ok(loudness(made.slice(200)) < 0.01);
});

test("pieces give the same as the whole", () => {
  const input = tone(300, 44_100, 4_410);
  const whole = new Resampler(44_100, 16_000).process(input);
  const resampler = new Resampler(44_100, 16_000);
  const pieces = [];
  for (let at = 0; at < input.length; at += 128) {
    pieces.push(...resampler.process(input.slice(at, at + 128)));
  }
  assert.deepEqual(Float32Array.from(pieces), whole);
});
