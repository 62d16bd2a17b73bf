import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../../static/js/backoff.js";

/** How long it waits, with a timer that never runs out. */
function waits(context, backoff, times) {
  const asked = [];
  context.mock.method(globalThis, "setTimeout", (_, ms) => asked.push(ms));
  for (let i = 0; i < times; i += 1) backoff.schedule(() => {});
  return asked;
}

test("it waits longer each time, up to a bound", (context) => {
  context.mock.method(Math, "random", () => 0.5);
  assert.deepEqual(waits(context, new Backoff(), 7), [500, 1000, 2000, 4000, 8000, 10000, 10000]);
});

test("not everybody comes back at the same moment", (context) => {
  const random = context.mock.method(Math, "random", () => 0);
  const backoff = new Backoff();
  const [earliest] = waits(context, backoff, 1);
  random.mock.mockImplementation(() => 1);
  const [latest] = waits(context, new Backoff(), 1);
  assert.ok(earliest < latest);
});

test("a connection that held begins anew; one that broke at once does not", (context) => {
  context.mock.method(Math, "random", () => 0.5);
  let now = 1;
  context.mock.method(Date, "now", () => now);
  const backoff = new Backoff();
  waits(context, backoff, 3);
  backoff.opened();
  now += 100;
  assert.deepEqual(waits(context, backoff, 1), [4000]);
  backoff.opened();
  now += 6_000;
  assert.deepEqual(waits(context, backoff, 1), [500]);
});
