/** What to know beside the words: trouble, notes, and what the candidate asked. */

import { clockOf } from "./clocktime.js";
import { byId, make, showIf } from "./elements.js";
import { onLanguage, setPlain, setText, text } from "./language.js";
import { addNote, getNotes, removeNote } from "./reportapi.js";

const COUNTED = ["line", "silent", "unread", "unclear"];

/** Events: `place` with a time, `notes` with all of them, `problem` with an error. */
export class Remarks extends EventTarget {
  #interview;
  #report;
  #notes = [];
  #now;

  /**
   * @param {string} interview its id @param {any} report
   * @param {{may: boolean, now: () => number}} who `may` note, at what time
   */
  constructor(interview, report, { may, now }) {
    super();
    this.#interview = interview;
    this.#report = report;
    this.#now = now;
    showIf(byId("note-form"), may);
    byId("note-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
    byId("note").addEventListener("input", () => this.moved());
    onLanguage(() => this.#write());
    this.#write();
    this.#load();
  }

  /** The place that a note would stand at. */
  moved() {
    const time = clockOf(this.#now());
    byId("note").setAttribute("placeholder", text("report.note.at", { time }));
    byId("note").setAttribute("aria-label", text("report.note.at", { time }));
    setPlain(byId("note-what"), text(byId("note").value.trim() ? "report.note.add" : "report.note.flag", { time }));
  }

  async #load() {
    try {
      this.#notes = await getNotes(this.#interview);
    } catch (error) {
      this.dispatchEvent(new CustomEvent("problem", { detail: error }));
      return;
    }
    this.dispatchEvent(new CustomEvent("notes", { detail: this.#notes }));
    this.#write();
  }

  async #add() {
    const field = byId("note");
    const words = field.value.trim();
    try {
      await addNote(this.#interview, Math.round(this.#now()), words);
      field.value = "";
      await this.#load();
    } catch (error) {
      this.dispatchEvent(new CustomEvent("problem", { detail: error }));
    }
  }

  async #remove(note) {
    try {
      await removeNote(this.#interview, note.id);
      await this.#load();
    } catch (error) {
      this.dispatchEvent(new CustomEvent("problem", { detail: error }));
    }
  }

  #write() {
    this.moved();
    byId("trouble").replaceChildren(...troubleOf(this.#report));
    byId("notes").replaceChildren(...(this.#notes.length ? this.#notes.map((one) => this.#note(one)) : [nothing("report.notes.none")]));
    const asked = this.#report.questions;
    byId("asked").replaceChildren(...(asked.length ? asked.map((one) => this.#asked(one)) : [nothing("report.asked.none")]));
  }

  #note(note) {
    const words = make("span", { class: "note-words" });
    if (note.text) setPlain(words, note.text);
    else setText(words, "report.note.bookmark");
    if (note.name) words.append(" ", make("span", { class: "soft small" }, note.name));
    const item = make("li", { "data-testid": "note-row" }, this.#time(note.at_ms), words);
    if (note.own) {
      const remove = make("button", { type: "button", class: "link-button small", "aria-label": text("report.note.remove") }, "×");
      remove.addEventListener("click", () => this.#remove(note));
      item.append(remove);
    }
    return item;
  }

  #asked(asked) {
    const state = make("span", { class: asked.answered ? "soft small" : "open small" });
    if (asked.by) setText(state, "report.asked.by", { name: asked.by });
    else setText(state, asked.answered ? "report.asked.answered" : "report.asked.open");
    return make("li", {}, this.#time(asked.at_ms), make("span", {}, asked.text, " ", state));
  }

  #time(ms) {
    if (ms === null) return make("span", { class: "soft" }, "–");
    const button = make("button", { type: "button", class: "link-button time" }, clockOf(ms));
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("place", { detail: ms })));
    return button;
  }
}

/** What went wrong technically. @param {any} report @returns {HTMLElement[]} */
export function troubleOf(report) {
  const { gaps, words, doubted, cut_ins: cutIns, faults, lost_percent: lost } = report.trouble;
  const summary = make("p", { class: "notice small" });
  const none = gaps.length + doubted + cutIns + faults === 0;
  if (none) setText(summary, "report.trouble.none");
  else setText(summary, lost ? "report.trouble.lost" : "report.trouble.some", { percent: lost });
  const rows = COUNTED.map((cause) => gaps.filter((gap) => gap.cause === cause)).filter((of) => of.length > 0).map((of) => {
    const seconds = Math.max(1, Math.round(of.reduce((sum, gap) => sum + gap.lasted_ms, 0) / 1_000));
    return counted(of.length, `report.trouble.${of[0].cause}`, { count: of.length, seconds });
  });
  if (doubted) rows.push(counted(doubted, "report.trouble.doubted", { count: doubted, words }));
  if (cutIns) rows.push(counted(cutIns, "report.trouble.cut_ins", { count: cutIns }));
  if (faults) rows.push(counted(faults, "report.trouble.faults", { count: faults }));
  return [summary, ...(rows.length ? [make("ul", { class: "counted" }, ...rows)] : [])];
}

function counted(count, key, values) {
  const words = make("span");
  setText(words, key, values);
  return make("li", {}, make("strong", {}, String(count)), words);
}

function nothing(key) {
  const item = make("li", { class: "soft small" });
  setText(item, key);
  return item;
}
