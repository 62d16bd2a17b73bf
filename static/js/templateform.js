/** One template as a form, and the form as a template. */

import { make } from "./elements.js";
import { languageName, languages, setText, text } from "./language.js";

export const STAGES = [
  "introduction",
  "motivation",
  "knowledge",
  "experience",
  "problem_solving",
  "collaboration",
  "closing",
];
const PACES = ["0.7", "1", "1.5", "2"];
/** What is said otherwise of a fact than of a question. */
const FACT_WARNINGS = ["leading", "praise", "several", "form"];
let fields = 0;

export const blank = () => ({
  name: "",
  languages: languages(),
  minutes: 30,
  pace: 1,
  follow_ups: 1,
  stages: STAGES.map((name) => ({
    name,
    questions: 1,
    minutes: null,
    follow_ups: name === "closing" ? 0 : null,
  })),
  questions: [],
  company: [],
});

/** A `label` around its text and its control, so that the text names the control. */
export function field(key, control, values) {
  const words = make("span");
  setText(words, key, values);
  return make("label", {}, words, control);
}

export function number(value, min, max, name) {
  const input = make("input", { type: "number", min: String(min), max: String(max), name });
  input.value = value ?? "";
  return input;
}

export function select(values, chosen, keyOf, name) {
  const control = make("select", { name });
  for (const value of values) {
    const option = make("option", { value });
    setText(option, keyOf(value));
    control.append(option);
  }
  control.value = chosen;
  return control;
}

export function textarea(value, lang, name) {
  const control = make("textarea", { rows: "2", maxlength: "500", name, ...(lang ? { lang } : {}) });
  control.value = value ?? "";
  return control;
}

const numberOrNull = (input) => (input.value.trim() === "" ? null : Number(input.value));

/** A text in every language that there is; `read` leaves out what is empty. */
function inLanguages(words = {}) {
  const areas = languages().map((tag) => /** @type {const} */ ([tag, textarea(words[tag], tag, tag)]));
  const fields = areas.map(([tag, area]) => field("template.question.in", area, { language: () => languageName(tag) }));
  const read = () => Object.fromEntries(areas.map(([tag, area]) => [tag, area.value.trim()]).filter(([, said]) => said));
  return { element: make("div", { class: "pair" }, ...fields), read };
}

/** Which languages an interview may be held in: each first or alone, and as it is. */
export function languageChoice(chosen) {
  const all = languages();
  const firsts = all.map((first) => [first, ...all.filter((one) => one !== first)]);
  const known = [...firsts, ...all.map((one) => [one]), chosen].map((some) => some.join(","));
  const control = select([...new Set(known)], chosen.join(","), () => "template.languages.only", "languages");
  for (const option of control.options) {
    const [first, ...others] = option.value.split(",");
    const key = others.length > 0 ? "template.languages.some" : "template.languages.only";
    setText(option, key, { first: () => languageName(first), others: () => others.map(languageName).join(", ") });
  }
  return control;
}

export function group(legendKey, helpKey, ...children) {
  const legend = make("legend");
  setText(legend, legendKey);
  const help = make("p", { class: "soft small" });
  if (helpKey) setText(help, helpKey);
  return make("fieldset", {}, legend, ...(helpKey ? [help] : []), ...children);
}

/** Rows that are added and removed; `rows` hands out what `read` makes of each. */
export class Rows {
  #list = make("div", { class: "stages" });
  #made = [];

  constructor({ title, add, build, testid }) {
    this.title = title;
    this.build = build;
    this.testid = testid;
    const more = make("button", { type: "button", class: "button small", "data-testid": `${testid}-add` });
    setText(more, add);
    more.addEventListener("click", () => this.#append(null, true));
    this.element = make("div", { class: "field" }, this.#list, more);
  }

  fill(values) {
    for (const value of values) this.#append(value, false);
    return this;
  }

  get values() {
    return this.#made.map(({ read }) => read());
  }

  /** The row at a place, from 1. */
  at(number) {
    return this.#made[number - 1];
  }

  #append(value, focus) {
    const { body, ...built } = this.build(value);
    const heading = make("span", { id: `row-${++fields}` });
    const remove = make("button", { type: "button", class: "button small quiet" });
    setText(remove, "template.remove");
    remove.setAttribute("aria-describedby", heading.id);
    const head = make("div", { class: "own-head" }, heading, remove);
    const element = make("div", { class: "own", role: "group", "aria-labelledby": heading.id, "data-testid": this.testid }, head, ...body);
    const row = { ...built, element, heading };
    this.#made.push(row);
    this.#list.append(element);
    remove.addEventListener("click", () => {
      this.#made.splice(this.#made.indexOf(row), 1);
      element.remove();
      this.#number();
      /** @type {HTMLElement} */ (this.element.lastElementChild).focus();
    });
    this.#number();
    if (focus) /** @type {HTMLElement} */ (element.querySelector("select, input, textarea")).focus();
  }

  #number() {
    this.#made.forEach(({ heading }, at) => setText(heading, this.title, { number: at + 1 }));
  }
}

/**
 * Beside a question or a fact, what had better be looked at again in it; it is announced when it comes.
 * @param {string[]} own codes that are put otherwise here, under `template.warning.<what>.<code>`
 */
