/** Microphone to 40 ms frames of PCM16 mono 16 kHz: to the line once it has joined, else to the page,
 * which is told the loudness in any case. */

import { Resampler } from "../js/resampler.js";

const RATE = 16_000;
const FRAME = 640;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = sampleRate === RATE ? null : new Resampler(sampleRate, RATE);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.energy = 0;
    this.open = true;
    /** @type {MessagePort | null} */
    this.line = null;
    this.port.onmessage = ({ data }) => {
      if (data === "stop") this.open = false;
      else this.line = data.line;
    };
  }

  process([[channel]]) {
    if (channel) this.#take(this.resampler ? this.resampler.process(channel) : channel);
    return this.open;
  }

  #take(samples) {
    for (const sample of samples) {
      const value = Math.max(-1, Math.min(1, sample));
      this.energy += value * value;
      this.frame[this.filled] = Math.round(value * 32_767);
      this.filled += 1;
      if (this.filled === FRAME) this.#post();
    }
  }

  #post() {
    const pcm = this.frame.buffer;
    const rms = Math.sqrt(this.energy / FRAME);
    (this.line ?? this.port).postMessage({ pcm, rms }, [pcm]);
    if (this.line) this.port.postMessage({ rms });
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.energy = 0;
  }
}

registerProcessor("viva-capture", Capture);
