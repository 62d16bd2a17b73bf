/** The recording of one's own voice, once the interview is over: that there is one, and its deletion. */

import { getConsent, giveConsent } from "./api.js";
import { byId, showIf } from "./elements.js";
import { setText } from "./language.js";

export class Recorded {
  /** @type {{interview_id: string, token: string} | null} */
  #admission = null;

  constructor() {
    const dialog = byId("withdraw");
    byId("recorded-delete").addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "delete") this.#delete();
      dialog.returnValue = "";
    });
  }

  /** @param {{interview_id: string, token: string}} admission */
  async show(admission) {
    this.#admission = admission;
    const consent = await getConsent(admission).catch(() => null);
    if (consent?.recording) this.#tell("consent.was", true);
  }

  /** Everything is deleted. */
  leave() {
    showIf(byId("recorded"), false);
  }

  async #delete() {
    try {
      await giveConsent(this.#admission, false);
      this.#tell("consent.deleted", false);
    } catch {
      this.#tell("consent.failed", true);
    }
  }

  /** @param {string} key @param {boolean} there whether there is one still */
  #tell(key, there) {
    setText(byId("recorded-text"), key);
    showIf(byId("recorded"), true);
    showIf(byId("recorded-delete"), there);
  }
}
