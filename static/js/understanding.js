/** Second screen: what was read from the résumé. Nothing on it can be changed. */

import { byId, showIf, writeEmphasised } from "./elements.js";
import { languageName, onLanguage, setPlain, setText, spokenFor, text } from "./language.js";

let shown = null;

function fact(id, value) {
  const element = byId(id);
  element.classList.toggle("none", !value);
  if (value) setPlain(element, value);
  else setText(element, "understood.missing");
}

function count(id, list) {
  const number = Array.isArray(list) ? list.length : 0;
  if (number > 0) {
    byId(id).classList.remove("none");
    setText(byId(id), "understood.count", { count: number });
  } else fact(id, "");
}

function write() {
  if (!shown) return;
  const header = shown.header ?? {};
  const role = header.target_role?.trim();
  if (role) writeEmphasised(byId("understood-role"), text("understood.role", {}), "role", role);
  else setPlain(byId("understood-role"), text(shown.meta?.ocr ? "understood.unconfirmed" : "understood.general"));
  showIf(byId("understood-scan"), shown.meta?.ocr === true);
  fact("understood-name", header.name);
  fact("understood-email", header.email);
  fact("understood-company", header.target_company);
  count("understood-work", shown.work);
  count("understood-education", shown.education);
  setPlain(byId("understood-language"), languageName(spokenFor(shown.meta?.language)));
}

/** @param {object} data the résumé's `structured_data` */
export function showUnderstanding(data) {
  shown = data;
  write();
}

onLanguage(write);
