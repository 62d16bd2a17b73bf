/** What is looked for, the quotes that show it, and the scorecard of whoever is here. */

import { clockOf } from "./clocktime.js";
import { byId, make, showIf } from "./elements.js";
import { onLanguage, setPlain, setText, text } from "./language.js";
import { marked } from "./said.js";
import { audible } from "./soundmap.js";

export const LEVELS = ["definitely_no", "no", "yes", "strong_yes"];
const SAVE_MS = 600;

/**
 * Events: `quote` with a statement to be heard or read, `save` with the whole draft, `revise` when
 * a submitted card is to be changed.
 */
export class Criteria extends EventTarget {
  #report = null;
  #cards = null;
  #stretches = [];
  #mayRate;
  /** What is chosen and written here, by competency; the server may know less of it. */
  #draft = new Map();
  #summary = "";
  #timer = 0;
  #closed = new Set();
  #revising = false;

  /** @param {boolean} mayRate */
  constructor(mayRate) {
    super();
    this.#mayRate = mayRate;
    onLanguage(() => this.#write());
  }

  /** @param {any} report @param {any} cards @param {import("./soundmap.js").Stretch[]} stretches */
  show(report, cards, stretches) {
    this.#report = report;
    this.#stretches = stretches;
    this.take(cards);
  }

  /** What the server has of cards by now. */
  take(cards) {
    this.#cards = cards;
    const own = cards.own.at(-1);
    if (own && this.#draft.size === 0) {
      for (const one of own.ratings) this.#draft.set(one.competency, { ...one });
      this.#summary = own.summary;
    }
    this.#write();
  }

  /** @param {any} report after a rating: it may tell of suggestions now */
  learn(report) {
    this.#report = report;
    this.#write();
  }

  /** The caller's submitted card that nothing was changed in since; null: there is a draft, or none. */
  get #final() {
    const own = this.#cards?.own.at(-1);
    return own?.submitted_at && !this.#revising ? own : null;
  }

