import assert from "node:assert/strict";
import test from "node:test";
import { choose, chosen, onChoice } from "../../static/js/choices.js";

test("a choice holds for the page where the browser keeps nothing", () => {
  const told = [];
  onChoice((name, on) => told.push([name, on]));
  assert.equal(chosen("read"), false);
  choose("read", true);
  assert.equal(chosen("read"), true);
  assert.equal(chosen("larger"), false);
  choose("read", false);
  assert.equal(chosen("read"), false);
  assert.deepEqual(told, [["read", true], ["read", false]]);
});
