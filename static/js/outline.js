/** What is coming: how long, how many topics, and in which language, which the candidate chooses. */

import { chooseLanguage, getOutline, keyOf } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { languageName, onLanguage, setText } from "./language.js";
import { voicesOf } from "./voicing.js";

/** Event `language` with the one that was chosen. */
export class Outline extends EventTarget {
  #admission = null;
  #told = null;

  constructor() {
    super();
    byId("spoken-choice").addEventListener("change", ({ target }) => this.#choose(target));
    onLanguage(() => this.#write());
  }

  /** @param {import("./interview.js").Admission} admission */
  async show(admission) {
    this.#admission = admission;
    this.#told = null;
    this.#write();
    try {
      const told = await getOutline(admission);
      if (this.#admission !== admission) return;
      this.#told = told;
      admission.voice = told.voice;
      admission.result = { days: told.result_days, by: told.result_by };
    } catch {
      return;  // It is told elsewhere too, and the language stays what it is.
    }
    this.#write();
    if (this.#told.language !== admission.language) this.#tell(this.#told.language);
    const [best] = admission.speaker === "server" ? [] : await voicesOf(admission);
    showIf(byId("voice-cloud"), best && !best.localService);
  }

  async #choose(radio) {
    const all = [...byId("spoken-choice").querySelectorAll("input")];
    for (const one of all) one.disabled = true;
    showIf(byId("spoken-problem"), false);
    try {
      this.#told = await chooseLanguage(this.#admission, radio.value);
      this.#tell(this.#told.language);
    } catch (error) {
      setText(byId("spoken-problem"), keyOf(error));
      showIf(byId("spoken-problem"), true);
    }
    this.#write();
    byId("spoken-choice").querySelector("input:checked")?.focus();
  }

  #tell(language) {
    this.dispatchEvent(new CustomEvent("language", { detail: language }));
  }

  #write() {
    const told = this.#told;
    showIf(byId("ready-outline"), told);
    const several = told !== null && told.languages.length > 1;
    showIf(byId("spoken"), several && !this.#admission.begun);
    showIf(byId("how-language"), several);
    if (told === null) return;
    const values = { minutes: Math.round(told.minutes), topics: told.topics };
    setText(byId("ready-outline"), "ready.outline", values);
    const { days, by } = this.#admission.result;
    setText(byId("ready-result"), days ? "ready.result" : "result.by", { days, by });
    showIf(byId("ready-result"), days || by);
    byId("spoken-choice").replaceChildren(
      ...told.languages.map((tag) => {
        const radio = make("input", { type: "radio", name: "spoken", value: tag, checked: tag === told.language });
        radio.dataset.testid = `spoken-${tag}`;
        const label = make("label", {}, radio);
        label.append(make("span", {}, languageName(tag)));
        return label;
      }),
    );
  }
}