  #write() {
    if (!this.#report || !this.#cards) return;
    const focused = document.activeElement?.id;
    byId("criteria").replaceChildren(...this.#report.criteria.map((one, at) => this.#criterion(one, at)));
    this.#end();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  #criterion(criterion, at) {
    const summary = make("summary", {}, make("h3", {}, criterion.name), this.#standing(criterion));
    const details = make("details", { class: "criterion", "data-testid": `criterion-${at}`, open: !this.#closed.has(criterion.name) }, summary);
    summary.id = `criterion-${at}`;
    details.addEventListener("toggle", () => {
      if (details.open) this.#closed.delete(criterion.name);
      else this.#closed.add(criterion.name);
    });
    const counts = make("p", { class: "soft small" });
    setPlain(counts, countsOf(criterion));
    const lines = criterion.lines.map((line, place) => this.#line(line, `${at}-${place}`));
    details.append(counts, make("ul", { class: "lines", role: "list" }, ...lines));
    if (criterion.asked && this.#mayRate) details.append(...this.#rating(criterion, at));
    return details;
  }

  #standing(criterion) {
    const level = this.#draft.get(criterion.name)?.level;
    const told = make("span", { class: "standing small" });
    const disputed = criterion.lines.some((line) => line.statements.some((one) => one.disputed.length > 0));
    if (this.#cards.stale.includes(criterion.name)) setText(told, "report.stale");
    else if (disputed) setText(told, "report.quote.disputed");
    else if (!criterion.asked) setText(told, "report.not_asked");
    else if (level && this.#unheard(criterion) && !this.#final) setText(told, "report.quote.left");
    else if (level) setPlain(told, text("report.yours", { level: text(`report.level.${level}`) }));
    told.classList.toggle("due", disputed || (Boolean(level) && this.#unheard(criterion)));
    return told;
  }

  #unheard(criterion) {
    return this.#cards.missing.unheard.includes(criterion.name);
  }

  #line(line, id) {
    const title = make("p", { class: "line-text" }, line.text);
    const item = make("li", { class: `line ${line.status}` }, title);
    if (line.status !== "shown" && line.statements.length === 0) {
      const state = make("span", { class: "line-state small" });
      setText(state, `report.${line.status}`);
      title.append(" ", state);
    } else if (line.status === "unread") {
      const state = make("span", { class: "line-state small" });
      setText(state, "report.probed");
      title.append(" ", state);
    }
    item.append(...line.statements.map((one) => this.#quote(one, id)));
    return item;
  }

  #quote(one, id) {
    const opened = this.#cards.opened.includes(one.id);
    const sounds = audible(this.#stretches, one);
    const button = make("button", {
      type: "button",
      class: opened ? "round-button quote-play opened" : "round-button quote-play",
      id: `quote-${id}-${one.sentence}`,
      "data-testid": `quote-${one.sentence}`,
      "aria-label": text(sounds ? "report.hear" : "report.read", { quote: one.quote }),
    });
    button.append(sounds ? playSign() : readSign());
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("quote", { detail: { statement: one, sounds } })));
    const words = make("p", { class: "quote-words" }, "“", ...marked(one.quote, one.first_word, one.doubted), "”");
    const about = make("p", { class: "soft small" });
    setPlain(about, this.#aboutQuote(one, opened, sounds));
    const said = make("div", {}, words, about);
    for (const words of one.disputed) {
      said.append(make("p", { class: "disputed small" }, text("report.disputed", { said: words })));
    }
    if (one.why) said.append(make("p", { class: "soft small why" }, text("report.why", { why: one.why })));
    return make("div", { class: "quote" }, button, said);
  }

  #aboutQuote(one, opened, sounds) {
    const parts = [];
    if (one.start_ms !== null) {
      const seconds = Math.max(1, Math.round((one.end_ms - one.start_ms) / 1_000));
      parts.push(text("report.quote.when", { time: clockOf(one.start_ms), seconds }));
    }
    parts.push(text("report.quote.number", { number: one.sentence }));
    if (!sounds) parts.push(text(one.start_ms === null ? "report.quote.typed" : "report.quote.silent"));
    if (one.doubted.length) parts.push(text("report.quote.doubt", { count: one.doubted.length }));
    if (one.stale) parts.push(text("report.quote.stale"));
    if (one.disputed.length) parts.push(text("report.quote.disputed"));
    if (opened) parts.push(text(sounds ? "report.quote.heard" : "report.quote.opened"));
    return parts.join(" · ");
  }

  #rating(criterion, at) {
    const own = this.#draft.get(criterion.name) ?? { competency: criterion.name, level: null, reason: "" };
    const legend = make("legend", { class: "unseen" });
    setText(legend, "report.rate", { name: criterion.name });
    const levels = LEVELS.map((level, place) => this.#level(criterion, at, level, criterion.levels[place], own));
    const field = make("fieldset", { class: "levels", disabled: Boolean(this.#final) }, legend, ...levels);
    const reason = make("textarea", {
      rows: "2", maxlength: "2000", id: `reason-${at}`, "data-testid": `reason-${at}`,
      "aria-label": text("report.reason", { name: criterion.name }),
      placeholder: text("report.reason.short"), disabled: Boolean(this.#final),
    });
    reason.value = own.reason;
    reason.addEventListener("input", () => this.#change(criterion.name, { reason: reason.value }, SAVE_MS));
    return [field, reason, this.#suggestion(criterion, own)];
  }

  #level(criterion, at, level, anchor, own) {
    const input = make("input", {
      type: "radio", name: `level-${at}`, value: level, id: `level-${at}-${level}`,
      "data-testid": `level-${at}-${level}`,
    });
    input.checked = own.level === level;
    input.addEventListener("change", () => this.#change(criterion.name, { level }, 0));
    const name = make("span", { class: "level-name" });
    setText(name, `report.level.${level}`);
    const shows = make("span", { class: "level-anchor small" });
    if (anchor) setPlain(shows, anchor);
    else setText(shows, `report.anchor.${level}`);
    return make("label", { class: "level" }, input, name, shows);
  }

  #suggestion(criterion, own) {
    const box = make("p", { class: "suggestion small", "data-testid": "suggestion" });
    const made = criterion.suggestion;
    if (!own.level) {
      box.classList.add("hidden-yet");
      setText(box, "report.suggestion.later");
    } else if (!made) setText(box, "report.suggestion.none");
    else if (!made.level) setPlain(box, text("report.suggestion.withheld", { spread: spreadOf(made) }));
    else {
      const level = make("strong", {}, text("report.suggestion", { level: text(`report.level.${made.level}`) }));
      const rests = made.sentences.length ? text("report.suggestion.rests", { sentences: made.sentences.join(", ") }) : "";
      box.append(level, " ", text("report.suggestion.runs", { agree: made.agree, runs: made.runs }), " ", rests);
    }
    return box;
  }

  #change(competency, change, wait_ms) {
    const before = this.#draft.get(competency) ?? { competency, level: null, reason: "" };
    this.#draft.set(competency, { ...before, ...change });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), wait_ms);
  }

  #save() {
    const ratings = [...this.#draft.values()].map(({ competency, level, reason }) => ({ competency, level, reason }));
    this.dispatchEvent(new CustomEvent("save", { detail: { ratings, summary: this.#summary } }));
  }

  // The end of the card: the whole, what is missing, and the others'.

  #end() {
    const place = byId("card");
    const children = [];
    if (this.#mayRate && this.#report.criteria.some((one) => one.asked)) children.push(this.#whole());
    if (this.#final) children.push(this.#done());
    children.push(...this.#others());
    place.replaceChildren(...children);
    const { unrated, unheard } = this.#cards.missing;
    const rated = this.#report.criteria.filter((one) => one.asked).length;
    showIf(byId("submit-row"), this.#mayRate && !this.#final && rated > 0 && this.#report.state === "ready");
    setPlain(byId("missing"), missingOf(rated, unrated, unheard));
    const waiting = unrated.length + unheard.length > 0;
    byId("submit").setAttribute("aria-disabled", String(waiting));
  }

  #whole() {
    const label = make("label", { for: "summary" });
    setText(label, "report.summary");
    const words = make("textarea", { rows: "3", maxlength: "2000", id: "summary", "data-testid": "summary", disabled: Boolean(this.#final) });
    words.value = this.#summary;
    words.addEventListener("input", () => {
      this.#summary = words.value;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#save(), SAVE_MS);
    });
    return make("div", { class: "whole" }, label, words);
  }

  #done() {
    const told = make("p", { class: "notice small" });
    setText(told, "report.submitted", { version: this.#final.version });
    const again = make("button", { type: "button", class: "button small quiet", "data-testid": "revise" });
    setText(again, "report.revise");
    again.addEventListener("click", () => {
      this.#revising = true;
      this.#save();
    });
    return make("div", { class: "done" }, told, again);
  }

  /** It was submitted, as it stands. */
  settle(cards) {
    this.#revising = false;
    this.take(cards);
  }

  #others() {
    return this.#cards.others.map(({ name, card }) => {
      const title = make("h3", {}, name ?? text("report.somebody"));
      const box = make("section", { class: "others", "data-testid": "others" }, title);
      if (!card) {
        const later = make("p", { class: "soft small" });
        setText(later, "report.others.later");
        box.append(later);
        return box;
      }
      const rows = card.ratings.filter((one) => one.level).map((one) => {
        const level = make("span", { class: "level-chip" });
        setText(level, `report.level.${one.level}`);
        const item = make("li", {}, make("span", {}, one.competency), level);
        if (one.reason) item.append(make("p", { class: "soft small" }, one.reason));
        return item;
      });
      box.append(make("ul", { class: "others-list" }, ...rows));
      if (card.summary) box.append(make("p", { class: "small" }, card.summary));
      return box;
    });
  }
}

/** Candidates who are compared may have been asked unequally. */
/** How often it was asked for, beside the others of the opening. @returns {string} */
export function countsOf({ questions, probes, probes_elsewhere: others }) {
  const own = text("report.counts", { questions, probes });
  if (!others || (others.fewest === probes && others.most === probes)) return own;
  const range = others.fewest === others.most ? others.most : `${others.fewest}–${others.most}`;
  return `${own} · ${text("report.counts.others", { range })}`;
}

/** How many readings came to which level. @returns {string} */
export function spreadOf({ spread }) {
  const told = LEVELS.filter((level) => spread[level]).map((level) => `${text(`report.level.${level}`)} ${spread[level]}`);
  return told.join(", ");
}

function missingOf(asked, unrated, unheard) {
  if (unrated.length) return text("report.missing.rated", { rated: asked - unrated.length, asked });
  if (unheard.length) return text("report.missing.quotes", { names: unheard.join(", ") });
  return text("report.missing.none");
}

const SHAPES = "http://www.w3.org/2000/svg";

function sign(shape) {
  const picture = document.createElementNS(SHAPES, "svg");
  picture.setAttribute("viewBox", "0 0 20 20");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SHAPES, "path");
  path.setAttribute("d", shape);
  picture.append(path);
  return picture;
}

const playSign = () => sign("M6 3.5v13l11-6.5z");
const readSign = () => sign("M3 5h14v2H3zM3 9.2h14v2H3zM3 13.4h9v2H3z");
