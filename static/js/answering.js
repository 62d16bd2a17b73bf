/** The ways to finish an answer other than falling silent: the button, the keys, the text box. */

import { byId, showIf } from "./elements.js";
import { setPlain, setText } from "./language.js";

const HINT_MS = 6_000;

/** Events: `commit` when the spoken answer is complete, `typed` with the text of a written one. */
export class Answering extends EventTarget {
  #timer = 0;
  /** @type {() => {floor: string, spoken: boolean, open: boolean}} */
  #now;

  /** @param {() => {floor: string, spoken: boolean, open: boolean}} now */
  constructor(now) {
    super();
    this.#now = now;
    byId("done").addEventListener("click", () => this.#done());
    byId("type").addEventListener("click", () => this.open(byId("typing").hidden));
    byId("typing").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    document.addEventListener("keydown", (event) => this.#key(event));
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
    if (floor === "paused") this.#hint("control.paused");
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
    const { floor, open } = this.#now();
    if (!open || floor === "paused") {
      this.#hint(open ? "control.paused" : "stage.type.offline");
      return;
    }
    this.#hint(null);
    byId("answer").value = "";
    this.dispatchEvent(new CustomEvent("typed", { detail: words }));
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

  open(open, focus = true) {
    showIf(byId("typing"), open);
    byId("type").setAttribute("aria-expanded", String(open));
    if (open && focus) byId("answer").focus();
  }
}
