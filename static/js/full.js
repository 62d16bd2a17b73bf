/** Where a server has enough to do: when to come again, which the page does by itself. */

import { byId, showIf } from "./elements.js";
import { language, onLanguage, setText } from "./language.js";

/** Those who wait do not all come at once. */
const SPREAD = 0.5;
const USUAL_S = 60;

export const FULL = "server_full";

/** Event `again` when it is to be tried. */
export class Full extends EventTarget {
  #timer = 0;
  #at = 0;

  /** @param {boolean} invited whether there is a link that brings them back */
  constructor(invited) {
    super();
    showIf(byId("full-link"), invited);
    byId("full-now").addEventListener("click", () => this.#try());
    onLanguage(() => this.#write());
  }

  /** @param {number} [seconds] that the server says */
  wait(seconds = USUAL_S) {
    const wait = 1_000 * (seconds || USUAL_S) * (1 + SPREAD * Math.random());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#try(), wait);
    this.#at = Date.now() + wait;
    byId("full-now").disabled = false;
    this.#write();
  }

  leave() {
    clearTimeout(this.#timer);
    this.#at = 0;
  }

  #write() {
    if (!this.#at) return;
    const time = new Intl.DateTimeFormat(language(), { timeStyle: "short" }).format(new Date(this.#at));
    setText(byId("full-when"), "full.when", { time });
  }

  #try() {
    clearTimeout(this.#timer);
    byId("full-now").disabled = true;
    setText(byId("full-when"), "full.trying");
    this.#at = 0;
    this.dispatchEvent(new CustomEvent("again"));
  }
}
