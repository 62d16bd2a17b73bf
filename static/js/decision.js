/** What people decided, and a form for whoever decides now. */

import { byId, make } from "./elements.js";
import { language, onLanguage, setText, text } from "./language.js";

export const OUTCOMES = ["advance", "decline", "open"];

/** Events: `decide` with `{outcome, reason}`. */
export class Decision extends EventTarget {
  #cards = null;
  #may;
  #outcome = "";
  #reason = "";

  /** @param {boolean} may decide */
  constructor(may) {
    super();
    this.#may = may;
    onLanguage(() => this.#write());
  }

  /** @param {any} cards as the server has them */
  take(cards) {
    if (this.#cards && cards.decisions.length > this.#cards.decisions.length) {
      this.#outcome = "";
      this.#reason = "";
    }
    const known = JSON.stringify([this.#cards?.decisions, this.#rated]);
    this.#cards = cards;
    if (known !== JSON.stringify([cards.decisions, this.#rated])) this.#write();
  }

  /** Somebody has submitted a card, so there is something to decide on. */
  get #rated() {
    return Boolean(this.#cards) && (this.#cards.others.length > 0 || this.#cards.own.some((one) => one.submitted_at));
  }

  #write() {
    if (!this.#cards) return;
    const title = make("h3");
    setText(title, "report.decision");
    const made = this.#cards.decisions.map((one) => this.#made(one));
    /** @type {HTMLElement[]} */
    const parts = [title];
    if (made.length) parts.push(make("ol", { class: "decided" }, ...made));
    else parts.push(told("report.decision.none"));
    if (this.#may && this.#rated) parts.push(this.#form());
    else if (this.#may) parts.push(told("report.decision.later"));
    byId("decision").replaceChildren(...parts);
  }

  #made({ outcome, reason, name, decided_at: at }) {
    const what = make("strong", {}, text(`report.outcome.${outcome}`));
    const when = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
    const who = make("span", { class: "soft small" }, `${name ?? text("report.somebody")} · ${when}`);
    return make("li", {}, what, " ", who, make("p", { class: "small" }, reason));
  }

  #form() {
    const legend = make("legend", { class: "unseen" });
    setText(legend, "report.decision");
    const choices = OUTCOMES.map((outcome) => {
      const input = make("input", {
        type: "radio", name: "outcome", value: outcome, required: true, "data-testid": `outcome-${outcome}`,
      });
      input.checked = this.#outcome === outcome;
      input.addEventListener("change", () => {
        this.#outcome = outcome;
      });
      const name = make("span", { class: "level-name" });
      setText(name, `report.outcome.${outcome}`);
      return make("label", { class: "level" }, input, name);
    });
    const reason = make("textarea", {
      rows: "2", maxlength: "2000", required: true, "data-testid": "decision-reason",
      "aria-label": text("report.decision.reason"), placeholder: text("report.decision.reason"),
    });
    reason.value = this.#reason;
    reason.addEventListener("input", () => {
      this.#reason = reason.value;
    });
    const send = make("button", { type: "submit", class: "button small", "data-testid": "decide" });
    setText(send, "report.decide");
    const form = make("form", { class: "decision-form" }, make("fieldset", { class: "levels outcomes" }, legend, ...choices), reason, send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!reason.value.trim()) return;
      this.dispatchEvent(new CustomEvent("decide", { detail: { outcome: this.#outcome, reason: reason.value } }));
    });
    return form;
  }
}

function told(key) {
  const element = make("p", { class: "soft small" });
  setText(element, key);
  return element;
}
