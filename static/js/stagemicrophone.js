/** Another microphone in the middle of the interview: what is said meanwhile is heard by the one before. */

import { byId, showIf } from "./elements.js";
import { setText } from "./language.js";
import { MicrophoneError } from "./microphone.js";
import { Microphones } from "./microphones.js";

const TOLD_MS = 6_000;

export class StageMicrophone {
  #microphone;
  #microphones;
  #timer = 0;

  /** @param {import("./microphone.js").Microphone} microphone */
  constructor(microphone) {
    this.#microphone = microphone;
    const select = byId("stage-device");
    this.#microphones = new Microphones(microphone, select);
    select.addEventListener("change", () => this.#change(select.value));
  }

  async #change(deviceId) {
    try {
      await this.#microphone.change(deviceId);
      this.#tell("stage.device.changed");
    } catch (error) {
      this.#tell(`ready.${error instanceof MicrophoneError ? error.reason : "busy"}`);
    }
    await this.#microphones.list();
  }

  #tell(key) {
    clearTimeout(this.#timer);
    const told = byId("stage-device-state");
    setText(told, key);
    showIf(told, true);
    this.#timer = setTimeout(() => showIf(told, false), TOLD_MS);
  }
}
