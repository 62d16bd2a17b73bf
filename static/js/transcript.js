/** A conversation as a list on the page; an entry is updated in place, never built again. */

import { answerText, beside, unclear, unheard, wordsOf } from "./conversation.js";
import { make, showIf } from "./elements.js";
import { Gathered } from "./gathered.js";
import { doubtedBelow, knows, language, setPlain, setText, text } from "./language.js";
import { spansOf } from "./spoken.js";

const NEAR_END_PX = 80;

/** @typedef {import("./conversation.js").Turn} Turn */

/** An entry with nothing in it, which is copied: of a long interview there are hundreds. */
function blank() {
  const said = make("span", { class: "said" });
  // Read out once, when it is certain: half a sentence again and again is only noise.
  const partial = make("span", { class: "partial", "aria-hidden": "true" });
  const tentative = make("span", { class: "tentative", "aria-hidden": "true" });
  return make(
    "li",
    {},
    make("p", { class: "who" }),
    make("p", { class: "words" }, said, partial, tentative),
    make("p", { class: "about wishes", hidden: true }),
    make("p", { class: "state", hidden: true }),
    // Says in words what the underlines say, for whoever does not see them; in its place, and not
    // as news in the middle of a conversation.
    make("p", { class: "about doubt", "aria-live": "off", hidden: true }),
    make("p", { class: "about beside", "aria-live": "off", hidden: true }),
    make("p", { class: "about", hidden: true }),
    make("p", { class: "about", hidden: true }),
  );
}

let pattern = null;

function entry(side) {
  const item = (pattern ??= blank()).cloneNode(true);
  item.className = `entry ${side}`;
  const [who, words, wishes, state, doubt, beside, about, why] = item.children;
  const [said, partial, tentative] = words.children;
  return { item, said, partial, tentative, player: null, who, words, wishes, state, doubt, beside, about, why };
}

export class Transcript {
  #list;
  #empty;
  #you;
  #detailed;
  #lang;
  #player;
  #claim;
  #entries = new Map();
  #following;

  /**
   * @param {HTMLElement} list @param {HTMLElement | null} empty shown while there is nothing
   * @param {{you: string, detailed?: boolean, lang?: string, player?: Function, claim?: Function}}
   *   options `player` makes what plays the recording of a turn's answer; `claim` is told of the
   *   turn whose quieter voice is the candidate's
   */
  constructor(list, empty, { you, detailed = false, lang = "", player = null, claim = null }) {
    this.#list = list;
    this.#empty = empty;
    this.#you = you;
    this.#detailed = detailed;
    this.#lang = lang;
    this.#player = player;
    this.#claim = claim;
    list.replaceChildren();
    if (empty) showIf(empty, true);
  }

  /** Follow a conversation. @param {import("./conversation.js").Conversation} conversation */
  follow(conversation) {
    this.#following = new Gathered((turns) => this.#updateAll(turns));
    conversation.addEventListener("change", ({ detail }) => this.#following.add(detail));
    this.#updateAll(conversation.turns());
  }

  set lang(tag) {
    this.#lang = tag;
    for (const { words } of this.#entries.values()) words.lang = tag;
  }

  /** Where one reads is looked at once for all of them. @param {Iterable<Turn>} turns */
  #updateAll(turns) {
    const scroller = this.#list.closest("[data-scroller]");
    const atEnd = scroller && isAtEnd(scroller);
    for (const turn of turns) this.#update(turn);
    if (this.#empty) showIf(this.#empty, this.#entries.size === 0);
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }

  /** @param {Turn} turn */
  #update(turn) {
    if (turn.question) this.#question(turn);
    else this.#forget("question", turn.turn);
    const said = answerText(turn, text("talk.gap"));
    const begun = turn.answer || turn.speaking || turn.pending || turn.partial;
    const some = Boolean(said || begun || turn.controls.size || unheard(turn));
    if (some || this.#entries.has(`answer ${turn.turn}`)) {
      this.#answer(turn, said);
      // Noise that turned out to be no words leaves nothing behind.
      showIf(this.#entry("answer", turn.turn).item, some);
    }
  }

  /** The entry for one side of a turn, put where its turn belongs. */
  #entry(side, number) {
    const key = `${side} ${number}`;
    const known = this.#entries.get(key);
    if (known) return known;
    const made = entry(side);
    const order = number * 2 + (side === "answer" ? 1 : 0);
    made.item.dataset.order = String(order);
    made.item.dataset.turn = String(number);
    made.item.dataset.testid = `${side}-${number}`;
    made.words.lang = this.#lang;
    // Most come at the end.
    let before = this.#list.lastElementChild;
    while (before && Number(before.dataset.order) > order) before = before.previousElementSibling;
    if (before) before.after(made.item);
    else this.#list.prepend(made.item);
    this.#entries.set(key, made);
    return made;
  }

  #forget(side, number) {
    this.#entries.get(`${side} ${number}`)?.item.remove();
    this.#entries.delete(`${side} ${number}`);
  }

