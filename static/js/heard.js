/** One player for all answers of an interview: a place on its clock, and the sound that is there. */

import { getSound } from "./api.js";
import { interviewerKey } from "./key.js";
import { soundAt } from "./soundmap.js";

const OGG = 'audio/ogg; codecs="opus"';
/** A little before the first word and after the last, so that neither is cut. */
const LEAD_MS = 120;
const TAIL_MS = 120;
/** Where nothing was recorded for longer, it goes on with what follows. */

/** Events: `move` with the place, `play`, `pause`, `problem` with a key, `sound` with an answer's samples. */
export class Heard extends EventTarget {
  #interview;
  #stretches;
  #audio = new Audio();
  /** @type {Map<string, Promise<string>>} */
  #files = new Map();
  #now = null;
  #frame = 0;
  #until = Infinity;
  #place = 0;
  #asked = 0;

  /** @param {string} interview its id @param {import("./soundmap.js").Stretch[]} stretches */
  constructor(interview, stretches) {
    super();
    this.#interview = interview;
    this.#stretches = stretches;
    this.#audio.addEventListener("ended", () => this.#over());
    this.#audio.addEventListener("pause", () => this.#stopped());
  }

  get place() {
    return this.#place;
  }

  get playing() {
    return !this.#audio.paused;
  }

  set speed(rate) {
    this.#audio.defaultPlaybackRate = rate;
    this.#audio.playbackRate = rate;
  }

  /** @param {number} ms */
  async seek(ms) {
    this.#until = Infinity;
    this.#moved(Math.max(0, ms));
    if (this.playing) await this.#start(this.#place);
  }

  async toggle() {
    this.#until = Infinity;
    if (this.playing) this.#audio.pause();
    else await this.#start(this.#place);
  }

  pause() {
    this.#audio.pause();
  }

  /** From a word to another. @param {number} start_ms @param {number} end_ms */
  async playQuote(start_ms, end_ms) {
    this.#until = end_ms + TAIL_MS;
    await this.#start(start_ms - LEAD_MS);
  }

  async #start(ms) {
    const stretch = soundAt(this.#stretches, ms);
    if (stretch === null) return this.#end();
    if (!this.#audio.canPlayType(OGG)) return this.#complain("player.unsupported");
    const asked = ++this.#asked;
    const from = Math.max(ms, stretch.start_ms);
    try {
      const file = await this.#file(stretch.answer);
      if (asked !== this.#asked) return;
      if (this.#now?.answer !== stretch.answer) this.#audio.src = file;
      this.#now = stretch;
      this.#audio.currentTime = (stretch.offset_ms + from - stretch.start_ms) / 1_000;
      this.#moved(from);
      await this.#audio.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.#complain("player.failed");
      return;
    }
    this.dispatchEvent(new Event("play"));
    this.#follow();
    const next = soundAt(this.#stretches, stretch.end_ms);
    if (next) this.#file(next.answer).catch(() => {});
  }

  /** An audio element cannot send the key, so the sound is fetched, once. @returns {Promise<string>} */
  #file(answer) {
    const known = this.#files.get(answer);
    if (known) return known;
    const file = getSound(this.#interview, answer, interviewerKey()).then((sound) => {
      this.dispatchEvent(new CustomEvent("sound", { detail: { answer, sound } }));
      return URL.createObjectURL(sound);
    });
    this.#files.set(answer, file);
    file.catch(() => this.#files.delete(answer));
    return file;
  }

  #follow() {
    cancelAnimationFrame(this.#frame);
    const { start_ms: start, offset_ms: offset, end_ms: end } = this.#now;
    const at = start + this.#audio.currentTime * 1_000 - offset;
    this.#moved(at);
    if (at >= this.#until) this.#audio.pause();
    else if (at >= end) this.#over();
    else if (this.playing) this.#frame = requestAnimationFrame(() => this.#follow());
  }

  /** On with what was recorded next. */
  #over() {
    const next = this.#now && soundAt(this.#stretches, this.#now.end_ms);
    if (!next || next.start_ms >= this.#until) this.#end();
    else this.#start(next.start_ms);
  }

  #end() {
    this.#audio.pause();
    this.#stopped();
  }

  #stopped() {
    cancelAnimationFrame(this.#frame);
    this.dispatchEvent(new Event("pause"));
  }

  #moved(ms) {
    this.#place = ms;
    this.dispatchEvent(new CustomEvent("move", { detail: ms }));
  }

  #complain(key) {
    this.#audio.pause();
    this.dispatchEvent(new CustomEvent("problem", { detail: key }));
  }
}
