/** The live interview: socket, microphone, voice and stage together. */

import { Answering } from "./answering.js";
import { Caption } from "./caption.js";
import { Company } from "./company.js";
import { Controls } from "./controls.js";
import { Conversation } from "./conversation.js";
import { Deafness } from "./deafness.js";
import { byId } from "./elements.js";
import { Line } from "./line.js";
import { MicrophoneError } from "./microphone.js";
import { isUncovered } from "./readiness.js";
import { Stage } from "./stage.js";
import { StageMicrophone } from "./stagemicrophone.js";
import { Transcript } from "./transcript.js";
import { allowVoice, Voicing } from "./voicing.js";

const SILENT_RMS = 0.0008;
const SILENT_FRAMES = 375;
/** Why a question is asked that may be answered in writing just as well. */
const TYPED_AS_WELL = new Set(["garbled", "no_words"]);

/**
 * `home`: the link of the invitation by which they came; `adjustments`: what they need; `typed`: the
 * rehearsal showed that they had better write; `result`: when it comes, as of the outline; `begun`: they were on the stage before; `voice`: of the
 * outline; `speaker`: the voice that was chosen, "server" or a `voiceURI`.
 * @typedef {{interview_id: string, target_role: string, language: string, token: string, websocket_url: string, home?: string, adjustments?: Record<string, any>, typed?: boolean, begun?: boolean, voice?: string, speaker?: string, result?: {days: number | null, by: string}}} Admission
 */

/** Event `over` with `{reason}` when it has ended, or `{code}` when it cannot go on here. */
export class LiveInterview extends EventTarget {
  #microphone;
  #speaker;
  #stage = new Stage();
  #controls = new Controls();
  #company = new Company();
  #line = new Line();
  #voicing = new Voicing(this.#line);
  /** Whether the line is wanted. */
  #live = false;
  #admission = null;
  #conversation = new Conversation();
  #transcript = null;
  #link = "connecting";
  #everOpen = false;
  #floor = null;
  #turn = 0;
  #spoken = false;
  #paused = false;
  #moment = false;
  #closing = false;
  /** A person speaks with the candidate. */
  #led = false;
  #silent = 0;
  #ending = false;
  #reason = null;
  #wake = null;
  #deafness;

