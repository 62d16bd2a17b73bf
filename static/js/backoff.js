/** When to try a lost connection again: soon at first, then less and less often. */

const FIRST_MS = 500;
const LONGEST_MS = 10_000;
const STEADY_MS = 5_000;

export class Backoff {
  #attempt = 0;
  #timer = 0;
  #openedAt = 0;

  get attempt() {
    return this.#attempt;
  }

  opened() {
    this.#openedAt = Date.now();
  }

  /** Call `again` after the wait; a connection that held for a while starts from the beginning. */
  schedule(again) {
    this.cancel();
    if (this.#openedAt && Date.now() - this.#openedAt > STEADY_MS) this.#attempt = 0;
    this.#openedAt = 0;
    const wait = Math.min(FIRST_MS * 2 ** this.#attempt, LONGEST_MS);
    this.#attempt += 1;
    this.#timer = setTimeout(again, wait * (0.75 + Math.random() / 2));
  }

  cancel() {
    clearTimeout(this.#timer);
  }
}
