/** The candidate's sound until the server has it for good, so that nothing said is lost. */

const LONGEST_MS = 600_000;
const SPOKEN_RMS = 0.01;
const PCM_PER_MS = 32;
/** Clocks may be apart by what stays in a codec's filter: a frame more is sent twice, none is lost. */
const SLACK_MS = 60;

/**
 * Frames with their place on the server's audio clock. Those before `#next` were sent; they are kept
 * because they may be lost on the way. `answer`: the candidate had the floor.
 *
 * @typedef {{pcm: ArrayBuffer, at: number, ms: number, spoken: boolean, answer: boolean}} Frame
 * @typedef {{add(frame: Frame): void, drop(beforeMs: number): void, replace(frames: Frame[]): void}} Store
 */

/** @type {Store} */
const NOWHERE = { add() {}, drop() {}, replace() {} };

export class Keeping {
  /** @type {Frame[]} */
  #frames = [];
  #next = 0;
  #clock = 0;
  #answer = false;
  #store;

  /** @param {Store} store where they outlive the page */
  constructor(store = NOWHERE) {
    this.#store = store;
  }

  /** @param {ArrayBuffer} pcm 16 kHz */
  add(pcm, rms) {
    const ms = pcm.byteLength / PCM_PER_MS;
    const frame = { pcm, at: this.#clock, ms, spoken: rms > SPOKEN_RMS, answer: this.#answer };
    this.#frames.push(frame);
    this.#store.add(frame);
    this.#clock += ms;
    while (this.#clock - this.#frames[0].at > LONGEST_MS) this.#drop();
  }

  #drop() {
    this.#frames.shift();
    if (this.#next > 0) this.#next -= 1;
  }

  /** The next frame that has not been sent, or null. @returns {ArrayBuffer | null} */
  take() {
    const frame = this.#frames[this.#next];
    if (!frame) return null;
    this.#next += 1;
    return frame.pcm;
  }

  get waiting() {
    return this.#next < this.#frames.length;
  }

  /** Whether what is said from here on is an answer. @param {boolean} answer */
  set answering(answer) {
    this.#answer = answer;
  }

  /** How much of an answer was spoken that the server may not have, ms. */
  get spokenMs() {
    const answer = this.#frames.filter(({ spoken, answer }) => spoken && answer);
    return Math.round(answer.reduce((sum, { ms }) => sum + ms, 0));
  }

  /** What an earlier page of this interview left behind. @param {Frame[]} frames in order */
  restore(frames) {
    const fresh = this.#frames;
    this.#frames = [...frames];
    this.#next = 0;
    const last = frames.at(-1);
    this.#clock = last ? last.at + last.ms : 0;
    for (const frame of fresh) this.#append(frame);
    this.#store.replace(this.#frames);
  }

  #append(frame) {
    frame.at = this.#clock;
    this.#clock += frame.ms;
    this.#frames.push(frame);
  }

  /** The server has everything before `storedMs` for good. */
  acknowledge(storedMs) {
    const before = storedMs - SLACK_MS;
    while (this.#next > 0 && this.#frames[0].at + this.#frames[0].ms <= before) this.#drop();
    this.#store.drop(before);
  }

  /** The server has what came before `heardMs`; the rest goes to `audioMs` anew. */
  rewind(heardMs, audioMs) {
    const kept = this.#frames.filter(({ at }) => at >= heardMs);
    this.#frames = [];
    this.#next = 0;
    this.#clock = audioMs;
    for (const frame of kept) this.#append(frame);
    this.#store.replace(this.#frames);
  }

  /** What has not been sent is not wanted; the server's clock stands at `audioMs`. */
  forget(audioMs) {
    this.#frames = [];
    this.#next = 0;
    this.#clock = audioMs;
    this.#store.replace([]);
  }
}
