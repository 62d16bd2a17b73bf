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

test("only what was spoken as an answer counts", () => {
  const keeping = new Keeping();
  keeping.add(second(1), 0.1);
  keeping.answering = true;
  keeping.add(second(2), 0.001);
  keeping.add(second(3), 0.1);
  keeping.answering = false;
  keeping.add(second(4), 0.1);
  assert.equal(keeping.spokenMs, 1_000);
});

test("no more than ten minutes are kept", () => {
  const keeping = new Keeping();
  for (let mark = 0; mark < 610; mark += 1) keeping.add(second(mark), 0.1);
  const kept = marks(keeping);
  assert.equal(kept.length, 600);
  assert.equal(kept[0], 10);
});

test("what is not wanted any more is gone", () => {
  const keeping = new Keeping();
  keeping.add(second(1), 0.1);
  keeping.forget(9_000);
  assert.deepEqual(marks(keeping), []);
  assert.equal(keeping.spokenMs, 0);
});

test("what the server has for good is not kept, what was not sent always is", () => {
  const keeping = new Keeping();
  for (const mark of [1, 2, 3]) keeping.add(second(mark), 0.1);
  keeping.take();
  keeping.take();
  keeping.acknowledge(1_100);
  keeping.rewind(0, 0);
  assert.deepEqual(marks(keeping), [2, 3]);
  keeping.acknowledge(60_000);
  keeping.add(second(4), 0.1);
  keeping.acknowledge(60_000);
  assert.deepEqual(marks(keeping), [4]);
});

test("what an earlier page left goes before what this one hears, and counts as said", () => {
  const first = new Keeping();
  const left = [];
  const store = { add: (frame) => left.push(frame), drop() {}, replace() {} };
  const kept = new Keeping(store);
  kept.answering = true;
  for (const mark of [1, 2]) kept.add(second(mark), 0.1);
  first.add(second(3), 0.1);
  first.restore(left);
  assert.equal(first.spokenMs, 2_000);
  first.rewind(1_000, 5_000);
  assert.deepEqual(marks(first), [2, 3]);
});

test("a store is told what is there", () => {
  const told = [];
  const keeping = new Keeping({
    add: ({ at }) => told.push(["add", at]),
    drop: (before) => told.push(["drop", before]),
    replace: (frames) => told.push(["replace", frames.map(({ at }) => at)]),
  });
  keeping.add(second(1), 0.1);
  keeping.rewind(0, 7_000);
  keeping.acknowledge(9_060);
  keeping.forget(9_000);
  assert.deepEqual(told, [["add", 0], ["replace", [7_000]], ["drop", 9_000], ["replace", []]]);
});
