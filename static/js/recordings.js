/** Which answers of an interview can be heard, for interviewers who have the key. */

import { deleteRecordings, getRecordings } from "./api.js";
import { byId, showIf } from "./elements.js";
import { interviewerKey, may } from "./key.js";
import { setText } from "./language.js";

/** The end of an answer is stored a few seconds after it was given. */
const LOOK_MS = [1_500, 6_000];

export class Recordings {
  #id = "";
  #conversation = null;
  #known = new Map();
  #timers = [];

  constructor() {
    const dialog = byId("delete-recordings");
    byId("recordings-delete").addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "delete") this.#delete();
      dialog.returnValue = "";
    });
  }

  /** @param {string} id @param {import("./conversation.js").Conversation} conversation */
  follow(id, conversation) {
    this.leave();
    this.#id = id;
    this.#conversation = conversation;
    this.#look();
  }

  leave() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#id = "";
    this.#known.clear();
    showIf(byId("recordings"), false);
    showIf(byId("recordings-told"), false);
  }

  /** An answer was given, or the interview ended. */
  expect() {
    if (!this.#id || !may("listen")) return;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = LOOK_MS.map((wait) => setTimeout(() => this.#look(), wait));
  }

  async #look() {
    const id = this.#id;
    if (!id || !may("listen")) return;
    let rows;
    try {
      rows = await getRecordings(id, interviewerKey());
    } catch {
      return; // The key may be of another installation; the conversation can be read all the same.
    }
    if (id !== this.#id) return;
    const heard = rows.filter((row) => row.answer_id !== null);
    for (const turn of this.#known.keys()) {
      if (!heard.some((row) => row.turn === turn)) this.#tell(turn, null);
    }
    for (const row of heard) {
      if (this.#known.get(row.turn)?.duration_ms !== row.duration_ms) this.#tell(row.turn, row);
    }
    showIf(byId("recordings"), rows.length > 0);
  }

  #tell(turn, recording) {
    if (recording) this.#known.set(turn, recording);
    else this.#known.delete(turn);
    this.#conversation.record(turn, recording);
  }

  async #delete() {
    let key = "player.deleted";
    try {
      await deleteRecordings(this.#id, interviewerKey());
      await this.#look();
    } catch {
      key = "problem.unknown";
    }
    setText(byId("recordings-told"), key);
    showIf(byId("recordings-told"), true);
  }
}