function remarks(what, own = []) {
  const element = make("div", { class: "remarks", role: "status", "data-testid": `${what}-warnings` });
  const add = ({ language: tag, code }) => {
    const key = own.includes(code) ? `template.warning.${what}.${code}` : `template.warning.${code}`;
    const said = make("p", { class: "notice warn small" });
    setText(said, "template.warning", { language: () => languageName(tag), why: () => text(key) });
    element.append(said);
  };
  return { element, add };
}

export function ownQuestion(question) {
  const stage = select(STAGES, question?.stage ?? "experience", (name) => `stage.${name}`, "stage");
  const words = inLanguages(question?.text);
  const competency = make("input", { type: "text", maxlength: "200", name: "competency" });
  competency.value = question?.competency ?? "";
  const warned = remarks("question");
  const rubric = textarea((question?.rubric ?? []).join("\n"), null, "rubric");
  rubric.removeAttribute("maxlength");
  const body = [
    field("template.stage", stage),
    words.element,
    warned.element,
    field("template.question.competency", competency),
    field("template.question.rubric", rubric),
  ];
  const read = () => ({
    stage: stage.value,
    text: words.read(),
    competency: competency.value.trim(),
    rubric: rubric.value.split("\n").map((line) => line.trim()).filter(Boolean),
  });
  return { body, read, warn: warned.add };
}

export function companyFact(fact) {
  const topic = make("input", { type: "text", maxlength: "80", name: "topic" });
  topic.value = fact?.topic ?? "";
  const words = inLanguages(fact?.text);
  const warned = remarks("fact", FACT_WARNINGS);
  return {
    body: [field("template.fact.topic", topic), words.element, warned.element],
    warn: warned.add,
    read: () => ({ topic: topic.value.trim(), text: words.read() }),
  };
}

/** Stages in the template's order, those it leaves out after them. */
function stageRows(stages) {
  const named = new Map(stages.map((stage) => [stage.name, stage]));
  const order = [...named.keys(), ...STAGES.filter((name) => !named.has(name))];
  return order.map((name) => {
    const stage = named.get(name);
    const used = make("input", { type: "checkbox", name: `use-${name}` });
    used.checked = stage !== undefined;
    const word = make("span");
    setText(word, `stage.${name}`);
    const questions = number(stage?.questions ?? 1, 0, 10, `questions-${name}`);
    const minutes = number(stage?.minutes, 1, 180, `minutes-${name}`);
    minutes.step = "0.5";
    const followUps = number(stage?.follow_ups, 0, 5, `follow-ups-${name}`);
    const element = make(
      "div",
      { class: "stage", role: "group" },
      make("label", {}, used, word),
      field("template.stage.questions", questions),
      field("template.stage.minutes", minutes),
      field("template.stage.follow_ups", followUps),
    );
    const read = () => ({
      name,
      questions: Number(questions.value),
      minutes: numberOrNull(minutes),
      follow_ups: numberOrNull(followUps),
    });
    return { element, used, read };
  });
}

/**
 * @returns {{element: HTMLElement[], read: () => object, warn: (warning: {question: number | null, fact: number | null, language: string, code: string}) => void}}
 * the fields, the template in them, and how to say something beside one of its questions or facts
 */
export function templateFields(template) {
  const name = make("input", { type: "text", maxlength: "80", required: true, "data-testid": "template-name" });
  name.value = template.name;
  const spoken = languageChoice(template.languages);
  const minutes = number(template.minutes, 5, 180, "minutes");
  const paces = PACES.includes(String(template.pace)) ? PACES : [...PACES, String(template.pace)];
  const pace = select(paces, String(template.pace), (one) => `template.pace.${PACES.includes(one) ? one : "other"}`, "pace");
  if (paces.length > PACES.length) setText(pace.lastChild, "template.pace.other", { pace: template.pace });
  const followUps = number(template.follow_ups, 0, 5, "follow-ups");
  const stages = stageRows(template.stages);
  const own = new Rows({ title: "template.question", add: "template.question.add", build: ownQuestion, testid: "own-question" }).fill(template.questions);
  const company = new Rows({ title: "template.fact", add: "template.fact.add", build: companyFact, testid: "company-fact" }).fill(template.company);
  const help = make("p", { class: "soft small" });
  setText(help, "template.languages.help");
  const frame = make("div", { class: "pair" }, field("template.languages", spoken), field("template.minutes", minutes), field("template.pace", pace), field("template.follow_ups", followUps));
  const element = [
    make("div", { class: "field" }, field("template.name", name)),
    make("div", { class: "field" }, frame, help),
    group("template.stages", "template.stages.help", ...stages.map((stage) => stage.element)),
    group("template.questions", "template.questions.help", own.element),
    group("template.company", "template.company.help", company.element),
  ];
  const read = () => ({
    name: name.value.trim(),
    languages: spoken.value.split(","),
    minutes: Number(minutes.value),
    pace: Number(pace.value),
    follow_ups: Number(followUps.value),
    stages: stages.filter(({ used }) => used.checked).map((stage) => stage.read()),
    questions: own.values,
    company: company.values,
  });
  return { element, read, warn: (warning) => (warning.question === null ? company.at(warning.fact) : own.at(warning.question)).warn(warning) };
}
