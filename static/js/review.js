/** One résumé as it was understood, beside its pages, with what was put right. */

import { getCorrections, getDisputes, getResume, getResumePages, Problem } from "./api.js";
import { CorrectionForm } from "./correction.js";
import { disputeItems } from "./disputes.js";
import { all, byId, make, showIf } from "./elements.js";
import { sheetOf, sourceName, standsOnPage } from "./evidence.js";
import { isMember, may } from "./key.js";
import { knows, onLanguage, setPlain, setText, text } from "./language.js";
import { momentOf } from "./resumes.js";
import { writeParts } from "./resumeparts.js";
import { writeWarnings } from "./resumewarnings.js";

const RETRY_MS = 3_000;
/** So long after the upload pictures of the pages may still come. */
const DRAWN_WITHIN_MS = 5 * 60_000;
const FIELDS = [
  "name", "name_alt", "target_role", "target_company", "email", "phone", "location", "links", "headline",
];

export class Review {
  #id = "";
  #list;
  #summary = "";
  #resume = null;
  #corrections = [];
  #disputes = [];
  #pages = null;
  #form = null;
  #descriptions = [];
  #timer = 0;

  /** @param {import("./resumes.js").ResumeList} list */
  constructor(list) {
    this.#list = list;
    list.addEventListener("refreshed", () => this.#refreshed());
    onLanguage(() => this.#write());
  }

  /** @param {string} id */
  show(id) {
    if (id === this.#id) return;
    this.leave();
    this.#id = id;
    byId("review-name").textContent = this.#list.find(id)?.name ?? "";
    this.#load();
  }

  leave() {
    clearTimeout(this.#timer);
    this.#id = "";
    this.#summary = "";
    this.#resume = null;
    this.#corrections = [];
    this.#disputes = [];
    this.#pages = null;
    this.#form = null;
    setPlain(byId("review-name"), "");
    setText(all("title")[0], "title.interviewer");
    setPlain(byId("review-about"), "");
    setPlain(byId("review-saved"), "");
    showIf(byId("review-body"), false);
    showIf(byId("review-problem"), false);
    showIf(byId("review-state"), false);
  }

  /** Look again what may be done, e.g. once the key is known. */
  look() {
    this.#write();
  }

  async #load() {
    clearTimeout(this.#timer);
    const id = this.#id;
    try {
      const [resume] = await Promise.all([getResume(id), this.#list.asked]);
      const summary = JSON.stringify(this.#list.find(id) ?? null);
      const ready = resume.status === "ready";
      const [pages, corrections, disputes] = ready
        ? await Promise.all([this.#pages ?? getResumePages(id), getCorrections(id), getDisputes(id)])
        : [null, [], []];
      if (id !== this.#id) return;
      this.#summary = summary;
      this.#resume = resume;
      this.#corrections = corrections;
      this.#disputes = disputes;
      showIf(byId("review-problem"), false);
      this.#write();
      if (ready) this.#draw(pages);
    } catch (error) {
      if (id === this.#id) this.#failed(error);
    }
  }

  #failed(error) {
    const missing = error instanceof Problem && error.status === 404;
    setText(byId("review-problem"), missing ? "review.missing" : "review.unreachable");
    showIf(byId("review-problem"), true);
    if (!missing) this.#timer = setTimeout(() => this.#load(), RETRY_MS);
  }

  #refreshed() {
    if (!this.#id || !this.#resume) return;
    if (JSON.stringify(this.#list.find(this.#id) ?? null) !== this.#summary) this.#load();
    else this.#about();
  }

  #write() {
    for (const describe of this.#descriptions) describe();
    if (!this.#resume) return;
    this.#about();
    const { status, error, structured_data: data } = this.#resume;
    showIf(byId("review-state"), status !== "ready");
    if (status === "queued") setText(byId("review-state"), "review.reading");
    if (status === "failed") {
      const key = `problem.${error?.code}`;
      const words = knows(key) ? text(key) : (error?.detail ?? "");
      setText(byId("review-state"), "review.failed.told", { words });
    }
    showIf(byId("review-body"), status === "ready");
    if (status !== "ready") return;
    showIf(byId("review-scan"), data.meta?.ocr === true);
    writeWarnings(data.meta?.warnings ?? []);
    writeParts(byId("review-parts"), data, "h2");
    this.#writeDisputes();
    this.#writeCorrections();
    // What is being typed stays; it is written anew when the form closes.
    if (!this.#form) this.#writeFields();
  }

  #about() {
    const summary = this.#list.find(this.#id);
    const name = this.#resume?.structured_data?.header?.name ?? summary?.filename ?? "";
    setPlain(byId("review-name"), name);
    setPlain(all("title")[0], `${name} · viva`);
    const parts = summary ? [summary.filename, text("review.uploaded", { time: momentOf(summary.created_at) })] : [];
    setPlain(byId("review-about"), parts.join(" · "));
  }

  get #isNew() {
    const added = this.#list.find(this.#id)?.created_at;
    return added !== undefined && Date.now() - Date.parse(added) < DRAWN_WITHIN_MS;
  }

  get #used() {
    return this.#list.find(this.#id)?.used ?? false;
  }

  #writeFields() {
    const correctable = !this.#used && may("correct");
    showIf(byId("review-readonly"), !correctable);
    setText(byId("review-readonly"), this.#used ? "correct.used" : isMember() ? "problem.not_allowed" : "correct.nokey");
    const header = this.#resume.structured_data.header ?? {};
    const place = byId("review-fields");
    const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.replaceChildren(
      ...FIELDS.map((field) => this.#row(field, header, correctable && field !== "links")),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  #row(field, header, correctable) {
    const label = make("dt", { id: `label-${field}` });
    setText(label, `field.${field}`);
    const value = make("dd", { "data-testid": `field-${field}` });
    const shown = make("div", { class: "value" }, ...wordsOf(field, header));
    value.append(shown);
    if (correctable) {
      const edit = make("button", {
        type: "button",
        class: "button quiet small edit",
        id: `edit-${field}`,
        "data-testid": `edit-${field}`,
        "aria-labelledby": `edit-${field} label-${field}`,
      });
      setText(edit, "correct.edit");
      edit.addEventListener("click", () => this.#edit(field, value));
      value.append(edit);
    }
    return make("div", {}, label, value);
  }

  #edit(field, place) {
    if (this.#form) this.#form.close();
    setPlain(byId("review-saved"), "");
    const old = this.#resume.structured_data.header[field] ?? null;
    const proposed = field === "target_role" ? unconfirmed(this.#resume.structured_data.header) : null;
    const form = new CorrectionForm(this.#id, field, old, old ?? proposed);
    this.#form = form;
    const before = [...place.childNodes];
    form.addEventListener("closed", () => {
      place.replaceChildren(...before);
      this.#form = null;
      this.#writeFields();
      document.getElementById(`edit-${field}`)?.focus();
    });
    form.addEventListener("saved", ({ detail }) => this.#saved(form, field, detail));
    place.replaceChildren(form.element);
    form.focus();
  }

  async #saved(form, field, corrections) {
    if (this.#form !== form) return;
    this.#corrections = corrections;
    this.#form = null;
    await this.#load();
    this.#list.refresh();
    setText(byId("review-saved"), "correct.saved", { field: text(`field.${field}`) });
    document.getElementById(`edit-${field}`)?.focus();
  }

  #writeDisputes() {
    showIf(byId("disputes-part"), this.#disputes.length);
    byId("disputes").replaceChildren(...disputeItems(this.#disputes, "dispute.told", momentOf));
    setText(byId("disputes-help"), this.#used ? "dispute.used" : "dispute.help");
  }

  #writeCorrections() {
    showIf(byId("corrections-none"), this.#corrections.length === 0);
    byId("corrections").replaceChildren(...this.#corrections.map(correctionOf));
  }

  /** Pages stay as they are; only the mark may go, once the role was put right. */
  #draw(pages) {
    const evidence = this.#resume.structured_data.header?.target_role_evidence ?? null;
    if (this.#pages) {
      if (!evidence) for (const mark of byId("review-pages").querySelectorAll(".mark")) mark.remove();
      for (const describe of this.#descriptions) describe();
      return;
    }
    const words = this.#resume.structured_data.text;
    const coming = pages.length === 0 && this.#isNew && !words;
    setText(byId("pages-none"), coming ? "review.pages.coming" : words ? "review.pages.word" : "review.pages.none");
    showIf(byId("pages-none"), pages.length === 0);
    if (coming) {
      this.#timer = setTimeout(() => this.#load(), RETRY_MS);
      return;
    }
    this.#pages = pages;
    this.#descriptions = [];
    const figures = pages.map((page) => this.#figure(page, evidence, pages.length));
    if (words) figures.push(make("p", { class: "whole-text", "data-testid": "whole-text" }, words));
    byId("review-pages").replaceChildren(...figures);
  }

  #figure(page, evidence, count) {
    const { sheet, describe } = sheetOf(this.#id, page, evidence);
    this.#descriptions.push(describe);
    const figure = make("figure", { class: "page-picture" }, sheet);
    if (count > 1) {
      const caption = make("figcaption", { class: "soft small" });
      setText(caption, "review.page", { page: page.page });
      figure.append(caption);
    }
    return figure;
  }
}

function nothing() {
  const element = make("span", { class: "none" });
  setText(element, "review.none");
  return element;
}

function wordsOf(field, header) {
  if (field === "links") return linksOf(header.links ?? []);
  if (field === "target_role" && unconfirmed(header)) {
    const told = make("span", { class: "soft small", "data-testid": "role-unconfirmed" });
    setText(told, "review.role.unconfirmed", { role: unconfirmed(header) });
    return [nothing(), told];
  }
  if (!header[field]) return [nothing()];
  const words = make("span", { class: "words" }, header[field]);
  return field === "target_role" ? [words, ...roleOrigin(header)] : [words];
}

/** The role that a picture seems to state. */
function unconfirmed(header) {
  return header.target_role ? null : (header.target_role_unconfirmed ?? null);
}

/** Addresses as text: they come from strangers, and nothing here follows them. */
function linksOf(links) {
  if (links.length === 0) return [nothing()];
  return links.map((link) => make("span", { class: "words" }, link.url));
}

function roleOrigin(header) {
  const { target_role_source: source, target_role_confidence: sure, target_role_evidence: where } = header;
  const lines = [];
  const line = () => lines[lines.push(make("span", { class: "soft small" })) - 1];
  if (source === "correction") setPlain(line(), sourceName(source));
  else if (source) {
    setText(line(), "review.role.read", { how: sourceName(source), percent: Math.round((sure ?? 0) * 100) });
  }
  if (where) {
    const key = standsOnPage(where) ? "review.role.where" : "review.role.text";
    setText(line(), key, { page: where.page, text: where.text });
  }
  return lines;
}

function correctionOf(correction) {
  const field = make("span", { class: "correction-field" });
  setText(field, `field.${correction.field}`);
  const who = make("span", { class: "soft small" });
  setText(who, "correct.who", {
    name: correction.corrected_by,
    time: momentOf(correction.corrected_at),
  });
  const change = make(
    "span",
    { class: "change" },
    changed("del", "correct.was", correction.old_value),
    make("span", { "aria-hidden": "true" }, "→"),
    changed("ins", "correct.now", correction.new_value),
  );
  return make("li", {}, field, change, who);
}

function changed(tag, label, value) {
  const told = make("span", { class: "unseen" });
  setText(told, label);
  const words = make(tag, {});
  if (value === null) setText(words, "correct.blank");
  else words.append(value);
  words.classList.toggle("none", value === null);
  return make("span", {}, told, " ", words);
}
