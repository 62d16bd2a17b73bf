/** The form that puts one field of a résumé right. */

import { correctResume, Problem } from "./api.js";
import { make, showIf } from "./elements.js";
import { interviewerKey, interviewerName, keepInterviewerName } from "./key.js";
import { knows, setText } from "./language.js";

/** As the server has it. */
const LONGEST = { target_role: 80, other: 200 };

/** Events: `saved` with all corrections so far, `closed` when it was given up. */
export class CorrectionForm extends EventTarget {
  #resumeId;
  #field;
  #old;
  #value;
  #by;
  #problem = make("p", { class: "problem small", role: "alert", id: "correct-problem", hidden: true });
  #save = make("button", { type: "submit", class: "button small primary", "data-testid": "correct-save" });
  #sending = false;

  /** @param {string} resumeId @param {string} field @param {string | null} old @param {string | null} [proposed] */
  constructor(resumeId, field, old, proposed = old) {
    super();
    this.#resumeId = resumeId;
    this.#field = field;
    this.#old = old;
    this.element = this.#build();
    this.#value.value = proposed ?? "";
  }

  get #longest() {
    return LONGEST[this.#field] ?? LONGEST.other;
  }

  #build() {
    this.#value = make("input", {
      type: "text",
      "data-testid": "correct-value",
      "aria-labelledby": `label-${this.#field}`,
      "aria-describedby": "correct-empty correct-problem",
      autocomplete: "off",
      maxlength: String(this.#longest),
    });
    const empty = make("p", { class: "soft small", id: "correct-empty" });
    setText(empty, "correct.empty");
    setText(this.#save, "correct.save");
    const cancel = make("button", { type: "button", class: "button small quiet", "data-testid": "correct-cancel" });
    setText(cancel, "correct.cancel");
    cancel.addEventListener("click", () => this.close());
    const form = make("form", { class: "correction", novalidate: true }, this.#value, empty, this.#byPart());
    form.append(this.#problem, make("div", { class: "actions" }, this.#save, cancel));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
    });
    return form;
  }

  #byPart() {
    const part = make("div", { class: "by" });
    const label = make("label", { for: "correct-by" });
    setText(label, "correct.by");
    const help = make("p", { class: "soft small", id: "correct-by-help" });
    setText(help, "correct.by.help");
    this.#by = make("input", {
      type: "text",
      id: "correct-by",
      "data-testid": "correct-by",
      "aria-describedby": "correct-by-help correct-problem",
      autocomplete: "name",
      maxlength: "80",
    });
    const known = interviewerName();
    this.#by.value = known;
    if (!known) {
      part.append(label, this.#by, help);
      return part;
    }
    const as = make("p", { class: "soft small" });
    setText(as, "correct.as", { name: known });
    const change = make("button", { type: "button", class: "plain-button small" });
    setText(change, "correct.as.change");
    change.addEventListener("click", () => {
      part.replaceChildren(label, this.#by, help);
      this.#by.select();
    });
    part.append(as, change);
    return part;
  }

  focus() {
    this.#value.focus();
    this.#value.select();
  }

  close() {
    this.dispatchEvent(new CustomEvent("closed"));
  }

  async #send() {
    if (this.#sending) return;
    const value = this.#value.value.trim() || null;
    const by = this.#by.value.trim();
    if (value === this.#old) return this.close();
    if (!by) return this.#tell("name_missing", this.#by);
    this.#sending = true;
    this.#save.setAttribute("aria-disabled", "true");
    showIf(this.#problem, false);
    try {
      const corrections = await correctResume(
        this.#resumeId,
        { field: this.#field, value, by },
        interviewerKey(),
      );
      keepInterviewerName(by);
      this.dispatchEvent(new CustomEvent("saved", { detail: corrections }));
    } catch (error) {
      this.#tell(error instanceof Problem ? error : new Problem("unknown"), this.#value);
    } finally {
      this.#sending = false;
      this.#save.removeAttribute("aria-disabled");
    }
  }

  /** @param {string | Problem} problem @param {HTMLInputElement} where what to put right */
  #tell(problem, where) {
    const own = `correct.problem.${typeof problem === "string" ? problem : problem.code}`;
    const key = typeof problem === "string" || knows(own) ? own : problem.key;
    setText(this.#problem, key, { count: this.#longest });
    showIf(this.#problem, true);
    where.focus();
  }
}
