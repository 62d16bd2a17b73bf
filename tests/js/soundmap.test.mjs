/** Where in the recordings a time of the interview is. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { clockOf } from "../../static/js/clocktime.js";
import { audible, barsOf, levelsOf, loudness, soundAt, stretchesOf } from "../../static/js/soundmap.js";

const part = (start_ms, offset_ms, duration_ms) => ({ start_ms, offset_ms, duration_ms });
const RECORDINGS = [
  { answer_id: "b", duration_ms: 2_000, lost_ms: 0, parts: [part(9_000, 0, 2_000)] },
  { answer_id: "a", duration_ms: 3_000, lost_ms: 500, parts: [part(1_000, 0, 1_000), part(2_500, 1_000, 2_000)] },
  { answer_id: null, duration_ms: 1_000, lost_ms: 0, parts: [part(20_000, 0, 1_000)] },
];
const STRETCHES = stretchesOf(RECORDINGS);

test("stretches are in the order of the clock, and each knows its place in its file", () => {
  assert.deepEqual(STRETCHES.map((one) => [one.answer, one.start_ms, one.end_ms, one.offset_ms]), [
    ["a", 1_000, 2_000, 0],
    ["a", 2_500, 4_500, 1_000],
    ["b", 9_000, 11_000, 0],
  ]);
});

test("a time without sound leads to the sound after it", () => {
  assert.equal(soundAt(STRETCHES, 1_500)?.start_ms, 1_000);
  assert.equal(soundAt(STRETCHES, 2_200)?.start_ms, 2_500);
  assert.equal(soundAt(STRETCHES, 5_000)?.answer, "b");
  assert.equal(soundAt(STRETCHES, 11_000), null);
});

test("a quote can be heard where sound of its own answer is kept", () => {
  const quote = { answer_id: "a", start_ms: 2_600, end_ms: 3_000 };
  assert.ok(audible(STRETCHES, quote));
  assert.ok(!audible(STRETCHES, { ...quote, answer_id: "b" }));
  assert.ok(!audible(STRETCHES, { ...quote, start_ms: null, end_ms: null }));
  assert.ok(!audible(STRETCHES, { ...quote, start_ms: 2_050, end_ms: 2_400 }));
});

test("loudness follows the sound and stays between nothing and full", () => {
  const samples = Float32Array.from({ length: 4_000 }, (_, i) => (i < 2_000 ? 0 : Math.sin(i)));
  const [quiet, loud] = loudness(samples, 2);
  assert.equal(quiet, 0);
  assert.ok(loud > 0.5 && loud <= 1);
  assert.equal(loudness(new Float32Array(0), 3).length, 3);
});

test("every bar is as loud as what was said in its time, before anybody listened", () => {
  const bytes = (count, level) => Array(count).fill(level);
  const line = (...levels) => btoa(String.fromCharCode(...levels));
  const told = [
    { ...RECORDINGS[0], loudness: null },
    { ...RECORDINGS[1], loudness: line(...bytes(17, 51), ...bytes(33, 255)) },
    { ...RECORDINGS[2], loudness: line(9) },
  ];
  const levels = levelsOf(told);
  assert.deepEqual([...levels.keys()], ["a"]);
  const bars = (duration, count) =>
    barsOf(STRETCHES, levels, duration, count).map((one) => one && Number(one.toFixed(2)));
  // The clock has a gap where the file goes on: half of the third second is silent.
  assert.deepEqual(bars(6_000, 6), [null, 0.2, 0.46, 1, 0.5, null]);
  assert.deepEqual(bars(20_000, 4), [1, null, null, null]);
  // Shorter than what is known.
  assert.deepEqual(bars(5_000, 500).slice(110, 112), [0.2, 0.2]);
  // A low voice fills the line as well, and noise alone does not.
  const low = new Map([["a", bytes(50, 0.2)]]);
  assert.deepEqual(barsOf(STRETCHES, low, 5_000, 5).slice(3, 4), [1]);
  const noise = new Map([["a", bytes(50, 0.01)]]);
  assert.ok(barsOf(STRETCHES, noise, 5_000, 5)[3] < 0.2);
});

test("times read as people say them", () => {
  assert.deepEqual([0, 9_900, 728_000, 3_728_000, -5].map(clockOf), ["0:00", "0:09", "12:08", "1:02:08", "0:00"]);
});
