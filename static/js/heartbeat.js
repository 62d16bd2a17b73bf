/** Whether somebody is at the other end of an open connection: a dead line does not close. */

const QUIET_MS = 1_000;
const LOST_MS = 2_000;
const GONE_MS = 10_000;

export class Heartbeat {
  #now;
  #heardAt = 0;
  /** @type {number | null} */
  #askedAt = null;

  /** @param {() => number} now in milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Something came. */
  heard() {
    this.#heardAt = this.#now();
    this.#askedAt = null;
  }

  /** The browser says that it is offline: ask at once, it may be wrong. */
  doubt() {
    this.#heardAt = -Infinity;
  }

  /**
   * To be asked twice a second. Counted from the question, so a page that slept asks anew.
   * @returns {"fine" | "ask" | "lost" | "gone"} `ask`: send something that is answered; `lost`: tell
   *   the candidate; `gone`: make a new connection
   */
  look() {
    const now = this.#now();
    if (this.#askedAt === null) {
      if (now - this.#heardAt < QUIET_MS) return "fine";
      this.#askedAt = now;
      return "ask";
    }
    const waited = now - this.#askedAt;
    if (waited >= GONE_MS) return "gone";
    return waited >= LOST_MS ? "lost" : "fine";
  }
}
