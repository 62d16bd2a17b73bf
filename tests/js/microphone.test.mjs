/** Another microphone in the middle of a sentence: no frame is lost, and none is heard twice. */

import assert from "node:assert/strict";
import test from "node:test";

/** What a browser has of it. */
class Track extends EventTarget {
  live = true;
  constructor(id) { super(); this.id = id; }
  getSettings() { return { deviceId: this.id }; }
  stop() { this.live = false; }
}
class Context extends EventTarget {
  state = "running";
  audioWorklet = { addModule: async () => {} };
  destination = {};
  createMediaStreamSource = () => ({ connect: (node) => node });
  resume = async () => {};
  close = async () => {};
}
const nodes = [];
class Node {
  port = { postMessage: (said) => { this.said = said; } };
  connect = () => {};
  constructor() { nodes.push(this); }
  frame(name) { this.port.onmessage({ data: name }); }
}
const asked = [];
const kept = new Map();
let refuse = null;
const mediaDevices = {
  async getUserMedia({ audio }) {
    const wanted = audio.deviceId?.exact;
    asked.push(wanted ?? "any");
    if (refuse && refuse.has(wanted)) throw Object.assign(new Error(), { name: "OverconstrainedError" });
    const tracks = [new Track(wanted ?? "built-in")];
    return { tracks, getTracks: () => tracks, getAudioTracks: () => tracks };
  },
};
Object.defineProperty(globalThis, "navigator", { value: { mediaDevices }, configurable: true });
Object.assign(globalThis, {
  window: { AudioWorkletNode: Node }, AudioWorkletNode: Node, AudioContext: Context,
  localStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) },
});
const { Microphone, MicrophoneError } = await import("../../static/js/microphone.js");

test("the one before is heard until the first frame of the other", async () => {
  const microphone = new Microphone();
  const heard = [];
  microphone.addEventListener("frame", ({ detail }) => heard.push(detail));
  await microphone.start();
  const [first] = nodes;
  first.frame("a1");
  await microphone.change("headset");
  const [, second] = nodes;
  first.frame("a2");
  assert.equal(first.said, undefined, "it is not let go yet");
  second.frame("b1");
  assert.equal(first.said, "stop");
  first.frame("a3");
  second.frame("b2");
  assert.deepEqual(heard, ["a1", "a2", "b1", "b2"]);
  assert.equal(microphone.deviceId, "headset");

  refuse = new Set(["gone"]);
  await assert.rejects(microphone.change("gone"), MicrophoneError);
  second.frame("b3");
  assert.equal(heard.at(-1), "b3", "what cannot be had takes nothing away");
  microphone.stop();
});

test("the one that was chosen comes first the next time, and any other where it is gone", async () => {
  asked.length = 0;
  const microphone = new Microphone();
  await microphone.start();
  assert.deepEqual(asked, ["headset"]);
  refuse = new Set(["headset"]);
  await new Microphone().start();
  assert.deepEqual(asked, ["headset", "headset", "any"]);
});
