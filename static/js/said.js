/** What was said, by topic, sentence by sentence, with doubt, gaps and questions to us in their place. */

import { clockOf } from "./clocktime.js";
import { byId, make } from "./elements.js";
import { language, onLanguage, setPlain, setText, text } from "./language.js";
import { stageKey } from "./planitem.js";

/** @typedef {{number: number, answer_id: string, turn: number, first: number, text: string, start_ms: number | null, end_ms: number | null, doubted: number[], clear: boolean}} Sentence */

/**
 * A text with its doubtful words underlined.
 * @param {string} words @param {number} first which word of the answer is its first
 * @param {number[]} doubted of the answer's words @returns {Node[]}
 */
export function marked(words, first, doubted) {
  if (doubted.length === 0) return [document.createTextNode(words)];
  let place = first;
  return words.split(/(\s+)/).map((part) => {
    if (!part.trim()) return document.createTextNode(part);
    const doubtful = doubted.includes(place++);
    return doubtful ? make("span", { class: "doubtful" }, part) : document.createTextNode(part);
  });
}

/** What a topic is called: what it is to find out, or else its stage. */
export const titleOf = (topic) => topic.competency || text(stageKey(topic.stage));

/** Events: `choose` with a sentence, `correct` with `{turn, first, last, said}`. */
export class Said extends EventTarget {
  #may;
  /** The sentence that is being put right, and its form. @type {HTMLElement | null} */
  #tools = null;
  /** @type {Map<number, HTMLElement>} */
  #sentences = new Map();
  /** @type {Sentence[]} */
  #timed = [];
  #now = null;
  #name;

