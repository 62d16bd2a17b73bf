/** The interviewer's page of templates: a list, and a form for the one that is chosen. */

import { byId, make, showIf } from "./elements.js";
import { isMember, learnWho, may, takeKey } from "./key.js";
import { setPlain, setText, startLanguage, text } from "./language.js";
import { addTemplate, changeTemplate, getTemplates, makeDefault, removeTemplate } from "./templateapi.js";
import { blank, templateFields } from "./templateform.js";

takeKey();
await Promise.all([startLanguage(), learnWho()]);

const problem = byId("templates-problem");
/** What `GET /templates` answered. */
let listed = [];
let chosen = null;
let busy = false;

/** The server's own sentence says which question or field it is about. */
function tell(error) {
  if (error === null) return showIf(problem, false);
  if (error.status === 422 && error.detail) setPlain(problem, error.detail);
  else setText(problem, error.key ?? "problem.unknown");
  showIf(problem, true);
  problem.scrollIntoView({ block: "nearest" });
}

/** One thing at a time. @returns {Promise<boolean>} whether it went well */
async function doing(work) {
  if (busy) return false;
  busy = true;
  tell(null);
  try {
    await work();
    return true;
  } catch (error) {
    tell(error);
    return false;
  } finally {
    busy = false;
  }
}

async function refresh(id = chosen) {
  listed = await getTemplates();
  byId("templates").replaceChildren(...listed.map(row));
  mark(id);
}

function row({ id, is_default: standard, template }) {
  const name = make("span", { class: "name" }, make("span", {}, template.name));
  if (standard) {
    const pill = make("span", { class: "pill plain" });
    setText(pill, "templates.default");
    name.append(pill);
  }
  const about = make("span", { class: "soft small" });
  const questions = template.stages.reduce((sum, stage) => sum + stage.questions, 0);
  setText(about, "templates.about", { minutes: template.minutes, questions });
  const button = make("button", { type: "button", "data-id": id }, name, about);
  button.addEventListener("click", () => {
    tell(null);
    edit(id);
  });
  return make("li", {}, button);
}

function mark(id) {
  chosen = id;
  for (const button of byId("templates").querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.id === id));
  }
}

/**
 * @param {string | null} id null: a new one
 * @param {{question: number | null, fact: number | null, language: string, code: string}[]} warnings of what was just saved
 */
function edit(id, warnings = []) {
  const stored = listed.find((one) => one.id === id);
  mark(stored ? id : null);
  const heading = make("h2", { tabindex: "-1", id: "template-title" });
  if (stored) setPlain(heading, stored.template.name);
  else setText(heading, "template.new");
  const { element, read, warn } = templateFields(stored?.template ?? blank());
  const form = make("form", { class: "template", novalidate: true, "aria-labelledby": heading.id }, heading, ...element, actions(stored, read));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(stored?.id ?? null, read());
  });
  byId("template-editor").replaceChildren(form);
  for (const warning of warnings) warn(warning);
  showIf(byId("template-choose"), false);
  heading.focus({ preventScroll: true });
}

function actions(stored, read) {
  const made = (key, style, testid, act) => {
    const button = make("button", { type: act ? "button" : "submit", class: `button ${style}`, "data-testid": testid });
    setText(button, key);
    if (act) button.addEventListener("click", act);
    return button;
  };
  const saved = make("p", { class: "saved small", role: "status", id: "template-saved", "data-testid": "template-saved" });
  const buttons = [made("template.save", "primary", "template-save", null)];
  if (stored) buttons.push(made("template.copy", "", "template-copy", () => save(null, read())));
  if (stored && !stored.is_default) {
    buttons.push(
      made("template.make_default", "", "template-default", () => standard(stored.id)),
      made("template.delete", "quiet", "template-delete", () => remove(stored)),
    );
  }
  return make("div", { class: "actions" }, ...buttons, saved);
}

async function show({ id, warnings }) {
  await refresh(id);
  edit(id, warnings);
  setText(byId("template-saved"), warnings.length > 0 ? "template.saved.warned" : "template.saved");
}

const save = (id, template) =>
  doing(async () => show(await (id ? changeTemplate(id, template) : addTemplate(template))));

const standard = (id) => doing(async () => show(await makeDefault(id)));

async function remove({ id, template }) {
  if (!confirm(text("template.delete.confirm", { name: template.name }))) return;
  await doing(async () => {
    await removeTemplate(id);
    byId("template-editor").replaceChildren();
    showIf(byId("template-choose"), true);
    await refresh(null);
  });
}

async function start() {
  if (!may("plan")) {
    setText(problem, isMember() ? "problem.not_allowed" : "templates.no_key");
    showIf(problem, true);
    showIf(byId("templates-loading"), false);
    return;
  }
  const went = await doing(() => refresh(null));
  showIf(byId("templates-loading"), false);
  showIf(byId("template-new"), went);
}

byId("template-new").addEventListener("click", () => {
  tell(null);
  edit(null);
});
window.addEventListener("hashchange", () => {
  if (takeKey()) start();
});
await start();
