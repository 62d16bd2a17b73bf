/** Who is invited, a row each: what became of it, what they ask for, and what may be done. */

import { uploadResume } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { knows, language, setText, text } from "./language.js";
import { needsOf } from "./needs.js";
import { changeInvitation, getInvitations, renewInvitation, revokeInvitation } from "./openingapi.js";

const OVER = ["expired", "closed", "revoked"];

const day = (instant) => new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(instant));
const moment = (instant) =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));

function button(key, label, work) {
  const made = make("button", { type: "button", class: "button small" });
  setText(made, key);
  made.setAttribute("aria-label", `${text(key)}: ${label}`);
  made.addEventListener("click", work);
  return made;
}

function said(key, values, ...classes) {
  const line = make("li", { class: ["small", ...classes].join(" ") });
  setText(line, key, values);
  return line;
}

/** What became of the mail with the link. */
function mailOf({ state, failure }) {
  const line = make("span", { class: `small mail ${state === "failed" ? "wanted" : "soft"}`, "data-testid": "mail-state" });
  const known = `mail.failure.${failure}`;
  const why = () => (knows(known) ? text(known) : String(failure));
  setText(line, `invited.mail.${state}`, { why });
  return line;
}

export class Invitations {
  #opening = null;
  #cursor = null;
  #doing;
  #told;
  #may;

  /**
   * @param {(work: () => Promise<string | [string, Record<string, any>] | void>) => Promise<void>} doing one thing at a time
   * @param {(made: {name: string, link: string}[]) => void} told links that are shown once
   * @param {boolean} may whether one may change them
   */
  constructor(doing, told, may) {
    this.#doing = doing;
    this.#told = told;
    this.#may = may;
    byId("more").addEventListener("click", () => doing(() => this.#page(false)));
  }

  /** @param {{id: string, opening: {title: string}}} opening */
  async show(opening) {
    this.#opening = opening;
    this.#cursor = null;
    await this.#page(true);
  }

  async #page(first) {
    const { items, next_cursor: next } = await getInvitations(this.#opening.id, this.#cursor);
    this.#cursor = next;
    const rows = items.map((one) => this.#row(one));
    if (first) byId("invitations").replaceChildren(...rows);
    else byId("invitations").append(...rows);
    showIf(byId("more"), next !== null);
    showIf(byId("nobody"), first && items.length === 0);
  }

  #row(one) {
    const { title } = this.#opening.opening;
    const name = one.name || one.email || text("invited.unnamed");
    const about = make("span", { class: "about" }, make("span", { class: "name" }, name));
    if (one.name && one.email) about.append(make("span", { class: "soft small" }, one.email));
    const when = make("span", { class: "soft small" });
    setText(when, "invited.when", { invited: () => day(one.created_at), until: () => moment(one.expires_at) });
    about.append(when);
    if (one.mail) about.append(mailOf(one.mail));
    const state = make("span", { class: "state", "data-state": one.state });
    setText(state, `invited.state.${one.state}`);
    const links = this.#links(one);
    const row = make("li", { "data-testid": "invitation" }, about, state, ...(links.childNodes.length > 0 ? [links] : []));
    if (this.#may) row.append(...this.#buttons(one, name));
    row.append(this.#asks(one, title, name));
    return row;
  }

  /** To what there is of them. */
  #links(one) {
    const links = make("span", { class: "actions small" });
    const add = (key, href) => {
      const link = make("a", { href });
      setText(link, key);
      links.append(link);
    };
    if (one.interview_id) add("invited.interview", `/interviewer?interview=${encodeURIComponent(one.interview_id)}`);
    if (one.resume_id) add("steps.resume", `/interviewer?resume=${encodeURIComponent(one.resume_id)}`);
    return links;
  }

  #buttons(one, name) {
    if (one.state === "revoked" || one.state === "ended") return [];
    const renew = button("members.link", name, () => this.#doing(async () => {
      const { link } = await renewInvitation(this.#opening.id, one.id);
      if (link === null) return ["invite.mailed.one", { name }];
      this.#told([{ name, link }]);
    }));
    const revoke = button("keys.revoke", name, () => this.#doing(async () => {
      if (!confirm(text("invited.revoke.sure", { name }))) return;
      await revokeInvitation(this.#opening.id, one.id);
      await this.show(this.#opening);
      return "invited.revoked";
    }));
    const longer = button("invited.longer", name, () => this.#doing(() => this.#extend(one)));
    const most = OVER.includes(one.state) ? [renew, longer, revoke] : [renew, revoke];
    return one.resume_id || one.interview_id ? most : [this.#attach(one), ...most];
  }

  /** The résumé that the company has of them. */
  #attach(one) {
    const input = make("input", { type: "file", class: "hidden-input", id: `resume-of-${one.id}`, accept: "application/pdf,.pdf,.docx" });
    const label = make("label", { class: "button small", for: input.id });
    setText(label, "invited.attach");
    input.addEventListener("change", () => this.#doing(async () => {
      const { id } = await uploadResume(input.files[0], () => undefined, new AbortController().signal);
      await changeInvitation(this.#opening.id, one.id, { resume_id: id });
      await this.show(this.#opening);
      return "members.changed";
    }));
    return make("span", {}, input, label);
  }

  async #extend(one) {
    const from = Math.max(Date.now(), Date.parse(one.expires_at));
    const until = new Date(from + 14 * 86_400_000).toISOString();
    await changeInvitation(this.#opening.id, one.id, { expires_at: until });
    await this.show(this.#opening);
    return "members.changed";
  }

  /** What a person should look at: another role than the opening's title, needs, wishes. */
  #asks(one, title, name) {
    const asks = make("ul", { class: "asks" });
    const role = one.target_role?.trim();
    if (role && role !== title) asks.append(said("invited.role", { role }));
    if (one.resume_status === "failed") asks.append(said("invited.resume.failed"));
    if (one.person_wanted_at) asks.append(said("invited.wants_person", { time: () => moment(one.person_wanted_at) }, "wanted"));
    if (needsOf(one.adjustments).length > 0) {
      asks.append(said("invited.needs.told", { needs: () => needsOf(one.adjustments).join(", ") }));
    }
    if (one.wish) asks.append(this.#wish(one, name));
    return asks;
  }

  #wish(one, name) {
    const { at, note, answer } = one.wish;
    const lead = make("span");
    setText(lead, `invited.wish.${answer ?? "open"}`, { at: () => moment(at) });
    const whole = make("li", { class: `small ${answer === null ? "wanted" : "soft"}` }, lead);
    if (note) whole.append(make("span", { class: "soft" }, ` ${note}`));
    if (answer === null && this.#may) {
      const decide = (key, given) => button(key, name, () => this.#doing(async () => {
        await changeInvitation(this.#opening.id, one.id, { answer: given });
        await this.show(this.#opening);
        return "members.changed";
      }));
      whole.append(make("div", { class: "actions" }, decide("invited.grant", "granted"), decide("invited.decline", "declined")));
    }
    return whole;
  }
}
