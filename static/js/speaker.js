/** The interviewer's voice: plays the frames of a turn and says how much has been heard. */

import { chosen, onChoice } from "./choices.js";

const RATE = 24_000;
const LONGEST_LATENCY_S = 0.5;
const CHANGED_S = 0.01;

/**
 * Events: `level` with a number from 0 to 1, `blocked` with a boolean whenever the browser stops or
 * allows the sound, and, as long as no line has joined, `played` with `{turn, playedMs, complete}`.
 */
export class Speaker extends EventTarget {
  #context = null;
  #node = null;
  #latency = 0;
  /** @type {GainNode | null} */
  #volume = null;
  /** @type {import("./line.js").Line | null} */
  #line = null;

  constructor() {
    super();
    onChoice((name, on) => {
      if (name === "read" && this.#volume) this.#volume.gain.value = on ? 0 : 1;
    });
  }

  /** Call from a click, or the browser keeps it silent. */
  async start() {
    if (!this.#context) await this.#build();
    await Promise.race([this.#context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
    this.#tellBlocked();
  }

  async #build() {
    this.#context = this.#newContext();
    await this.#context.audioWorklet.addModule("/static/worklets/playback.js");
    this.#node = new AudioWorkletNode(this.#context, "viva-playback", {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    this.#node.port.onmessage = ({ data }) => this.#receive(data);
    // Read instead of spoken: the voice goes on unheard, so that the turn takes its time.
    const volume = new GainNode(this.#context, { gain: chosen("read") ? 0 : 1 });
    this.#node.connect(volume).connect(this.#context.destination);
    this.#volume = volume;
    this.#latency = 0;
    this.#join();
    this.#context.addEventListener("statechange", () => this.#tellBlocked());
  }

  #newContext() {
    try {
      return new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    } catch {
      return new AudioContext();
    }
  }

  #tellBlocked() {
    const blocked = this.#context !== null && this.#context.state !== "running";
    this.dispatchEvent(new CustomEvent("blocked", { detail: blocked }));
  }

  /** From here on the voice comes from the line. @param {import("./line.js").Line} line */
  join(line) {
    this.#line = line;
    this.#join();
  }

  #join() {
    const port = this.#node && this.#line?.join("loudspeaker");
    if (port) this.#node.port.postMessage({ type: "line", port }, [port]);
  }

  #receive({ type, ...data }) {
    if (type === "level") this.#measure();
    const detail = type === "level" ? data.level : data;
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** The last samples still have to travel to the ear, longest over Bluetooth. */
  #measure() {
    const latency = Math.min(this.#context?.outputLatency || 0, LONGEST_LATENCY_S);
    if (Math.abs(latency - this.#latency) < CHANGED_S) return;
    this.#latency = latency;
    this.#node?.port.postMessage({ type: "latency", seconds: latency });
  }

  /** @param {number} turn @param {number} offset samples @param {ArrayBuffer} pcm */
  play(turn, offset, pcm) {
    this.#node?.port.postMessage({ type: "voice", turn, offset, pcm }, [pcm]);
  }

  done(turn) {
    this.#node?.port.postMessage({ type: "done", turn });
  }

  /** Two quiet notes, to check that sound arrives. */
  async chime() {
    await this.start();
    const context = this.#context;
    [523.25, 659.25].forEach((frequency, index) => {
      const at = context.currentTime + 0.05 + index * 0.35;
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setTargetAtTime(0.18, at, 0.02);
      gain.gain.setTargetAtTime(0, at + 0.18, 0.1);
      const note = new OscillatorNode(context, { frequency });
      note.connect(gain).connect(context.destination);
      note.start(at);
      note.stop(at + 0.9);
    });
  }

  async stop() {
    const context = this.#context;
    this.#context = null;
    this.#node = null;
    await context?.close();
  }
}
