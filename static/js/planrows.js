/** The plan beside the résumé: what each question rests on, and what became of it. */

import { getResume } from "./api.js";
import { byId, make } from "./elements.js";
import { knows, setText } from "./language.js";
import { stageKey } from "./planitem.js";
import { writeParts } from "./resumeparts.js";

/** @param {any[]} topics of the report @param {string | null} resumeId */
export async function writeResume(topics, resumeId) {
  byId("plan").replaceChildren(...topics.filter((one) => one.ordinal !== null).map(planRow));
  if (!resumeId) return;
  byId("resume-link").setAttribute("href", `/interviewer?resume=${encodeURIComponent(resumeId)}`);
  const resume = await getResume(resumeId).catch(() => null);
  if (resume?.structured_data) writeParts(byId("resume-parts"), resume.structured_data, "h3");
}

function planRow(topic) {
  const outcome = make("span", { class: "soft small" });
  const said = topic.exchanges.some((one) => one.sentences.length > 0);
  const became = topic.asked ? (said ? "answered" : "asked") : "unasked";
  const key = `plan.${topic.outcome ?? became}`;
  setText(outcome, knows(key) ? key : "plan.unasked");
  const words = make("p", { class: "plan-words" }, topic.text);
  const stage = make("p", { class: "soft small" });
  if (topic.competency) stage.append(topic.competency);
  else setText(stage, stageKey(topic.stage));
  const rests = topic.rests_on.map(({ quote }) => make("li", {}, make("q", {}, quote)));
  const parts = [words, stage, outcome];
  if (rests.length) {
    const title = make("p", { class: "soft small" });
    setText(title, "plan.rests");
    parts.push(title, make("ul", { class: "rests small", role: "list" }, ...rests));
  }
  return make("li", {}, ...parts);
}
