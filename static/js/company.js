/** What the candidate is told of people who follow the interview, and who step in. */

import { byId, showIf } from "./elements.js";
import { setPlain, setText } from "./language.js";

const TOLD = {
  line: "person.line",
  answer: "person.answer",
  listen: "person.listens",
  leave: "person.leaves",
  take_over: "person.takes_over",
  hand_back: "person.hands_back",
};

export class Company {
  constructor() {
    byId("notice-person-close").addEventListener("click", () => showIf(byId("notice-person"), false));
    this.count({ people: 0, listening: 0 });
  }

  /** @param {{people: number, listening: number}} company */
  count({ people, listening }) {
    const row = byId("company");
    if (people === 0) setText(row, "company.nobody");
    else setText(row, listening > 0 ? "company.listening" : "company.people", { count: people });
    row.dataset.people = String(people);
  }

  /** @param {{step: string, text: string, minutes: number}} step */
  stepped({ step, text: words, minutes }) {
    const time = minutes < 0 ? "person.time.less" : "person.time.more";
    this.#tell(step === "time" ? time : TOLD[step], words, { minutes: Math.abs(minutes) });
  }

  /** @param {{control: string, by: string}} control */
  controlled({ control, by }) {
    if (by === "interviewer" && control === "pause") this.#tell("person.paused", "");
  }

  #tell(key, words, values = {}) {
    if (!key) return;
    setText(byId("notice-person-text"), key, values);
    setPlain(byId("notice-person-words"), words);
    showIf(byId("notice-person-words"), words);
    showIf(byId("notice-person"), true);
  }
}
