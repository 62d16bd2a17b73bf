/** The sound of an interview for somebody who listens in: both voices, as they come. */

const RATES = { 1: 16_000, 2: 24_000, 3: 24_000 };
/** When the sound of nobody ends. */
const NOTHING = { 1: 0, 2: 0, 3: 0 };
const LEAD_S = 0.15;
/** What is further behind than this is left out: one listens to what is said now. */
const MOST_BEHIND_S = 1.5;

export class Earpiece {
  /** @type {AudioContext | null} */
  #context = null;
  /** When the sound that came last ends, by voice. */
  #until = { ...NOTHING };
  #sources = new Set();

  /** Call from a click, or the browser keeps it silent. */
  async start() {
    this.#context ??= new AudioContext();
    await this.#context.resume();
  }

  /** One byte says whose voice it is, then PCM16 follows. @param {ArrayBuffer} frame */
  play(frame) {
    const context = this.#context;
    const voice = new Uint8Array(frame, 0, 1)[0];
    const rate = RATES[voice];
    const samples = new Int16Array(frame.slice(1, frame.byteLength - ((frame.byteLength - 1) % 2)));
    if (!context || !rate || samples.length === 0) return;
    const buffer = context.createBuffer(1, samples.length, rate);
    buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32_768), 0);
    let at = Math.max(this.#until[voice], context.currentTime + LEAD_S);
    if (voice !== 2 && at - context.currentTime > MOST_BEHIND_S) at = context.currentTime + LEAD_S;
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    source.onended = () => this.#sources.delete(source);
    source.start(at);
    if (voice === 2) this.#sources.add(source);
    this.#until[voice] = at + buffer.duration;
  }

  /** The interviewer stopped speaking: what is left of its voice is not heard. */
  hush() {
    for (const source of this.#sources) source.stop();
    this.#sources.clear();
    this.#until[2] = 0;
  }

  async stop() {
    const context = this.#context;
    this.#context = null;
    this.#until = { ...NOTHING };
    this.#sources.clear();
    await context?.close();
  }
}
