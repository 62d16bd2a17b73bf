import assert from "node:assert/strict";
import test from "node:test";
import { Gathered } from "../../static/js/gathered.js";

const frames = [];
globalThis.requestAnimationFrame = (call) => frames.push(call);
globalThis.cancelAnimationFrame = () => {};

test("what changed is told once a frame, however often it changed", () => {
  const told = [];
  const gathered = new Gathered((changed) => told.push([...changed]));
  for (const one of ["a", "b", "a", "a"]) gathered.add(one);
  assert.equal(frames.length, 1);
  assert.deepEqual(told, []);
  frames.pop()();
  gathered.add("a");
  assert.equal(frames.length, 1);
  frames.pop()();
  assert.deepEqual(told, [["a", "b"], ["a"]]);
});
