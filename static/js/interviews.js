/** The list of open interviews. */

import { getInterviews } from "./api.js";
import { language, languageName, setPlain, setText, text } from "./language.js";
import { LiveList } from "./livelist.js";
import { roleName } from "./readiness.js";

export class InterviewList extends LiveList {
  constructor() {
    super({
      list: "list",
      stale: "list-stale",
      loading: "list-loading",
      empty: "list-empty",
      parameter: "interview",
      refreshMs: 3_000,
      load: getInterviews,
      idOf: (interview) => interview.interview_id,
      write,
    });
  }
}

function write(interview, { name, mark, role, about }) {
  if (interview.candidate_name) setPlain(name, interview.candidate_name);
  else setText(name, "watch.nobody");
  setPlain(role, roleName(interview.target_role));
  setText(mark, `watch.${interview.status}`);
  mark.dataset.status = interview.status;
  setPlain(about, aboutOf(interview));
}

/** @param {string} instant */
function clockTime(instant) {
  return new Intl.DateTimeFormat(language(), { hour: "numeric", minute: "2-digit" }).format(
    new Date(instant),
  );
}

function aboutOf({ language: spoken, turns, started_at: started, person_asked_at: person }) {
  const when = started ? text("watch.started", { time: clockTime(started) }) : text("watch.waiting");
  const wish = person ? [text("watch.person")] : [];
  return [...wish, languageName(spoken), text("watch.turns", { count: turns }), when].join(" · ");
}