  /**
   * @param {import("./microphone.js").Microphone} microphone
   * @param {import("./speaker.js").Speaker} speaker
   */
  constructor(microphone, speaker) {
    super();
    this.#microphone = microphone;
    this.#speaker = speaker;
    microphone.addEventListener("frame", ({ detail }) => this.#capture(detail));
    microphone.addEventListener("lost", () => this.#loseMicrophone());
    speaker.addEventListener("level", ({ detail }) => (this.#stage.voice = detail));
    speaker.addEventListener("blocked", ({ detail }) =>
      this.#stage.notice("notice-sound", detail ? "stage.sound.blocked" : null),
    );
    new StageMicrophone(microphone);
    this.#listen(this.#line);
    this.#answer();
    this.#buttons();
    this.#watch();
  }

  /** @param {Line} line */
  #listen(line) {
    line.addEventListener("begun", () => {
      this.#speaker.join(line);
      this.#microphone.join(line);
    });
    line.addEventListener("state", ({ detail }) => this.#linked(detail));
    line.addEventListener("event", ({ detail }) => this.#receive(detail));
    line.addEventListener("slow", ({ detail }) =>
      this.#stage.notice("notice-slow", detail ? "stage.slow" : null),
    );
    line.addEventListener("sent", () => this.#deafness.sent());
    line.addEventListener("answered", ({ detail }) => (this.#deafness.answered = detail));
  }

  /** Nobody speaks into a line that carries nothing without being told. */
  #watch() {
    const under = () => this.#link === "open" && this.#floor !== null && !this.#paused;
    this.#deafness = new Deafness(this.#microphone, under);
    this.#deafness.addEventListener("fault", ({ detail }) => (this.#stage.deaf = detail !== null));
    this.#deafness.addEventListener("reopen", ({ detail }) => this.#reopen(detail));
    this.#deafness.addEventListener("reconnect", () => this.#line.reconnect());
  }

  get conversation() {
    return this.#conversation;
  }

  #answer() {
    const answering = new Answering(() => ({
      floor: this.#stage.state,
      spoken: this.#spoken,
      open: this.#line.open,
      turn: this.#turn,
    }));
    answering.addEventListener("commit", () =>
      this.#line.send({ type: "input_audio_buffer.commit" }),
    );
    this.#controls.addEventListener("control", ({ detail }) =>
      this.#line.send({ type: "viva.control", control: detail }),
    );
    answering.addEventListener("typed", ({ detail }) => this.#sendTyped(detail));
    this.answering = answering;
  }

  #sendTyped({ id, turn, words }) {
    const content = [{ type: "input_text", text: words }];
    const item = { type: "message", role: "user", id, content };
    this.#line.send({ type: "conversation.item.create", item, turn });
  }

  #buttons() {
    byId("sound-allow").addEventListener("click", () => this.#speaker.start());
    for (const id of ["microphone-again", "microphone-on"]) {
      byId(id).addEventListener("click", () => this.#reopen(true));
    }
    byId("retry-now").addEventListener("click", () => this.#line.retryNow());
    const dialog = byId("confirm");
    byId("end").addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "end") this.#end();
      dialog.returnValue = "";
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#live) this.#keepAwake();
    });
  }

  /** @param {Admission} admission @param {boolean} speaking whether the microphone is used */
  async start(admission, speaking) {
    this.#admission = admission;
    allowVoice(admission);
    this.#stage.language = admission.language;
    this.#stage.linked = Boolean(admission.home);
    this.#stage.typing = !speaking;
    this.#stage.question = null;
    if (!this.#transcript) {
      this.#transcript = new Transcript(byId("transcript"), byId("transcript-empty"), {
        you: "talk.you",
        lang: admission.language,
        claim: (turn) => this.#line.send({ type: "viva.mine", turn }),
      });
      this.#transcript.follow(this.#conversation);
      new Caption().follow(this.#conversation);
    }
    this.answering.open(!speaking, false);
    this.#show();
    this.#keepAwake();
    try {
      await this.#speaker.start();
    } catch {
      this.#stage.notice("notice-sound", "stage.sound.unsupported");
    }
    this.#live = true;
    await this.#voicing.connect(admission);
  }

  // The connection.

  #linked({ state, code }) {
    this.#link = state;
    if (state === "open") this.#opened();
    if (state === "closed") this.#over(code);
    if (state === "waiting") {
      this.#conversation.quiet();
      const lost = this.#speaks ? "stage.retrying.kept" : "stage.retrying";
      const key = this.#everOpen ? lost : "stage.unreachable";
      this.#stage.notice("notice-link", key);
    }
    this.#show();
  }

  /** The answer that is being spoken is kept and sent when the connection is back. */
  get #speaks() {
    return this.#microphone.open && this.#floor === "listening";
  }

  #opened() {
    this.#everOpen = true;
    if (document.activeElement === byId("retry-now")) byId("question").focus();
    this.#floor = null;
    this.#spoken = false;
    this.#paused = false;
    this.#moment = false;
    this.#deafness.missed = false;
    this.#stage.notice("notice-link", null);
    this.answering.again();
    if (this.#ending) this.#line.send({ type: "viva.end" });
  }

  #over(code) {
    this.#wake?.release();
    this.#wake = null;
    this.#live = false;
    const detail = this.#reason || code === 1000 ? { reason: this.#reason ?? "complete" } : { code };
    this.dispatchEvent(new CustomEvent("over", { detail }));
  }

