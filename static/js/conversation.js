/** What both sides have said, by turn. Hearing the same thing twice changes nothing. */

/**
 * @typedef {object} Question
 * @property {number} turn
 * @property {string} text
 * @property {"llm" | "bank" | "interviewer"} source
 * @property {string} kind
 * @property {string | null} model
 * @property {string | null} reason
 */

/**
 * @typedef {object} Turn
 * @property {number} turn
 * @property {Question | null} question
 * @property {Map<number, {text: string, error: string | null}>} segments
 * @property {boolean} speaking
 * @property {boolean} pending speech has stopped and its words are still to come
 * @property {{text: string, engine: string | null} | null} answer
 * @property {{playedMs: number, complete: boolean} | null} heard
 */

/** Event `change` with the Turn that changed. */
export class Conversation extends EventTarget {
  /** @type {Map<number, Turn>} */
  #turns = new Map();

  /** @returns {Turn} */
  #turn(number) {
    if (!this.#turns.has(number)) {
      this.#turns.set(number, {
        turn: number,
        question: null,
        segments: new Map(),
        speaking: false,
        pending: false,
        answer: null,
        heard: null,
      });
    }
    return this.#turns.get(number);
  }

  #changed(turn) {
    this.dispatchEvent(new CustomEvent("change", { detail: turn }));
  }

  get size() {
    return this.#turns.size;
  }

  /** @returns {Turn[]} in order */
  turns() {
    return [...this.#turns.values()].sort((a, b) => a.turn - b.turn);
  }

  /** @param {Question} question */
  ask(question) {
    const turn = this.#turn(question.turn);
    turn.question = question;
    this.#changed(turn);
  }

  hear(number, playedMs, complete) {
    const turn = this.#turn(number);
    turn.heard = { playedMs, complete };
    this.#changed(turn);
  }

  startSpeech(number) {
    this.#speech(number, true, false);
  }

  stopSpeech(number) {
    this.#speech(number, false, true);
  }

  #speech(number, speaking, pending) {
    const turn = this.#turn(number);
    if (turn.answer) return;
    turn.speaking = speaking;
    turn.pending = pending;
    this.#changed(turn);
  }

  /** The words of one segment of a running answer. */
  caption(number, segment, text, error = null) {
    const turn = this.#turn(number);
    turn.segments.set(segment, { text, error });
    turn.pending = false;
    this.#changed(turn);
  }

  /** The whole answer, which takes the place of its segments. */
  give(number, text, engine = null) {
    const turn = this.#turn(number);
    turn.answer = { text, engine };
    turn.speaking = false;
    turn.pending = false;
    this.#changed(turn);
  }

  /** Nobody is speaking any more, e.g. because the connection is gone. */
  quiet() {
    for (const turn of this.#turns.values()) {
      if (!turn.speaking && !turn.pending) continue;
      turn.speaking = false;
      turn.pending = false;
      this.#changed(turn);
    }
  }
}

/** @param {Turn} turn */
export function answerText(turn) {
  if (turn.answer) return turn.answer.text;
  const segments = [...turn.segments.entries()].sort(([a], [b]) => a - b);
  return segments.map(([, segment]) => segment.text).filter(Boolean).join(" ");
}

/** Words that no recogniser could write down. @param {Turn} turn */
export function unheard(turn) {
  return [...turn.segments.values()].some((segment) => segment.error);
}
