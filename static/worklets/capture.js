/** Microphone to 40 ms frames of PCM16 mono 16 kHz. */

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
    this.port.onmessage = () => {
      this.open = false;
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
    this.port.postMessage({ pcm, rms: Math.sqrt(this.energy / FRAME) }, [pcm]);
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
    this.energy = 0;
  }
}

registerProcessor("viva-capture", Capture);
