/** The ways to finish an answer other than falling silent: the button, the keys, the text box. */

import { byId, showIf } from "./elements.js";
import { setPlain, setText } from "./language.js";

const HINT_MS = 6_000;
const AGAIN_MS = 5_000;
const KEPT = "viva.typed";

/**
 * A written answer, on its way until the server says that it is stored.
 *
 * @typedef {{id: string, turn: number, words: string}} Written
 * @typedef {{floor: string, spoken: boolean, open: boolean, turn: number}} Now
 */

/** Events: `commit` when the spoken answer is complete, `typed` with a Written, maybe again. */
export class Answering extends EventTarget {
  #timer = 0;
  /** @type {() => Now} */
  #now;
  /** @type {Written | null} */
  #written = null;
  /** The box is open without having been asked for. */
  #offered = false;

  /** @param {() => Now} now */
  constructor(now) {
    super();
    this.#now = now;
    byId("done").addEventListener("click", () => this.#done());
    byId("type").addEventListener("click", () => this.#type());
    byId("typing").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#restore();
    setInterval(() => this.again(), AGAIN_MS);
    for (const keys of document.querySelectorAll("[data-modifier]")) {
      keys.textContent = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
    }
  }

  /** Ctrl+Enter finishes the answer: the written one where there is one, else the spoken one. */
  #key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (byId("interview").hidden || byId("confirm").open) return;
    event.preventDefault();
    const typingOnly = byId("stage").classList.contains("typing-only");
    if (typingOnly || (!byId("typing").hidden && byId("answer").value.trim())) this.#send();
    else this.#done();
  }

  /** What was said about pressing too early does not hold any more. */
  clearHint() {
    if (byId("answer-hint").textContent) this.#hint(null);
  }

  #done() {
    const { floor, spoken } = this.#now();
    if (floor === "paused" || floor === "led") this.#hint(`control.${floor}`);
    else if (floor !== "listening" && floor !== "moment") this.#hint("stage.done.wait");
    else if (!spoken) this.#hint("stage.done.early");
    else {
      this.#hint(null);
      this.dispatchEvent(new Event("commit"));
    }
  }

  #send() {
    const words = byId("answer").value.trim();
    if (!words) {
      byId("answer").focus();
      return;
    }
    const { floor, turn } = this.#now();
    if (floor === "paused" && !this.#written) {
      this.#hint("control.paused");
      return;
    }
    if (!this.#written) this.#wait({ id: crypto.randomUUID?.() ?? `${Date.now()}`, turn, words });
    this.again();
  }

  /** Send what is not stored yet once more: the server takes it once. */
  again() {
    if (!this.#written) return;
    if (this.#now().open) this.dispatchEvent(new CustomEvent("typed", { detail: this.#written }));
    else this.#hint("stage.type.offline");
  }

  /** It is stored. @param {string} id */
  taken(id) {
    if (this.#written?.id !== id) return;
    this.#wait(null);
    byId("answer").value = "";
    this.#hint(null);
  }

  /** The server will never take it as it is: the text stays, to be changed. */
  refused() {
    this.#wait(null);
  }

  /** @param {Written | null} written */
  #wait(written) {
    this.#written = written;
    byId("answer").readOnly = written !== null;
    try {
      if (written) sessionStorage.setItem(KEPT, JSON.stringify(written));
      else sessionStorage.removeItem(KEPT);
    } catch {
      // Private windows may refuse; then it lasts as long as the page.
    }
  }

  /** Written before a reload. */
  #restore() {
    try {
      const written = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
      if (!written) return;
      byId("answer").value = written.words;
      this.#wait(written);
    } catch {
      // There is nothing that could be read.
    }
  }

  #hint(key) {
    clearTimeout(this.#timer);
    if (!key) {
      setPlain(byId("answer-hint"), "");
      return;
    }
    setText(byId("answer-hint"), key);
    this.#timer = setTimeout(() => this.#hint(null), HINT_MS);
  }

  /** Of a box that is offered the button leads into it; else it opens and closes it. */
  #type() {
    this.open(byId("typing").hidden || this.#offered);
  }

  /**
   * What was said was not understood: it may be typed. The focus stays where it is, as the
   * candidate may be about to say it again; what was offered and left alone goes away.
   */
  offer(offered) {
    const left = this.#offered && !offered && !byId("answer").value;
    const closed = byId("typing").hidden;
    if (offered && closed) this.open(true, false);
    else if (left && !byId("typing").contains(document.activeElement)) this.open(false);
    this.#offered = offered && (closed || this.#offered);
    showIf(byId("type-offer"), offered);
  }

  open(open, focus = true) {
    this.#offered = false;
    showIf(byId("typing"), open);
    showIf(byId("answer-send"), open);
    setText(byId("type"), open ? "stage.type.close" : "stage.type");
    byId("type").setAttribute("aria-expanded", String(open));
    if (open && focus) byId("answer").focus();
  }
}
