/** The recording of one answer: play, look for a place, and hear it from any word. */

import { getSound } from "./api.js";
import { wordsOf } from "./conversation.js";
import { make, showIf } from "./elements.js";
import { interviewerKey } from "./key.js";
import { doubtedBelow, onLanguage, setPlain, setText, text } from "./language.js";
import { placeOf, spansOf } from "./spoken.js";

/**
 * @typedef {object} Recording as the server lists it
 * @property {string | null} answer_id
 * @property {number} duration_ms @property {number} lost_ms
 * @property {{start_ms: number, offset_ms: number, duration_ms: number}[]} parts
 * @property {string | null} loudness a byte for each 60 ms of its file, in Base64
 */

const STEP_S = 2;
const OGG = 'audio/ogg; codecs="opus"';
/** The one that can be heard; a second one makes it stop. @type {Player | null} */
let heard = null;
/** @type {Set<Player>} */
const all = new Set();
onLanguage(() => {
  for (const player of all) player.retell();
});

export class Player {
  element = make("div", { class: "player" });
  #interview;
  #said;
  #turn = null;
  #spans = [];
  #now = null;
  #text = null;
  #audio = new Audio();
  #url = "";
  #loaded = "";
  #frame = 0;
  #button = make("button", { type: "button", class: "button small play" });
  #place = make("input", { type: "range", min: "0", step: "0.1", value: "0" });
  #time = make("span", { class: "soft small player-time" });
  #note = make("p", { class: "about", role: "status", hidden: true });

  /** @param {string} interview its id @param {HTMLElement} said where the words stand */
  constructor(interview, said) {
    this.#interview = interview;
    this.#said = said;
    this.element.append(this.#button, this.#place, this.#time, this.#note);
    this.#button.addEventListener("click", () => this.#toggle());
    this.#place.addEventListener("input", () => this.#seek(Number(this.#place.value)));
    this.#place.addEventListener("keydown", (event) => this.#key(event));
    said.addEventListener("click", this.#pick);
    for (const name of ["play", "pause", "ended"]) {
      this.#audio.addEventListener(name, () => this.#moved());
    }
    all.add(this);
  }

  /** @param {import("./conversation.js").Turn} turn with its answer and recording */
  update(turn) {
    const { answer, recording } = turn;
    this.#turn = turn;
    this.#place.max = String(recording.duration_ms / 1_000);
    this.#place.dataset.testid = `place-${turn.turn}`;
    this.#button.dataset.testid = `play-${turn.turn}`;
    if (this.#text !== answer.text) this.#spell(answer.text);
    this.retell();
    this.#show();
  }

  /** Whether the answer's text is on the page already, word by word. */
  shows(words) {
    return this.#text === words;
  }

  #spell(words) {
    this.#text = words;
    const { nodes, spans } = spansOf(words, wordsOf(this.#turn, doubtedBelow()), this.#turn.recording.parts);
    this.#spans = spans;
    this.#said.replaceChildren(...nodes);
    this.#said.classList.toggle("playable", spans.length > 0);
  }

  retell() {
    if (!this.#turn) return;
    const { lost_ms: lost } = this.#turn.recording;
    setText(this.#button, this.#audio.paused ? "player.play" : "player.pause");
    this.#place.setAttribute("aria-label", text("player.place"));
    if (lost >= 1_000) setText(this.#note, "player.lost", { seconds: Math.round(lost / 1_000) });
    showIf(this.#note, lost >= 1_000);
    if (this.#spans.length > 0) this.#said.title = text("player.words");
  }

  // Playing.

  #pick = (event) => {
    const span = this.#spans.find((one) => one.element === event.target);
    if (span) this.#playFrom(span.from_s);
  };

  async #toggle() {
    if (!this.#audio.paused) this.#audio.pause();
    else await this.#playFrom(this.#atEnd ? 0 : Number(this.#place.value));
  }

  get #atEnd() {
    return Number(this.#place.value) >= Number(this.#place.max) - 0.1;
  }

  async #playFrom(seconds) {
    if (!(await this.#load())) return;
    if (heard !== this) heard?.pause();
    heard = this;
    this.#audio.currentTime = seconds;
    await this.#audio.play();
  }

  pause() {
    this.#audio.pause();
  }

  #seek(seconds) {
    if (this.#loaded) this.#audio.currentTime = seconds;
    this.#show();
  }

  /** A slider's own step is too small to find anything with. */
  #key(event) {
    const step = { ArrowLeft: -STEP_S, ArrowRight: STEP_S }[event.key];
    if (event.key === " " || event.key === "Enter") this.#toggle();
    else if (step) {
      this.#place.value = String(Number(this.#place.value) + step);
      this.#seek(Number(this.#place.value));
    } else return;
    event.preventDefault();
  }

  /** An audio element cannot send the key, so the sound is fetched; a longer one once more. */
  async #load() {
    const { answer_id: id, duration_ms: duration } = this.#turn.recording;
    const wanted = `${id} ${duration}`;
    if (this.#loaded === wanted) return true;
    if (!this.#audio.canPlayType(OGG)) return this.#complain("player.unsupported");
    try {
      const sound = await getSound(this.#interview, id, interviewerKey());
      URL.revokeObjectURL(this.#url);
      this.#url = URL.createObjectURL(sound);
      this.#audio.src = this.#url;
      this.#loaded = wanted;
    } catch {
      return this.#complain("player.failed");
    }
    return true;
  }

  #complain(key) {
    setText(this.#note, key);
    showIf(this.#note, true);
    return false;
  }

  #moved() {
    this.retell();
    cancelAnimationFrame(this.#frame);
    if (!this.#audio.paused) this.#follow();
    else this.#show(this.#audio.ended ? Number(this.#place.max) : undefined);
  }

  #follow() {
    this.#place.value = String(this.#audio.currentTime);
    this.#show();
    if (!this.#audio.paused) this.#frame = requestAnimationFrame(() => this.#follow());
  }

  #show(seconds = Number(this.#place.value)) {
    this.#place.value = String(seconds);
    const [time, whole] = [clock(seconds), clock(Number(this.#place.max))];
    setPlain(this.#time, `${time} / ${whole}`);
    const now = placeOf(this.#spans, seconds);
    if (now !== this.#now) {
      this.#now?.element.classList.remove("now");
      if (seconds > 0) now?.element.classList.add("now");
      this.#now = now;
    }
    const told = now ? text("player.word", { time, word: now.element.textContent }) : time;
    this.#place.setAttribute("aria-valuetext", told);
  }

  remove() {
    this.#audio.pause();
    cancelAnimationFrame(this.#frame);
    if (heard === this) heard = null;
    URL.revokeObjectURL(this.#url);
    this.#said.removeEventListener("click", this.#pick);
    this.#said.classList.remove("playable");
    this.#said.removeAttribute("title");
    this.element.remove();
    all.delete(this);
  }
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
