/** What somebody has chosen for this browser: larger letters, questions read instead of spoken. */

import { recall, remember } from "./browser.js";

const PREFIX = "viva.choice.";
/** As long as the page is open, where a private window keeps nothing. @type {Map<string, boolean>} */
const known = new Map();
/** @type {Set<(name: string, on: boolean) => void>} */
const listeners = new Set();

/** @param {"read" | "larger"} name */
export function chosen(name) {
  if (!known.has(name)) known.set(name, recall(PREFIX + name) === "true");
  return known.get(name);
}

/** @param {"read" | "larger"} name @param {boolean} on */
export function choose(name, on) {
  known.set(name, on);
  remember(PREFIX + name, String(on));
  for (const listener of listeners) listener(name, on);
}

/** @param {(name: string, on: boolean) => void} listener */
export function onChoice(listener) {
  listeners.add(listener);
}
