/** What both sides have said, by turn. Hearing the same thing twice changes nothing. */

/**
 * @typedef {object} Question
 * @property {number} turn
 * @property {string} text
 * @property {"llm" | "bank" | "interviewer"} source
 * @property {string} kind
 * @property {string | null} model
 * @property {string | null} reason
 * @property {string | null} [line] of the rubric, that a follow-up asks for
 * @property {string} [language] where it is not the interview's
 */

/**
 * @typedef {object} Answer
 * @property {string} text
 * @property {string | null} engine
 * @property {Word[]} words
 */

/**
 * A word as it was heard: times on the audio clock, and how likely it is what was said.
 *
 * @typedef {{text: string, start_ms: number, end_ms?: number, sure?: number | null}} Word
 */

/**
 * @typedef {object} Segment
 * @property {string} text @property {string | null} error @property {number} start_ms
 * @property {number} [end_ms] @property {Word[]} words
 * @property {string | null} unclear why nothing may be made of it
 * @property {boolean} waiting its sound is kept, its words are to come
 * @property {boolean} background far quieter than the candidate
 */

/**
 * @typedef {object} Turn
 * @property {number} turn
 * @property {Question | null} question
 * @property {Map<number, Segment>} segments
 * @property {{segment: number, text: string, tentative: string} | null} partial words of the segment
 *   being spoken: `text` stands, `tentative` may be heard otherwise next
 * @property {Map<string, {text: string, tentative: string}>} led what a person who leads is saying,
 *   by the id of the step that will have its words; as in `partial`
 * @property {Set<string>} controls what the candidate asked of the interviewer
 * @property {{act: string, answers: boolean, self_harm: boolean, noted: boolean} | null} read how
 *   it was understood
 * @property {boolean} claimed the quieter voice in it is the candidate's
 * @property {boolean} speaking
 * @property {boolean} pending speech has stopped and its words are still to come
 * @property {Answer | null} answer
 * @property {import("./player.js").Recording | null} recording
 * @property {{playedMs: number, complete: boolean} | null} heard
 * @property {number | null} replyMs from the end of the answer to the sound of the next question
 */

/** @type {Segment} */
const NOTHING = {
  text: "", error: null, start_ms: 0, words: [], unclear: null, waiting: false, background: false,
};

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
        partial: null,
        led: new Map(),
        controls: new Set(),
        read: null,
        claimed: false,
        speaking: false,
        pending: false,
        answer: null,
        recording: null,
        heard: null,
        replyMs: null,
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
    const led = this.#ledBefore(question.turn - 1);
    turn.question = question;
    if (led?.led.size) {
      led.led.clear();
      this.#changed(led);
    }
    this.#changed(turn);
  }

  /** The turn in which a person leads, or led last. */
  #ledBefore(number) {
    const led = (one) => one.turn <= number && one.question?.reason === "taken_over";
    return this.turns().filter(led).at(-1);
  }

  /** A person who leads is saying this; `over`: it was no words. */
  lead(number, step, text, tentative, over) {
    const turn = this.#ledBefore(number);
    if (!turn) return;
    if (over) turn.led.delete(step);
    else turn.led.set(step, { text: (turn.led.get(step)?.text ?? "") + text, tentative });
    this.#changed(turn);
  }

  /** What a person who leads is saying just now, or said last. */
  saying(number) {
    const turn = this.#ledBefore(number);
    const newest = [...(turn?.led.values() ?? [])].at(-1);
    if (!newest) return turn?.question.text.split("\n").at(-1) ?? "";
    return [newest.text, newest.tentative].filter(Boolean).join(" ");
  }

  /** What a person said who leads; its words may come in a later turn. */
  say(number, step, words) {
    const turn = this.#ledBefore(number);
    if (!turn || !words) return;
    turn.led.delete(step);
    turn.question = { ...turn.question, text: `${turn.question.text}\n${words}` };
    this.#changed(turn);
  }

  /** It was not asked after all, and the answer before it goes on. */
  takeBack(number, reopened) {
    const turn = this.#turn(number);
    turn.question = null;
    turn.heard = null;
    this.#changed(turn);
    const open = this.#turn(reopened);
    open.answer = null;
    open.read = null;
    open.replyMs = null;
    this.#changed(open);
  }

  hear(number, playedMs, complete) {
    const turn = this.#turn(number);
    turn.heard = { playedMs, complete };
    this.#changed(turn);
  }

  time(number, replyMs) {
    const turn = this.#turn(number);
    turn.replyMs = replyMs;
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

  /** More words of the segment being spoken, and those that may come after them. */
  extend(number, segment, text, tentative = "") {
    const turn = this.#turn(number);
    if (turn.answer || turn.segments.has(segment)) return;
    const known = turn.partial?.segment === segment ? turn.partial.text : "";
    turn.partial = { segment, text: known + text, tentative };
    this.#changed(turn);
  }

  /**
   * The words of one segment of a running answer; they take the place of what was shown of it.
   * @param {number} number @param {number} segment @param {string} text
   * @param {Partial<Segment>} [known] what else is known of it
   */
  caption(number, segment, text, known = {}) {
    this.#segment(number, segment, { ...NOTHING, ...known, text });
  }

  /** Its words will come later: until then there is a gap. */
  wait(number, segment, startMs = 0, background = false) {
    if (this.#turn(number).segments.has(segment)) return;
    this.#segment(number, segment, { ...NOTHING, start_ms: startMs, waiting: true, background });
  }

  /** The quieter voice of this turn is the candidate's. */
  claim(number) {
    const turn = this.#turn(number);
    turn.claimed = true;
    this.#changed(turn);
  }

  #segment(number, segment, known) {
    const turn = this.#turn(number);
    turn.segments.set(segment, known);
    if (turn.partial && turn.partial.segment <= segment) turn.partial = null;
    turn.pending = false;
    this.#changed(turn);
  }

  /** Whether words are still to come. */
  get waits() {
    return this.turns().some(waiting);
  }

  /** The candidate asked for something; pausing and going on say nothing about a question. */
  wish(number, control) {
    if (control === "pause" || control === "resume") return;
    const turn = this.#turn(number);
    turn.controls.add(control);
    this.#changed(turn);
  }

  /** How what was said was read; where it is no answer, none will come. */
  understand(number, read) {
    const turn = this.#turn(number);
    turn.read = read;
    this.#changed(turn);
  }

  /** The whole answer, which takes the place of its segments. */
  give(number, text, engine = null, words = []) {
    const turn = this.#turn(number);
    turn.answer = { text, engine, words };
    turn.partial = null;
    turn.speaking = false;
    turn.pending = false;
    this.#changed(turn);
  }

  /** All words of an answer are there; nothing is said of which came late. */
  fill(number, text) {
    const turn = this.#turn(number);
    if (!waiting(turn)) return;
    for (const segment of turn.segments.values()) segment.waiting = false;
    this.give(number, text);
  }

  /** The recording of an answer, or null where there is none any more. */
  record(number, recording) {
    const turn = this.#turn(number);
    if (turn.recording === recording) return;
    turn.recording = recording;
    this.#changed(turn);
  }

  /** Nobody is speaking any more, e.g. because the connection is gone. */
  quiet() {
    for (const turn of this.#turns.values()) {
      if (!turn.speaking && !turn.pending && !turn.partial && !turn.led.size) continue;
      turn.led.clear();
      turn.speaking = false;
      turn.pending = false;
      turn.partial = null;
      this.#changed(turn);
    }
  }
}