  #end() {
    this.#ending = true;
    byId("end").disabled = true;
    this.#stage.notice("notice-error", "stage.ending");
    this.#line.send({ type: "viva.end" });
  }

  #show() {
    this.#stage.state = this.#state();
    this.#controls.show(this.#stage.state, this.#closing);
  }

  #state() {
    if (this.#link !== "open") return this.#everOpen ? "offline" : "connecting";
    if (this.#paused) return "paused";
    if (this.#led && this.#floor === "listening") return "led";
    if (this.#moment && this.#floor === "listening") return "moment";
    return this.#floor ?? "preparing";
  }

  // What the server says.

  #receive(event) {
    switch (event.type) {
      case "viva.session":
        this.#engines(event.engines);
        break;
      case "viva.floor":
        this.#floor = event.floor;
        if (event.floor !== "listening") this.#moment = false;
        this.#show();
        break;
      case "viva.question":
        this.#ask(event);
        break;
      case "viva.progress":
        this.#stage.progress = event;
        break;
      case "viva.question_taken_back":
        this.#takeBack(event);
        break;
      case "viva.company":
        this.#company.count(event);
        break;
      case "viva.person":
        this.#company.stepped(event);
        if (event.step === "said") this.#heard(event);
        break;
      case "viva.person_partial":
        this.#hears(event);
        break;
      case "viva.control":
        this.#company.controlled(event);
        this.#granted(event);
        break;
      case "input_audio_buffer.speech_started":
        this.#spoken = true;
        this.#moment = false;
        this.#show();
        this.answering.clearHint();
        this.#conversation.startSpeech(turnOf(event));
        break;
      case "input_audio_buffer.speech_stopped":
        this.#conversation.stopSpeech(turnOf(event));
        break;
      case "viva.partial":
        this.#conversation.extend(event.turn, event.segment, event.text, event.tentative);
        break;
      case "viva.caption":
        if (event.turn === this.#turn) this.#spoken = true;
        if (event.pending) this.#conversation.wait(event.turn, event.segment, 0, event.background);
        else this.#conversation.caption(event.turn, event.segment, event.text, heardIn(event));
        break;
      case "viva.mine":
        this.#conversation.claim(event.turn);
        break;
      case "viva.no_audio":
        this.#deafness.missed = event.missed;
        break;
      case "viva.typed":
        this.answering.taken(event.item_id);
        break;
      case "viva.answer":
        // Of what came late or was typed, the segments tell more.
        this.#conversation.give(event.turn, event.text, null, event.reason === "whole" ? event.words : []);
        break;
      case "conversation.item.input_audio_transcription.completed":
        this.#conversation.give(turnOf(event), event.transcript);
        break;
      case "viva.ended":
        this.#reason = event.reason;
        break;
      case "error":
        if (event.error?.param === "item") this.answering.refused();
        this.#stage.notice("notice-error", "stage.error");
        setTimeout(() => this.#stage.notice("notice-error", null), 6_000);
        break;
    }
  }

  #engines(engines = []) {
    const stt = engines.find((engine) => engine.role === "stt");
    const { language } = this.#admission;
    this.#stage.uncovered = isUncovered(stt, language) ? language : null;
  }

  #granted({ turn, control }) {
    if (control === "pause" || control === "resume") this.#paused = control === "pause";
    this.#moment = control === "moment";
    if (this.#paused) {
      this.#conversation.quiet();
      this.#stage.heard = 0;
    }
    this.#conversation.wish(turn, control);
    this.#show();
  }

  #ask(question) {
    if (question.turn !== this.#turn) {
      this.#spoken = false;
      this.#moment = false;
    }
    this.#turn = question.turn;
    this.#closing = question.kind === "closing";
    this.#led = question.reason === "taken_over";
    if (!isBeside(question)) this.#stage.question = question;
    this.answering.offer(TYPED_AS_WELL.has(question.reason));
    this.#conversation.ask(question);
  }

  /** A person who leads said this: it can be read where the question stands. */
  #heard({ turn, step_id: step, text: words }) {
    if (turn === this.#turn && this.#led) this.#stage.said = words;
    this.#conversation.say(turn, step, words);
  }

  /** They are saying it. */
  #hears({ turn, step_id: step, text: more, tentative, over }) {
    this.#conversation.lead(turn, step, more, tentative, over);
    if (turn === this.#turn && this.#led) this.#stage.said = this.#conversation.saying(turn);
  }

  /** What was said over it goes on with the answer before it, whose question is shown again. */
  #takeBack({ turn, reopened }) {
    this.#conversation.takeBack(turn, reopened);
    const open = this.#conversation.turns().find((one) => one.turn === reopened);
    this.#turn = reopened;
    this.#spoken = true;
    this.#closing = false;
    this.#stage.question = open?.question ?? null;
    this.#show();
  }

  // The microphone.

  #capture({ rms }) {
    if (!this.#live || this.#paused) return;
    this.#stage.heard = rms;
    this.#silent = rms < SILENT_RMS ? this.#silent + 1 : 0;
    const silent = this.#silent > SILENT_FRAMES && this.#stage.state === "listening";
    this.#stage.notice("notice-microphone", silent ? "stage.microphone.silent" : null);
  }

  #loseMicrophone() {
    if (!this.#live) return;
    this.#stage.typing = true;
    this.answering.open(true, false);
    this.#show();
  }

  async #reopen(asked) {
    try {
      await this.#microphone.again(asked);
    } catch (error) {
      if (!asked) return;
      const reason = error instanceof MicrophoneError ? error.reason : "busy";
      this.#stage.notice("notice-microphone", `ready.${reason}`);
      return;
    }
    this.#silent = 0;
    this.#stage.typing = false;
    this.#stage.notice("notice-microphone", null);
    this.#show();
  }

  /** A phone that locks its screen would fall silent in the middle of an answer. */
  async #keepAwake() {
    this.#microphone.resume();
    try {
      this.#wake = await navigator.wakeLock?.request("screen");
    } catch {
      // Refused when the battery is low: the interview goes on all the same.
    }
  }
}

/** What a person told is shown as such: the question is still open. */
function isBeside({ kind, source, reason }) {
  return kind === "aside" && source === "interviewer" && !reason;
}

/** What a caption tells beside its words. */
function heardIn({ error = null, words = [], unclear = null, background = false }) {
  return { error, words, unclear, background };
}

/** @param {{item_id: string}} event @returns {number} the turn that its item is the answer of */
function turnOf({ item_id: item }) {
  return Number(item.split("_").at(-1));
}
