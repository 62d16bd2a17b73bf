/** One interview, followed live, or read again, from its facts. */

import { getInterview, Problem } from "./api.js";
import { answerText, Conversation } from "./conversation.js";
import { Coverage } from "./coverage.js";
import { all, byId, showIf } from "./elements.js";
import { Gathered } from "./gathered.js";
import { languageName, onLanguage, setPlain, setText, text } from "./language.js";
import { needsOf } from "./needs.js";
import { Player } from "./player.js";
import { roleName } from "./readiness.js";
import { Recordings } from "./recordings.js";
import { SteppingIn } from "./stepping.js";
import { isAtEnd, Transcript } from "./transcript.js";
import { Watch } from "./watch.js";

const RETRY_MS = 3_000;

export class Following {
  #id = "";
  #asked = null;
  #watch = null;
  #conversation = new Conversation();
  #transcript = null;
  #recordings = new Recordings();
  #coverage = new Coverage();
  #stepping = new SteppingIn();
  #wanted = "";
  #floor = "none";
  #talking = false;
  #present = "never";
  #began = null;
  #until = null;
  /** Of a long interview thousands of facts come at once. */
  #shown = new Gathered(() => {
    this.#offerLatest();
    if (this.#until === null) this.#state();
  });

  constructor() {
    setInterval(() => this.#clock(), 1_000);
    const scroller = byId("followed-scroller");
    scroller.addEventListener("scroll", () => this.#offerLatest());
    byId("latest").addEventListener("click", () => {
      scroller.scrollTop = scroller.scrollHeight;
    });
    onLanguage(() => {
      this.#transcript?.retell(this.#conversation.turns());
      this.#about();
    });
  }

  /** @param {string} id */
  async show(id) {
    this.leave();
    this.#id = id;
    this.#conversation = new Conversation();
    this.#transcript = new Transcript(byId("followed"), byId("followed-empty"), {
      you: "talk.candidate",
      detailed: true,
      player: (_turn, said) => new Player(id, said),
    });
    this.#transcript.follow(this.#conversation);
    this.#conversation.addEventListener("change", () => this.#shown.add(id));
    this.#link("connecting");
    this.#state();
    await this.#load(id);
  }

  /** What is to be done there: `answer`, `step_in`, or nothing. @param {string} wanted */
  set about(wanted) {
    this.#wanted = wanted;
    if (this.#watch) this.#stepping.begin(wanted);
  }

  leave() {
    this.#wanted = "";
    this.#watch?.close();
    this.#watch = null;
    this.#transcript?.leave();
    this.#recordings.leave();
    this.#coverage.leave();
    this.#stepping.leave();
    this.#id = "";
    this.#asked = null;
    this.#floor = "none";
    this.#talking = false;
    this.#present = "never";
    this.#began = null;
    this.#until = null;
    setPlain(byId("followed-name"), "");
    setText(all("title")[0], "title.interviewer");
    setPlain(byId("followed-about"), "");
    setPlain(byId("elapsed"), "");
    showIf(byId("followed-opening"), false);
    showIf(byId("followed-needs"), false);
    byId("following").classList.remove("missing");
    showIf(byId("followed-problem"), false);
    showIf(byId("end-reason"), false);
    showIf(byId("latest"), false);
  }

  async #load(id) {
    let interview;
    try {
      interview = await getInterview(id);
    } catch (error) {
      if (this.#id === id) this.#failed(id, error);
      return;
    }
    if (this.#id !== id) return;
    showIf(byId("followed-problem"), false);
    this.#asked = interview;
    this.#transcript.lang = interview.language;
    this.#began = interview.started_at ? Date.parse(interview.started_at) : null;
    this.#about();
    const again = async () => (await getInterview(id)).questions;
    this.#coverage.follow(interview.questions, interview.ended_at !== null, again);
    this.#follow(id);
    this.#recordings.follow(id, this.#conversation);
  }

  #failed(id, error) {
    const missing = error instanceof Problem && (error.status === 404 || error.status === 400);
    setText(byId("followed-problem"), missing ? "watch.missing" : "watch.failed");
    showIf(byId("followed-problem"), true);
    byId("following").classList.toggle("missing", missing);
    if (!missing) setTimeout(() => this.#id === id && this.#load(id), RETRY_MS);
  }

  #about() {
    if (!this.#asked) return;
    const { target_role: role, language } = this.#asked;
    const name = this.#asked.candidate_name ?? text("watch.nobody");
    setPlain(byId("followed-name"), name);
    setPlain(all("title")[0], `${name} · viva`);
    setPlain(byId("followed-about"), `${roleName(role)} · ${languageName(language)}`);
    const { opening, adjustments } = this.#asked;
    showIf(byId("followed-opening"), opening);
    if (opening) setText(byId("followed-opening"), "watch.opening", { title: opening.title });
    const needs = needsOf(adjustments);
    showIf(byId("followed-needs"), needs.length > 0);
    setText(byId("followed-needs"), "invited.needs.told", { needs: needs.join(", ") });
  }

  #over(reason) {
    this.#floor = "ended";
    this.#talking = false;
    this.#conversation.quiet();
    this.#coverage.end();
    if (reason) setText(byId("end-reason"), `watch.reason.${reason}`);
    showIf(byId("end-reason"), reason);
    this.#link("stored");
    this.#state();
    this.#clock();
  }

  // Live.

  #follow(id) {
    const watch = new Watch(id);
    watch.addEventListener("state", ({ detail }) => this.#watch === watch && this.#link(detail));
    watch.addEventListener("fact", ({ detail }) => this.#watch === watch && this.#learn(detail));
    watch.addEventListener("partial", ({ detail }) => {
      const { turn, segment, text: more, tentative } = detail;
      if (this.#watch === watch) this.#conversation.extend(turn, segment, more, tentative);
    });
    watch.addEventListener("person_partial", ({ detail }) => {
      const { turn, step_id: step, text: more, tentative, over } = detail;
      if (this.#watch === watch) this.#conversation.lead(turn, step, more, tentative, over);
    });
    watch.addEventListener("sound", ({ detail }) => this.#watch === watch && this.#stepping.sound(detail));
    this.#watch = watch;
    this.#stepping.follow(id, watch, (turn) => this.#said(turn));
    this.#stepping.begin(this.#wanted);
    watch.open();
  }

  /** What the candidate said in a turn. */
  #said(number) {
    const turn = this.#conversation.turns().find((one) => one.turn === number);
    return turn ? answerText(turn, text("talk.gap")) : "";
  }

  #learn(fact) {
    const { kind, data, recorded_at: recorded } = fact;
    const talk = this.#conversation;
    switch (kind) {
      case "interview_started":
        this.#began = Date.parse(recorded);
        break;
      case "candidate_connected":
        this.#present = "here";
        break;
      case "candidate_disconnected":
        this.#present = "away";
        this.#talking = false;
        talk.quiet();
        break;
      case "audio_missed":
        this.#present = "unheard";
        break;
      case "audio_returned":
        this.#present = "here";
        break;
      case "floor_passed":
        this.#floor = data.floor;
        if (data.floor !== "listening") this.#talking = false;
        break;
      case "question_asked":
        talk.ask({ ...data, text: [data.lead, data.text].filter(Boolean).join(" ") });
        this.#coverage.ask(data);
        break;
      case "item_settled":
        this.#coverage.settle(data);
        break;
      case "question_taken_back":
        talk.takeBack(data.turn, data.reopened);
        this.#coverage.takeBack(data);
        break;
      case "question_heard":
        talk.hear(data.turn, data.played_ms, data.complete);
        break;
      case "speech_started":
        this.#talking = true;
        talk.startSpeech(data.turn);
        break;
      case "speech_stopped":
        this.#talking = false;
        talk.stopSpeech(data.turn);
        break;
      case "segment_heard":
        talk.caption(data.turn, data.segment, data.text, data);
        break;
      case "segment_pending":
        talk.wait(data.turn, data.segment, data.start_ms, data.background);
        break;
      case "voice_claimed":
        talk.claim(data.turn);
        break;
      case "utterance_understood":
        talk.understand(data.turn, data);
        break;
      case "answer_revised":
      case "answer_given":
        talk.give(data.turn, data.text, data.engine, data.words);
        this.#recordings.expect();
        break;
      case "turn_timed":
        talk.time(data.turn, data.timings.first_audio_ms ?? null);
        break;
      case "control_taken":
        talk.wish(data.turn, data.control);
        if (data.control === "pause") this.#pause();
        break;
      case "interview_ended":
        this.#until = Date.parse(recorded);
        this.#over(data.reason);
        this.#recordings.expect();
        break;
    }
    if (kind === "stepped_in" && data.step === "said") talk.say(data.turn, data.step_id, data.text);
    this.#stepping.learn(fact);
    if (this.#until === null) this.#shown.add(this.#id);
    else if (!talk.waits) this.#watch.close();
  }

  /** Going on shows in who has the floor next. */
  #pause() {
    this.#talking = false;
    this.#floor = "paused";
    this.#conversation.quiet();
  }

  // What is shown of it.

  #link(state) {
    byId("link").dataset.link = state;
    setText(byId("link"), `watch.link.${state}`);
  }

  #state() {
    const talking = this.#talking && this.#floor === "listening";
    const floor = talking ? "talking" : this.#floor;
    byId("watched-floor").dataset.floor = floor;
    setText(byId("watched-floor"), `watch.floor.${floor}`);
    setText(byId("presence"), `watch.candidate.${this.#present}`);
    byId("presence").dataset.presence = this.#present;
    showIf(byId("presence"), this.#floor !== "ended");
  }

  #clock() {
    if (this.#began === null) return;
    const seconds = Math.max(0, Math.floor(((this.#until ?? Date.now()) - this.#began) / 1_000));
    const two = (number) => String(number).padStart(2, "0");
    setPlain(byId("elapsed"), `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`);
  }

  #offerLatest() {
    showIf(byId("latest"), !isAtEnd(byId("followed-scroller")));
  }
}
