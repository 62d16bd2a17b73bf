/** Stepping into an interview that runs: what a person wants done, and what became of it. */

import { keyOf, stepIn } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { Earpiece } from "./earpiece.js";
import { Gathered } from "./gathered.js";
import { Leading } from "./leading.js";
import { interviewerKey, isMember, may } from "./key.js";
import { knows, language, onLanguage, setPlain, setText, text } from "./language.js";

/** Whose voice a frame is that begins with it: the candidate's, a person's who leads. */
const CANDIDATE = 1;
const LEADER = 3;
/** No voice of a question takes longer to begin. */
const COMES_MS = 3_000;
const MORE_MINUTES = 5;
const ASKED_OF_PERSON = new Set(["question_company", "question_process"]);

export class SteppingIn {
  #id = "";
  #watch = null;
  /** @type {(turn: number) => string} */
  #words = () => "";
  #over = false;
  #paused = false;
  #listening = false;
  #silent = 0;
  #sure = false;
  /** @type {number[]} turns in which the candidate asked what only a person can answer */
  #asks = [];
  #log = [];
  #ear = new Earpiece();
  #leading = new Leading();
  #learned = new Gathered(() => this.#write());

  constructor() {
    this.#leading.addEventListener("hear", () => this.#listening || this.#listen());
    byId("step-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say(event.submitter?.value === "now");
    });
    byId("step-form").addEventListener("change", () => this.#kindChanged());
    byId("step-text").addEventListener("input", () => this.#doubt(null));
    byId("step-asked-answer").addEventListener("click", () => this.answer());
    byId("step-pause").addEventListener("click", () => this.#do({ step: this.#paused ? "resume" : "pause" }));
    byId("step-more").addEventListener("click", () => this.#do({ step: "time", minutes: MORE_MINUTES }));
    byId("step-less").addEventListener("click", () => this.#do({ step: "time", minutes: -MORE_MINUTES }));
    byId("step-listen").addEventListener("click", () => this.#listen());
    byId("step-stop").addEventListener("click", () => this.#confirmStop());
    onLanguage(() => this.#write());
  }

  /**
   * @param {string} id @param {import("./watch.js").Watch} watch
   * @param {(turn: number) => string} words what the candidate said in a turn
   */
  follow(id, watch, words) {
    this.leave();
    this.#id = id;
    this.#watch = watch;
    this.#words = words;
    this.#leading.follow(watch);
    this.#write();
  }

  leave() {
    this.#ear.stop();
    this.#expect(false);
    this.#leading.leave();
    this.#watch = null;
    this.#id = "";
    this.#over = this.#paused = this.#listening = false;
    this.#asks = [];
    this.#log = [];
    byId("step-log").replaceChildren();
    byId("step-text").value = "";
    setPlain(byId("step-told"), "");
    this.#doubt(null);
    this.#write();
  }

  /** @param {{kind: string, data: any, recorded_at: string}} fact */
  learn({ kind, data, recorded_at: at }) {
    this.#leading.learn({ kind, data });
    switch (kind) {
      case "utterance_understood":
        if (data.noted && ASKED_OF_PERSON.has(data.act)) this.#asks.push(data.turn);
        break;
      case "floor_passed":
        if (data.floor === "speaking") this.#expect(true);
        return;
      case "control_taken":
        if (data.control === "pause") this.#paused = true;
        if (data.control === "resume") this.#paused = false;
        break;
      case "stepped_in":
        if (data.step === "answer") this.#asks = this.#asks.filter((turn) => turn !== data.about);
        if (data.warned !== "held") this.#note(data, at);
        break;
      case "interview_ended":
        this.#over = true;
        this.#ear.stop();
        break;
      default:
        return;
    }
    this.#learned.add(this);
  }

  /** @param {ArrayBuffer} frame */
  sound(frame) {
    const own = this.#leading.leads && new Uint8Array(frame, 0, 1)[0] === LEADER;
    if (this.#listening && !own) this.#ear.play(frame);
    if (new Uint8Array(frame, 0, 1)[0] !== CANDIDATE) this.#expect(false);
  }

  /** The voice of a question; where none comes, the candidate's own device speaks it. @param {boolean} spoken */
  #expect(spoken) {
    clearTimeout(this.#silent);
    showIf(byId("step-silent"), false);
    if (!spoken || !this.#listening) return;
    this.#silent = setTimeout(() => showIf(byId("step-silent"), this.#listening), COMES_MS);
  }

  /** What is to be done here first. @param {string} about */
  begin(about) {
    if (about === "answer") this.answer();
    else if (about === "step_in") byId("step-text").focus();
  }

  answer() {
    const kind = byId("step-form").elements.namedItem("step");
    if (this.#asks.length > 0) kind.value = "answer";
    this.#kindChanged();
    byId("step-text").focus();
  }

  get #kind() {
    return byId("step-form").elements.namedItem("step").value;
  }

  #kindChanged() {
    this.#doubt(null);
    this.#write();
  }

  // What is wanted.

  async #say(now) {
    const step = this.#kind;
    const said = byId("step-text").value.trim();
    if (!said) return;
    const order = { step, text: said, now, sure: this.#sure };
    if (step === "answer") Object.assign(order, { about: this.#asks[0], now: false });
    const done = await this.#do(order);
    if (done) byId("step-text").value = "";
  }

  async #do(order) {
    const id = this.#id;
    let taken;
    try {
      taken = await stepIn(id, order, interviewerKey());
    } catch (error) {
      if (this.#id === id) setText(byId("step-told"), keyOf(error));
      return false;
    }
    if (this.#id !== id) return false;
    if (taken.step_id === null) {
      this.#doubt(taken);
      return false;
    }
    this.#doubt(null);
    setText(byId("step-told"), "step.taken");
    return true;
  }

  /** What the guard has against it; sent once more it is done all the same. */
  #doubt(taken) {
    this.#sure = taken !== null;
    const key = taken ? `step.warned.${taken.warned}` : "";
    const why = taken ? (knows(key) ? text(key) : text("step.warned.form")) : "";
    setPlain(byId("step-warned"), why && text("step.warned", { why }));
    showIf(byId("step-warned"), taken !== null);
    this.#labels();
  }

  async #listen() {
    this.#listening = !this.#listening;
    if (this.#listening) await this.#ear.start();
    else await this.#ear.stop();
    this.#expect(false);
    this.#watch?.send({ type: "listen", on: this.#listening });
    this.#write();
  }

  #confirmStop() {
    const dialog = byId("step-stop-dialog");
    dialog.returnValue = "keep";
    dialog.onclose = () => {
      if (dialog.returnValue === "stop") this.#do({ step: "stop" });
    };
    dialog.showModal();
  }

  // What is shown.

  #note(data, at) {
    const item = make("li");
    this.#log.unshift({ item, data, at });
    byId("step-log").prepend(item);
  }

  #write() {
    showIf(byId("step-in"), this.#id && !this.#over && may("step_in"));
    const asks = this.#asks.length > 0 && !this.#over;
    showIf(byId("step-asked"), asks);
    showIf(byId("step-asked-answer"), may("step_in"));
    showIf(byId("step-answer-kind"), asks);
    if (asks) setPlain(byId("step-asked-words"), text("board.quoted", { words: this.#words(this.#asks[0]) }));
    else if (this.#kind === "answer") byId("step-form").elements.namedItem("step").value = "question";
    setText(byId("step-pause"), this.#paused ? "step.resume" : "step.pause");
    setText(byId("step-listen"), this.#listening ? "step.listen.stop" : "step.listen");
    showIf(byId("step-listen"), may("listen") && isMember());
    for (const { item, data, at } of this.#log) setPlain(item, this.#told(data, at));
    this.#labels();
  }

  #labels() {
    const kind = this.#kind;
    setText(byId("step-help"), `step.help.${kind}`);
    byId("step-text").setAttribute("aria-labelledby", `step-kind-${kind}`);
    const asked = kind === "question" || kind === "topic";
    const key = this.#sure ? "step.sure" : asked ? "step.next" : "step.send";
    setText(byId("step-next"), key);
    showIf(byId("step-now"), asked);
  }

  /** Who did what, and when. */
  #told({ step, who, text: said, minutes }, at) {
    const time = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(at));
    const values = { minutes: Math.abs(minutes), text: said };
    const did = text(step === "time" && minutes < 0 ? "step.did.time.less" : `step.did.${step}`, values);
    return [time, who || text("step.somebody"), did].join(" · ");
  }
}
