/** What a rehearsal makes of round trips and of levels. */

import assert from "node:assert/strict";
import test from "node:test";

import { echoes, lineOf } from "../../static/js/measuring.js";

test("a line is good where it is quick and even", () => {
  assert.equal(lineOf([]), null);
  assert.deepEqual(lineOf([40, 42, 41, 45]), { tripMs: 42, jitterMs: 4, good: true });
  assert.equal(lineOf([40, 600, 30, 500, 40, 550, 30, 600])?.good, false, "uneven");
  assert.equal(lineOf([40, 42, 41, 700, 40, 43, 41, 40])?.good, true, "held up once");
  assert.equal(lineOf([700, 710, 705])?.good, false, "slow");
});

test("a loudspeaker that comes back is an echo, a room that was loud before is not", () => {
  const spoken = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 0.002 : 0.03));
  const quiet = Array(40).fill(0.002);
  assert.equal(echoes(quiet, spoken), true);
  assert.equal(echoes(Array(40).fill(0.03), spoken), false);
  assert.equal(echoes(quiet, Array(60).fill(0.003)), false, "what the browser took out");
  assert.equal(echoes([], []), false);
});
