import assert from "node:assert/strict";
import { test } from "node:test";
import { Heartbeat } from "../../static/js/heartbeat.js";

const LOOK_MS = 500;

/** A line, with what was seen of it and when; `answers`: after so many ms, or never. */
function line(answers) {
  const it = { now: 10_000, answers, seen: [], due: null };
  it.heartbeat = new Heartbeat(() => it.now);
  it.heartbeat.heard();
  it.pass = (ms) => {
    const began = it.now;
    it.seen = [];
    while (it.now < began + ms) {
      it.now += LOOK_MS;
      if (it.due !== null && it.now >= it.due) {
        it.heartbeat.heard();
        it.due = null;
      }
      const seen = it.heartbeat.look();
      if (seen !== "fine") it.seen.push([seen, it.now - began]);
      if (seen === "ask" && it.answers !== null) it.due = it.now + it.answers;
    }
    return it.seen.map(([one]) => one);
  };
  return it;
}

test("a line that is quiet is asked, and while it answers nothing is wrong", () => {
  const seen = line(300).pass(60_000);
  assert.deepEqual(new Set(seen), new Set(["ask"]));
  assert.ok(seen.length >= 20);
});

test("one that is heard all the time is not asked", () => {
  const it = line(null);
  for (let i = 0; i < 60; i += 1) {
    it.heartbeat.heard();
    assert.deepEqual(it.pass(500), []);
  }
});

test("one that does not answer is told of within five seconds, and given up later", () => {
  const it = line(null);
  it.pass(20_000);
  const at = (what) => it.seen.find(([one]) => one === what)[1];
  assert.ok(at("lost") <= 5_000, String(at("lost")));
  assert.ok(at("gone") >= 10_000);
  assert.equal(it.seen.filter(([one]) => one === "ask").length, 1);
});

test("an answer that is late makes it good", () => {
  const it = line(null);
  it.pass(6_000);
  assert.ok(it.seen.some(([one]) => one === "lost"));
  it.answers = 100;
  it.heartbeat.heard();
  assert.deepEqual(new Set(it.pass(6_000)), new Set(["ask"]));
});

test("where the browser says that it is offline it is asked at once", () => {
  const it = line(null);
  it.heartbeat.doubt();
  it.pass(3_000);
  assert.deepEqual(it.seen[0], ["ask", LOOK_MS]);
  assert.ok(it.seen.some(([one, ms]) => one === "lost" && ms <= 3_000));
});

test("a page that slept asks before it believes anything", () => {
  const it = line(100);
  it.pass(2_000);
  it.now += 600_000;
  it.due = null;
  assert.ok(!it.pass(3_000).includes("gone"));
});
