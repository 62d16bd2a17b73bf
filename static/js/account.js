/** One's own account: who one is, password, one-time codes, and where one is signed in. */

import { changePassword, endSession, getSessions, offerCodes, setCodes, signOut } from "./accountapi.js";
import { byId, make, showIf } from "./elements.js";
import { language, setPlain, setText } from "./language.js";

const time = (instant) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));

export class Account {
  #doing;
  #secret = "";

  /** @param {(work: () => Promise<string | void>) => Promise<void>} doing one thing at a time */
  constructor(doing) {
    this.#doing = doing;
    byId("sign-out").addEventListener("click", () => doing(() => this.#leave()));
    this.#on("password-form", (given) => this.#choosePassword(given));
    this.#on("codes-form", (given) => this.#switchCodes(given));
  }

  async show(me) {
    const values = { name: me.name, email: me.email ?? "", organisation: me.organisation };
    setText(byId("account-who"), me.email ? "account.who" : "account.here", values);
    this.#showCodes(me.codes);
    await this.#showSessions();
    showIf(byId("account"), true);
  }

  #on(id, work) {
    const form = byId(id);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#doing(() => work(Object.fromEntries(new FormData(form)), form));
    });
  }

  async #leave() {
    await signOut();
    location.replace("/sign-in");
  }

  async #choosePassword(given) {
    await changePassword({ old: given.old, new: given.new });
    byId("password-form").reset();
    await this.#showSessions();
    return "account.password.changed";
  }

  #showCodes(on) {
    byId("codes-form").dataset.on = String(on);
    setText(byId("codes-lead"), on ? "account.codes.on" : "account.codes.off");
    setText(byId("codes-go"), on ? "account.codes.stop" : "account.codes.begin");
    showIf(byId("codes-secret"), false);
    showIf(byId("codes-code"), false);
    byId("codes-form").reset();
    this.#secret = "";
  }

  async #switchCodes({ password, code }) {
    if (byId("codes-form").dataset.on === "true") {
      await setCodes({ password, secret: null });
      this.#showCodes(false);
      return "account.codes.stopped";
    }
    if (this.#secret) {
      await setCodes({ password, secret: this.#secret, code });
      this.#showCodes(true);
      return "account.codes.begun";
    }
    const { secret, picture } = await offerCodes();
    this.#secret = secret;
    const drawn = byId("codes-picture");
    drawn.setAttribute("viewBox", `0 0 ${picture.size} ${picture.size}`);
    drawn.querySelector("path").setAttribute("d", picture.path);
    setPlain(byId("codes-secret").querySelector("code"), secret.match(/.{1,4}/g).join(" "));
    setText(byId("codes-lead"), "account.codes.how");
    setText(byId("codes-go"), "account.codes.confirm");
    showIf(byId("codes-secret"), true);
    showIf(byId("codes-code"), true);
  }

  async #showSessions() {
    const rows = (await getSessions()).map((session) => this.#row(session));
    byId("sessions").replaceChildren(...rows);
  }

  #row({ id, agent, seen_at: seen, this: here }) {
    const line = make("span", { class: "soft small" });
    setText(line, here ? "account.session.this" : "account.session", { time: () => time(seen) });
    const row = make("li", {}, make("span", { class: "about" }, make("span", {}, agent || "–"), line));
    if (here) return row;
    const end = make("button", { type: "button", class: "button small" });
    setText(end, "account.session.end");
    end.addEventListener("click", () => row.replaceChild(this.#ending(id), end));
    row.append(end);
    return row;
  }

  /** One that was left open must not end the others. */
  #ending(id) {
    const password = make("input", { type: "password", name: "password", autocomplete: "current-password", maxlength: "200" });
    const label = make("span");
    setText(label, "account.password.old");
    const go = make("button", { type: "submit", class: "button small" });
    setText(go, "account.session.end");
    const form = make("form", {}, make("label", { class: "field" }, label, password), go);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#doing(async () => {
        await endSession(id, password.value);
        await this.#showSessions();
      });
    });
    queueMicrotask(() => password.focus());
    return form;
  }
}
