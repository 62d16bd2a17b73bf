/** The list of résumés. */

import { getResumes } from "./api.js";
import { showIf } from "./elements.js";
import { language, setPlain, setText, text } from "./language.js";
import { LiveList } from "./livelist.js";
import { roleName } from "./readiness.js";

export class ResumeList extends LiveList {
  constructor() {
    super({
      list: "resumes",
      stale: "resumes-stale",
      loading: "resumes-loading",
      empty: "resumes-empty",
      parameter: "resume",
      refreshMs: 5_000,
      load: getResumes,
      idOf: (resume) => resume.id,
      write,
    });
  }
}

function write(resume, { name, mark, role, about }) {
  setPlain(name, resume.name ?? resume.filename);
  setPlain(role, resume.status === "ready" ? roleName(resume.target_role ?? null) : "");
  setPlain(about, aboutOf(resume));
  const state = stateOf(resume);
  if (state) setText(mark, `review.${state}`);
  mark.classList.add("plain");
  mark.dataset.state = state;
  showIf(mark, state !== "");
}

function stateOf({ status, used }) {
  if (status !== "ready") return status;
  return used ? "used" : "";
}

/** Today's time, or the day and the time. @param {string} instant */
export function momentOf(instant) {
  const when = new Date(instant);
  const today = when.toDateString() === new Date().toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const day = today ? {} : { month: "short", day: "numeric" };
  return new Intl.DateTimeFormat(language(), { ...day, hour: "numeric", minute: "2-digit" }).format(
    when,
  );
}

function aboutOf({ created_at: created, warnings, disputes }) {
  const parts = [text("review.uploaded", { time: momentOf(created) })];
  if (warnings) parts.push(text("review.warnings", { count: warnings }));
  if (disputes) parts.push(text("dispute.count", { count: disputes }));
  return parts.join(" · ");
}
