/** What a screen reader reads by itself. Nothing is read over the voice into the open microphone,
 * unless somebody would rather have the questions read than spoken. */

import { chosen, choose } from "./choices.js";
import { byId } from "./elements.js";
import { setPlain, setText } from "./language.js";

/** Where neither the voice speaks nor the candidate is about to. */
const QUIET = new Set(["connecting", "preparing", "paused", "offline", "typing", "led"]);

export class Reading {
  constructor() {
    const box = byId("read-instead");
    box.checked = chosen("read");
    box.addEventListener("change", () => choose("read", box.checked));
  }

  /** @param {string} key of what is shown of the state */
  state(key) {
    if (chosen("read") || QUIET.has(key)) setText(byId("told-state"), `floor.${key}`);
    else setPlain(byId("told-state"), "");
  }

  /** @param {string} words @param {string} lang */
  question(words, lang) {
    byId("told-question").lang = lang;
    setPlain(byId("told-question"), chosen("read") ? words : "");
  }
}
