/** The list of résumés, refreshed in place. */

import { getResumes } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { language, onLanguage, setPlain, setText, text } from "./language.js";
import { roleName } from "./readiness.js";

const REFRESH_MS = 5_000;

/** Events: `choose` with the id of a résumé, `refreshed` with the résumés as the server lists them. */
export class ResumeList extends EventTarget {
  #rows = new Map();
  #resumes = null;
  #chosen = "";
  #timer = 0;
  #tell;
  /** Fulfilled once the server was asked for the first time. */
  asked = new Promise((resolve) => {
    this.#tell = resolve;
  });

  start() {
    onLanguage(() => this.#write());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.refresh();
    });
    this.refresh();
  }

  async refresh() {
    clearTimeout(this.#timer);
    try {
      this.#resumes = await getResumes();
      showIf(byId("resumes-stale"), false);
      this.dispatchEvent(new CustomEvent("refreshed", { detail: this.#resumes }));
    } catch {
      showIf(byId("resumes-stale"), true);
    }
    this.#tell();
    this.#write();
    clearTimeout(this.#timer);
    if (!document.hidden) this.#timer = setTimeout(() => this.refresh(), REFRESH_MS);
  }

  /** @param {string} id */
  set chosen(id) {
    this.#chosen = id;
    this.#write();
  }

  /** @returns {object | undefined} what the list says about a résumé */
  find(id) {
    return this.#resumes?.find((resume) => resume.id === id);
  }

  #write() {
    if (!this.#resumes) return;
    showIf(byId("resumes-loading"), false);
    showIf(byId("resumes-empty"), this.#resumes.length === 0);
    const present = new Set(this.#resumes.map((resume) => resume.id));
    for (const [id, row] of this.#rows) {
      if (present.has(id)) continue;
      row.item.remove();
      this.#rows.delete(id);
    }
    this.#resumes.forEach((resume, place) => this.#row(resume, place));
  }

  #row(resume, place) {
    if (!this.#rows.has(resume.id)) this.#rows.set(resume.id, this.#make(resume.id));
    const row = this.#rows.get(resume.id);
    const list = byId("resumes");
    if (list.children[place] !== row.item) list.insertBefore(row.item, list.children[place] ?? null);
    setPlain(row.name, resume.name ?? resume.filename);
    setPlain(row.role, resume.status === "ready" ? roleName(resume.target_role ?? "일반") : "");
    setPlain(row.about, aboutOf(resume));
    const state = stateOf(resume);
    if (state) setText(row.state, `review.${state}`);
    row.state.dataset.state = state;
    showIf(row.state, state !== "");
    if (resume.id === this.#chosen) row.link.setAttribute("aria-current", "page");
    else row.link.removeAttribute("aria-current");
  }

  #make(id) {
    const row = {
      name: make("span", { class: "row-name" }),
      role: make("span", { class: "row-role" }),
      state: make("span", { class: "pill plain" }),
      about: make("span", { class: "row-about soft small" }),
    };
    const href = `?resume=${encodeURIComponent(id)}`;
    row.link = make("a", { href, class: "row", "data-testid": `resume-${id}` });
    row.link.append(row.name, row.state, row.role, row.about);
    row.link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("choose", { detail: id }));
    });
    row.item = make("li", {}, row.link);
    return row;
  }
}

function stateOf({ status, used }) {
  if (status !== "ready") return status;
  return used ? "used" : "";
}

/** Today's time, or the day and the time. @param {string} instant */
export function momentOf(instant) {
  const when = new Date(instant);
  const today = when.toDateString() === new Date().toDateString();
  const day = today ? {} : { month: "short", day: "numeric" };
  return new Intl.DateTimeFormat(language(), { ...day, hour: "numeric", minute: "2-digit" }).format(
    when,
  );
}

function aboutOf({ created_at: created, warnings }) {
  const uploaded = text("review.uploaded", { time: momentOf(created) });
  return warnings ? `${uploaded} · ${text("review.warnings", { count: warnings })}` : uploaded;
}
