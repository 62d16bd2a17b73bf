/** Third screen: microphone, sound, and whether speech recognition covers the language. */

import { getEngines } from "./api.js";
import { byId, showIf } from "./elements.js";
import { languageName, noRole, onLanguage, setPlain, setText, text } from "./language.js";
import { draw } from "./level.js";
import { loud, MicrophoneError } from "./microphone.js";
import { Microphones } from "./microphones.js";

const HEARD_RMS = 0.012;
const SILENT_RMS = 0.0008;
const SILENT_FRAMES = 150;
const LOOK_MS = 4_000;

/** Event `start` with whether the candidate will speak. */
export class Readiness extends EventTarget {
  #microphone;
  #microphones;
  #interview = null;
  #typed = false;
  #silent = 0;
  #heard = false;
  #stt = undefined;
  #timer = 0;

  /**
   * @param {import("./microphone.js").Microphone} microphone
   * @param {import("./speaker.js").Speaker} speaker
   */
  constructor(microphone, speaker) {
    super();
    this.#microphone = microphone;
    this.#microphones = new Microphones(microphone, byId("microphone-device"));
    byId("microphone-open").addEventListener("click", () => this.#open());
    byId("microphone-device").addEventListener("change", ({ target }) => this.#open(target.value));
    byId("sound-play").addEventListener("click", () => speaker.chime());
    byId("start").addEventListener("click", () => this.#start(true));
    byId("start-typed").addEventListener("click", () => this.#start(false));
    microphone.addEventListener("frame", ({ detail }) => this.#frame(detail.rms));
    microphone.addEventListener("lost", () => this.#tell("nodevice"));
    onLanguage(() => this.#write());
  }

  /** @param {{target_role: string, language: string}} interview @param {boolean} back @param {boolean} recalled */
  show(interview, back, recalled) {
    this.#interview = interview;
    setText(byId("ready-title"), back ? "ready.title.back" : "ready.title");
    setText(byId("start"), back ? "ready.continue" : "ready.start");
    showIf(byId("ready-back"), back);
    showIf(byId("abandon"), recalled);
    this.#write();
    this.#state("idle");
    this.#opened(this.#microphone.open);
    this.#lookAtEngines();
  }

  /** Whether writing is what is wanted first. */
  set typed(typed) {
    this.#typed = typed;
    this.#write();
  }

  /** The language it is held in. @param {string} language */
  set spoken(language) {
    if (this.#interview) this.#interview = { ...this.#interview, language };
    this.#write();
  }

  leave() {
    clearTimeout(this.#timer);
    this.#interview = null;
  }

  #start(speaking) {
    if (speaking && !this.#microphone.open) return;
    if (!speaking) this.#microphone.stop();
    this.dispatchEvent(new CustomEvent("start", { detail: speaking }));
  }

  // The microphone.

  async #open(deviceId = "") {
    this.#silent = 0;
    this.#heard = false;
    this.#state("asking");
    try {
      await this.#microphone.start(deviceId);
      await this.#microphone.begins();
    } catch (error) {
      this.#tell(error instanceof MicrophoneError ? error.reason : "busy");
      return;
    }
    this.#state("speak");
    this.#opened(true);
    await this.#microphones.list();
  }

  /** Where speech cannot be understood nobody is led into speaking. */
  #lead(typed, uncovered) {
    byId("start").classList.toggle("primary", !typed);
    byId("start-typed").classList.toggle("primary", typed);
    byId("start-typed").classList.toggle("quiet", !typed);
    for (const id of ["start", "check-microphone-part"]) showIf(byId(id), !uncovered);
  }

  #opened(open) {
    showIf(byId("microphone-open"), !open);
    showIf(byId("microphone-live"), open);
    byId("start").disabled = !open;
  }

  /** @param {string} reason */
  #tell(reason) {
    this.#opened(false);
    this.#state(reason, true);
    setText(byId("microphone-open"), "retry");
  }

  #state(name, problem = false) {
    const element = byId("microphone-state");
    if (element.dataset.state === name) return;
    element.dataset.state = name;
    element.classList.toggle("problem", problem);
    element.classList.toggle("good", name === "heard");
    setText(element, `ready.${name}`);
  }

  #frame(rms) {
    if (!this.#interview) return;
    draw(byId("microphone-level"), loud(rms));
    this.#silent = rms < SILENT_RMS ? this.#silent + 1 : 0;
    if (rms > HEARD_RMS) this.#heard = true;
    if (this.#silent > SILENT_FRAMES) {
      this.#heard = false;
      this.#state("silent", true);
    } else if (this.#heard) this.#state("heard");
  }

  // Speech recognition.

  async #lookAtEngines() {
    clearTimeout(this.#timer);
    try {
      const engines = await getEngines();
      this.#stt = engines.find((engine) => engine.role === "stt") ?? null;
    } catch {
      this.#stt = null;
    }
    if (!this.#interview) return;
    this.#write();
    if (!this.#stt?.settled) this.#timer = setTimeout(() => this.#lookAtEngines(), LOOK_MS);
  }

  #write() {
    if (!this.#interview) return;
    const { target_role: role, language } = this.#interview;
    setPlain(byId("ready-role"), `${roleName(role)} · ${languageName(language)}`);
    const stt = this.#stt;
    const uncovered = isUncovered(stt, language);
    const told = stt ? "works" : stt === undefined ? "checking" : "unknown";
    const name = { language: languageName(language) };
    setText(byId("engine-state"), `ready.engine.${told}`, name);
    setText(byId("engine-uncovered"), "ready.uncovered", name);
    showIf(byId("engine-state"), !uncovered);
    showIf(byId("engine-uncovered"), uncovered);
    showIf(byId("engine-preparing"), stt && !stt.settled);
    this.#lead(this.#typed || uncovered, uncovered);
  }
}

/** Whether this engine cannot understand the language; an unknown engine is given the benefit. */
export function isUncovered(engine, language) {
  return Boolean(engine && Array.isArray(engine.languages) && !engine.languages.includes(language));
}

/** @param {string | null} role null or what the server writes where the résumé states none */
export function roleName(role) {
  return role === null || role === noRole() ? text("role.general") : role;
}
