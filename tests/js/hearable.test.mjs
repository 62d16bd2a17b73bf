import assert from "node:assert/strict";
import { test } from "node:test";
import { Hearable } from "../../static/js/hearable.js";

const FRAME_MS = 40;
const LOOK_MS = 500;

/** A page whose microphone is open, on a clock of its own. */
function page() {
  const it = { now: 1_000, framing: true, sending: true, told: [] };
  const hearable = new Hearable(() => it.now);
  it.hearable = hearable;
  hearable.track = "live";
  hearable.context = "running";
  /** What is told meanwhile, and after how long. */
  it.pass = (ms) => {
    const began = it.now;
    let told = null;
    for (; it.now < began + ms; it.now += FRAME_MS) {
      if (it.framing) hearable.frame();
      if (it.framing && it.sending) hearable.sent();
      if ((it.now - 1_000) % LOOK_MS >= FRAME_MS) continue;
      const fault = hearable.look();
      if (fault !== told) it.told.push([fault, it.now - began]);
      told = fault;
    }
    return told;
  };
  return it;
}

/** Told within `ms` of what happens, as the only thing. */
function toldSoon(it, fault, ms = 5_000) {
  it.told = [];
  assert.equal(it.pass(6_000), fault);
  assert.deepEqual(it.told.map(([one]) => one), [fault]);
  assert.ok(it.told[0][1] <= ms, `after ${it.told[0][1]} ms`);
}

test("of a microphone that is heard nothing is told", () => {
  const it = page();
  assert.equal(it.pass(60_000), null);
  assert.deepEqual(it.told, []);
});

test("frames that stop are missed within seconds, and seen to come back", () => {
  const it = page();
  it.pass(2_000);
  it.framing = false;
  toldSoon(it, "still", 3_500);
  it.framing = true;
  assert.equal(it.pass(1_000), null);
});

test("a context that stays asleep is told, one that wakes at once is not", () => {
  const it = page();
  it.framing = false;
  for (const state of ["suspended", "interrupted"]) {
    it.hearable.context = state;
    toldSoon(it, "asleep");
    it.hearable.context = "running";
    it.framing = true;
    assert.equal(it.pass(1_000), null);
    it.framing = false;
  }
  it.told = [];
  it.hearable.context = "suspended";
  it.pass(600);
  it.hearable.context = "running";
  it.framing = true;
  it.pass(4_000);
  assert.deepEqual(it.told, []);
});

test("a device that the system mutes still sends frames, and is told", () => {
  const it = page();
  it.hearable.track = "muted";
  toldSoon(it, "muted");
  it.hearable.track = "live";
  assert.equal(it.pass(1_000), null);
});

test("a device that is gone is told at once, one that was given up is not", () => {
  const it = page();
  it.framing = false;
  it.hearable.track = "ended";
  toldSoon(it, "ended", LOOK_MS);
  it.hearable.track = "none";
  assert.equal(it.pass(10_000), null);
});

test("what the server misses is its own fault only where the microphone is heard here", () => {
  const it = page();
  it.hearable.missed = true;
  toldSoon(it, "unsent", 1_500);
  it.framing = false;
  assert.equal(it.pass(6_000), "still");
  it.framing = true;
  it.hearable.missed = false;
  assert.equal(it.pass(6_000), null);
});

test("frames that do not go out are told of, whoever holds them", () => {
  const it = page();
  it.pass(2_000);
  it.sending = false;
  toldSoon(it, "unsent", 4_500);
  it.sending = true;
  assert.equal(it.pass(1_000), null);
});

test("a page that slept itself has missed nothing", () => {
  const it = page();
  it.pass(2_000);
  it.now += 600_000;
  // What was to be done meanwhile comes in any order: the look may be before the first frame.
  assert.equal(it.hearable.look(), null);
  it.told = [];
  it.pass(2_000);
  assert.deepEqual(it.told, []);
});
