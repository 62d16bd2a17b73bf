/** A few seconds of the candidate's own voice, kept in this page alone and played back. */

const RATE = 16_000;
const FRAME_MS = 40;
export const TAPE_MS = 4_000;

export class OwnVoice {
  /** @type {Int16Array[]} */
  #frames = [];
  #loudest = 0;
  /** @type {(() => void) | null} */
  #full = null;

  /** What the microphone brings is kept until there is enough. @returns {Promise<number>} its loudest frame */
  async record() {
    this.#frames = [];
    this.#loudest = 0;
    await new Promise((resolve) => { this.#full = () => resolve(null); });
    this.#full = null;
    return this.#loudest;
  }

  /** @param {ArrayBuffer} pcm @param {number} rms */
  take(pcm, rms) {
    if (!this.#full) return;
    this.#frames.push(new Int16Array(pcm.slice(0)));
    this.#loudest = Math.max(this.#loudest, rms);
    if (this.#frames.length * FRAME_MS >= TAPE_MS) this.#full();
  }

  /** Until it was heard. */
  async play() {
    const samples = Float32Array.from(this.#frames.flatMap((frame) => [...frame]), (value) => value / 32_768);
    const context = new AudioContext();
    try {
      await context.resume();
      const buffer = context.createBuffer(1, Math.max(1, samples.length), RATE);
      buffer.copyToChannel(samples, 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      await new Promise((resolve) => {
        source.onended = resolve;
        source.start();
      });
    } finally {
      await context.close();
    }
  }
}
