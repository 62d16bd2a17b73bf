/** How a candidate's interview stands, what was released of it, and what they say of that. */

import { keyOf } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { dayOf, language, onLanguage, setPlain, setText, text } from "./language.js";
import { askForReview, dispute, getOutcome } from "./outcomeapi.js";

const STEPS = ["received", "looked_at", "decided"];
const day = (instant) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "long", timeStyle: "short" }).format(new Date(instant));

/** A paragraph that says a text. @returns {HTMLElement} */
function told(key, values = {}, attributes = {}) {
  return make("p", attributes, text(key, values));
}

/** @returns {HTMLElement} */
const head = (key) => make("h3", {}, text(key));

export class Outcome {
  #admission = null;
  #outcome = null;
  #open = "";
  #busy = false;

  constructor() {
    onLanguage(() => this.#write());
  }

  /** @param {import("./outcomeapi.js").Admission} admission */
  async show(admission) {
    this.#admission = admission;
    await this.#doing(() => getOutcome(admission));
  }

  /** Whether a person has decided. */
  get decided() {
    return this.#outcome?.status === "decided";
  }

  /** One thing at a time. @param {() => Promise<any>} work answers the outcome @param {string} [done] what is told then */
  async #doing(work, done) {
    if (this.#busy) return;
    this.#busy = true;
    showIf(byId("outcome-problem"), false);
    showIf(byId("outcome-told"), false);
    try {
      this.#outcome = await work();
      this.#open = "";
      this.#write();
      if (done) setText(byId("outcome-told"), done, { organisation: this.#outcome.organisation });
      showIf(byId("outcome-told"), Boolean(done));
    } catch (error) {
      setText(byId("outcome-problem"), keyOf(error));
      showIf(byId("outcome-problem"), true);
    } finally {
      this.#busy = false;
      showIf(byId("outcome"), true);
    }
  }

  #write() {
    const now = this.#outcome;
    if (!now) return;
    const place = STEPS.indexOf(now.status);
    byId("outcome-steps").replaceChildren(
      ...STEPS.map((step, at) =>
        make("li", { class: at <= place ? "reached" : "", "aria-current": at === place ? "step" : undefined }, text(`outcome.step.${step}`))),
    );
    const at = { received: now.ended_at, looked_at: now.looked_at, decided: now.decided_at }[now.status];
    const known = place >= 0 && at !== null;
    if (known) setPlain(byId("outcome-status"), text(`outcome.${now.status}`, { at: day(at) }));
    showIf(byId("outcome-status"), known);
    const { result_until: until, result_by: by } = now;
    setPlain(byId("outcome-until"), until ? text("result.until", { at: dayOf(until), by }) : text("result.by", { by }));
    showIf(byId("outcome-until"), now.status !== "decided" && (until || by));
    byId("outcome-parts").replaceChildren(...this.#parts(now));
  }

  #parts(now) {
    if (!now.released) return [told("outcome.later", { organisation: now.organisation }, { class: "soft" })];
    const { letters, criteria, talk } = now.released;
    return [
      ...this.#letters(letters, now),
      ...this.#how(now),
      head("outcome.criteria"),
      ...criteria.map((one) => this.#criterion(one)),
      ...this.#review(now),
      head("outcome.talk"),
      told("outcome.talk.lead", {}, { class: "soft" }),
      ...talk.map((one) => this.#exchange(one, now)),
    ];
  }

  #letters(letters, { organisation }) {
    if (letters.length === 0) return [];
    const written = letters.map((one) => {
      const values = { name: one.by ?? "", organisation, at: day(one.sent_at) };
      const by = told(one.by ? "outcome.letter.by" : "outcome.letter.somebody", values, { class: "soft small" });
      return make("article", { class: "outcome-letter", "data-testid": "outcome-letter" }, make("p", {}, one.text), by);
    });
    return [head("outcome.letters"), ...written];
  }

  #how({ released, organisation }) {
    const { decision, read_by_model: read } = released;
    /** @type {HTMLElement[]} */
    const parts = [head("outcome.how")];
    if (decision) {
      parts.push(make("p", { class: "outcome-made", "data-testid": "outcome-made" }, text(`outcome.${decision.outcome}`)));
      parts.push(told("outcome.reason", { reason: decision.reason }));
      const by = decision.by ? "outcome.how.by" : "outcome.how.somebody";
      parts.push(told(by, { name: decision.by ?? "", organisation, at: day(decision.at) }));
      parts.push(told("outcome.how.people", { count: decision.people }));
    } else parts.push(told("outcome.how.none"));
    parts.push(told("outcome.how.ai"), told(read ? "outcome.how.model" : "outcome.how.no_model"));
    return parts;
  }

  #criterion({ name, asked, quotes }) {
    const title = make("h4", {}, name);
    if (!asked) return make("section", {}, title, told("outcome.criteria.not_asked", {}, { class: "soft" }));
    if (quotes.length === 0) return make("section", {}, title, told("outcome.criteria.none", {}, { class: "soft" }));
    return make("section", {}, title, make("ul", { class: "outcome-quotes" }, ...quotes.map((one) => make("li", {}, `“${one}”`))));
  }

  #review(now) {
    /** @type {HTMLElement[]} */
    const parts = [head("outcome.review")];
    if (now.review_asked_at) {
      const values = { at: day(now.review_asked_at), organisation: now.organisation };
      parts.push(told("outcome.review.asked", values, { "data-testid": "review-asked" }));
      if (!now.reviewed) return parts;
      parts.push(told("outcome.review.done"));
    }
    parts.push(told("outcome.review.lead", { organisation: now.organisation }));
    const reason = make("textarea", { name: "reason", rows: "3", maxlength: "2000", "data-testid": "review-reason" });
    const send = make("button", { class: "button small", type: "submit", "data-testid": "review-ask" }, text("outcome.review.ask"));
    const label = make("label", { class: "field" }, make("span", {}, text("outcome.review.reason")), reason);
    parts.push(this.#form([label, send], () =>
      this.#doing(() => askForReview(this.#admission, reason.value), "outcome.review.told")));
    return parts;
  }

  #exchange(one, now) {
    const question = make("p", { class: "outcome-question", lang: now.language }, one.question);
    const lines = one.sentences.map((sentence) => this.#line(sentence, one.turn, now.language));
    return make("section", { class: "outcome-exchange" }, question, ...lines);
  }

  #line(sentence, turn, lang) {
    const id = `line-${turn}-${sentence.first}`;
    const words = make("p", { class: "outcome-words", lang }, sentence.text);
    if (!sentence.clear) words.append(" ", make("span", { class: "soft small" }, `(${text("outcome.unclear")})`));
    const box = make("div", { class: "outcome-line" }, words);
    for (const said of sentence.said) {
      box.append(make("p", { class: "outcome-said small", "data-testid": "outcome-said" }, text("outcome.disputed", { said })));
    }
    if (this.#open === id) box.append(this.#disputing(sentence, turn, lang));
    else {
      const button = make("button", {
        type: "button", class: "link-button small", id, "data-testid": id,
        "aria-label": text("outcome.dispute.of", { line: sentence.text }),
      }, text("outcome.dispute"));
      button.addEventListener("click", () => {
        this.#open = id;
        this.#write();
        byId("disputed-line").focus();
      });
      box.append(button);
    }
    return box;
  }

  #disputing({ first, last, text: words }, turn, lang) {
    const said = make("textarea", { id: "disputed-line", rows: "2", maxlength: "2000", required: true, lang, "data-testid": "dispute-said" });
    said.value = words;
    const label = make("label", { class: "field" }, make("span", {}, text("outcome.dispute.said")), said);
    const send = make("button", { class: "button small", type: "submit", "data-testid": "dispute-send" }, text("outcome.dispute.send"));
    return this.#form([label, send], () => {
      if (!said.value.trim() || said.value.trim() === words) return;
      this.#doing(() => dispute(this.#admission, { turn, first, last, said: said.value.trim() }), "outcome.dispute.done");
    });
  }

  /** @param {HTMLElement[]} fields @param {() => void} send */
  #form(fields, send) {
    const form = make("form", {}, ...fields);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    return form;
  }
}
