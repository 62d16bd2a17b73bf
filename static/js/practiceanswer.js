/** The answer to the practice question: what is heard of it, written down as it comes. */

import { byId, make, showIf } from "./elements.js";
import { setText } from "./language.js";

const MOMENT_MS = 30_000;

/** Event `state` with the key of what is to be told. */
export class PracticeAnswer extends EventTarget {
  #line;
  #listening = false;
  #timer = 0;
  /** @type {Map<number, {text: string, tentative: string, whole: boolean, unclear: boolean}>} */
  #segments = new Map();
  #from = 0;

  /** @param {import("./practiceline.js").PracticeLine} line */
  constructor(line) {
    super();
    this.#line = line;
    line.addEventListener("words", ({ detail }) => {
      this.#segments.set(detail.segment, detail);
      if (this.#listening) this.#tell("floor.listening");
      this.#write();
    });
  }

  begin() {
    this.#from = Math.max(0, ...this.#segments.keys());
    this.#listening = true;
    this.#write();
    this.#tell("floor.listening");
  }

  /** @param {ArrayBuffer} pcm */
  hear(pcm) {
    if (this.#listening) this.#line.hear(pcm);
  }

  /** Asked for a moment: nothing is waited for meanwhile. */
  moment() {
    this.#tell("floor.hint.moment");
    this.#timer = setTimeout(() => this.#tell("floor.listening"), MOMENT_MS);
  }

  /** @returns {Promise<string>} all that was understood */
  async end() {
    this.#listening = false;
    this.#tell("rehearsal.writing");
    const written = new Promise((resolve) => {
      this.#line.addEventListener("done", resolve, { once: true });
      this.#line.addEventListener("lost", resolve, { once: true });
    });
    this.#line.done();
    if (this.#line.open) await written;
    const words = this.#now.map(({ text }) => text).join(" ").trim();
    const unclear = this.#now.some((one) => one.unclear);
    this.#tell(words ? (unclear ? "rehearsal.written.part" : "rehearsal.written") : "rehearsal.written.none");
    return words;
  }

  get #now() {
    return [...this.#segments].filter(([segment]) => segment > this.#from).map(([, words]) => words);
  }

  #write() {
    const parts = this.#now.flatMap(({ text, tentative, unclear }) => {
      const gap = make("span", { class: "tentative" });
      if (unclear && !text) setText(gap, "talk.unheard");
      return [text, " ", make("span", { class: "tentative" }, tentative), unclear && !text ? gap : "", " "];
    });
    const shown = byId("practice-words");
    shown.replaceChildren(...parts);
    showIf(shown, shown.textContent.trim());
    shown.scrollTop = shown.scrollHeight;
  }

  #tell(key) {
    clearTimeout(this.#timer);
    this.dispatchEvent(new CustomEvent("state", { detail: key }));
  }
}
