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

test("it tries at once, often for a minute, then longer each time, up to a bound", (context) => {
  context.mock.method(Math, "random", () => 0.5);
  const asked = waits(context, new Backoff(), 90);
  assert.deepEqual(asked.slice(0, 4), [200, 750, 750, 750]);
  const often = asked.filter((ms) => ms <= 750).reduce((sum, ms) => sum + ms);
  assert.ok(often >= 60_000, "a minute");
  assert.deepEqual(asked.slice(80, 85), [750, 1500, 3000, 6000, 10000]);
});

test("nobody waits a second past a server's return", (context) => {
  context.mock.method(Math, "random", () => 1);
  assert.ok(Math.max(...waits(context, new Backoff(), 80)) < 1_000);
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
  waits(context, backoff, 82);
  backoff.opened();
  now += 100;
  assert.deepEqual(waits(context, backoff, 1), [3000]);
  backoff.opened();
  now += 6_000;
  assert.deepEqual(waits(context, backoff, 1), [200]);
});

test("who was asked to come back at once does, and waits like others where that fails", (context) => {
  context.mock.method(Math, "random", () => 0.5);
  const asked = [];
  context.mock.method(globalThis, "setTimeout", (_, ms) => asked.push(ms));
  const backoff = new Backoff();
  for (let i = 0; i < 2; i += 1) backoff.schedule(() => {}, true);
  assert.deepEqual(asked, [20, 750]);
});
