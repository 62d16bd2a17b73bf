/** What candidates may say of themselves for the statistics: apart from the interview, and counted alone. */

import { ask, bearer, keyOf } from "./api.js";
import { byId, make, showIf } from "./elements.js";
import { setText } from "./language.js";

const SEXES = ["female", "male", "other"];
const RACES = ["hispanic", "white", "black", "pacific", "asian", "native", "two_or_more"];
let listening = false;
/** @type {{interview_id: string, token: string} | null} */
let own = null;

const place = () => `/v1/interviews/${encodeURIComponent(own.interview_id)}/declaration`;

function fill(select, values) {
  const none = make("option", { value: "" });
  setText(none, "declare.unsaid");
  select.replaceChildren(none, ...values.map((value) => {
    const option = make("option", { value });
    setText(option, `declare.${value}`);
    return option;
  }));
}

async function doing(work) {
  const told = byId("declare-told");
  try {
    setText(told, await work());
    told.classList.remove("bad");
  } catch (error) {
    setText(told, keyOf(error));
    told.classList.add("bad");
  }
  showIf(told, true);
}

function listen() {
  listening = true;
  const form = byId("declare-form");
  fill(form.elements.sex, SEXES);
  fill(form.elements.race, RACES);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(async () => {
      const body = JSON.stringify({ sex: form.elements.sex.value || null, race: form.elements.race.value || null });
      const headers = { "Content-Type": "application/json", ...bearer(own.token) };
      const { declared } = await ask(place(), { method: "PUT", headers, body });
      form.reset();
      showIf(byId("declare-remove"), declared);
      return declared ? "declare.done" : "declare.removed";
    });
  });
  byId("declare-remove").addEventListener("click", () => doing(async () => {
    await ask(place(), { method: "DELETE", headers: bearer(own.token) });
    showIf(byId("declare-remove"), false);
    return "declare.removed";
  }));
}

/** After the interview. @param {{interview_id: string, token: string}} admission @param {boolean} offered false: there is nothing to declare for */
export async function offerDeclaration(admission, offered) {
  own = admission;
  showIf(byId("declare"), offered);
  if (!offered) return;
  if (!listening) listen();
  const { declared } = await ask(place(), { headers: bearer(own.token) }).catch(() => ({ declared: false }));
  showIf(byId("declare-remove"), declared);
}
