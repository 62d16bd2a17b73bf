/** The plan of an interview and what became of each question in it. */

import { byId, make, showIf } from "./elements.js";
import { setPlain, setText, text } from "./language.js";

const MARKS = { open: "○", now: "●", answered: "✓", asked: "–", skipped: "↷" };

/** @typedef {"open" | "now" | "answered" | "asked" | "skipped"} Status */

export class Coverage {
  /** @type {Map<string, {question: any, outcome: string | null, reason: string | null, item: HTMLElement}>} */
  #items = new Map();
  #now = "";
  #over = false;

  leave() {
    this.#items.clear();
    this.#now = "";
    this.#over = false;
    byId("plan-list").replaceChildren();
    byId("plan").open = false;
    showIf(byId("plan"), false);
  }

  get known() {
    return this.#items.size > 0;
  }

  /** @param {any[]} questions as `GET /interviews/{id}` has them; those outside the plan are left out */
  show(questions) {
    const planned = questions.filter(({ ordinal }) => ordinal !== null);
    planned.sort((a, b) => a.ordinal - b.ordinal);
    const last = planned.filter(({ turn }) => turn !== null).at(-1);
    if (!this.#now && last) this.#now = last.id;
    for (const question of planned) {
      const before = this.#items.get(question.id);
      const outcome = question.outcome ?? before?.outcome ?? null;
      const reason = question.outcome ? question.outcome_reason : (before?.reason ?? null);
      const item = before?.item ?? make("li", { class: "plan-item" });
      this.#items.set(question.id, { question, outcome, reason, item });
    }
    this.retell();
  }

  /** A question was asked: one of the plan, or one that goes into it. */
  ask({ question_id: id, kind }) {
    if (kind === "closing") this.#now = "";
    if (kind === "opening" || kind === "planned") this.#now = id;
    this.#write();
  }

  /** What became of one question. */
  settle({ question_id: id, outcome, reason }) {
    const settled = this.#items.get(id);
    if (!settled) return;
    settled.outcome = outcome;
    settled.reason = reason;
    if (this.#now === id) this.#now = "";
    this.#write();
  }

  end() {
    this.#over = true;
    this.#write();
  }

  /** Everything anew, in the reader's language. */
  retell() {
    for (const { question, item } of this.#items.values()) item.replaceChildren(...partsOf(question));
    byId("plan-list").replaceChildren(...[...this.#items.values()].map(({ item }) => item));
    showIf(byId("plan"), this.known);
    this.#write();
  }

  /** @returns {Status} */
  #status(id, outcome) {
    if (outcome) return /** @type {Status} */ (outcome);
    return id === this.#now && !this.#over ? "now" : "open";
  }

  #write() {
    const counts = { open: 0, now: 0, answered: 0, asked: 0, skipped: 0 };
    for (const [id, { outcome, reason, item }] of this.#items) {
      const status = this.#status(id, outcome);
      counts[status] += 1;
      writeStatus(item, status, reason);
    }
    setText(byId("plan-summary"), "plan.summary", {
      answered: counts.answered,
      whole: this.#items.size,
      asked: counts.asked,
      skipped: counts.skipped,
    });
  }
}

function writeStatus(item, status, reason) {
  const told = item.querySelector(".plan-status");
  if (!told) return;
  item.dataset.status = status;
  setPlain(item.querySelector(".plan-mark"), MARKS[status]);
  const why = reason && reasonOf(reason);
  setPlain(told, why ? `${text(`plan.${status}`)} · ${why}` : text(`plan.${status}`));
}

/** `ended:` and how, or why it was left. */
function reasonOf(reason) {
  const [code, how] = reason.split(":");
  return code === "ended" ? text(`watch.reason.${how}`) : text(`plan.reason.${code}`);
}

/** @returns {Node[]} */
function partsOf(question) {
  const about = [text(`stage.${question.stage}`), text(`source.${question.source}`)];
  const parts = [
    make("span", { class: "plan-mark", "aria-hidden": "true" }),
    make("p", { class: "plan-about soft small" }, about.join(" · ")),
    make("p", { class: "plan-text", lang: question.language ?? undefined }, question.text),
    make("p", { class: "plan-status small", "data-testid": "plan-status" }),
  ];
  const why = groundsOf(question);
  if (why.length) {
    const summary = make("summary", { class: "small" }, question.competency || text("plan.why"));
    parts.push(make("details", { class: "plan-why" }, summary, ...why));
  }
  return parts;
}

/** @returns {Node[]} what the question rests on, and what a good answer shows */
function groundsOf(question) {
  const parts = [];
  const lang = question.language ?? undefined;
  const list = (key, lines) => {
    if (!lines.length) return;
    parts.push(make("p", { class: "soft small" }, text(key)));
    parts.push(make("ul", { class: "plan-lines small", lang }, ...lines.map((line) => make("li", {}, line))));
  };
  list("plan.rests", question.rests_on.map(({ quote }) => quote));
  list("plan.rubric", question.rubric);
  return parts;
}
