/** One question of the plan: its words, what became of it in words and a mark, and its grounds. */

import { make, showIf } from "./elements.js";
import { knows, setPlain, setText } from "./language.js";

const MARKS = { open: "○", unasked: "○", now: "●", answered: "✓", asked: "–", skipped: "→" };

/** @typedef {"open" | "unasked" | "now" | "answered" | "asked" | "skipped"} Status */

export class PlanItem {
  #question = null;
  #outcome = null;
  #reason = null;
  #parts = parts();
  element = made(this.#parts);

  /** What the server says of it. What a fact has told already stays. */
  take(question) {
    const same = JSON.stringify(groundsOf(question)) === JSON.stringify(groundsOf(this.#question));
    this.#question = { ...question };
    if (question.outcome) this.settle(question.outcome, question.outcome_reason);
    this.#describe();
    if (!same) this.#ground();
  }

  /** It was asked, perhaps in other words than planned, such as in the other language. */
  ask({ turn, text: words, source, language }) {
    Object.assign(this.#question, { turn, text: words, source, language });
    this.#describe();
  }

  /** It was not asked after all. */
  takeBack() {
    this.#question.turn = null;
  }

  /** @returns {number | null} in which it was asked */
  get turn() {
    return this.#question.turn;
  }

  settle(outcome, reason) {
    this.#outcome = outcome;
    this.#reason = reason;
  }

  /** @param {boolean} over whether the interview is @returns {Status} as it is shown now */
  write(over) {
    const status = this.#status(over);
    const { mark, word, reason, left } = this.#parts;
    this.element.dataset.status = status;
    setPlain(mark, MARKS[status]);
    setText(word, `plan.${status}`);
    const why = reasonKey(this.#reason);
    if (why) {
      setText(reason, why);
      word.after(left);
    } else left.remove();
    if (status === "now") this.element.setAttribute("aria-current", "step");
    else this.element.removeAttribute("aria-current");
    return status;
  }

  /** @returns {Status} */
  #status(over) {
    if (this.#outcome) return this.#outcome;
    if (this.#question.turn === null) return over ? "unasked" : "open";
    return over ? "asked" : "now";
  }

  #describe() {
    const { text: words, language, source, competency, weight } = this.#question;
    const parts = this.#parts;
    setPlain(parts.words, words);
    if (language) parts.words.lang = parts.competency.lang = language;
    setPlain(parts.competency, competency);
    showIf(parts.sought, competency);
    if (weight) setText(parts.weight, "plan.weight", { weight });
    showIf(parts.weight, weight);
    setText(parts.source, `plan.source.${source}`);
  }

  #ground() {
    const { rests_on: rests, rubric, language } = this.#question;
    const lang = language ?? undefined;
    const lines = rests.map(({ path, quote }) => {
      const line = make("li");
      const part = partKey(path);
      const said = make("q", { lang }, quote);
      line.append(said);
      if (part) {
        const where = make("span", { class: "soft" });
        setText(where, part);
        line.append(" · ", where);
      }
      return line;
    });
    const criteria = rubric.map((line) => make("li", { lang }, line));
    this.#parts.grounds.replaceChildren(...listed("plan.rests", lines), ...listed("plan.rubric", criteria));
    showIf(this.#parts.why, lines.length + criteria.length > 0);
  }
}

/** The key of a stage's name. */
export function stageKey(stage) {
  return knows(`stage.${stage}`) ? `stage.${stage}` : "plan.stage.other";
}

function parts() {
  const summary = make("summary", { class: "small" });
  setText(summary, "plan.why");
  const [reason, competency, weight] = [make("span"), make("span"), make("span", { hidden: true, "data-testid": "plan-weight" })];
  const grounds = make("div", { class: "plan-grounds small" });
  return {
    mark: make("span", { class: "plan-mark", "aria-hidden": "true" }),
    word: make("span", { class: "plan-word" }),
    reason,
    left: make("span", {}, " · ", reason),
    words: make("p", { class: "plan-words" }),
    competency,
    weight,
    sought: make("span", { hidden: true }, competency, weight, " · "),
    source: make("span"),
    grounds,
    why: make("details", { class: "plan-why", hidden: true }, summary, grounds),
  };
}

function made({ mark, word, words, sought, source, why }) {
  const status = make("p", { class: "plan-status small", "data-testid": "plan-status" }, word);
  const about = make("p", { class: "plan-about soft small" }, sought, source);
  return make("li", { class: "plan-item" }, mark, words, status, about, why);
}

function groundsOf(question) {
  return question && [question.rests_on, question.rubric];
}

/** @returns {Node[]} */
function listed(key, lines) {
  if (!lines.length) return [];
  const title = make("p", { class: "soft" });
  setText(title, key);
  return [title, make("ul", { class: "plan-lines", role: "list" }, ...lines)];
}

/** Of `ended:` and how, or of why it was left; "" where the pages have no words for it. */
function reasonKey(reason) {
  if (!reason) return "";
  const [code, how] = reason.split(":");
  const key = code === "ended" ? `plan.ended.${how}` : `plan.reason.${code}`;
  return knows(key) ? key : "";
}

/** Where in the résumé: of `work[0].name` the key of work. */
function partKey(path) {
  if (path === "header.target_role") return "field.target_role";
  const key = `plan.part.${path.match(/^\w+/)?.[0]}`;
  return knows(key) ? key : "";
}
