/** One screen at a time, and where the reader is on the way. */

import { all, byId } from "./elements.js";

const STEPS = ["resume", "understood", "ready", "interview"];

/** Show a screen and put the reader at its heading. @param {string} name */
export function showScreen(name) {
  for (const screen of all("[data-screen]")) {
    screen.hidden = screen.id !== name;
  }
  document.body.dataset.at = name;
  const reached = STEPS.indexOf(name);
  for (const step of byId("steps").children) {
    const place = STEPS.indexOf(step.dataset.step);
    step.classList.toggle("past", name === "ended" || place < reached);
    if (place === reached) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
  byId("steps").hidden = reached < 0;
  window.scrollTo(0, 0);
  byId(name).querySelector("h1")?.focus({ preventScroll: true });
}
