/** What is kept of one person, for whoever may delete it: a copy, legal holds, deletion. */

import { keyOf } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { may } from "./key.js";
import { onLanguage, setText, text } from "./language.js";
import { deletePerson, exportPerson, getHolds, liftHold, placeHold, save } from "./privacyapi.js";
import { momentOf } from "./resumes.js";

/** Event `deleted` once nothing is left of the person. */
export class PersonData extends EventTarget {
  #id = "";
  #holds = [];
  #busy = false;

  constructor() {
    super();
    const dialog = byId("kept-confirm");
    byId("kept-delete").addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "delete") this.#doing(() => this.#delete());
      dialog.returnValue = "";
    });
    const form = byId("hold-form");
    byId("kept-hold").addEventListener("click", () => {
      showIf(form, form.hidden);
      if (!form.hidden) form.elements.reason.focus();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#doing(() => this.#hold(form));
    });
    byId("kept-export").addEventListener("click", () => this.#doing(() => this.#export()));
    onLanguage(() => this.#write());
  }

  /** @param {string} id of the résumé; empty: none is shown */
  async show(id) {
    this.#id = id;
    this.#holds = [];
    showIf(byId("kept-told"), false);
    showIf(byId("hold-form"), false);
    const there = id !== "" && may("delete");
    showIf(byId("kept"), there);
    if (!there) return;
    try {
      await this.#look();
    } catch {
      // The buttons say what is wrong when they are used.
    }
  }

  async #look() {
    const id = this.#id;
    const holds = await getHolds(id);
    if (id !== this.#id) return;
    this.#holds = holds;
    this.#write();
  }

  #write() {
    byId("kept-delete").disabled = this.#holds.length > 0;
    const rows = this.#holds.map((hold) => {
      const lift = make("button", { type: "button", class: "button small" }, text("hold.lift"));
      lift.addEventListener("click", () => this.#doing(() => this.#lift(hold.id)));
      const since = text("hold.since", { moment: momentOf(hold.placed_at) });
      return make("li", {}, make("span", {}, hold.reason), make("span", { class: "soft small" }, since), lift);
    });
    byId("kept-holds").replaceChildren(...rows);
    showIf(byId("kept-holds"), rows.length > 0);
  }

  /** One thing at a time. @param {() => Promise<string>} work answers the key of what is told after it */
  async #doing(work) {
    if (this.#busy) return;
    this.#busy = true;
    const told = byId("kept-told");
    try {
      setText(told, await work());
      told.classList.remove("bad");
    } catch (error) {
      setText(told, keyOf(error));
      told.classList.add("bad");
    } finally {
      this.#busy = false;
    }
    showIf(told, true);
  }

  async #export() {
    save(await exportPerson(this.#id), "viva-export.zip");
    return "own.exported";
  }

  async #hold(form) {
    await placeHold(this.#id, form.elements.reason.value);
    form.reset();
    showIf(form, false);
    await this.#look();
    return "hold.placed";
  }

  async #lift(id) {
    await liftHold(id);
    await this.#look();
    return "hold.lifted";
  }

  async #delete() {
    const receipt = await deletePerson(this.#id);
    save(new Blob([receipt.signed], { type: "text/plain" }), `viva-deleted-${receipt.id}.txt`);
    this.dispatchEvent(new CustomEvent("deleted"));
    return "own.deleted";
  }
}