  /** @param {any} report @param {string} name the candidate's @param {boolean} may put lines right */
  constructor(report, name, may) {
    super();
    this.#may = may;
    this.#name = name;
    const topics = report.topics.filter((topic) => topic.asked);
    const passages = new Map(report.passages.map((one) => [one.turn, one]));
    byId("said").replaceChildren(
      ...topics.map((topic, at) => this.#topic(topic, at + 1, report, passages)),
    );
    onLanguage(() => this.#retell());
  }

  /** Show which sentences are evidence. @param {Set<number>} numbers */
  quote(numbers) {
    for (const [number, element] of this.#sentences) element.classList.toggle("quoted", numbers.has(number));
  }

  /** Bring a sentence into view. @param {number} number @param {boolean} [focused] so is the focus */
  reveal(number, focused = false) {
    const element = this.#sentences.get(number);
    if (!element) return;
    for (const one of this.#sentences.values()) one.classList.remove("shown");
    element.classList.add("shown");
    element.scrollIntoView({ block: "center" });
    if (focused) element.focus({ preventScroll: true });
  }

  /** Which sentence is heard. @param {number} ms @param {boolean} playing */
  follow(ms, playing) {
    const now = playing ? this.#timed.findLast((one) => one.start_ms <= ms && ms < one.end_ms + 400) : null;
    if (now === this.#now) return;
    this.#sentences.get(this.#now?.number)?.classList.remove("now");
    this.#now = now ?? null;
    const element = this.#sentences.get(now?.number);
    element?.classList.add("now");
    if (element && byId("said-scroller").scrollHeight > byId("said-scroller").clientHeight + 4) {
      element.scrollIntoView({ block: "nearest" });
    }
  }

  #topic(topic, number, report, passages) {
    const title = make("h3");
    const head = make("div", { class: "topic-head" }, title);
    title.dataset.number = String(number);
    title.dataset.stage = topic.stage;
    title.dataset.competency = topic.competency;
    this.#title(title);
    const turns = topic.exchanges.map((one) => one.turn);
    const [first, last] = [passages.get(turns[0]), passages.get(turns.at(-1))];
    if (first?.asked_ms !== undefined && first.asked_ms !== null) {
      const end = last?.ended_ms ?? first.asked_ms;
      head.append(make("span", { class: "soft small time" }, `${clockOf(first.asked_ms)}–${clockOf(end)}`));
    }
    const rows = topic.exchanges.flatMap((one) => this.#exchange(one, report, passages.get(one.turn)));
    return make("section", { class: "topic", "data-testid": "topic" }, head, ...rows);
  }

  #title(title) {
    const { number, stage, competency } = title.dataset;
    const name = competency || text(stageKey(stage));
    setPlain(title, text("report.topic", { number, name }));
  }

  #exchange(exchange, report, passage) {
    const rows = [];
    if (!["aside", "confirm"].includes(exchange.kind) || exchange.sentences.length > 0) {
      const who = make("p", { class: "who" });
      setText(who, exchange.source === "interviewer" ? "talk.human" : "talk.interviewer");
      const words = make("p", { class: "question-words" }, exchange.question);
      rows.push(row(passage?.asked_ms ?? null, "question", who, words));
    }
    if (exchange.sentences.length > 0) rows.push(this.#answer(exchange));
    for (const line of report.amendments.filter((one) => one.turn === exchange.turn)) rows.push(amendedRow(line));
    for (const gap of report.trouble.gaps.filter((one) => one.turn === exchange.turn)) rows.push(gapRow(gap));
    for (const asked of report.questions.filter((one) => one.turn === exchange.turn)) rows.push(askedRow(asked));
    return rows;
  }

  #answer(exchange) {
    const who = make("p", { class: "who" });
    if (this.#name) setPlain(who, this.#name);
    else setText(who, "talk.candidate");
    const words = make("p", { class: "answer-words" });
    for (const sentence of exchange.sentences) words.append(this.#sentence(sentence), " ");
    const parts = [who, words];
    if (exchange.typed) {
      const typed = make("p", { class: "soft small" });
      setText(typed, "report.typed");
      parts.push(typed);
    }
    const start = exchange.sentences.find((one) => one.start_ms !== null)?.start_ms ?? null;
    return row(start, "answer", ...parts);
  }

  #sentence(sentence) {
    const number = make("sup", {}, String(sentence.number));
    const words = marked(sentence.text, sentence.first, sentence.doubted);
    const first = this.#sentences.size === 0;
    const element = make("span", {
      class: "sentence", role: "button", tabindex: first ? "0" : "-1", "data-testid": `sentence-${sentence.number}`,
    }, number, ...words);
    if (!sentence.clear) element.classList.add("unclear");
    const choose = () => {
      this.#offer(sentence, element);
      this.dispatchEvent(new CustomEvent("choose", { detail: sentence }));
    };
    element.addEventListener("click", choose);
    element.addEventListener("keydown", (event) => this.#key(event, sentence.number, choose));
    this.#sentences.set(sentence.number, element);
    if (sentence.start_ms !== null) this.#timed.push(sentence);
    return element;
  }

  /** Behind the answer of the sentence that was chosen: to put it right. */
  #offer(sentence, element) {
    if (!this.#may || this.#tools?.dataset.number === String(sentence.number)) return;
    this.#tools?.remove();
    const button = make("button", { type: "button", class: "link-button small", "data-testid": "correct" }, text("report.correct", { number: sentence.number }));
    this.#tools = make("div", { class: "said-tools", "data-number": String(sentence.number) }, button);
    button.addEventListener("click", () => this.#correct(sentence));
    element.closest(".answer-words")?.after(this.#tools);
  }

  #correct({ turn, first, last, text: words }) {
    const said = make("textarea", { rows: "2", maxlength: "2000", required: true, "data-testid": "correct-said", "aria-label": text("report.correct.said") });
    said.value = words;
    const send = make("button", { type: "submit", class: "button small", "data-testid": "correct-send" }, text("report.correct.send"));
    const help = make("p", { class: "soft small" }, text("report.correct.help"));
    const form = make("form", { class: "letter-form" }, said, help, make("div", { class: "actions" }, send));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!said.value.trim() || said.value.trim() === words) return;
      this.dispatchEvent(new CustomEvent("correct", { detail: { turn, first, last, said: said.value.trim() } }));
    });
    this.#tools?.replaceChildren(form);
    said.focus();
  }

  /** Of hundreds of sentences the tab key reaches one; arrows go from one to the next. */
  #key(event, number, choose) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === "Enter" || event.key === " ") choose();
    else if (step) this.#focus(number, number + step);
    else return;
    event.preventDefault();
  }

  #focus(from, to) {
    const next = this.#sentences.get(to);
    if (!next) return;
    this.#sentences.get(from).tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  #retell() {
    for (const title of byId("said").querySelectorAll("h3")) this.#title(title);
  }
}

function row(ms, kind, ...parts) {
  const time = make("span", { class: "time soft small" }, ms === null ? "" : clockOf(ms));
  return make("div", { class: `said-row ${kind}` }, time, make("div", {}, ...parts));
}

function gapRow(gap) {
  const told = make("p", { class: "small" });
  const seconds = Math.max(1, Math.round(gap.lasted_ms / 1_000));
  setText(told, `report.gap.${gap.cause}`, { seconds });
  return row(gap.at_ms, "gap", told);
}

/** What is said of a line stands beside it; what was heard stays to be read. */
function amendedRow({ heard, said, author, name }) {
  const line = make("q", { class: "small soft" }, heard);
  const words = make("p", { class: "small" });
  if (author === null) setText(words, "report.disputed", { said });
  else setText(words, "report.amended", { said, name: () => name ?? text("report.somebody") });
  return row(null, "asked", line, words);
}

function askedRow(asked) {
  const title = make("strong");
  setText(title, "report.asked.you");
  const state = make("span");
  if (asked.by) setText(state, "report.asked.by", { name: asked.by });
  else setText(state, asked.answered ? "report.asked.answered" : "report.asked.open");
  const said = make("p", { class: "small" }, title, " ", make("q", { lang: language() }, asked.text), " ", state);
  return row(asked.at_ms, "asked", said);
}
