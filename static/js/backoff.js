/** When to try a lost connection again: at once, then often for a minute, for that is how long a
 * server is away that is started again, and whoever waits should not wait past its return; then
 * less and less often. */

/** A server that leaves has said that another is there already. */
const SOON_MS = 20;
const FIRST_MS = 200;
const OFTEN_MS = 750;
const OFTEN = 80;
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

  /** Call `again` after the wait; a connection that held for a while starts from the beginning.
   * @param {() => void} again @param {boolean} soon whoever closed it asked for that */
  schedule(again, soon = false) {
    this.cancel();
    if (this.#openedAt && Date.now() - this.#openedAt > STEADY_MS) this.#attempt = 0;
    this.#openedAt = 0;
    const late = Math.max(0, this.#attempt - OFTEN);
    const often = this.#attempt ? OFTEN_MS : soon ? SOON_MS : FIRST_MS;
    const wait = Math.min(often * 2 ** late, LONGEST_MS);
    this.#attempt += 1;
    this.#timer = setTimeout(again, wait * (0.75 + Math.random() / 2));
  }

  cancel() {
    clearTimeout(this.#timer);
  }
}
