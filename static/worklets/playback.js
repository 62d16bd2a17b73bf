/** PCM16 mono 24 kHz to the loudspeaker, one turn at a time, with reports of what was played: from and
 * to the line once it has joined, else the page. */

import { Resampler } from "../js/resampler.js";

const RATE = 24_000;
const REPORT_S = 0.25;
const LEVEL_S = 0.05;
const FIRST_BUFFER_S = 0.1;
const LONGEST_BUFFER_S = 0.4;
const FADE_S = 0.01;

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
    this.held = null;
    this.leaving = null;
    this.gain = 1;
    this.step = 1 / (FADE_S * sampleRate);
    this.buffer = FIRST_BUFFER_S * sampleRate;
    this.sinceReport = 0;
    this.sinceLevel = 0;
    this.peak = 0;
    this.latency = 0;
    /** The end of a voice that still travels to the ear. */
    this.ending = null;
    this.line = this.port;
    this.port.onmessage = ({ data }) => this.#receive(data);
  }

  #receive(message) {
    if (message.type === "voice") this.#take(message);
    else if (message.type === "done") this.#finish(message.turn);
    else if (message.type === "hold") this.held = message.turn;
    else if (message.type === "release") this.#release(message.turn);
    else if (message.type === "hush") this.#hush(message.turn);
    else if (message.type === "reset") this.#reset();
    else if (message.type === "latency") this.latency = message.seconds;
    else if (message.type === "line") this.#join(message.port);
  }

  #join(port) {
    this.line = port;
    port.onmessage = ({ data }) => this.#receive(data);
  }

  /** Offset zero begins the turn's voice, also when it is said again after a break. */
  #take({ turn, offset, pcm }) {
    if (offset === 0) {
      this.voice = new Voice(turn);
      this.hushed = null;
      this.held = null;
      this.gain = 1;
    }
    if (this.hushed === turn || this.voice?.turn !== turn) return;
    this.voice.push(pcm);
  }

  #finish(turn) {
    if (this.voice?.turn === turn) this.voice.finish();
    else if (this.hushed !== turn) this.#report({ turn, playedMs: 0 }, true);
  }

  #release(turn) {
    if (this.held === turn) this.held = null;
  }

  #hush(turn) {
    if (this.ending?.turn === turn) return;
    const ours = this.voice?.turn === turn;
    const playedMs = ours ? this.voice.playedMs : 0;
    if (ours && this.voice.running) this.leaving = this.voice;
    this.#reset();
    this.hushed = turn;
    this.#report({ turn, playedMs }, false);
  }

  #reset() {
    this.voice = null;
    this.hushed = null;
    this.held = null;
    this.ending = null;
    this.port.postMessage({ type: "level", level: 0 });
  }

  process(_inputs, [[output]]) {
    if (this.ending && currentTime >= this.ending.at) this.#end(this.ending);
    if (!output) return true;
    if (this.leaving) this.#leave(output);
    else if (this.voice) this.#play(this.voice, output);
    return true;
  }

  #play(voice, output) {
    const held = this.held === voice.turn;
    if (held && !voice.running) this.gain = 0;
    if (held && this.gain === 0) return;
    if (!voice.running) voice.running = voice.done || voice.waiting >= this.buffer;
    if (!voice.running) return;
    // While it fades out no more is taken than is heard: it goes on from there.
    const wanted = held ? this.#untilSilent(output.length) : output.length;
    const written = voice.read(output.subarray(0, wanted));
    this.#fade(output, written, held ? 0 : 1);
    this.#level(output, written);
    this.#progress(voice, written, wanted);
  }

  /** The last few ms of a voice that was stopped, so that it does not click. */
  #leave(output) {
    const wanted = this.#untilSilent(output.length);
    const written = this.leaving.read(output.subarray(0, wanted));
    this.#fade(output, written, 0);
    if (this.gain > 0 && written === wanted) return;
    this.leaving = null;
    this.gain = 1;
  }

  #untilSilent(most) {
    return Math.min(most, Math.round(this.gain / this.step));
  }

  #fade(output, count, target) {
    if (this.gain === target) return;
    for (let i = 0; i < count; i += 1) {
      this.gain = target ? Math.min(1, this.gain + this.step) : Math.max(0, this.gain - this.step);
      output[i] *= this.gain;
    }
    if (target === 0 && this.gain < this.step / 2) this.gain = 0;
    if (this.gain === 0) this.port.postMessage({ type: "level", level: 0 });
  }

  #progress(voice, written, wanted) {
    if (written < wanted && voice.done) {
      this.voice = null;
      this.sinceReport = 0;
      this.port.postMessage({ type: "level", level: 0 });
      const { turn, playedMs } = voice;
      this.ending = { turn, playedMs, at: currentTime + this.latency };
      if (this.latency === 0) this.#end(this.ending);
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

  #end(ending) {
    this.ending = null;
    this.#report(ending, true);
  }

  #report({ turn, playedMs }, complete) {
    this.line.postMessage({ type: "played", turn, playedMs, complete });
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
