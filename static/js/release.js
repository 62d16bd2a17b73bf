/** What the candidate sees of the interview, waits for and disputes, and the letter to them. */

import { byId, make } from "./elements.js";
import { language, onLanguage, text } from "./language.js";

const day = (instant) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));

const told = (key, values = {}, attributes = { class: "small" }) => make("p", attributes, text(key, values));

/**
 * Events: `release` with whether it is released, `keep` and `send` with the words of the letter.
 */
export class Release extends EventTarget {
  #shown = null;
  #may;
  /** What is written here and not kept yet; null: as the server has it. @type {string | null} */
  #words = null;

  /** @param {{rate: boolean, plan: boolean}} may */
  constructor(may) {
    super();
    this.#may = may;
    onLanguage(() => this.#write());
  }

  /** @param {any} shown as the server has it @param {boolean} [anew] what was written is kept there now */
  take(shown, anew = false) {
    this.#shown = shown;
    if (anew) this.#words = null;
    this.#write();
  }

  #write() {
    if (!this.#shown) return;
    const { standing } = this.#shown;
    const title = make("h3", { id: "release-title" }, text("release.title"));
    /** @type {HTMLElement[]} */
    const parts = [title, ...this.#standing(standing), ...this.#review(standing)];
    if (this.#may.plan && standing.ended_at) parts.push(this.#button(standing));
    byId("release").replaceChildren(...parts, ...this.#letters());
  }

  #standing(standing) {
    const at = standing.status === "decided" ? standing.decided_at : standing.ended_at;
    const known = at !== null && ["received", "looked_at", "decided"].includes(standing.status);
    const parts = known ? [told(`release.${standing.status}`, { at: day(at) })] : [];
    if (standing.released_at) parts.push(told("release.done", { at: day(standing.released_at) }, { class: "small", "data-testid": "released" }));
    else {
      parts.push(told("release.not"));
      if (standing.by_opening && standing.status !== "decided") parts.push(told("release.by_opening"));
    }
    return parts;
  }

  #review({ review_asked_at: at, review_reason: reason, reviewed }) {
    if (!at) return [];
    const open = reviewed ? "small" : "small notice warn";
    const parts = [told(reviewed ? "release.review.done" : "release.review", { at: day(at) }, { class: open, "data-testid": "review" })];
    if (reason) parts.push(told("release.review.reason", { reason }));
    return parts;
  }

  #button(standing) {
    const released = standing.released_at !== null;
    const button = make("button", { type: "button", class: released ? "button small quiet" : "button small", id: "release-do", "data-testid": "release-do" }, text(released ? "release.undo" : "release.do"));
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("release", { detail: !released })));
    return button;
  }

  #letters() {
    const { letters, begun, standing } = this.#shown;
    const sent = letters.filter((one) => one.sent_at);
    const draft = letters.find((one) => !one.sent_at);
    /** @type {HTMLElement[]} */
    const parts = [make("h4", {}, text("release.letter"))];
    for (const one of sent) {
      const values = { at: day(one.sent_at), name: one.name ?? text("report.somebody") };
      const summary = make("summary", { class: "small" }, text("release.letter.sent", values));
      parts.push(make("details", { "data-testid": "letter-sent" }, summary, make("p", { class: "letter-words small" }, one.text)));
    }
    if (!this.#may.rate || !standing.ended_at) return sent.length ? parts : [];
    if (!draft && !begun && this.#words === null && sent.length === 0) return [...parts, told("release.letter.later", {}, { class: "soft small" })];
    return [...parts, this.#form(draft?.text ?? (sent.length ? "" : begun), sent.length ? "3" : "9")];
  }

  #form(words, rows) {
    const { standing, mailed } = this.#shown;
    const help = make("p", { class: "soft small", id: "letter-help" }, text("release.letter.help"), " ", text(mailed ? "release.letter.mailed" : "release.letter.page"));
    const field = make("textarea", { id: "letter", rows, maxlength: "10000", required: true, "data-testid": "letter", "aria-label": text("release.letter"), "aria-describedby": "letter-help" });
    field.value = this.#words ?? words;
    field.addEventListener("input", () => {
      this.#words = field.value;
    });
    const keep = make("button", { type: "button", class: "button small quiet", "data-testid": "letter-keep" }, text("release.letter.save"));
    keep.addEventListener("click", () => this.dispatchEvent(new CustomEvent("keep", { detail: field.value })));
    const send = make("button", { type: "submit", class: "button small", "data-testid": "letter-send", disabled: !standing.released_at }, text("release.letter.send"));
    const form = make("form", { class: "letter-form" }, field, help, make("div", { class: "actions" }, send, keep));
    if (!standing.released_at) form.append(told("release.letter.first", {}, { class: "soft small" }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value.trim() && confirm(text("release.letter.confirm"))) {
        this.dispatchEvent(new CustomEvent("send", { detail: field.value }));
      }
    });
    return form;
  }
}
