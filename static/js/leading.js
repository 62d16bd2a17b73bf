/** Leading an interview by voice: the microphone of whoever takes over, until they hand back. */

import { byId, showIf } from "./elements.js";
import { isMember, may } from "./key.js";
import { onLanguage, setText, text } from "./language.js";
import { draw } from "./level.js";
import { loud, Microphone, MicrophoneError } from "./microphone.js";
import { OpusMicrophone, supported } from "./opus.js";

const PACKET_SAMPLES = 320;
/** Sound that is not words yet is kept for so long, and sent again after a broken line. */
const MOST_KEPT = 60 * 50;

/** Event `hear`: whoever leads has to hear the candidate. */
export class Leading extends EventTarget {
  #watch = null;
  #microphone = new Microphone();
  /** @type {OpusMicrophone | null} */
  #opus = null;
  /** The step by which we took over. @type {string | null} */
  #own = null;
  /** Who leads, or waits to: the fact. @type {{step_id: string, who: string} | null} */
  #leader = null;
  #announced = false;
  #floor = "none";
  #over = false;
  #problem = "";
  #asking = false;
  #rushed = false;
  #at = 0;
  /** @type {{at: number, sound: ArrayBuffer}[]} */
  #kept = [];

  constructor() {
    super();
    byId("lead").addEventListener("click", () => (this.#own ? this.handBack() : this.#takeOver()));
    byId("lead-now").addEventListener("click", () => this.#rush());
    this.#microphone.addEventListener("frame", ({ detail }) => this.#capture(detail));
    this.#microphone.addEventListener("lost", () => this.#lose());
    onLanguage(() => this.#write());
  }

  /** @param {import("./watch.js").Watch} watch */
  follow(watch) {
    this.leave();
    this.#watch = watch;
    watch.addEventListener("voice", ({ detail }) => this.#watch === watch && this.#taken(detail));
    watch.addEventListener("kept", ({ detail }) => this.#watch === watch && this.#forget(detail));
    watch.addEventListener("state", ({ detail }) => {
      if (this.#watch === watch && detail === "live") this.#again();
    });
    this.#write();
  }

  leave() {
    if (this.#own) this.#watch?.say({ type: "speak", on: false });
    this.#stop();
    this.#watch = null;
    this.#leader = null;
    this.#announced = this.#over = false;
    this.#floor = "none";
    this.#problem = "";
    this.#write();
  }

  /** @param {{kind: string, data: any}} fact */
  learn({ kind, data }) {
    switch (kind) {
      case "stepped_in":
        if (data.step === "take_over" && !data.warned) this.#leader = data;
        if (data.step === "hand_back") this.#ended();
        break;
      case "question_asked":
        this.#announced = data.reason === "taken_over";
        break;
      case "floor_passed":
        this.#floor = data.floor;
        break;
      case "interview_ended":
        this.#over = true;
        this.#ended();
        break;
      default:
        return;
    }
    this.#write();
  }

  /** Whether it is us who speak with the candidate. */
  get leads() {
    return Boolean(this.#own && this.#leader?.step_id === this.#own);
  }

  // What we do.

  async #takeOver() {
    if (this.#asking || this.#leader) return;
    this.#asking = true;
    this.#problem = "";
    this.#write();
    try {
      await this.#microphone.start();
      await this.#encode();
      this.dispatchEvent(new Event("hear"));
      this.#watch?.say({ type: "speak", on: true, up: this.#up });
    } catch (error) {
      this.#asking = false;
      this.#problem = `ready.${error instanceof MicrophoneError ? error.reason : "busy"}`;
    }
    this.#write();
  }

  #rush() {
    this.#rushed = true;
    this.#watch?.say({ type: "speak", on: true, now: true, up: this.#up });
    this.#write();
  }

  handBack() {
    this.#watch?.say({ type: "speak", on: false });
    this.#ended();
    this.#write();
  }

  get #up() {
    return this.#opus ? "opus" : "pcm16";
  }

  async #encode() {
    this.#at = 0;
    this.#kept = [];
    if (!(await supported)) return;
    this.#opus = new OpusMicrophone(
      (packet) => this.#send(packet, PACKET_SAMPLES),
      () => this.#lose(),
    );
  }

  #taken({ step_id: id }) {
    this.#asking = false;
    this.#own = id;
    this.#write();
  }

  /** On a new connection: as whoever we were, and what is not words yet once more. */
  #again() {
    if (!this.#own) return;
    this.#watch.say({ type: "speak", on: true, step_id: this.#own, up: this.#up });
    for (const { at, sound } of this.#kept) this.#watch.speak(at, true, sound);
  }

  #forget({ step_id: id, at }) {
    if (id === this.#own) this.#kept = this.#kept.filter((one) => one.at >= at);
  }

  #ended() {
    this.#leader = null;
    this.#stop();
  }

  #lose() {
    if (!this.#own && !this.#asking) return;
    this.handBack();
    this.#problem = "lead.lost";
    this.#write();
  }

  #stop() {
    this.#own = null;
    this.#asking = this.#rushed = false;
    this.#opus?.close();
    this.#opus = null;
    if (this.#microphone.open) this.#microphone.stop();
    this.#kept = [];
  }

  // Our sound.

  #capture({ pcm, rms }) {
    draw(byId("lead-level"), loud(rms));
    if (!this.#own) return;
    if (this.#opus) this.#opus.encode(pcm);
    else this.#send(pcm, pcm.byteLength / 2);
  }

  #send(sound, samples) {
    if (!this.#own) return;
    const at = this.#at;
    this.#at += samples;
    this.#kept.push({ at, sound });
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    this.#watch?.speak(at, false, sound);
  }

  // What is shown.

  get #state() {
    if (this.#problem) return "problem";
    if (this.#asking) return "asking";
    if (!this.#leader) return this.#own ? "asking" : "free";
    if (!this.leads) return "other";
    if (this.#announced) return this.#floor === "listening" ? "leading" : "announced";
    return "waiting";
  }

  #write() {
    const shown = this.#watch && !this.#over && may("step_in") && may("listen") && isMember();
    showIf(byId("leading"), shown);
    const state = this.#state;
    byId("leading").dataset.state = state;
    const lost = state === "problem";
    setText(byId("lead-state"), lost ? this.#problem : `lead.${state}`, { who: this.#leader?.who || text("step.somebody") });
    setText(byId("lead"), this.#own ? "lead.back" : "lead.take");
    byId("lead").setAttribute("aria-disabled", String(this.#asking || state === "other"));
    byId("lead").classList.toggle("primary", Boolean(this.#own));
    showIf(byId("lead-now"), state === "waiting" && this.#floor === "listening" && !this.#rushed);
    showIf(byId("lead-meter"), Boolean(this.#own));
  }
}
