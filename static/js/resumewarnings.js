/** What was noted while a résumé was read, in plain words; hidden text first. */

import { byId, make, showIf } from "./elements.js";
import { knows, setText, text } from "./language.js";

const HIDDEN = "hidden_";
const MOST_HIDDEN = 8;

/** @param {{code: string, page: number, detail: string}[]} warnings */
export function writeWarnings(warnings) {
  const hidden = warnings.filter(({ code }) => code.startsWith(HIDDEN));
  const others = warnings.filter(({ code }) => !code.startsWith(HIDDEN));
  byId("hidden-list").replaceChildren(...hidden.slice(0, MOST_HIDDEN).map(hiddenText));
  if (hidden.length > MOST_HIDDEN) {
    const more = make("li", { class: "small" });
    setText(more, "hidden.more", { count: hidden.length - MOST_HIDDEN });
    byId("hidden-list").append(more);
  }
  showIf(byId("hidden-text"), hidden.length > 0);
  byId("warning-list").replaceChildren(...others.map(plainWarning));
  showIf(byId("warnings"), others.length > 0);
}

function hiddenText({ code, page, detail }) {
  const known = `hidden.${code.slice(HIDDEN.length)}`;
  const reason = text(knows(known) ? known : "hidden.other");
  const where = make("span", { class: "small" });
  setText(where, page > 0 ? "hidden.where" : "hidden.plain", { page, reason });
  return make("li", {}, make("q", {}, detail), where);
}

function plainWarning({ code, page }) {
  const known = `warning.${code}`;
  const words = knows(known) ? text(known) : text("warning.other", { code });
  const line = make("li");
  if (page > 0) setText(line, "warning.page", { page, words });
  else line.append(words);
  return line;
}
