/** The reader's language: strings by key, kept on the elements so that a switch rewrites them. */

import { all } from "./elements.js";

/** @typedef {"ko" | "en"} Language */
/** @typedef {Record<string, string | number>} Values */

const LOADERS = { ko: () => import("./strings-ko.js"), en: () => import("./strings-en.js") };
const NAMES = { ko: "한국어", en: "English" };
const REMEMBERED = "viva.language";
const listeners = new Set();
/** @type {WeakMap<Element, Values>} */
const valuesOf = new WeakMap();

/** @type {Record<string, string | ((values: any) => string)>} */
let strings = {};
/** @type {Language} */
let current = remembered() ?? preferred();

function preferred() {
  const first = (navigator.languages ?? [navigator.language]).find((tag) => /^(ko|en)\b/i.test(tag));
  return first?.toLowerCase().startsWith("ko") ? "ko" : "en";
}

function remembered() {
  try {
    const stored = localStorage.getItem(REMEMBERED);
    return stored === "ko" || stored === "en" ? stored : null;
  } catch {
    return null;
  }
}

/** @returns {Language} */
export function language() {
  return current;
}

/** @param {string} key @param {Values} [values] */
export function text(key, values = {}) {
  const found = strings[key] ?? key;
  if (typeof found === "function") return found(values);
  return found.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Whether there is a string for the key, e.g. for a problem code the pages do not know. */
export function knows(key) {
  return key in strings;
}

/** Give an element a text that follows the language. Unchanged text is not written again. */
export function setText(element, key, values = {}) {
  element.dataset.text = key;
  valuesOf.set(element, values);
  write(element);
}

/** Give an element a text of its own, e.g. from the server. */
export function setPlain(element, plain) {
  delete element.dataset.text;
  if (element.textContent !== plain) element.textContent = plain;
}

function write(element) {
  const next = text(element.dataset.text, valuesOf.get(element));
  if (element.textContent !== next) element.textContent = next;
}

/** The word for a language of the interview, in the reader's language. */
export function languageName(tag) {
  return knows(`language.${tag}`) ? text(`language.${tag}`) : tag;
}

/** @param {() => void} listener called after each switch */
export function onLanguage(listener) {
  listeners.add(listener);
}

function apply() {
  document.documentElement.lang = current;
  for (const element of all("[data-text]")) write(element);
  for (const element of all("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
  for (const element of all("[data-placeholder]")) {
    element.setAttribute("placeholder", text(element.dataset.placeholder));
  }
  for (const button of all("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === current));
  }
}

async function choose(next) {
  strings = (await LOADERS[next]()).default;
  current = next;
  try {
    localStorage.setItem(REMEMBERED, next);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
  apply();
  for (const listener of listeners) listener();
}

/** Build the switch and write every string of the page. */
export async function startLanguage() {
  strings = (await LOADERS[current]()).default;
  const group = document.getElementById("language-switch");
  for (const [tag, name] of Object.entries(NAMES)) {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = tag;
    button.dataset.language = tag;
    button.dataset.testid = `language-${tag}`;
    button.textContent = name;
    button.addEventListener("click", () => choose(tag));
    group.append(button);
  }
  apply();
  document.documentElement.classList.remove("loading");
}
