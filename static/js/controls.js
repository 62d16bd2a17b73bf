/** What the candidate may ask of the interviewer: again, differently, skip, a moment, a pause. */

import { byId, showIf } from "./elements.js";
import { setPlain, setText } from "./language.js";

const NAMES = ["repeat", "rephrase", "skip", "moment", "pause"];
const USABLE = {
  repeat: ["speaking", "listening", "moment"],
  rephrase: ["speaking", "listening", "moment"],
  skip: ["speaking", "listening", "moment"],
  moment: ["listening", "thinking"],
  pause: ["speaking", "listening", "moment", "led", "thinking", "paused"],
};
/** A double click on "skip" would skip the next question unseen. */
const REST_MS = 600;
const HINT_MS = 6_000;

/** Event `control` with its name, `resume` where it was paused. */
export class Controls extends EventTarget {
  #state = "connecting";
  #over = false;
  #pressed = { name: "", at: 0 };
  #timer = 0;

  constructor() {
    super();
    for (const name of NAMES) byId(`control-${name}`).addEventListener("click", () => this.#press(name));
    byId("go-on").addEventListener("click", () => this.#press("pause"));
  }

  /** @param {string} state of the stage @param {boolean} over nothing is asked any more */
  show(state, over) {
    this.#state = state;
    this.#over = over;
    for (const name of NAMES) {
      byId(`control-${name}`).setAttribute("aria-disabled", String(!this.#usable(name)));
    }
    if (state === "offline") byId("helps").hidePopover?.();
    const paused = state === "paused";
    setText(byId("control-pause"), paused ? "control.resume" : "control.pause");
    if (this.#usable("repeat")) this.#hint(null);
  }

  #usable(name) {
    return !this.#over && USABLE[name].includes(this.#state);
  }

  #press(name) {
    if (!this.#usable(name)) {
      this.#hint(this.#why(name));
      return;
    }
    const at = performance.now();
    if (this.#pressed.name === name && at - this.#pressed.at < REST_MS) return;
    this.#pressed = { name, at };
    this.#hint(null);
    byId("helps").hidePopover?.();
    const control = name === "pause" && this.#state === "paused" ? "resume" : name;
    this.dispatchEvent(new CustomEvent("control", { detail: control }));
  }

  #why(name) {
    if (this.#state === "paused" || this.#state === "led") return `control.${this.#state}`;
    if (this.#over) return "control.over";
    return name === "moment" && this.#state === "speaking" ? "control.moment.wait" : "control.wait";
  }

  #hint(key) {
    clearTimeout(this.#timer);
    showIf(byId("control-hint"), key);
    if (!key) {
      setPlain(byId("control-hint"), "");
      return;
    }
    setText(byId("control-hint"), key);
    this.#timer = setTimeout(() => this.#hint(null), HINT_MS);
  }
}
