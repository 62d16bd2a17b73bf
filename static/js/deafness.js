/** Watches over the way from the mouth to the server, mends what it can, and says what it cannot. */

import { byId, showIf } from "./elements.js";
import { Hearable } from "./hearable.js";
import { setPlain, setText } from "./language.js";

const LOOK_MS = 500;
/** Faults of the line, not of the microphone. */
const BY_LINE = new Set(["unsent", "unanswered"]);
/** Tried without being asked, but not over and over. */
const BY_ITSELF = new Set(["ended", "still", "unsent"]);
const TRY_AGAIN_MS = 30_000;

/** @typedef {import("./hearable.js").Fault | "unanswered"} Told */

/**
 * Events: `fault` with what is told, or null; `reopen` when the microphone is to be opened anew, with
 * whether a person asked for it; `reconnect` likewise for the connection.
 */
export class Deafness extends EventTarget {
  #microphone;
  #hearable = new Hearable();
  #expecting = () => false;
  #answered = true;
  /** @type {Told | null} */
  #told = null;
  #triedAt = -Infinity;

  /**
   * @param {import("./microphone.js").Microphone} microphone
   * @param {() => boolean} expecting whether the interview is under way, and not paused
   */
  constructor(microphone, expecting) {
    super();
    this.#microphone = microphone;
    this.#expecting = expecting;
    microphone.addEventListener("frame", () => this.#hearable.frame());
    microphone.addEventListener("track", ({ detail }) => this.#learn("track", detail));
    microphone.addEventListener("context", ({ detail }) => this.#learn("context", detail));
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#plugged());
    byId("deaf-mend").addEventListener("click", () => this.#mend(true));
    setInterval(() => this.#look(), LOOK_MS);
  }

  #learn(link, state) {
    this.#hearable[link] = state;
    this.#look();
  }

  /** Sound went out on the connection. */
  sent() {
    this.#hearable.sent();
  }

  /** @param {boolean} missed what the server says */
  set missed(missed) {
    this.#learn("missed", missed);
  }

  /** @param {boolean} answered whether the server answers on the open connection */
  set answered(answered) {
    this.#answered = answered;
    this.#look();
  }

  #look() {
    if (!this.#expecting()) {
      this.#hearable.expect();
      this.#tell(null);
      return;
    }
    const fault = this.#hearable.look();
    this.#tell(this.#answered ? fault : "unanswered");
    if (!document.hidden) this.#microphone.resume();
  }

  /** @param {Told | null} told */
  #tell(told) {
    if (told === this.#told) return;
    this.#told = told;
    byId("deaf").dataset.fault = told ?? "";
    showIf(byId("deaf-mend"), told);
    if (told) {
      setText(byId("deaf-text"), `deaf.${told}`);
      setText(byId("deaf-mend"), BY_LINE.has(told) ? "stage.now" : "stage.microphone.open");
    } else {
      setPlain(byId("deaf-text"), "");
    }
    this.dispatchEvent(new CustomEvent("fault", { detail: told }));
    const tried = performance.now() - this.#triedAt < TRY_AGAIN_MS;
    if (BY_ITSELF.has(told) && !tried) this.#mend(false);
  }

  /** A device that was gone may be back. */
  #plugged() {
    if (this.#told === "ended") this.#mend(false);
  }

  #mend(asked) {
    this.#triedAt = performance.now();
    const way = BY_LINE.has(this.#told) ? "reconnect" : "reopen";
    this.dispatchEvent(new CustomEvent(way, { detail: asked }));
  }
}
