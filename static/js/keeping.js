/** The last minutes of the candidate's sound, so that nothing said while cut off is lost. */

const LONGEST_MS = 120_000;
const SPOKEN_RMS = 0.01;
const PCM_PER_MS = 32;

/**
 * Frames with their place on the server's audio clock. Those before `#next` were sent; they are kept
 * because they may be lost on the way.
 *
 * @typedef {{pcm: ArrayBuffer, at: number, ms: number, spoken: boolean}} Frame
 */
export class Keeping {
  /** @type {Frame[]} */
  #frames = [];
  #next = 0;
  #clock = 0;
  #since = 0;

  /** @param {ArrayBuffer} pcm 16 kHz */
  add(pcm, rms) {
    const ms = pcm.byteLength / PCM_PER_MS;
    this.#frames.push({ pcm, at: this.#clock, ms, spoken: rms > SPOKEN_RMS });
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

  /** From here on what is said is an answer. */
  answering() {
    this.#since = this.#clock;
  }

  /** How much was spoken since then, ms. */
  get spokenMs() {
    const answer = this.#frames.filter(({ at, spoken }) => spoken && at >= this.#since);
    return Math.round(answer.reduce((sum, { ms }) => sum + ms, 0));
  }

  /** The server has understood what came before `heardMs`; the rest goes to `audioMs` anew. */
  rewind(heardMs, audioMs) {
    this.#frames = this.#frames.filter(({ at }) => at >= heardMs);
    this.#next = 0;
    this.#clock = audioMs;
    this.#since = audioMs;
    for (const frame of this.#frames) {
      frame.at = this.#clock;
      this.#clock += frame.ms;
    }
  }

  /** What has not been sent is not wanted; the server's clock stands at `audioMs`. */
  forget(audioMs) {
    this.#frames = [];
    this.#next = 0;
    this.#clock = audioMs;
    this.#since = audioMs;
  }
}
