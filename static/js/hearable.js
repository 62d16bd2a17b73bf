/** Whether the candidate can be heard: what is known of each link of the way, and which is broken. */

/** So long without a frame: no worklet is that late. */
const STILL_MS = 2_500;
/** What mends itself sooner is not worth a word. */
const PATIENCE_MS = { ended: 0, asleep: 1_000, muted: 1_000, still: 0, unsent: 1_000 };
/** Nobody looked for so long: the page itself was asleep, and has missed nothing. */
const OVERSLEPT_MS = 2_500;

/**
 * @typedef {"ended" | "asleep" | "muted" | "still" | "unsent"} Fault the device is gone, the browser
 *   has stopped the sound, the system has muted the device, nothing comes although all seems well,
 *   or what comes does not reach the server
 */
export class Hearable {
  #now;
  /** @type {"none" | "live" | "muted" | "ended"} */
  #track = "none";
  #awake = true;
  #missed = false;
  #frameAt = 0;
  #sentAt = 0;
  #lookedAt = 0;
  /** @type {Fault | null} */
  #found = null;
  #foundAt = 0;

  /** @param {() => number} now in milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Sound is expected from here on: the device was opened, or a pause is over. */
  expect() {
    this.#frameAt = this.#sentAt = this.#now();
  }

  frame() {
    this.#frameAt = this.#now();
  }

  /** Sound went out. */
  sent() {
    this.#sentAt = this.#now();
  }

  /** @param {"none" | "live" | "muted" | "ended"} track `none`: nobody wants to be heard */
  set track(track) {
    this.#track = track;
    this.expect();
  }

  /** @param {string} state of the audio context */
  set context(state) {
    this.#awake = state === "running";
    this.expect();
  }

  /** @param {boolean} missed what the server says */
  set missed(missed) {
    this.#missed = missed;
  }

  /** To be asked twice a second. @returns {Fault | null} what is to be told, the nearest first */
  look() {
    const now = this.#now();
    if (now - this.#lookedAt > OVERSLEPT_MS) this.expect();
    this.#lookedAt = now;
    const found = this.#fault(now);
    if (found !== this.#found) this.#foundAt = now;
    this.#found = found;
    return found && now - this.#foundAt >= PATIENCE_MS[found] ? found : null;
  }

  /** @returns {Fault | null} */
  #fault(now) {
    if (this.#track === "none") return null;
    if (this.#track === "ended") return "ended";
    if (!this.#awake) return "asleep";
    if (this.#track === "muted") return "muted";
    if (now - this.#frameAt >= STILL_MS) return "still";
    return this.#missed || now - this.#sentAt >= STILL_MS ? "unsent" : null;
  }
}
