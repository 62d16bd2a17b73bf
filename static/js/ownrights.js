/** What a candidate can do about what is kept of them: another way, a receipt, a copy, deletion. */

import { Problem } from "./api.js";
import { byId, showIf } from "./elements.js";
import { knows, language, onLanguage, setText, text } from "./language.js";
import { askForPerson, deleteOwn, exportOwn, getConsentReceipt, save } from "./privacyapi.js";

export class OwnRights extends EventTarget {
  #admission = null;
  #asked = false;
  #offered = false;
  #busy = false;

  constructor() {
    super();
    byId("own-receipt").addEventListener("click", () => this.#doing("own-told", () => this.#keep()));
    byId("own-export").addEventListener("click", () => this.#doing("own-told", () => this.#export()));
    const dialog = byId("own-confirm");
    byId("own-delete").addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "delete") this.#doing("own-told", () => this.#delete());
      dialog.returnValue = "";
    });
  }

  /** Before the interview. @param {{interview_id: string, token: string}} admission @param {boolean} asked for a person already */
  offer(admission, asked) {
    if (!this.#offered) this.#listen();
    this.#admission = admission;
    this.#asked = asked;
    showIf(byId("person-told"), asked);
    if (asked) setText(byId("person-told"), "person.asked");
    this.#write();
  }

  /** After it, unless everything was deleted. @param {{interview_id: string, token: string}} admission */
  show(admission, reason) {
    this.#admission = admission;
    showIf(byId("own-told"), false);
    showIf(byId("own-data"), reason !== "erased");
  }

  /** Only the page before the interview has these. */
  #listen() {
    this.#offered = true;
    byId("person-ask").addEventListener("click", () => this.#doing("person-told", () => this.#ask()));
    byId("consent-keep").addEventListener("click", () => this.#doing("person-told", () => this.#keep()));
    onLanguage(() => this.#write());
  }

  #write() {
    setText(byId("person-ask"), this.#asked ? "person.not" : "person.ask");
  }

  /** One thing at a time. @param {() => Promise<string>} work answers the key of what is told after it */
  async #doing(where, work) {
    if (this.#busy || !this.#admission) return;
    this.#busy = true;
    const told = byId(where);
    try {
      setText(told, await work());
      told.classList.remove("bad");
    } catch (error) {
      const key = error instanceof Problem ? error.key : "problem.unknown";
      setText(told, knows(key) ? key : "problem.unknown");
      told.classList.add("bad");
    } finally {
      this.#busy = false;
    }
    showIf(told, true);
  }

  async #ask() {
    this.#asked = (await askForPerson(this.#admission, !this.#asked)) !== null;
    this.#write();
    return this.#asked ? "person.asked" : "person.taken_back";
  }

  async #keep() {
    const receipt = await getConsentReceipt(this.#admission);
    const at = (instant) => new Date(instant).toLocaleString(language());
    const lines = [
      text("receipt.title", { organisation: receipt.organisation }), at(receipt.made_at), "",
      ...receipt.text, "",
      ...receipt.told.map((one) => `${at(one.told_at)}  ${text(`receipt.${one.kind}`, { version: one.version ?? "–" })}`),
      "", text("receipt.signed"), "", receipt.signed, "",
    ];
    this.#save(lines, "viva-consent.txt");
    return "receipt.saved";
  }

  async #export() {
    save(await exportOwn(this.#admission), "viva-export.zip");
    return "own.exported";
  }

  async #delete() {
    const receipt = await deleteOwn(this.#admission);
    this.#admission = null;
    const when = new Date(receipt.made_at).toLocaleString(language());
    this.#save([text("own.deleted"), when, "", text("receipt.signed"), "", receipt.signed, ""], "viva-deleted.txt");
    showIf(byId("own-actions"), false);
    this.dispatchEvent(new Event("deleted"));
    return "own.deleted";
  }

  #save(lines, name) {
    save(new Blob([lines.join("\n")], { type: "text/plain" }), name);
  }
}
