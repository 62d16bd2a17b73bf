/** The lists of a résumé in short: how many, and a line for each. */

import { make } from "./elements.js";
import { setText } from "./language.js";

const MOST_LINES = 6;

const LINES = {
  work: (each) => [each.position, each.name],
  education: (each) => [each.institution, each.studyType, each.area],
  projects: (each) => [each.name, each.entity],
  skills: (each) => [each.name, (each.keywords ?? []).join(", ")],
  certificates: (each) => [each.name, each.issuer],
  awards: (each) => [each.title, each.awarder],
  languages: (each) => [each.language, each.fluency],
  selfIntroduction: (each) => [each.question ?? each.answer],
};

function span({ startDate, endDate, date }) {
  if (date) return date;
  if (!startDate && !endDate) return "";
  return startDate === endDate ? startDate : `${startDate ?? ""} – ${endDate ?? ""}`.trim();
}

function line(part, each) {
  const words = LINES[part](each).filter(Boolean).join(" · ");
  const when = span(each);
  const item = make("li", {}, make("span", { class: "line" }, words || "–"));
  if (when) item.append(make("span", { class: "soft small" }, when));
  return item;
}

/** @param {HTMLElement} place @param {object} data the résumé's `structured_data` */
export function writeParts(place, data) {
  const parts = Object.keys(LINES).filter((part) => data[part]?.length > 0);
  place.replaceChildren(...parts.map((part) => partOf(part, data[part])));
}

function partOf(part, list) {
  const title = make("h3");
  setText(title, `part.${part}`, { count: list.length });
  const lines = make("ul", {}, ...list.slice(0, MOST_LINES).map((each) => line(part, each)));
  if (list.length > MOST_LINES) {
    const more = make("li", { class: "soft small" });
    setText(more, "part.more", { count: list.length - MOST_LINES });
    lines.append(more);
  }
  return make("section", { class: "part", "data-testid": `part-${part}` }, title, lines);
}
