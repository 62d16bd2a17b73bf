/** PCM16 mono 24 kHz to the loudspeaker, one turn at a time, with reports of what was played. */

import { Resampler } from "../js/resampler.js";

const RATE = 24_000;
const REPORT_S = 0.25;
const LEVEL_S = 0.05;
const FIRST_BUFFER_S = 0.1;
const LONGEST_BUFFER_S = 0.4;

/** The voice of one turn: what has come and how much of it has been played. */
class Voice {
  constructor(turn) {
    this.turn = turn;
    this.chunks = [];
    this.position = 0;
    this.waiting = 0;
    this.received = 0;
    this.played = 0;
    this.done = false;
    this.running = false;
    this.resampler = sampleRate === RATE ? null : new Resampler(RATE, sampleRate);
  }

  push(pcm) {
    const samples = Float32Array.from(new Int16Array(pcm), (value) => value / 32_768);
    this.received += samples.length;
    this.#add(this.resampler ? this.resampler.process(samples) : samples);
  }

  finish() {
    this.done = true;
    if (this.resampler) this.#add(this.resampler.process(new Float32Array(this.resampler.taps)));
  }

  #add(samples) {
    if (samples.length === 0) return;
    this.chunks.push(samples);
    this.waiting += samples.length;
  }

  /** Fill the output; returns the number of samples played. */
  read(output) {
    let written = 0;
    while (written < output.length && this.chunks.length > 0) {
      const [chunk] = this.chunks;
      const part = chunk.subarray(this.position, this.position + output.length - written);
      output.set(part, written);
      written += part.length;
      this.position += part.length;
      if (this.position === chunk.length) {
        this.chunks.shift();
        this.position = 0;
      }
    }
    this.waiting -= written;
    this.played += written;
    return written;
  }

  get playedMs() {
    const limit = Math.round((this.received * 1_000) / RATE);
    return Math.min(limit, Math.round((this.played * 1_000) / sampleRate));
  }
}

class Playback extends AudioWorkletProcessor {
  constructor() {
    super();
    this.voice = null;
    this.hushed = null;
    this.buffer = FIRST_BUFFER_S * sampleRate;
    this.sinceReport = 0;
    this.sinceLevel = 0;
    this.peak = 0;
    this.port.onmessage = ({ data }) => this.#receive(data);
  }

  #receive(message) {
    if (message.type === "voice") this.#take(message);
    else if (message.type === "done") this.#finish(message.turn);
    else if (message.type === "hush") this.#hush(message.turn);
    else if (message.type === "reset") this.#reset();
  }

  /** Offset zero begins the turn's voice, also when it is said again after a break. */
  #take({ turn, offset, pcm }) {
    if (offset === 0) {
      this.voice = new Voice(turn);
      this.hushed = null;
    }
    if (this.hushed === turn || this.voice?.turn !== turn) return;
    this.voice.push(pcm);
  }

  #finish(turn) {
    if (this.voice?.turn === turn) this.voice.finish();
    else if (this.hushed !== turn) this.port.postMessage({ type: "played", turn, playedMs: 0, complete: true });
  }

  #hush(turn) {
    const playedMs = this.voice?.turn === turn ? this.voice.playedMs : 0;
    this.#reset();
    this.hushed = turn;
    this.port.postMessage({ type: "played", turn, playedMs, complete: false });
  }

  #reset() {
    this.voice = null;
    this.hushed = null;
    this.port.postMessage({ type: "level", level: 0 });
  }

  process(_inputs, [[output]]) {
    const voice = this.voice;
    if (!voice || !output) return true;
    if (!voice.running) voice.running = voice.done || voice.waiting >= this.buffer;
    if (!voice.running) return true;
    const written = voice.read(output);
    this.#level(output, written);
    this.#progress(voice, written, output.length);
    return true;
  }

  #progress(voice, written, wanted) {
    if (written < wanted && voice.done) {
      this.voice = null;
      this.sinceReport = 0;
      this.port.postMessage({ type: "level", level: 0 });
      this.#report(voice, true);
      return;
    }
    // Ran dry: gather a little more before going on, so that words are not chopped.
    if (written < wanted) {
      voice.running = false;
      this.buffer = Math.min(this.buffer * 2, LONGEST_BUFFER_S * sampleRate);
    }
    this.sinceReport += written;
    if (this.sinceReport >= REPORT_S * sampleRate) {
      this.sinceReport = 0;
      this.#report(voice, false);
    }
  }

  #report(voice, complete) {
    const { turn, playedMs } = voice;
    this.port.postMessage({ type: "played", turn, playedMs, complete });
  }

  #level(output, written) {
    for (let i = 0; i < written; i += 1) this.peak = Math.max(this.peak, Math.abs(output[i]));
    this.sinceLevel += written;
    if (this.sinceLevel < LEVEL_S * sampleRate) return;
    this.port.postMessage({ type: "level", level: this.peak });
    this.sinceLevel = 0;
    this.peak = 0;
  }
}

registerProcessor("viva-playback", Playback);
