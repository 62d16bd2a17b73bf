/** One opening as a form, and the form as an opening. */

import { make } from "./elements.js";
import { languageName, languages, setText } from "./language.js";
import { companyFact, field, group, number, ownQuestion, Rows, select, textarea } from "./templateform.js";

export const blank = () => ({
  title: "",
  description: "",
  level: "",
  team: "",
  contact: "",
  deadline: null,
  template_id: null,
  languages: [],
  competencies: [],
  questions: [],
  company: [],
  releases: false,
  result_days: null,
  result_by: "",
});

function line(value, name, required = false) {
  const input = make("input", { type: "text", name, maxlength: "200", required, autocomplete: "off" });
  input.value = value;
  return input;
}

/** The instant as the field has it, in the reader's own time; empty: none. */
function localTime(instant) {
  if (instant === null) return "";
  const here = new Date(instant);
  return new Date(here.getTime() - here.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function deadline(instant) {
  const input = make("input", { type: "datetime-local", name: "deadline" });
  input.value = localTime(instant);
  const read = () => {
    if (input.value === "") return null;
    return input.value === localTime(instant) ? instant : new Date(input.value).toISOString();
  };
  return { input, read };
}

/** Which templates there are, and the default one. @param {{id: string, template: {name: string}}[]} templates */
function templateChoice(chosen, templates) {
  const known = templates.some(({ id }) => id === chosen);
  const control = select(["", ...templates.map(({ id }) => id)], known ? chosen : "", () => "opening.template.default", "template");
  for (const option of control.options) {
    const named = templates.find(({ id }) => id === option.value);
    if (named) {
      delete option.dataset.text;
      option.textContent = named.template.name;
    }
  }
  return control;
}

/** As the template has it, or one language first or alone. */
function languageOf(chosen) {
  const all = languages();
  const some = [...all.map((first) => [first, ...all.filter((one) => one !== first)]), ...all.map((one) => [one]), chosen];
  const known = ["", ...new Set(some.filter((one) => one.length > 0).map((one) => one.join(",")))];
  const control = select(known, chosen.join(","), () => "opening.languages.template", "languages");
  for (const option of control.options) {
    if (option.value === "") continue;
    const [first, ...others] = option.value.split(",");
    const key = others.length > 0 ? "template.languages.some" : "template.languages.only";
    setText(option, key, { first: () => languageName(first), others: () => others.map(languageName).join(", ") });
  }
  return control;
}

function competency(value) {
  const name = line(value?.name ?? "", "competency", true);
  const weight = number(value?.weight ?? 1, 1, 10, "weight");
  const body = [make("div", { class: "competency" }, field("opening.competency.name", name), field("opening.competency.weight", weight))];
  return { body, read: () => ({ name: name.value.trim(), weight: Number(weight.value) }) };
}

/**
 * @param {ReturnType<typeof blank>} opening
 * @param {{id: string, template: {name: string}}[]} templates
 */
export function openingFields(opening, templates) {
  const title = line(opening.title, "title", true);
  title.dataset.testid = "opening-form-title";
  const team = line(opening.team, "team");
  const level = line(opening.level, "level");
  const contact = line(opening.contact, "contact");
  const description = textarea(opening.description, null, "description");
  description.rows = 4;
  description.maxLength = 5_000;
  const until = deadline(opening.deadline);
  const template = templateChoice(opening.template_id, templates);
  const spoken = languageOf(opening.languages);
  const weighed = new Rows({ title: "opening.competency", add: "opening.competency.add", build: competency, testid: "competency" }).fill(opening.competencies);
  const own = new Rows({ title: "template.question", add: "template.question.add", build: ownQuestion, testid: "own-question" }).fill(opening.questions);
  const company = new Rows({ title: "template.fact", add: "template.fact.add", build: companyFact, testid: "company-fact" }).fill(opening.company);
  const resultDays = number(opening.result_days, 1, 365, "result_days");
  const resultBy = line(opening.result_by, "result_by");
  const releases = make("input", { type: "checkbox", name: "releases", "data-testid": "opening-releases" });
  releases.checked = opening.releases;
  const shows = make("span");
  setText(shows, "opening.releases");
  const element = [
    make("div", { class: "field" }, field("opening.title", title)),
    make("div", { class: "pair" }, field("opening.team", team), field("opening.level", level)),
    make("div", { class: "field" }, field("opening.description", description)),
    make("div", { class: "pair" }, field("opening.contact", contact), field("opening.deadline", until.input)),
    make("div", { class: "pair" }, field("opening.result_days", resultDays), field("opening.result_by", resultBy)),
    make("div", { class: "pair" }, field("opening.template", template), field("template.languages", spoken)),
    group("opening.competencies", "opening.competencies.help", weighed.element),
    group("opening.questions", "opening.questions.help", own.element),
    group("template.company", "opening.company.help", company.element),
    make("label", { class: "days" }, releases, shows),
  ];
  const read = () => ({
    title: title.value.trim(),
    description: description.value.trim(),
    level: level.value.trim(),
    team: team.value.trim(),
    contact: contact.value.trim(),
    deadline: until.read(),
    template_id: template.value || null,
    languages: spoken.value ? spoken.value.split(",") : [],
    competencies: weighed.values,
    questions: own.values,
    company: company.values,
    releases: releases.checked,
    result_days: resultDays.value ? Number(resultDays.value) : null,
    result_by: resultBy.value.trim(),
  });
  return { element, read, warn: (warning) => (warning.question === null ? company.at(warning.fact) : own.at(warning.question)).warn(warning) };
}
