/** Fourth screen: the question, who has the floor, and what can be done about it. */

import { byId, showIf } from "./elements.js";
import { languageName, onLanguage, setPlain, setText, text } from "./language.js";
import { draw } from "./level.js";
import { loud } from "./microphone.js";
import { Reading } from "./reading.js";

const ANSWERABLE = new Set(["listening", "moment"]);
const HEARD = new Set([...ANSWERABLE, "led"]);
/** Widths of a letter above which a question is set smaller; a Korean syllable counts as two. */
const LONG = 150;
const RUNNING = new Set([...HEARD, "speaking", "thinking"]);
const TICK_MS = 15_000;

/**
 * @typedef {"connecting" | "preparing" | "speaking" | "listening" | "moment" | "led" | "thinking"
 *   | "paused" | "offline"} State
 */
export class Stage {
  #question = null;
  /** @type {{topic: number, topics: number, left_ms: number} | null} */
  #progress = null;
  /** @type {State} */
  #state = "connecting";
  #typing = false;
  #language = "";
  #deaf = false;
  #linked = false;
  #reading = new Reading();

  constructor() {
    onLanguage(() => this.#writeAbout());
    setInterval(() => this.#tick(), TICK_MS);
    window.visualViewport?.addEventListener("resize", fit);
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  set state(state) {
    this.#state = state;
    const typing = state === "listening" && this.#typing;
    const deaf = this.#deaf && HEARD.has(state) && !typing;
    byId("floor").dataset.floor = deaf ? "deaf" : state;
    const key = typing ? "typing" : deaf ? "deaf" : state;
    setText(byId("floor-state"), `floor.${key}`);
    const paused = this.#linked ? "paused.link" : "paused";
    setText(byId("floor-hint"), `floor.hint.${key === "paused" ? paused : key}`);
    this.#reading.state(key);
    byId("done").setAttribute("aria-disabled", String(!ANSWERABLE.has(state)));
    this.#act(state === "paused");
  }

  /** The way back is the main button; who pressed it is not left without one. @param {boolean} paused */
  #act(paused) {
    const pressed = document.activeElement === byId("go-on");
    showIf(byId("go-on"), paused);
    showIf(byId("done"), !paused);
    if (pressed && !paused) byId(this.#typing ? "answer" : "done").focus({ preventScroll: true });
  }

  /** Nothing that is said is heard: nobody is listening then, whatever the server believes. */
  set deaf(deaf) {
    this.#deaf = deaf;
    this.state = this.#state;
  }

  /** Who came by a link comes back by it. @param {boolean} linked */
  set linked(linked) {
    this.#linked = linked;
  }

  /** Without a microphone the advice is to type. */
  set typing(typing) {
    this.#typing = typing;
    byId("stage").classList.toggle("typing-only", typing);
    showIf(byId("level"), !typing);
    showIf(byId("microphone-none"), typing);
  }

  set language(tag) {
    this.#language = tag;
    byId("question").lang = tag;
    byId("answer").lang = tag;
  }

  /** @param {import("./conversation.js").Question | null} question */
  set question(question) {
    this.#question = question;
    if (question) setPlain(byId("question"), question.text);
    else setText(byId("question"), "stage.preparing");
    byId("question").lang = question?.language ?? this.#language;
    byId("question").classList.toggle("none", !question);
    byId("question").classList.toggle("long", question !== null && isLong(question.text));
    byId("question").parentElement.scrollTop = 0;
    if (question) this.#reading.question(question.text, question.language ?? this.#language);
    this.#writeAbout();
  }

  /** What a person said who leads. @param {string} words */
  set said(words) {
    setPlain(byId("question"), words);
    byId("question").classList.toggle("long", isLong(words));
    this.#reading.question(words, this.#language);
  }

  /** @param {{topic: number, topics: number, left_ms: number}} progress */
  set progress(progress) {
    this.#progress = progress;
    this.#writeAbout();
  }

  /** The time stands still in a pause, and while the line is lost. */
  #tick() {
    if (!this.#progress || !RUNNING.has(this.#state)) return;
    this.#progress.left_ms -= TICK_MS;
    this.#writeAbout();
  }

  #writeAbout() {
    if (!this.#progress) return;
    const { topic, topics, left_ms: left } = this.#progress;
    const closing = this.#question?.kind === "closing";
    const place = topic > 0 ? text("stage.topic", { topic, topics }) : "";
    setPlain(byId("topic"), closing ? text("stage.closing") : place);
    const minutes = Math.round(left / 60_000);
    const time = minutes > 1 ? text("stage.left", { minutes }) : text("stage.left.little");
    setPlain(byId("time-left"), closing ? "" : time);
  }

  /** The candidate's loudness. @param {number} rms */
  set heard(rms) {
    if (HEARD.has(this.#state)) draw(byId("stage-level"), loud(rms));
  }

  /** The interviewer's loudness. @param {number} peak */
  set voice(peak) {
    if (this.#state === "speaking") draw(byId("stage-level"), Math.min(1, peak * 1.6));
  }

  /** A notice by its element's id; without a key it goes away. */
  notice(id, key, values) {
    if (key) setText(byId(`${id}-text`), key, values);
    showIf(byId(id), Boolean(key));
  }

  /** @param {string | null} tag the language that is not understood */
  set uncovered(tag) {
    const values = tag ? { language: languageName(tag) } : {};
    this.notice("notice-uncovered", tag ? "stage.uncovered" : null, values);
  }
}

/** A keyboard that lies over the page takes room of which CSS knows nothing. */
function fit() {
  const { height, scale } = window.visualViewport;
  const root = document.documentElement;
  const covered = scale === 1 && height < root.clientHeight - 1;
  if (covered) root.style.setProperty("--left", `${height}px`);
  else root.style.removeProperty("--left");
  if (covered && document.activeElement === byId("answer")) byId("stage").scrollIntoView();
}

function isLong(words) {
  const syllables = words.match(/[\u1100-\uffef]/g)?.length ?? 0;
  return words.length + syllables > LONG;
}