  /** @param {Turn} turn */
  #question(turn) {
    const { who, said, partial, tentative, about, why } = this.#entry("question", turn.turn);
    const human = turn.question.source === "interviewer";
    setText(who, human ? "talk.human" : "talk.interviewer");
    setPlain(said, turn.question.text);
    if (turn.question.language) said.lang = turn.question.language;
    const led = [...turn.led.values()];
    const stands = led.map((one) => one.text).filter(Boolean).join("\n");
    const guess = led.at(-1)?.tentative ?? "";
    setPlain(partial, stands && `\n${stands}`);
    setPlain(tentative, guess && (led.at(-1)?.text ? ` ${guess}` : `\n${guess}`));
    if (!this.#detailed) return;
    setPlain(about, questionAbout(turn));
    showIf(about, true);
    writeReason(why, turn.question.reason);
  }

  /** @param {Turn} turn @param {string} answer */
  #answer(turn, answer) {
    const made = this.#entry("answer", turn.turn);
    const { item, who, words, said, partial, tentative, state, about, wishes, doubt } = made;
    setText(who, this.#you);
    item.classList.toggle("running", !turn.answer);
    const none = Boolean(turn.answer) && !answer;
    if (none) setText(said, unheard(turn) ? "talk.unheard" : "talk.empty");
    else if (!made.player?.shows(answer)) spell(said, answer, turn);
    said.classList.toggle("none", none);
    const more = turn.partial?.text ?? "";
    const guess = turn.partial?.tentative ?? "";
    setPlain(partial, more && answer ? ` ${more}` : more);
    setPlain(tentative, guess && (more || answer) ? ` ${guess}` : guess);
    showIf(words, said.textContent || more || guess);
    writeWishes(wishes, turn.controls);
    const key = stateOf(turn, answer);
    if (key) setText(state, key);
    state.classList.toggle("moving", turn.speaking || turn.pending);
    showIf(state, key);
    writeDoubt(doubt, turn, answer);
    this.#beside(made.beside, turn);
    this.#play(turn, made);
    if (!this.#detailed || !(turn.answer?.engine || turn.read)) return;
    const engine = turn.answer?.engine ?? "none";
    const parts = engine === "none" ? [] : [engine === "typed" ? text("talk.typed") : engine];
    parts.push(...readAs(turn.read));
    if (turn.replyMs !== null) parts.push(text("watch.reply", { seconds: inSeconds(turn.replyMs) }));
    setPlain(about, parts.join(" · "));
    showIf(about, parts.length > 0);
  }

  /** What another voice said is shown, and whose it was may be said. @param {Turn} turn */
  #beside(element, turn) {
    const words = beside(turn).map((segment) => segment.text);
    const said = words.filter(Boolean).join(" ");
    showIf(element, said);
    if (!said) return;
    if (!element.firstChild) {
      element.append(make("span"));
      if (this.#claim) {
        const mine = make("button", { type: "button", class: "button small" });
        setText(mine, "talk.mine");
        mine.addEventListener("click", () => this.#claim(turn.turn));
        element.append(mine);
      }
    }
    setText(element.firstChild, "talk.beside", { words: said });
  }

  /** A recording comes later than its answer, and it may be deleted. */
  #play(turn, made) {
    if (!this.#player || (!made.player && !(turn.answer && turn.recording))) return;
    made.player ??= this.#player(turn, made.said);
    if (turn.recording) {
      made.player.update(turn);
      if (!made.player.element.isConnected) made.words.after(made.player.element);
      return;
    }
    made.player.remove();
    made.player = null;
    spell(made.said, answerText(turn, text("talk.gap")), turn);
  }

  /** Nothing plays once the list is of no interest any more. */
  leave() {
    for (const { player } of this.#entries.values()) player?.remove();
  }

  /** Rewrite what is put together from several strings, after a switch of language. */
  retell(turns) {
    this.#updateAll(turns);
  }
}

/** Unchanged text is not written again. @param {Turn} turn */
function spell(said, answer, turn) {
  if (said.textContent === answer && !said.dataset.text) return;
  delete said.dataset.text;
  said.replaceChildren(...spansOf(answer, wordsOf(turn, doubtedBelow()), []).nodes);
}

/** @param {Turn} turn @param {string} answer as it is shown */
function writeDoubt(element, turn, answer) {
  const lost = unclear(turn);
  const shown = lost.filter((segment) => answer.includes(segment.text));
  const replaced = lost.filter((segment) => !shown.includes(segment));
  const doubted = wordsOf(turn, doubtedBelow()).filter(
    (word) => word.doubtful && !lost.some((segment) => segment.text.includes(word.text)),
  );
  const told = [];
  if (shown.length > 0) told.push(text("talk.unclear"));
  if (replaced.length > 0) told.push(text("talk.replaced", { words: quoted(replaced) }));
  if (doubted.length > 0) told.push(text("talk.doubted", { words: quoted(doubted) }));
  const said = turn.speaking || turn.pending ? "" : told.join(" ");
  setPlain(element, said);
  showIf(element, said);
}

const MOST_NAMED = 8;

function quoted(parts) {
  const words = [...new Set(parts.map((part) => part.text.trim().replace(/[.,?!。]+$/u, "")))];
  const named = words.slice(0, MOST_NAMED).map((word) => text("talk.quoted", { word }));
  return named.join(", ") + (words.length > MOST_NAMED ? ", …" : "");
}

/** What an utterance was that is not simply an answer, and what is left for a person. */
function readAs(read) {
  if (!read) return [];
  const told = [];
  if (read.self_harm) told.push(text("read.self_harm"));
  if (!read.answers && knows(`reason.${read.act}`)) told.push(text(`reason.${read.act}`));
  if (read.noted) told.push(text("read.noted"));
  return told;
}

function stateOf(turn, said) {
  if (turn.speaking) return "talk.speaking";
  if (turn.pending) return "talk.transcribing";
  return unheard(turn) && said ? "talk.unheard" : "";
}

function writeWishes(element, controls) {
  const known = [...controls].filter((control) => knows(`talk.control.${control}`));
  while (element.children.length < known.length) {
    const wish = make("span");
    setText(wish, `talk.control.${known[element.children.length]}`);
    element.append(wish);
  }
  showIf(element, known.length > 0);
}

/** `code: detail` where the pages know the code, else the server's own words, which are English. */
function writeReason(element, reason) {
  const [, code, detail] = reason?.match(/^([a-z_]+)(?::\s*(.*))?$/) ?? [];
  const known = code && knows(`reason.${code}`);
  element.lang = known ? language() : "en";
  const key = `refused.${detail?.replace(":", ".")}`;
  const told = knows(key) ? text(key) : (detail ?? "");
  setPlain(element, known ? text(`reason.${code}`, { detail: told }) : (reason ?? ""));
  showIf(element, reason);
}

function inSeconds(ms) {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(ms / 1_000);
}

/** Number, kind, source, model and the line of the rubric it asks for, in one line. @param {Turn} turn */
function questionAbout(turn) {
  const { kind, source, model, line } = turn.question;
  const number = text("stage.number", { turn: turn.turn });
  const parts = [number, text(`kind.${kind}`), text(`source.${source}`)];
  if (model) parts.push(model);
  if (line) parts.push(text("watch.line", { line }));
  if (turn.heard && !turn.heard.complete && turn.heard.playedMs > 0) {
    parts.push(text("watch.heard.part", { seconds: inSeconds(turn.heard.playedMs) }));
  }
  return parts.join(" · ");
}

/** Whether the reader looks at the end of what scrolls; only then it follows. */
export function isAtEnd(scroller) {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
}
