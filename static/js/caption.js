/** The end of what the candidate said last, where the state stands. */

import { answerText } from "./conversation.js";
import { byId, make, showIf } from "./elements.js";
import { Gathered } from "./gathered.js";
import { text } from "./language.js";

export class Caption {
  #turn = 0;

  /** @param {import("./conversation.js").Conversation} conversation */
  follow(conversation) {
    const shown = new Gathered((turns) => turns.forEach((turn) => this.#show(turn)));
    conversation.addEventListener("change", ({ detail }) => shown.add(detail));
    for (const turn of conversation.turns()) this.#show(turn);
  }

  /** @param {import("./conversation.js").Turn} turn */
  #show(turn) {
    const more = [turn.partial?.text, turn.partial?.tentative];
    const words = [answerText(turn, text("talk.gap")), ...more].filter(Boolean).join(" ");
    if (turn.turn < this.#turn || (!words && turn.turn !== this.#turn)) return;
    this.#turn = turn.turn;
    byId("caption-words").replaceChildren(make("span", {}, words));
    showIf(byId("caption"), words);
  }
}
