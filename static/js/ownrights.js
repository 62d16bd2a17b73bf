/** What a candidate can do about what is kept of them: another way, a receipt, a copy, deletion. */

import { Problem } from "./api.js";
import { offerDeclaration } from "./declaring.js";
import { byId, showIf } from "./elements.js";
import { knows, language, onLanguage, setText, text } from "./language.js";
import { receiptFile } from "./receipt.js";
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
    offerDeclaration(admission, reason !== "erased");
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
    const events = receipt.told.map(
      (one) => `${at(one.told_at)}: ${text(`receipt.${one.kind}`, { version: one.version ?? "–" })}`,
    );
    const parts = [
      { title: text("receipt.text"), paragraphs: receipt.text },
      { title: text("receipt.told"), items: events },
    ].filter(({ paragraphs, items }) => (paragraphs ?? items ?? []).length > 0);
    const title = text("receipt.title", { organisation: receipt.organisation });
    save(receiptFile({ title, when: at(receipt.made_at), parts, signed: receipt.signed }), "viva-consent.html");
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
    save(receiptFile({ title: text("own.deleted.receipt"), when, parts: [], signed: receipt.signed }), "viva-deleted.html");
    showIf(byId("own-actions"), false);
    showIf(byId("declare"), false);
    this.dispatchEvent(new Event("deleted"));
    return "own.deleted";
  }
}
