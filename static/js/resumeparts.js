/** The lists of a résumé in short: how many, and a line for each. */

import { make } from "./elements.js";
import { setText, text } from "./language.js";

const MOST_LINES = 6;
/** As in server/document/confidence.py: below it nothing is asked about. */
const UNSURE = 0.5;

const LINES = {
  work: (each) => [each.position, each.name],
  volunteer: (each) => [each.position, each.organization],
  education: (each) => [each.institution, each.studyType, each.area],
  projects: (each) => [each.name, each.entity],
  skills: (each) => [each.name, (each.keywords ?? []).join(", ")],
  certificates: (each) => [each.name, each.issuer],
  awards: (each) => [each.title, each.awarder],
  languages: (each) => [each.language, each.fluency],
  publications: (each) => [each.name],
  selfIntroduction: (each) => [each.question ?? each.answer],
};

function span({ startDate, endDate, date, releaseDate }) {
  if (date ?? releaseDate) return date ?? releaseDate;
  if (!startDate && !endDate) return "";
  return startDate === endDate ? startDate : `${startDate ?? ""} – ${endDate ?? ""}`.trim();
}

function line(part, each) {
  const words = LINES[part](each).filter(Boolean).join(" · ");
  const when = span(each);
  const item = make("li", {}, make("span", { class: "line" }, words || "–"));
  if (when) item.append(make("span", { class: "soft small" }, when));
  if (each.confidence?.entry !== undefined) item.append(sureness(each.confidence));
  return item;
}

/** How sure the reader is of the entry; what it is not sure of is named, since it is never asked about. */
function sureness(confidence) {
  const { entry, ...fields } = confidence;
  const doubted = Object.keys(fields).filter((name) => fields[name] < UNSURE);
  const told = make("span", { class: "sureness small", "data-testid": "sureness" });
  if (entry < UNSURE) setText(told, "part.unsure.entry", { percent: percent(entry) });
  else if (doubted.length > 0) {
    const names = doubted.map((name) => `${text(`part.field.${name}`)} ${percent(fields[name])}%`).join(", ");
    setText(told, "part.unsure", { fields: names });
  } else setText(told, "part.sure", { percent: percent(Math.min(entry, ...Object.values(fields))) });
  told.classList.toggle("unsure", entry < UNSURE || doubted.length > 0);
  return told;
}

function percent(likely) {
  return Math.min(99, Math.round(likely * 100));
}

/** Sections whose heading says nothing known, as they stand. */
function otherSections(sections, heading) {
  const unknown = sections.filter(({ kind }) => kind === "other");
  if (unknown.length === 0) return [];
  const title = make(heading);
  setText(title, "part.sections", { count: unknown.length });
  const each = unknown.map((section) => {
    const item = make("details", {}, make("summary", {}, section.title));
    item.append(make("p", { class: "raw" }, section.text));
    return item;
  });
  return [make("section", { class: "part", "data-testid": "part-sections" }, title, ...each)];
}

/**
 * @param {HTMLElement} place @param {Record<string, any>} data the résumé's `structured_data`
 * @param {string} heading the element of their titles
 */
export function writeParts(place, data, heading) {
  const parts = Object.keys(LINES).filter((part) => data[part]?.length > 0);
  const listed = parts.map((part) => partOf(part, data[part], heading));
  place.replaceChildren(...listed, ...otherSections(data.sections ?? [], heading));
}

function partOf(part, list, heading) {
  const title = make(heading);
  setText(title, `part.${part}`, { count: list.length });
  const lines = make("ul", {}, ...list.slice(0, MOST_LINES).map((each) => line(part, each)));
  if (list.length > MOST_LINES) {
    const more = make("li", { class: "soft small" });
    setText(more, "part.more", { count: list.length - MOST_LINES });
    lines.append(more);
  }
  return make("section", { class: "part", "data-testid": `part-${part}` }, title, lines);
}
