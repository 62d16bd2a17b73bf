/** What changed since the last frame, told once, however often it changed. */

/** A page in the background is shown no frames. */
const LATEST_MS = 250;

/** @template T */
export class Gathered {
  /** @type {Set<T>} */
  #changed = new Set();
  #frame = 0;
  #timer = 0;
  #tell;

  /** @param {(changed: Set<T>) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @param {T} one */
  add(one) {
    this.#changed.add(one);
    if (this.#changed.size > 1) return;
    this.#frame = requestAnimationFrame(() => this.#now());
    this.#timer = setTimeout(() => this.#now(), LATEST_MS);
  }

  #now() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    const changed = this.#changed;
    this.#changed = new Set();
    this.#tell(changed);
  }
}
