/** The list of open interviews, refreshed in place. */

import { getInterviews } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { language, languageName, onLanguage, setPlain, setText, text } from "./language.js";
import { roleName } from "./readiness.js";

const REFRESH_MS = 3_000;

/** Event `choose` with the id of an interview. */
export class InterviewList extends EventTarget {
  #rows = new Map();
  #interviews = null;
  #chosen = "";
  #timer = 0;

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
      this.#interviews = await getInterviews();
      showIf(byId("list-stale"), false);
    } catch {
      showIf(byId("list-stale"), true);
    }
    this.#write();
    if (!document.hidden) this.#timer = setTimeout(() => this.refresh(), REFRESH_MS);
  }

  /** @param {string} id */
  set chosen(id) {
    this.#chosen = id;
    this.#write();
  }

  #write() {
    if (!this.#interviews) return;
    showIf(byId("list-loading"), false);
    showIf(byId("list-empty"), this.#interviews.length === 0);
    const present = new Set(this.#interviews.map((interview) => interview.interview_id));
    for (const [id, row] of this.#rows) {
      if (present.has(id)) continue;
      row.item.remove();
      this.#rows.delete(id);
    }
    this.#interviews.forEach((interview, place) => this.#row(interview, place));
  }

  #row(interview, place) {
    const id = interview.interview_id;
    if (!this.#rows.has(id)) this.#rows.set(id, this.#make(id));
    const row = this.#rows.get(id);
    const list = byId("list");
    if (list.children[place] !== row.item) list.insertBefore(row.item, list.children[place] ?? null);
    if (interview.candidate_name) setPlain(row.name, interview.candidate_name);
    else setText(row.name, "watch.nobody");
    setPlain(row.role, roleName(interview.target_role));
    setText(row.status, `watch.${interview.status}`);
    row.status.dataset.status = interview.status;
    setPlain(row.about, aboutOf(interview));
    if (id === this.#chosen) row.link.setAttribute("aria-current", "page");
    else row.link.removeAttribute("aria-current");
  }

  #make(id) {
    const row = {
      name: make("span", { class: "row-name" }),
      role: make("span", { class: "row-role" }),
      status: make("span", { class: "pill" }),
      about: make("span", { class: "row-about soft small" }),
    };
    const href = `?interview=${encodeURIComponent(id)}`;
    row.link = make("a", { href, class: "row", "data-testid": `interview-${id}` });
    row.link.append(row.name, row.status, row.role, row.about);
    row.link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("choose", { detail: id }));
    });
    row.item = make("li", {}, row.link);
    return row;
  }
}

/** @param {string} instant */
export function clockTime(instant) {
  return new Intl.DateTimeFormat(language(), { hour: "numeric", minute: "2-digit" }).format(
    new Date(instant),
  );
}

function aboutOf({ language: spoken, turns, started_at: started }) {
  const when = started ? text("watch.started", { time: clockTime(started) }) : text("watch.waiting");
  return [languageName(spoken), text("watch.turns", { count: turns }), when].join(" · ");
}
