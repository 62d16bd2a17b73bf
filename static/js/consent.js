/** What is kept of the candidate's voice: told and asked before the start, taken back at any time. */

import { getConsent, giveConsent } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { language, onLanguage, setText } from "./language.js";

const TOLD_MS = 10_000;

/** Owns the box on the third screen, the line under the stage, and the last screen's button. */
export class Consent {
  #admission = null;
  #recording = false;
  #notice = null;
  #rights;

  /** @param {import("./ownrights.js").OwnRights} rights */
  constructor(rights) {
    this.#rights = rights;
    byId("consent-agree").addEventListener("change", ({ target }) => this.#choose(target));
    const dialog = byId("withdraw");
    for (const id of ["recording-stop", "recorded-delete"]) {
      byId(id).addEventListener("click", () => dialog.showModal());
    }
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "delete") this.#withdraw();
      dialog.returnValue = "";
    });
    onLanguage(() => this.#tell());
  }

  /** Tell what is kept on the third screen, and ask where the server records at all. */
  async show(admission) {
    this.#admission = admission;
    this.#notice = null;
    showIf(byId("check-consent"), false);
    this.#write(false);
    try {
      const consent = await getConsent(admission);
      if (this.#admission !== admission) return;
      this.#notice = consent.notice;
      this.#tell();
      byId("consent-agree").checked = consent.recording;
      showIf(byId("consent-box"), consent.offered);
      showIf(byId("check-consent"), true);
      this.#write(consent.recording);
      this.#rights.offer(admission, consent.person_asked_at !== null);
      if (consent.notice.shown !== consent.notice.version) {
        await giveConsent(admission, consent.recording, this.#read());
      }
    } catch {
      // Without the question nothing is recorded.
    }
  }

  #tell() {
    const paragraphs = this.#notice?.text[language()] ?? [];
    byId("consent-text").replaceChildren(...paragraphs.map((one) => make("p", {}, one)));
  }

  /** What the candidate has before them. */
  #read() {
    return this.#notice ? { version: this.#notice.version, language: language() } : undefined;
  }

  async #choose(box) {
    box.disabled = true;
    showIf(byId("consent-problem"), false);
    try {
      this.#write((await giveConsent(this.#admission, box.checked, this.#read())).recording);
    } catch {
      showIf(byId("consent-problem"), true);
    }
    box.checked = this.#recording;
    box.disabled = false;
  }

  async #withdraw() {
    showIf(byId("notice-recording"), true);
    let key = "consent.deleted";
    try {
      this.#write((await giveConsent(this.#admission, false)).recording);
    } catch {
      key = "consent.failed";
    }
    setText(byId("notice-recording-text"), key);
    setTimeout(() => showIf(byId("notice-recording"), false), TOLD_MS);
    setText(byId("recorded-text"), key);
    showIf(byId("recorded"), true);
  }

  #write(recording) {
    this.#recording = recording;
    showIf(byId("recording-row"), recording);
    showIf(byId("recorded"), recording);
    showIf(byId("recorded-delete"), recording);
    setText(byId("recorded-text"), "consent.was");
  }
}
