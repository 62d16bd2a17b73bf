/** The microphones there are, to choose one from; a name that is not known is a number. */

import { make, showIf } from "./elements.js";
import { text } from "./language.js";

export class Microphones {
  #microphone;
  #select;

  /** @param {import("./microphone.js").Microphone} microphone @param {any} select */
  constructor(microphone, select) {
    this.#microphone = microphone;
    this.#select = select;
    navigator.mediaDevices?.addEventListener("devicechange", () => this.list());
    microphone.addEventListener("track", () => this.list());
  }

  async list() {
    const field = this.#select.closest(".field");
    if (!this.#microphone.open) {
      showIf(field, false);
      return;
    }
    const devices = await this.#microphone.devices();
    const options = devices.map((device, index) =>
      make("option", { value: device.deviceId }, device.label || text("ready.device.unnamed", { number: index + 1 })),
    );
    this.#select.replaceChildren(...options);
    const { deviceId } = this.#microphone;
    this.#select.value = deviceId;
    showIf(field, devices.some((device) => device.deviceId === deviceId));
  }
}