/** @param {Turn} turn @param {string} [gap] what stands where words are still to come */
export function answerText(turn, gap = "[…]") {
  if (turn.answer && !waiting(turn)) return turn.answer.text;
  const said = counted(turn).map((segment) => (segment.waiting ? gap : segment.text));
  return said.filter(Boolean).join(" ");
}

/** @param {Turn} turn @returns {Segment[]} */
function inOrder(turn) {
  return [...turn.segments.entries()].sort(([a], [b]) => a - b).map(([, segment]) => segment);
}

/**
 * What a voice said that is so quiet that it is taken for another's: no part of the answer, unless
 * nothing else was said.
 * @param {Turn} turn @returns {Segment[]}
 */
export function beside(turn) {
  const segments = inOrder(turn);
  const own = segments.some((one) => !one.background && (one.text || one.waiting));
  return own && !turn.claimed ? segments.filter((one) => one.background) : [];
}

/** @param {Turn} turn @returns {Segment[]} */
function counted(turn) {
  const others = new Set(beside(turn));
  return inOrder(turn).filter((segment) => !others.has(segment));
}

/** Sound of it is not words yet. @param {Turn} turn */
export function waiting(turn) {
  return [...turn.segments.values()].some((segment) => segment.waiting);
}

/** Words that no recogniser could write down. @param {Turn} turn */
export function unheard(turn) {
  return [...turn.segments.values()].some((segment) => segment.error);
}

/**
 * What an answer consists of, in order: its words, or its segments where these have none.
 * @param {Turn} turn @param {number} [below] less likely words count as doubtful
 * @returns {(Word & {doubtful: boolean})[]}
 */
export function wordsOf(turn, below = 0) {
  const segments = counted(turn);
  /** @param {{sure?: number | null}} said */
  const doubted = ({ sure }) => typeof sure === "number" && sure < below;
  if (turn.answer?.words.length) {
    return turn.answer.words.map((word) => {
      const inside = segments.some((one) => one.unclear && one.end_ms && contains(one, word));
      return { ...word, doubtful: inside || doubted(word) };
    });
  }
  return segments.flatMap((segment) => {
    const whole = segment.text && (segment.unclear || segment.words.length === 0);
    const words = whole ? [segment] : segment.words;
    return words.map((word) => ({ ...word, doubtful: Boolean(segment.unclear) || doubted(word) }));
  });
}

const contains = (segment, word) =>
  segment.start_ms <= word.start_ms && word.start_ms < segment.end_ms;

/** Segments of which nothing may be made, because nobody could make them out. @param {Turn} turn */
export function unclear(turn) {
  return counted(turn).filter((segment) => segment.unclear && segment.text);
}
