import assert from "node:assert/strict";
import { test } from "node:test";
import { Keeping } from "../../static/js/keeping.js";

/** One second of sound that can be told apart. */
function second(mark) {
  return new Uint8Array(32_000).fill(mark).buffer;
}

function marks(keeping) {
  const found = [];
  for (let pcm = keeping.take(); pcm; pcm = keeping.take()) found.push(new Uint8Array(pcm)[0]);
  return found;
}

test("frames come out once and in order", () => {
  const keeping = new Keeping();
  keeping.add(second(1), 0.1);
  keeping.add(second(2), 0.1);
  assert.equal(keeping.waiting, true);
  assert.deepEqual(marks(keeping), [1, 2]);
  assert.equal(keeping.waiting, false);
  assert.deepEqual(marks(keeping), []);
});

test("what the server has not read is sent again, on its clock", () => {
  const keeping = new Keeping();
  for (const mark of [1, 2, 3]) keeping.add(second(mark), 0.1);
  marks(keeping);
  keeping.rewind(1_000, 50_000);
  assert.deepEqual(marks(keeping), [2, 3]);
  keeping.add(second(4), 0.1);
  keeping.rewind(51_000, 60_000);
  assert.deepEqual(marks(keeping), [3, 4]);
});

test("only what was spoken since the answer began counts", () => {
  const keeping = new Keeping();
  keeping.add(second(1), 0.1);
  keeping.answering();
  keeping.add(second(2), 0.001);
  keeping.add(second(3), 0.1);
  assert.equal(keeping.spokenMs, 1_000);
});

test("no more than two minutes are kept", () => {
  const keeping = new Keeping();
  for (let mark = 0; mark < 130; mark += 1) keeping.add(second(mark), 0.1);
  const kept = marks(keeping);
  assert.equal(kept.length, 120);
  assert.equal(kept[0], 10);
});

test("what is not wanted any more is gone", () => {
  const keeping = new Keeping();
  keeping.add(second(1), 0.1);
  keeping.forget(9_000);
  assert.deepEqual(marks(keeping), []);
  assert.equal(keeping.spokenMs, 0);
});
